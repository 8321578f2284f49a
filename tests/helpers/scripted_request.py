"""What a request to the scripted server was: its head, and its multipart body as it comes in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field
from email.message import Message
from email.parser import Parser
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body."""

    name: str
    file_name: str | None
    type: str | None
    size: int
    sha256: str
    text: str | None  # of a part without a file name


@dataclass(slots=True)
class Arrival:
    """One request, as the server saw it. `number` counts from 1 among its `kind` (upload, balance, page, connect)."""

    number: int
    kind: str
    method: str
    path: str
    headers: dict[str, str]
    parts: list[Part] = field(default_factory=list)
    in_flight: int = 0
    complete: bool = False
    stored_id: str | None = None
    answered: str = ""

    @property
    def trace_id(self) -> str:
        return self.headers.get("ai-trace-id", "")

    @property
    def key(self) -> str:
        return self.headers.get("api-key", "")

    @property
    def image(self) -> Part | None:
        return next((part for part in self.parts if part.name == "image"), None)

    @property
    def link(self) -> str | None:
        return next((part.text for part in self.parts if part.name == "image_url"), None)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def parse_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, path and headers (names in lower case)."""
    first, _, rest = head.decode("latin-1").partition("\r\n")
    method, path, _ = first.split(" ", 2)
    lines = (line.partition(":") for line in rest.split("\r\n") if line)
    return method, path, {name.strip().lower(): value.strip() for name, _, value in lines}


def boundary_of(headers: dict[str, str]) -> bytes | None:
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    boundary = message.get_param("boundary")
    return boundary.encode("ascii") if isinstance(boundary, str) else None


def parse_parts(body: bytes, boundary: bytes) -> list[Part]:
    """Every part of a whole body. Raises ValueError where the framing is wrong."""
    mark = b"--" + boundary
    if not body.startswith(mark + b"\r\n") or not body.endswith(b"\r\n" + mark + b"--\r\n"):
        raise ValueError("wrong multipart framing")
    inner = body[len(mark) + 2 : -len(mark) - 6]
    return [_part(section) for section in inner.split(b"\r\n" + mark + b"\r\n")]


def size_of_only_part(total: int, head: bytes, boundary: bytes) -> int:
    """How large the content of the one part is, before it was read. `head` includes its empty line."""
    return total - len(head) - len(boundary) - 8


def _part(section: bytes) -> Part:
    head, _, content = section.partition(b"\r\n\r\n")
    headers = Parser().parsestr(head.decode("utf-8"))
    disposition = headers.get("Content-Disposition", "")
    names = dict(re.findall(r'(\w+)="([^"]*)"', disposition))
    file_name = names.get("filename")
    return Part(
        name=names.get("name", ""),
        file_name=file_name,
        type=headers.get("Content-Type"),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        text=None if file_name is not None else content.decode("utf-8", "surrogateescape"),
    )

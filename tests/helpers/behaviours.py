"""How the scripted server may treat a request: each function here is one way, also under its name from JSON."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field, replace
from typing import Any

from tests.helpers.scripted_request import Arrival


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The default takes everything, stores it and answers with success.

    Before the answer: `reset` is "", before, during or after (the body) or stored; `stall_after` stops reading after
    so many body bytes until `ScriptedServer.release`; `bytes_per_s` reads slowly; `delay_s` waits before the answer;
    `silent` never answers; `early` answers before the body was read, and hangs up. The answer: `body` None means the
    envelope of a success with `fields` laid over `Resp`. `cut_after` sends so many bytes of the answer and hangs up;
    `drip` sends (bytes, seconds) at a time; `endless` goes on for ever. `stores`: whether the picture counts as stored.
    `tunnel`: let a CONNECT through.
    """

    reset: str = ""
    early: bool = False
    stall_after: int | None = None
    bytes_per_s: int = 0
    delay_s: float = 0.0
    silent: bool = False
    status: int = 200
    reason: str = "Whatever"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    cut_after: int | None = None
    drip: tuple[int, float] | None = None
    endless: bool = False
    stores: bool = True
    hang_up: bool = False
    tunnel: bool = False


def succeed(**fields: Any) -> Behaviour:
    """Success; `fields` replace or add fields of Resp: succeed(img_id="12")."""
    return Behaviour(fields=fields)


def api_error(code: int, message: str = "no", status: int = 200) -> Behaviour:
    """An ordinary business error: HTTP 200, CamelCase keys."""
    return answer_json({"ErrCode": code, "ErrMsg": message, "Resp": None}, status=status)


def moderation(code: int = 500052) -> Behaviour:
    """A refusal by moderation as the upload page shows it: HTTP 500, snake_case keys, Chinese text, Resp a string."""
    text = "\u56fe\u7247\u5ba1\u6838\u672a\u901a\u8fc7"
    return answer_json({"err_code": code, "err_msg": text, "resp": ""}, status=500)


def answer_json(value: Any, status: int = 200) -> Behaviour:
    return answer(json.dumps(value, ensure_ascii=False).encode(), status=status, type="application/json")


def answer(body: bytes | str, status: int = 200, type: str = "text/plain", **headers: str) -> Behaviour:  # noqa: A002
    """Any status and body; nothing is stored."""
    data = body.encode() if isinstance(body, str) else body
    return Behaviour(status=status, body=data, headers={"Content-Type": type, **_header_names(headers)}, stores=False)


def html(status: int = 200, text: str = "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>") -> Behaviour:
    """A page, from a proxy or a gateway."""
    return answer(text, status=status, type="text/html; charset=utf-8")


def busy(status: int = 429, retry_after: str | None = None, body: str = "slow down") -> Behaviour:
    """Too many requests, with or without a Retry-After."""
    headers = {} if retry_after is None else {"retry_after": retry_after}
    return answer(body, status=status, **headers)


def redirect(location: str, status: int = 302) -> Behaviour:
    return answer("moved", status=status, location=location)


def reset(when: str) -> Behaviour:
    """Break the connection off: before, during or after the body, or after the picture was stored."""
    return Behaviour(reset=when, stores=when == "stored")


def stall(after: int = 0) -> Behaviour:
    """Stop reading after so many body bytes, until released."""
    return Behaviour(stall_after=after, stores=False)


def slow_read(bytes_per_s: int) -> Behaviour:
    return Behaviour(bytes_per_s=bytes_per_s)


def delayed(seconds: float) -> Behaviour:
    return Behaviour(delay_s=seconds)


def silent() -> Behaviour:
    """Take and store everything, and never say so."""
    return Behaviour(silent=True)


def cut(after: int = 10) -> Behaviour:
    """Store it, and hang up in the middle of the answer's body."""
    return Behaviour(cut_after=after)


def drip(count: int = 8, seconds: float = 0.05) -> Behaviour:
    """Answer `count` bytes every `seconds`."""
    return Behaviour(drip=(count, seconds))


def huge(size: int = 1 << 20) -> Behaviour:
    """A success answer with far too much in it."""
    return Behaviour(fields={"padding": "x" * size})


def endless() -> Behaviour:
    return Behaviour(endless=True, headers={"Content-Type": "application/json"})


def zipped(size: int = 1 << 24) -> Behaviour:
    """A gzip answer that nobody asked for."""
    return answer(gzip.compress(b" " * size), type="application/json", content_encoding="gzip")


def raw(text: bytes | str) -> Behaviour:
    """These bytes instead of an HTTP answer, then hang up."""
    return Behaviour(raw=text.encode("latin-1") if isinstance(text, str) else text, stores=False)


def let_through() -> Behaviour:
    """A proxy that does what it is asked: `kind="connect"`."""
    return Behaviour(tunnel=True, body=b"", stores=False)


def hanging_up(behaviour: Behaviour) -> Behaviour:
    """The same, and the connection is not kept."""
    return replace(behaviour, hang_up=True)


@dataclass(slots=True)
class Rule:
    """When a behaviour counts. What is None fits everything; `times` None means always."""

    behaviour: Behaviour
    kind: str = "upload"
    arrival: int | None = None
    sha256: str | None = None
    size: int | None = None
    link: str | None = None
    times: int | None = None

    def needs_body(self) -> bool:
        return self.sha256 is not None or self.link is not None

    def fits(self, arrival: Arrival, size: int | None) -> bool:
        image = arrival.image
        return (
            self.kind == arrival.kind
            and self.times != 0
            and self.arrival in {None, arrival.number}
            and self.size in {None, size}
            and self.sha256 in {None, image.sha256 if image else ""}
            and self.link in {None, arrival.link}
        )


NAMES = {
    one.__name__: one
    for one in (
        *(succeed, api_error, moderation, answer_json, answer, html, busy, redirect, reset, stall, slow_read),
        *(delayed, silent, cut, drip, huge, endless, zipped, raw, let_through),
    )
}
"""By name, for a server that runs in a process of its own."""


def by_name(name: str, arguments: dict[str, Any]) -> Behaviour:
    return NAMES[name](**arguments)


def _header_names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-").title(): value for name, value in headers.items()}

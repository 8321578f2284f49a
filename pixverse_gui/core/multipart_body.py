"""MultipartBody: a multipart/form-data body with one part, counted as it is handed over."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.models import ImageFormat


@dataclass(frozen=True, slots=True)
class ImagePayload:
    """The bytes of one picture, and what they are (by their content, not by their name)."""

    data: bytes = field(repr=False)
    format: ImageFormat


class MultipartBody:
    """The body of one attempt; a second attempt needs a fresh one.

    An iterable with `__len__`: so requests sends a Content-Length and hands the pieces on as they are, without copying.
    Iterating reports every piece to `control` after it was handed over, and raises UploadCancelled between two pieces
    once the operator cancelled, ConnectionAbortedError once the attempt was ended.
    """

    def __init__(
        self,
        content: bytes,
        control: AttemptControl,
        *,
        name: str,
        file_name: str | None = None,
        part_type: str | None = None,
        piece_bytes: int,
    ) -> None:
        # 128 random bits: it cannot occur in the content by accident, and nobody can place it there.
        boundary = secrets.token_hex(16)
        disposition = f'form-data; name="{name}"'
        if file_name is not None:
            disposition += f'; filename="{file_name}"'
        lines = [f"--{boundary}", f"Content-Disposition: {disposition}"]
        if part_type is not None:
            lines.append(f"Content-Type: {part_type}")
        head = "\r\n".join([*lines, "", ""]).encode("ascii")
        tail = f"\r\n--{boundary}--\r\n".encode("ascii")
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.control = control
        self._parts = (head, content, tail)
        self._piece_bytes = piece_bytes
        self._length = len(head) + len(content) + len(tail)

    @classmethod
    def image(cls, payload: ImagePayload, control: AttemptControl, piece_bytes: int) -> Self:
        """A picture, under a neutral ASCII name: the service builds its public link from the name it is given."""
        return cls(
            payload.data,
            control,
            name="image",
            file_name=f"image{payload.format.extension}",
            part_type=payload.format.mime_type,
            piece_bytes=piece_bytes,
        )

    @classmethod
    def link(cls, link: str, control: AttemptControl, piece_bytes: int) -> Self:
        """A link, byte for byte. Raises UnicodeEncodeError for one that holds half a character."""
        return cls(link.encode("utf-8"), control, name="image_url", piece_bytes=piece_bytes)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[memoryview]:
        control = self.control
        for part in self._parts:
            view = memoryview(part)
            for start in range(0, len(view), self._piece_bytes):
                control.raise_if_cancelled()
                control.raise_if_ended()
                piece = view[start : start + self._piece_bytes]
                yield piece
                # The next piece is asked for only when this one was taken whole.
                control.handed_over(len(piece))

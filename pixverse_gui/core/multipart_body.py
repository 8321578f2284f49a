"""MultipartBody: a multipart/form-data body with one part, counted as it is handed over."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.models import ImageFormat

# On a slow line large pieces would hide that anything moves, and be taken for a stall; on a fast one small pieces cost
# processor time.
_FIRST_PIECE_BYTES = 64 * 1024
_SMALLEST_PIECE_BYTES = 16 * 1024
_QUICK_S = 0.1
_SLOW_S = 1.0


@dataclass(slots=True)
class ImagePayload:
    """The bytes of one picture, and what they are (by their content, not by their name)."""

    data: bytes | memoryview = field(repr=False)
    format: ImageFormat

    def drop(self) -> None:
        """Nobody will send it any more."""
        self.data = b""


class MultipartBody:
    """The body of one attempt; a second attempt needs a fresh one.

    An iterable with `__len__`: so requests sends a Content-Length and hands the pieces on as they are, without copying.
    Iterating reports every piece to `control` after it was handed over, and raises UploadCancelled between two pieces
    once the operator cancelled, ConnectionAbortedError once the attempt was ended.
    """

    def __init__(
        self,
        content: bytes | memoryview,
        control: AttemptControl,
        *,
        name: str,
        file_name: str | None = None,
        part_type: str | None = None,
        max_piece_bytes: int,
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
        self._parts: tuple[bytes | memoryview, ...] = (head, content, tail)
        self._max_piece_bytes = max_piece_bytes
        self._length = len(head) + len(content) + len(tail)
        control.keep_until_left_behind(self._drop)

    @classmethod
    def image(cls, payload: ImagePayload, control: AttemptControl, max_piece_bytes: int) -> Self:
        """A picture, under a neutral ASCII name: the service builds its public link from the name it is given."""
        return cls(
            payload.data,
            control,
            name="image",
            file_name=f"image{payload.format.extension}",
            part_type=payload.format.mime_type,
            max_piece_bytes=max_piece_bytes,
        )

    @classmethod
    def link(cls, link: str, control: AttemptControl, max_piece_bytes: int) -> Self:
        """A link, byte for byte. Raises UnicodeEncodeError for one that holds half a character."""
        return cls(link.encode("utf-8"), control, name="image_url", max_piece_bytes=max_piece_bytes)

    def _drop(self) -> None:
        self._parts = ()

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[memoryview]:
        control = self.control
        size = min(_FIRST_PIECE_BYTES, self._max_piece_bytes)
        for part in self._parts:
            view = memoryview(part)
            start = 0
            while start < len(view):
                control.raise_if_cancelled()
                control.raise_if_ended()
                piece = view[start : start + size]
                began = time.monotonic()
                yield piece
                # The next piece is asked for only when this one was taken whole.
                control.handed_over(len(piece))
                start += len(piece)
                size = self._next_size(size, time.monotonic() - began)

    def _next_size(self, size: int, took_s: float) -> int:
        if took_s < _QUICK_S:
            return min(size * 2, self._max_piece_bytes)
        return max(size // 2, min(_SMALLEST_PIECE_BYTES, self._max_piece_bytes)) if took_s > _SLOW_S else size

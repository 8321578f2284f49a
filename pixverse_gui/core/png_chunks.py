"""The chunks of a PNG whose frame holds, as `image_checks` has found: what `thumbnails` and its parts read."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pixverse_gui.core.image_headers import PNG_MAGIC


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, and where its bytes begin and end, of each up to IEND. Eight bytes stand before these, four behind."""
    offset = len(PNG_MAGIC)
    while offset + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        yield kind, offset + 8, offset + 8 + size
        if kind == b"IEND":
            return
        offset += 12 + size

"""An EXIF block  →  how the camera was turned, and the small picture it put inside.

Part of `thumbnails`. Reads these three values and nothing else; whatever is broken in the rest does not matter.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_ORIENTATION, _THUMBNAIL_OFFSET, _THUMBNAIL_BYTES = 0x0112, 0x0201, 0x0202
_SHORT, _LONG = 3, 4
_MAX_ENTRIES = 512
_UPRIGHT = 1


@dataclass(frozen=True, slots=True)
class ExifBlock:
    """`orientation`: 1 to 8 as EXIF numbers them. `thumbnail`: JPEG bytes as found, or empty."""

    orientation: int = _UPRIGHT
    thumbnail: bytes = b""


def read_exif(block: bytes) -> ExifBlock:
    """Never raises: what is not there or makes no sense is as if the picture had none. With or without its prefix."""
    data = block.removeprefix(b"Exif\x00\x00")
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[:4])
    if order is None:
        return ExifBlock()
    first, next_offset = _directory(data, _number(data, order, 4), order)
    orientation = first.get(_ORIENTATION, _UPRIGHT)
    second, _ = _directory(data, next_offset, order)
    start, size = second.get(_THUMBNAIL_OFFSET, 0), second.get(_THUMBNAIL_BYTES, 0)
    thumbnail = data[start : start + size] if start else b""
    return ExifBlock(orientation if 1 <= orientation <= 8 else _UPRIGHT, thumbnail)


def _number(data: bytes, order: str, offset: int) -> int:
    raw = data[offset : offset + 4]
    return int(struct.unpack(f"{order}I", raw)[0]) if len(raw) == 4 else 0


def _directory(data: bytes, offset: int, order: str) -> tuple[dict[int, int], int]:
    """The whole numbers of one directory, and where the next one starts (0: nowhere)."""
    found: dict[int, int] = {}
    if offset < 8 or offset + 2 > len(data):
        return found, 0
    count = min(struct.unpack_from(f"{order}H", data, offset)[0], _MAX_ENTRIES)
    for at in range(offset + 2, min(offset + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, many = struct.unpack_from(f"{order}HHI", data, at)
        if many == 1 and kind == _SHORT:
            found.setdefault(tag, struct.unpack_from(f"{order}H", data, at + 8)[0])
        elif many == 1 and kind == _LONG:
            found.setdefault(tag, struct.unpack_from(f"{order}I", data, at + 8)[0])
    return found, _number(data, order, offset + 2 + 12 * count)

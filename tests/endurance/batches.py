"""Pictures by the hundred for a trial: small, good, each with bytes of its own."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_HEAD_BYTES = 33
"""Of the magic number and the first chunk."""


def make_batch(folder: Path, count: int, first: int = 0) -> list[Path]:
    """PNG files whose names sort as they are numbered."""
    folder.mkdir(exist_ok=True)
    paths = []
    for number in range(first, first + count):
        path = folder / f"picture_{number:05}.png"
        path.write_bytes(_png(number))
        paths.append(path)
    return paths


def padded_png(number: int, size: int) -> bytes:
    """The same picture with so many more bytes in it that no program looks at."""
    return png_with(b"puFf", number.to_bytes(4, "big") * (size // 4), number)


def png_with(kind: bytes, body: bytes, number: int = 0) -> bytes:
    """A picture with one more chunk."""
    data = _png(number)
    return data[:_HEAD_BYTES] + _chunk(kind, body) + data[_HEAD_BYTES:]


def _png(number: int) -> bytes:
    width, height = 48, 32
    row = b"\0" + bytes((number >> 16 & 255, number >> 8 & 255, number & 255)) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body) for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

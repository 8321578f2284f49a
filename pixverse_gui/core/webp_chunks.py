"""The chunks of a WebP file.

Part of `image_checks` and `thumbnails`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pixverse_gui.core.exif_block import ExifBlock, read_exif

LOSSY, LOSSLESS, FRAME, ALPHA = b"VP8 ", b"VP8L", b"ANMF", b"ALPH"
PICTURES = frozenset({LOSSY, LOSSLESS, FRAME})
_EXIF = b"EXIF"
# A file in more pieces than this was made to waste time: of one with 20 MiB each would have 200 bytes.
_MAX_CHUNKS = 100_000


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each one's content that lies within the length that RIFF tells. Never raises."""
    end, offset = min(8 + int.from_bytes(data[4:8], "little"), len(data)), 12
    for _ in range(_MAX_CHUNKS):
        if offset + 8 > end:
            return
        kind, size = struct.unpack_from("<4sI", data, offset)
        start = offset + 8
        if start + size > end:
            return
        yield kind, start, start + size
        offset = start + size + (size & 1)


def webp_kinds(data: bytes) -> set[bytes]:
    """What kinds of chunks there are."""
    return {kind for kind, _, _ in webp_chunks(data)}


def read_webp_exif(data: bytes) -> ExifBlock:
    """Of the first EXIF chunk; one that is not there says that the picture is upright."""
    for kind, start, end in webp_chunks(data):
        if kind == _EXIF:
            return read_exif(data[start:end])
    return ExifBlock()

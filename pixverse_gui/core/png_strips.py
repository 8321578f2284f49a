"""A large PNG  →  one small PNG after the other, so that it is never in memory as a whole.

Part of `thumbnails`. Pillow decodes a PNG in one piece, 400 MB for the largest picture the service takes. A row of PNG
needs the row above it and nothing else, so what is unpacked here a strip at a time is wrapped anew, with the last row
of the strip before on its top, and decoded by Pillow as any PNG.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pixverse_gui.core.image_headers import PNG_CHANNELS, PNG_MAGIC

_STRIP_BYTES = 1 << 20
# What is left of a piece is copied at each call.
_PIECE_BYTES = 1 << 16
_COLOURS_NEED = frozenset({b"PLTE", b"tRNS"})
_NO_FILTER = b"\x00"
_MOST_PARTS = 32
_ZLIB_HEADER, _MOST_STORED_BYTES = b"\x78\x01", 0xFFFF
_NO_CHECKSUM = bytes(4)  # Pillow does not look at those of pixels; `image_checks` has


class Strip(NamedTuple):
    """`skip`: how many rows at the top of `png` are not of this strip. `rows`: how many are."""

    png: bytes
    skip: int
    rows: int


class StripsCutShortError(Exception):
    """The pixels ended within a row."""


class PngStrips:
    """Worker threads. `data` is whole and its chunks hold, 8 bits a sample, rows in their order (not interlaced).

    All strips but the last have a multiple of `step` rows. Raises zlib.error on damaged pixels, StripsCutShortError.
    """

    def __init__(self, data: bytes, step: int) -> None:
        self._chunks = list(_chunks(data))
        self._header = next(data[start:end] for kind, start, end in self._chunks if kind == b"IHDR")
        self._width, self._left = struct.unpack_from(">II", self._header)
        self._row_bytes = self._width * PNG_CHANNELS[self._header[9]]
        self._colours = b"".join(
            data[start - 8 : end + 4] for kind, start, end in self._chunks if kind in _COLOURS_NEED
        )
        self._unpacker = zlib.decompressobj()
        self._pieces = self._pixels(memoryview(data))
        self._rest: bytes | memoryview = b""
        self._step, self._is_begun = step, False

    def read(self, row_before: bytes) -> Strip | None:
        """The next one; None after the last. `row_before`: the last row as decoded, empty for the first strip."""
        if self._left == 0:
            return None
        rows = min(self._left, self._step * max(1, _STRIP_BYTES // (self._step * self._row_bytes)))
        coded = self._unpack(rows * (self._row_bytes + 1))
        self._left -= rows
        skip = 1 if row_before else 0
        head = struct.pack(">II", self._width, rows + skip) + self._header[8:]
        stored = list(_stored([_NO_FILTER + row_before, *coded] if row_before else coded))
        png = (
            *(PNG_MAGIC, _chunk(b"IHDR", head), self._colours),
            *(struct.pack(">I4s", sum(map(len, stored)), b"IDAT"), *stored, _NO_CHECKSUM),
            _chunk(b"IEND", b""),
        )
        return Strip(b"".join(png), skip, rows)

    def _unpack(self, size: int) -> list[bytes]:
        parts: list[bytes] = []
        while size:
            coded = self._rest or next(self._pieces, b"")
            part = self._unpacker.decompress(coded, size)
            self._is_begun |= bool(part)
            if not part and self._unpacker.eof and self._is_begun and size % (self._row_bytes + 1) == 0:
                return [*parts, bytes(size)]  # black rows, as Pillow has it
            if not part and (not coded or self._unpacker.eof):
                raise StripsCutShortError
            parts.append(part)
            size -= len(part)
            self._rest = self._unpacker.unconsumed_tail
        # As one where they are many: each costs half a kilobyte on its way.
        return parts if len(parts) <= _MOST_PARTS else [b"".join(parts)]

    def _pixels(self, data: memoryview) -> Iterator[memoryview]:
        for kind, start, end in self._chunks:
            if kind == b"IDAT":
                for at in range(start, end, _PIECE_BYTES):
                    yield data[at : min(at + _PIECE_BYTES, end)]


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    offset = len(PNG_MAGIC)
    while offset + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        yield kind, offset + 8, offset + 8 + size
        if kind == b"IEND":
            return
        offset += 12 + size


def _stored(parts: list[bytes]) -> Iterator[bytes | memoryview]:
    """A stream of zlib that says: copy this. Without an end, before which Pillow has all rows, and without a checksum.

    `zlib.compress(…, 0)` says the same in eight times the time.
    """
    yield _ZLIB_HEADER
    for part in parts:
        whole = memoryview(part)
        for at in range(0, len(whole), _MOST_STORED_BYTES):
            block = whole[at : at + _MOST_STORED_BYTES]
            yield struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF)
            yield block


def _chunk(kind: bytes, body: bytes) -> bytes:
    return b"".join((struct.pack(">I4s", len(body), kind), body, struct.pack(">I", zlib.crc32(kind + body))))

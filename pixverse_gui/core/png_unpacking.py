"""The pixels of a PNG, unpacked, and wrapped anew so that Pillow decodes them as any PNG.

Part of `thumbnails`. Unpacking is the greater part of the work, and zlib-ng takes half as long for it as the zlib of
most systems, which is Pillow's. What comes behind it (filters, colours) is Pillow's work as ever.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator, Sequence

from zlib_ng import zlib_ng

from pixverse_gui.core.image_headers import PNG_CHANNELS, PNG_MAGIC
from pixverse_gui.core.png_chunks import png_chunks

# What is left of a piece is copied at each call.
_PIECE_BYTES = 1 << 16
_COLOURS_NEED = frozenset({b"PLTE", b"tRNS"})
_MOST_PARTS = 32
ZLIB_HEADER = b"\x78\x01"
_MOST_STORED_BYTES = 0xFFFF
_READ_BYTES = 6 * _MOST_STORED_BYTES
# What a chunk may have; Pillow stops when it has all rows.
_ANY_LENGTH = 0x7FFFFFFF


class PngCutShortError(Exception):
    """The pixels ended within a row."""


class PngPixels:
    """Worker threads. `data` is whole and its chunks hold, 8 bits a sample, rows in their order (not interlaced)."""

    def __init__(self, data: bytes) -> None:
        self._chunks = list(png_chunks(data))
        header = next(data[start:end] for kind, start, end in self._chunks if kind == b"IHDR")
        self.width, self.height = struct.unpack_from(">II", header)
        self.row_bytes = 1 + self.width * PNG_CHANNELS[header[9]]
        """With the filter in front of them."""
        self._kind = header[8:]
        self._colours = b"".join(
            data[start - 8 : end + 4] for kind, start, end in self._chunks if kind in _COLOURS_NEED
        )
        self._unpacker = zlib_ng.decompressobj()
        # Of no method: one that knows this object would keep it, and the file, until the collector comes.
        self._pieces = _coded(memoryview(data), self._chunks)
        self._rest: bytes | memoryview = b""
        self._unpacked = 0

    def head(self, rows: int, idat_bytes: int) -> bytes:
        """Of a PNG of so many rows, up to where its pixels begin."""
        header = _chunk(b"IHDR", struct.pack(">II", self.width, rows) + self._kind)
        return b"".join((PNG_MAGIC, header, self._colours, struct.pack(">I4s", idat_bytes, b"IDAT")))

    def unpack(self, size: int) -> list[bytes]:
        """The next bytes of the rows. Raises zlib_ng.error on damaged pixels, PngCutShortError."""
        parts: list[bytes] = []
        while size:
            coded = self._rest or next(self._pieces, b"")
            part = self._unpacker.decompress(coded, size)
            self._unpacked += len(part)
            if not part and self._unpacker.eof and self._unpacked and self._unpacked % self.row_bytes == 0:
                return [*parts, bytes(size)]  # black rows, as Pillow has it
            if not part and (not coded or self._unpacker.eof):
                raise PngCutShortError
            parts.append(part)
            size -= len(part)
            self._rest = self._unpacker.unconsumed_tail
        # As one where they are many: each costs half a kilobyte on its way.
        return parts if len(parts) <= _MOST_PARTS else [b"".join(parts)]


class UnpackedPng(io.BytesIO):
    """For Pillow to read a PNG from: its pixels are unpacked while it asks for them.

    Reading raises as `PngPixels.unpack` does.
    """

    def __init__(self, data: bytes) -> None:
        self._pixels = PngPixels(data)
        self._left = self._pixels.height * self._pixels.row_bytes
        head = self._pixels.head(self._pixels.height, _ANY_LENGTH)
        super().__init__(head + ZLIB_HEADER)
        self._head_bytes = len(head)

    def read(self, size: int | None = -1, /) -> bytes:
        """Of the pixels a few hundred kilobytes, however many are asked for; in the end none."""
        if self.tell() < self._head_bytes:
            return super().read(size)
        if self.tell() == self._head_bytes:
            return super().read(len(ZLIB_HEADER))
        size = min(self._left, _READ_BYTES)
        self._left -= size
        return b"".join(stored(self._pixels.unpack(size)))


def stored(parts: Iterable[bytes]) -> Iterator[bytes | memoryview]:
    """Behind ZLIB_HEADER a stream of zlib that says: copy this. Without an end, before which Pillow has all rows.

    `zlib.compress(…, 0)` says the same in eight times the time.
    """
    for part in parts:
        whole = memoryview(part)
        for at in range(0, len(whole), _MOST_STORED_BYTES):
            block = whole[at : at + _MOST_STORED_BYTES]
            yield struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF)
            yield block


def _coded(data: memoryview, chunks: Sequence[tuple[bytes, int, int]]) -> Iterator[memoryview]:
    for kind, start, end in chunks:
        if kind == b"IDAT":
            for at in range(start, end, _PIECE_BYTES):
                yield data[at : min(at + _PIECE_BYTES, end)]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return b"".join((struct.pack(">I4s", len(body), kind), body, struct.pack(">I", zlib_ng.crc32(kind + body))))

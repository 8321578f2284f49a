"""A large PNG  →  one small PNG after the other, so that it is never in memory as a whole.

Part of `thumbnails`. Pillow decodes a PNG in one piece, 400 MB for the largest picture the service takes. A row of PNG
needs the row above it and nothing else, so what is unpacked here a strip at a time is wrapped anew, with the last row
of the strip before on its top, and decoded by Pillow as any PNG.
"""

from __future__ import annotations

from typing import NamedTuple

from pixverse_gui.core.png_unpacking import ZLIB_HEADER, PngPixels, stored

_STRIP_BYTES = 1 << 20
_NO_FILTER = b"\x00"
_NO_CHECKSUM = bytes(4)  # Pillow does not look at those of pixels; `image_checks` has


class Strip(NamedTuple):
    """`skip`: how many rows at the top of `png` are not of this strip. `rows`: how many are."""

    png: bytes
    skip: int
    rows: int


class PngStrips:
    """Worker threads. `data` as for `PngPixels`.

    All strips but the last have a multiple of `step` rows. Raises as `PngPixels.unpack` does.
    """

    def __init__(self, data: bytes, step: int) -> None:
        self._pixels = PngPixels(data)
        self._left, self._step = self._pixels.height, step

    def read(self, row_before: bytes) -> Strip | None:
        """The next one; None after the last. `row_before`: the last row as decoded, empty for the first strip."""
        if self._left == 0:
            return None
        row_bytes = self._pixels.row_bytes
        rows = min(self._left, self._step * max(1, _STRIP_BYTES // (self._step * row_bytes)))
        coded = self._pixels.unpack(rows * row_bytes)
        self._left -= rows
        skip = 1 if row_before else 0
        body = (ZLIB_HEADER, *stored([_NO_FILTER + row_before, *coded] if row_before else coded))
        head = self._pixels.head(rows + skip, sum(map(len, body)))
        return Strip(b"".join((head, *body, _NO_CHECKSUM)), skip, rows)

"""Memory for one large picture while it is decoded.

Part of `thumbnails`. What Pillow takes for it is written once before, while every other thread waits for the
interpreter, and comes in pages of 4 kB, or has to be kept for the next picture: 30 ms of 130 for a screenshot.
"""

from __future__ import annotations

import contextlib
from typing import Any

from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngImageFile

from pixverse_gui.core.large_pages import in_large_pages

_LARGE_BYTES = 4 << 20
_PIXEL_BYTES = {"L": 1, "P": 1, "LA": 4, "RGB": 4, "RGBA": 4}
"""As Pillow has them in memory."""


def place_apart(picture: ImageFile.ImageFile) -> None:
    """Have a large PNG, not decoded yet, decoded into memory that is the system's again together with the picture.

    Worker threads. Raises MemoryError. Pillow has pictures in memory of others for reading uncompressed files; that it
    decodes into it is not promised, and where a later one would not, it takes its own as ever.
    """
    width, height = picture.size
    row_bytes = width * _PIXEL_BYTES.get(picture.mode, 0)
    if row_bytes * height < _LARGE_BYTES or not isinstance(picture, PngImageFile):
        return
    core: Any = Image.core  # type: ignore[attr-defined]
    place = in_large_pages(row_bytes * height)
    with contextlib.suppress(AttributeError, TypeError, ValueError):
        picture.im = core.map_buffer(place, picture.size, "raw", 0, (picture.mode, row_bytes, 1))

"""Memory for pictures while they are decoded.

Part of `thumbnails`. What Pillow takes for one is written once before, while every other thread waits for the
interpreter: 15 ms for a screenshot, a tenth of it all. So a large one gets memory of its own, which nobody has to write
before, and a small one what the one before it had, which is quick to write.
"""

from __future__ import annotations

import contextlib
from typing import Any

from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngImageFile

from pixverse_gui.core.large_pages import in_large_pages

_LARGE_BYTES = 1 << 20
_BLOCK_BYTES, _BLOCKS_KEPT = 1 << 20, 4
_PIXEL_BYTES = {"L": 1, "P": 1, "LA": 4, "RGB": 4, "RGBA": 4}
"""As Pillow has them in memory."""


def keep_blocks() -> None:
    """Have Pillow use the memory of one picture for the next: 4 MB that it keeps. For the whole process, any thread.

    Documented as PILLOW_BLOCK_SIZE and PILLOW_BLOCKS_MAX, which would have to be set before the program starts.
    """
    core: Any = Image.core  # type: ignore[attr-defined]
    core.set_block_size(_BLOCK_BYTES)
    core.set_blocks_max(_BLOCKS_KEPT)


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

"""What a reader of pictures from outside of `core` hands over: plain values, no decoder.

Part of `thumbnails`, apart from it as that imports Pillow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class CoarsePicture(NamedTuple):
    """`size`: of the whole picture, in pixels. `pixels`: of the `coarse` ones, RGBA, row after row, not yet turned."""

    size: tuple[int, int]
    coarse: tuple[int, int]
    pixels: bytes


ReadCoarse = Callable[[bytes, int], CoarsePicture | None]
"""A file's bytes and how long the longer side may be -> all of it, decoded; None where it cannot. Worker threads."""

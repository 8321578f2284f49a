"""The black bars in a camera's small picture  →  the part between them, which shows what the large one does.

Part of `inspection` and `thumbnails`. The "Design rule for Camera File system" (DCF) wants 160 x 120 pixels whatever
shape the picture has, and cameras with another one, as most with a mirror have, fill it up above and below.
"""

from __future__ import annotations

import math
from typing import NamedTuple

DCF_SIZE = (160, 120)
# Where a bar ends cameras round as they like, and JPEG lets its edge run into the rows beside it.
_EDGE_ROWS = 1
_LEAST_ROWS = 2
# Nor are they quite black: beside pure colours, compressed hard, up to 41 of 255.
_BLACK = 50
_ROW_BYTES = 3 * DCF_SIZE[0]


class BlackBars(NamedTuple):
    """Where bars would be if there are any. `rows`: of pixels above, and as many below, that would be black.

    `between`: left, top, right and bottom of the rest, without the rows at its edge, in the shape of the large picture.
    """

    rows: int
    between: tuple[int, int, int, int]

    @property
    def width(self) -> int:
        """Of what is between them."""
        return self.between[2] - self.between[0]

    def are_there(self, rgb: bytes) -> bool:
        """Whether they are black and end where they would. `rgb`: the small picture, three bytes a pixel.

        A picture cut to another shape by an editor, which left the small one in place, has its bars elsewhere. What is
        dark at its own edge cannot be told from that.
        """
        bars, top = self.rows * _ROW_BYTES, self.between[1] * _ROW_BYTES
        first, last = rgb[top : top + _ROW_BYTES], rgb[-top - _ROW_BYTES : -top]
        are_black = max(rgb[:bars]) <= _BLACK and max(rgb[-bars:]) <= _BLACK
        return are_black and max(first) > _BLACK and max(last) > _BLACK


def black_bars(small: tuple[int, int], large: tuple[int, int]) -> BlackBars | None:
    """From the sizes alone. None where there cannot be any: the picture is higher, or hardly wider."""
    if small != DCF_SIZE:
        return None
    width, height = small
    bar = (height - width * large[1] / large[0]) / 2
    rows, top = math.floor(bar) - _EDGE_ROWS, math.ceil(bar) + _EDGE_ROWS
    high = height - 2 * top
    if rows < _LEAST_ROWS or high <= 0:
        return None
    left = round((width - high * large[0] / large[1]) / 2)
    return BlackBars(rows, (left, top, width - left, height - top))

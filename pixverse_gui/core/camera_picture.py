"""The small picture that a camera put at the beginning of its file, as it stands there.

Part of `inspection` and `thumbnails`. Nothing is decoded here: that takes twenty times as long as finding it.
"""

from __future__ import annotations

from pixverse_gui.core.black_bars import black_bars
from pixverse_gui.core.exif_block import ExifBlock, read_exif
from pixverse_gui.core.image_headers import ImageHeader, jpeg_exif, read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Glance, ImageFormat

# Editors leave the camera's small picture in place when they crop.
_ASPECT_TOLERANCE = 0.03
_MAX_PIXELS = 1_000_000


def at_a_glance(first: bytes, header: ImageHeader, limits: Limits) -> Glance | None:
    """`first`: the first bytes of a file, whatever is behind them; `header`: what they say. Never raises."""
    if header.format is not ImageFormat.JPEG or header.is_unusual:
        return None
    exif = read_exif(jpeg_exif(first))
    is_whole = exif.thumbnail.rstrip(b"\x00").endswith(b"\xff\xd9")
    return small_picture(exif, header, limits) if is_whole else None


def small_picture(exif: ExifBlock, header: ImageHeader, limits: Limits) -> Glance | None:
    """Where it shows what the large one does, for all that sizes can tell, and is large enough to stand for it."""
    inside = read_image_header(exif.thumbnail)
    if inside.format is not ImageFormat.JPEG or not 0 < inside.pixels <= _MAX_PIXELS or not header.pixels:
        return None
    fits = abs(inside.width * header.height / (inside.height * header.width) - 1) <= _ASPECT_TOLERANCE
    bars = None if fits else black_bars((inside.width, inside.height), (header.width, header.height))
    if not fits and bars is None:
        return None
    longer = bars.width if bars else max(inside.width, inside.height)
    if longer < min(limits.thumbnail_px, max(header.width, header.height)):
        return None
    return Glance(exif.thumbnail, exif.orientation, bars)

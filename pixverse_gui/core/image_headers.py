"""The first bytes of a file  →  what it is and how large, without a decoder.

Part of `inspection`. Reads the magic number and PNG's IHDR, JPEG's SOF or WebP's VP8/VP8L/VP8X, so that thousands of
files a second can be looked at. What is in the bytes is never trusted: junk gives an empty header, not an exception.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pixverse_gui.core.foreign_formats import foreign_format
from pixverse_gui.core.models import ImageFormat

FIRST_BLOCK_BYTES = 64 * 1024
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"

ReadAt = Callable[[int, int], bytes]
"""(offset, size) -> the bytes there, fewer at the end."""

# A header that needs more jumps than this was made to waste time: cameras write a dozen segments, an editor a hundred.
_MAX_STEPS = 2_000
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_START_OF_SCAN = 0xDA
_JPEG_APP1 = 0xE1
_JPEG_END = 0xD9
_JPEG_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_JPEG_USUAL = frozenset({0xC0, 0xC1, 0xC2})
PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WEBP_ANIMATED, _WEBP_ALPHA = 0x02, 0x10


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What the first bytes say. Sides are pixels as stored; 0 where the header is damaged or its end is missing.

    `foreign`: what a file is that is none of the three formats ("" unknown). `colours`: "CMYK", "16 bit" or "".
    `is_unusual`: legal on paper, but decoders differ on it (arithmetic coding, 12 bit JPEG). `is_in_rows`: a PNG of 8
    bits a sample whose rows stand one after the other.
    """

    format: ImageFormat | None = None
    width: int = 0
    height: int = 0
    foreign: str = ""
    colours: str = ""
    channels: int = 3
    is_animated: bool = False
    is_progressive: bool = False
    is_unusual: bool = False
    is_in_rows: bool = False

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_image_header(first: bytes, read_at: ReadAt | None = None) -> ImageHeader:
    """`first`: the first 64 KiB, or all. `read_at` fetches what lies behind them; without it that counts as missing."""
    window = _Window(first, read_at)
    if first.startswith(PNG_MAGIC):
        return _png(window)
    if first.startswith(b"\xff\xd8\xff"):
        return _jpeg(window)
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return _webp(window)
    return ImageHeader(foreign=foreign_format(first))


class _Window:
    """The first block, and jumps behind it."""

    def __init__(self, first: bytes, read_at: ReadAt | None) -> None:
        self._first, self._read_at = first, read_at

    def at(self, offset: int, size: int) -> bytes:
        """Fewer bytes than asked for at the end of the file."""
        if offset + size <= len(self._first) or self._read_at is None:
            return self._first[offset : offset + size]
        return self._read_at(offset, size)


def _png(window: _Window) -> ImageHeader:
    ihdr = window.at(8, 21)
    if len(ihdr) < 18 or ihdr[4:8] != b"IHDR":
        return ImageHeader(ImageFormat.PNG)
    width, height, depth, colour_type = struct.unpack(">IIBB", ihdr[8:18])
    is_interlaced = ihdr[20:21] != b"\x00"
    return ImageHeader(
        ImageFormat.PNG,
        width,
        height,
        colours="16 bit" if depth == 16 else "",
        channels=PNG_CHANNELS.get(colour_type, 4),
        is_animated=_has_png_animation(window),
        is_in_rows=depth == 8 and colour_type in PNG_CHANNELS and not is_interlaced,
    )


def _has_png_animation(window: _Window) -> bool:
    """acTL stands before the first IDAT, or does not count (APNG specification). One frame is no animation."""
    offset = 8
    for _ in range(_MAX_STEPS):
        chunk = window.at(offset, 12)
        if len(chunk) < 12 or chunk[4:8] in {b"IDAT", b"IEND"}:
            return False
        if chunk[4:8] == b"acTL":
            return int.from_bytes(chunk[8:12], "big") > 1
        offset += 12 + int.from_bytes(chunk[:4], "big")
    return False


def _jpeg_segments(window: _Window) -> Iterator[tuple[int, int]]:
    """(marker, offset of its length field) of each segment, up to the one the pixels begin with."""
    offset = 2
    for _ in range(_MAX_STEPS):
        head = window.at(offset, 4)
        if len(head) < 2 or head[0] != 0xFF:
            return
        marker = head[1]
        if marker == 0xFF:  # fill bytes may stand before any marker
            offset += 1
            continue
        if marker in _JPEG_BARE:
            offset += 2
            continue
        if len(head) < 4 or marker == _JPEG_END:
            return
        yield marker, offset + 2
        if marker == _JPEG_START_OF_SCAN:
            return
        offset += 2 + max(2, int.from_bytes(head[2:4], "big"))


def _jpeg(window: _Window) -> ImageHeader:
    for marker, offset in _jpeg_segments(window):
        if marker not in _JPEG_FRAMES:
            continue
        frame = window.at(offset, 8)
        if len(frame) < 8:
            continue
        precision, height, width, components = struct.unpack(">xxBHHB", frame)
        return ImageHeader(
            ImageFormat.JPEG,
            width,
            height,
            colours="CMYK" if components == 4 else "16 bit" if precision > 8 else "",
            channels=components,
            is_progressive=marker in _JPEG_PROGRESSIVE,
            is_unusual=marker not in _JPEG_USUAL or precision != 8,
        )
    return ImageHeader(ImageFormat.JPEG)


def jpeg_frame_and_scan(data: bytes) -> tuple[int, int]:
    """Where the marks of the frame and of the first scan stand; 0 for what is not there, or not near the beginning."""
    frame = 0
    for marker, offset in _jpeg_segments(_Window(data, None)):
        if marker in _JPEG_FRAMES:
            frame = frame or offset - 2
        elif marker == _JPEG_START_OF_SCAN:
            return frame, offset - 2
    return frame, 0


def jpeg_exif(first: bytes) -> bytes:
    """The first EXIF block as far as it is in these bytes; empty where there is none."""
    for marker, offset in _jpeg_segments(_Window(first, None)):
        size = int.from_bytes(first[offset : offset + 2], "big")
        block = first[offset + 2 : offset + size]
        if marker == _JPEG_APP1 and block.startswith(b"Exif\x00\x00"):
            return block
    return b""


def _webp(window: _Window) -> ImageHeader:
    chunk = window.at(12, 18)
    kind, body = chunk[:4], chunk[8:]
    if kind == b"VP8X" and len(body) >= 10:
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return ImageHeader(
            ImageFormat.WEBP,
            width,
            height,
            channels=4 if body[0] & _WEBP_ALPHA else 3,
            is_animated=bool(body[0] & _WEBP_ANIMATED),
        )
    if kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return ImageHeader(ImageFormat.WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, channels=4)
    if kind == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return ImageHeader(ImageFormat.WEBP, width, height)
    return ImageHeader(ImageFormat.WEBP)

"""Bounded decode  →  small image bytes.

Pillow's three readers are called by name, never `Image.open`: nothing else can be opened that way (an EPS would start
Ghostscript), no other plug-in is loaded, and Pillow's limit on pixels, a global that warns about a legal picture of
10,000 x 10,000, need not be touched: the caller has checked the sides. Frames are never counted nor looped over.

Of a JPEG whose camera put a fitting small picture inside, or one that fits between black bars, only that is decoded: a
hundred times cheaper. Whether the file itself is whole, `image_checks` tells from its marks, which is all that decoding
would find out.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from pixverse_gui.core.black_bars import DCF_SIZE
from pixverse_gui.core.camera_picture import small_picture
from pixverse_gui.core.decode_place import place_apart
from pixverse_gui.core.exif_block import ExifBlock, read_exif
from pixverse_gui.core.image_headers import PNG_MAGIC, ImageHeader
from pixverse_gui.core.jpeg_scans import Scan, frame_alone, means_alone, scans_of
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat
from pixverse_gui.core.png_chunks import png_chunks
from pixverse_gui.core.png_strips import PngStrips
from pixverse_gui.core.png_unpacking import UnpackedPng
from pixverse_gui.core.webp_chunks import ALPHA, LOSSLESS, read_webp_exif, webp_kinds
from pixverse_gui.core.webp_reader import ReadSmall

_READERS: dict[ImageFormat, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    ImageFormat.PNG: PngImageFile,
    ImageFormat.JPEG: JpegImageFile,
    ImageFormat.WEBP: WebPImageFile,
}
_TURNS: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Measured: Pillow's WebP reader holds the canvas twice and a copy (a picture of 100 million pixels took 1.5 GB).
_WEBP_BYTES_A_PIXEL = 16
# Measured: libwebp has all of a lossless picture in memory, and so the transparency of others; of the rest, some rows.
_LEAN_BYTES_A_PIXEL = {LOSSLESS: 4, ALPHA: 5}
_PIXEL_BYTES = 4
# Eight samples a side for each pixel of the result cannot be told from all of them, and need no copy of the whole.
_COARSE_FACTOR = 8
_PNG_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"})
# The most that a JPEG is made small by while it is decoded.
_JPEG_FACTOR = 8
_JPEG_QUALITY = 85
# What a decoder is given at once. Behind each it waits for its turn with the interpreter: with Pillow's 64 kB that was
# 5 ms of 110 for a JPEG of 24 million pixels.
_PIECE_BYTES = 1 << 20
_TRANSPARENT_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})


class DecoderRefusedError(Exception):
    """The decoder could not read the picture; the cause tells what it said."""


def is_worth_decoding(header: ImageHeader, limits: Limits) -> bool:
    """False for what would take over a gigabyte: then only the structure is checked, and there is no thumbnail."""
    most = limits.webp_decode_max_px if header.format is ImageFormat.WEBP else limits.max_side_px**2
    return 0 < header.pixels <= most


def decoded_bytes(header: ImageHeader, limits: Limits) -> int:
    """About what decoding takes at its peak; the small picture that a camera put inside takes nothing to speak of."""
    if header.format is ImageFormat.WEBP:
        return header.pixels * _WEBP_BYTES_A_PIXEL
    if header.format is ImageFormat.PNG:
        whole = header.pixels * (1 if header.channels == 1 else _PIXEL_BYTES)
        return 0 if _is_read_in_strips(header, limits) else whole
    if header.is_progressive:
        return header.pixels * header.channels * 2  # a coefficient of every pixel until the last scan came
    return header.pixels * _PIXEL_BYTES // _jpeg_factor(header, limits) ** 2


def lean_bytes(data: bytes, header: ImageHeader) -> int:
    """What a reader of WebP takes that makes it small while decoding it: of a photograph next to nothing."""
    kinds = webp_kinds(data)
    return header.pixels * max((size for kind, size in _LEAN_BYTES_A_PIXEL.items() if kind in kinds), default=0)


def is_worth_reading_lean(header: ImageHeader, limits: Limits) -> bool:
    """Whether such a reader is asked at all: it reads nothing that moves."""
    is_still = header.format is ImageFormat.WEBP and not header.is_animated
    return is_still and 0 < header.pixels <= limits.max_side_px**2


def thumbnail_of_webp(data: bytes, header: ImageHeader, limits: Limits, read: ReadSmall) -> bytes | None:
    """As `make_thumbnail`, through a lean reader. None also where that cannot read it."""
    # libwebp lets hidden colours into edges that it makes small, where it is not lossless; Pillow weighs by alpha.
    factor = _COARSE_FACTOR if ALPHA in webp_kinds(data) else 2
    found = read(data, factor * limits.thumbnail_px)
    if found is None or found.whole != (header.width, header.height):
        return None
    try:
        small = Image.frombuffer("RGBA", found.size, found.pixels, "raw", "RGBA", 0, 1)
        return _encoded(_scaled(small, limits), read_webp_exif(data))
    except Exception:  # noqa: BLE001 - as below
        return None


def make_thumbnail(data: bytes, header: ImageHeader, limits: Limits) -> bytes | None:
    """JPEG, or PNG where the picture has transparency; upright; its longer side at most `limits.thumbnail_px`.

    Worker thread; may hold `decoded_bytes` meanwhile. None where there is no memory for it, or where it would take
    hours. Raises DecoderRefusedError.
    """
    if header.format is None:
        raise DecoderRefusedError("no decoder")
    try:
        picture = _READERS[header.format](io.BytesIO(_essential(data, header)))
        if picture.size != (header.width, header.height):
            raise DecoderRefusedError("two sizes")
        exif = read_exif(_exif_bytes(picture))
        small = None if header.is_unusual else _from_camera(exif, header, limits)
        if small is None and header.is_progressive:
            scans = scans_of(data)
            if scans is None:
                return None
            small = _from_means(data, scans, header, limits)
        if small is None and _is_read_in_strips(header, limits):
            small = _scaled(_from_strips(data, header, limits), limits)
        if small is None:
            picture = _whole(picture, data, header, limits)
    except MemoryError:
        return None
    except Exception as error:  # Pillow raises anything on broken files
        raise DecoderRefusedError(type(error).__name__) from error
    try:
        return _encoded(small or _scaled(picture, limits), exif)
    except Exception:  # noqa: BLE001 - the picture was read; that Pillow cannot make it small is not its fault
        return None


def _essential(data: bytes, header: ImageHeader) -> bytes:
    """Of a PNG what its pixels need, and EXIF.

    Pillow unpacks profiles and texts while it opens a file, and refuses the whole picture when one is larger than a
    megabyte, as profiles of calibrated screens are in screenshots. `image_checks` has seen to their checksums.
    """
    if header.format is not ImageFormat.PNG:
        return data
    chunks = list(png_chunks(data))
    if all(kind in _PNG_NEEDED for kind, _, _ in chunks):
        return data
    view = memoryview(data)
    return b"".join((PNG_MAGIC, *(view[start - 8 : end + 4] for kind, start, end in chunks if kind in _PNG_NEEDED)))


def _exif_bytes(picture: ImageFile.ImageFile) -> bytes:
    found = picture.info.get("exif", b"")
    return found if isinstance(found, bytes) else b""


def _from_camera(exif: ExifBlock, header: ImageHeader, limits: Limits) -> Image.Image | None:
    """The camera's own small picture, if it is of this one and large enough."""
    seen = small_picture(exif, header, limits) if header.format is ImageFormat.JPEG and exif.thumbnail else None
    if seen is None:
        return None
    try:
        found = JpegImageFile(io.BytesIO(seen.data))
        _load(found, limits)
        if seen.bars is None:
            return _scaled(found, limits)
        is_of_this_one = found.size == DCF_SIZE and seen.bars.are_there(found.convert("RGB").tobytes())
        return _scaled(found.crop(seen.bars.between), limits) if is_of_this_one else None
    except Exception:  # noqa: BLE001 - Pillow raises anything; the picture itself is decoded then
        return None


def _jpeg_factor(header: ImageHeader, limits: Limits) -> int:
    return min(_JPEG_FACTOR, max(1, min(header.width, header.height) // (2 * limits.thumbnail_px)))


def _from_means(data: bytes, scans: Sequence[Scan], header: ImageHeader, limits: Limits) -> Image.Image | None:
    """Of a progressive JPEG that is made an eighth as large anyway, in a third of the time."""
    if header.is_unusual or _jpeg_factor(header, limits) < _JPEG_FACTOR:
        return None
    means = means_alone(data, scans, header.channels)
    if means is None:
        return None
    try:
        JpegImageFile(io.BytesIO(frame_alone(data, scans))).load()
        found = JpegImageFile(io.BytesIO(means))
        _load(found, limits)
        return _scaled(found, limits)
    except Exception:  # noqa: BLE001 - Pillow raises anything; the picture itself is decoded then, and tells
        return None


def _is_read_in_strips(header: ImageHeader, limits: Limits) -> bool:
    """Takes a third longer, so only where two of them would not fit into the memory for it."""
    return header.is_in_rows and header.pixels * _PIXEL_BYTES > limits.decoded_budget_bytes // 2


def _from_strips(data: bytes, header: ImageHeader, limits: Limits) -> Image.Image:
    """All of it decoded, one pixel of so many kept."""
    step = max(1, -(-max(header.width, header.height) // (_COARSE_FACTOR * limits.thumbnail_px)))
    across, down = min(step, header.width), min(step, header.height)
    width, height = header.width // across, header.height // down
    strips, coarse, row_before, top = PngStrips(data, down), None, b"", 0
    while (strip := strips.read(row_before)) is not None:
        picture = PngImageFile(io.BytesIO(strip.png))
        picture.load()
        row_before = picture.crop((0, picture.height - 1, picture.width, picture.height)).tobytes()
        rows = strip.rows // down
        if rows:
            box = (0, strip.skip, width * across, strip.skip + rows * down)
            part = _plain(picture.resize((width, rows), Image.Resampling.NEAREST, box))
            coarse = coarse or Image.new(part.mode, (width, height))
            coarse.paste(part, (0, top))
            top += rows
    if coarse is None:
        raise DecoderRefusedError("no rows")
    return coarse


def _whole(picture: ImageFile.ImageFile, data: bytes, header: ImageHeader, limits: Limits) -> ImageFile.ImageFile:
    """Decoded; of a PNG that is not small the pixels are unpacked here."""
    if header.is_in_rows and header.pixels * _PIXEL_BYTES >= limits.png_unpack_bytes:
        picture = PngImageFile(UnpackedPng(data))
    _load(picture, limits)
    return picture


def _load(picture: ImageFile.ImageFile, limits: Limits) -> None:
    """Decode; a JPEG straight to a half, a quarter or an eighth of its size."""
    picture.draft("RGB", (2 * limits.thumbnail_px, 2 * limits.thumbnail_px))
    place_apart(picture)
    picture.decodermaxblock = _PIECE_BYTES
    picture.load()


def _scaled(picture: Image.Image, limits: Limits) -> Image.Image:
    """A small copy in a mode that can be encoded, not yet turned."""
    side = limits.thumbnail_px
    coarse = picture
    most = _COARSE_FACTOR * side
    if max(coarse.size) > most:
        coarse = coarse.resize(_fitted(coarse.size, most), Image.Resampling.NEAREST)
    return _plain(coarse).resize(_fitted(coarse.size, side), Image.Resampling.BILINEAR, reducing_gap=2.0)


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    ratio = min(1.0, side / max(size))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def _plain(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where there is transparency; the picture itself where it is that already."""
    if picture.mode.startswith("I"):
        # 16 bit grey: converting would cut everything off above 255 instead of scaling it.
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_transparency = picture.mode in _TRANSPARENT_MODES or "transparency" in picture.info
    mode = "RGBA" if has_transparency else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _encoded(small: Image.Image, exif: ExifBlock) -> bytes:
    turn = _TURNS.get(exif.orientation)
    upright = small.transpose(turn) if turn is not None else small
    out = io.BytesIO()
    if upright.mode == "RGBA" and upright.getchannel("A").getextrema() != (255, 255):
        _bare(upright).save(out, "PNG", compress_level=6)
    else:
        _bare(upright.convert("RGB")).save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """Without the profiles, texts and EXIF that would be written along."""
    picture.info = {}
    return picture

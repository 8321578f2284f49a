"""Makers of pictures, good and odd, as bytes: drawn by Pillow, or put together by hand where Pillow would not."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from PIL import Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
CORNERS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))
"""Red, green, blue, yellow: top left, top right, bottom left, bottom right of `corners`."""


def encoded(picture: Image.Image, image_format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, image_format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def corners(size: tuple[int, int] = (480, 320)) -> Image.Image:
    """Four fields of four colours, so that every turn and mirror shows."""
    small = Image.new("RGB", (2, 2))
    small.putdata(CORNERS)
    return small.resize(size, Image.Resampling.NEAREST)


def barred(picture: Image.Image, bar: int | tuple[int, int, int] = 0) -> Image.Image:
    """As cameras put a picture that is wider than 4:3 into their files: 160 x 120, filled up above and below."""
    whole = Image.new("RGB", (160, 120), bar)
    high = round(160 * picture.height / picture.width)
    whole.paste(picture.resize((160, high)), (0, (120 - high) // 2))
    return whole


def corner_colours(picture: Image.Image) -> list[tuple[int, int, int]]:
    """The four fields as pure colours, in the order of `CORNERS`."""
    width, height = picture.size
    places = [(x, y) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    pixels = [picture.convert("RGB").getpixel(place) for place in places]
    return [tuple(255 if part > 127 else 0 for part in pixel) for pixel in pixels]  # type: ignore[union-attr,misc]


def noise(size: tuple[int, int] = (320, 240)) -> Image.Image:
    """What compresses badly: cutting it anywhere cuts pixels off."""
    return Image.effect_noise(size, 80).convert("RGB")


def png(size: tuple[int, int] = (48, 32), mode: str = "RGB", colour: Any = 0, **options: Any) -> bytes:
    return encoded(Image.new(mode, size, colour), "PNG", **options)


def jpeg(size: tuple[int, int] = (48, 32), mode: str = "RGB", **options: Any) -> bytes:
    return encoded(Image.new(mode, size), "JPEG", **options)


def webp(size: tuple[int, int] = (48, 32), mode: str = "RGB", **options: Any) -> bytes:
    return encoded(Image.new(mode, size), "WEBP", **options)


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def ihdr(width: int, height: int, *, depth: int = 8, colour_type: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0))


def png_of(*chunks: bytes) -> bytes:
    return PNG_MAGIC + b"".join(chunks)


def png_claiming(width: int, height: int, **options: int) -> bytes:
    """A whole PNG in its chunks, with pixels for far less than it claims."""
    return png_of(ihdr(width, height, **options), chunk(b"IDAT", zlib.compress(bytes(64))), chunk(b"IEND"))


def flat_png(width: int, height: int) -> bytes:
    """Grey, of any size, without ever holding its pixels: a legal 10,000 x 10,000 takes some kilobytes."""
    packer = zlib.compressobj(1)
    row = b"\x00" + bytes([128]) * width
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png_of(ihdr(width, height, colour_type=0), chunk(b"IDAT", body), chunk(b"IEND"))


def chunks_of(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """(offset, kind, whole chunk) of each chunk of a PNG."""
    found, offset = [], len(PNG_MAGIC)
    while offset < len(data):
        end = offset + 12 + int.from_bytes(data[offset : offset + 4], "big")
        found.append((offset, data[offset + 4 : offset + 8], data[offset:end]))
        offset = end
    return found


def apng(frames: int = 2) -> bytes:
    pictures = [Image.new("RGB", (48, 32), (shade, 0, 0)) for shade in range(0, 20 * frames, 20)]
    return encoded(pictures[0], "PNG", save_all=True, append_images=pictures[1:])


def apng_claiming(frames: int) -> bytes:
    """One picture and the claim that more follow."""
    first, *others = (whole for _, _, whole in chunks_of(png()))
    return png_of(first, chunk(b"acTL", struct.pack(">II", frames, 0)), *others)


def animated_webp(frames: int = 3) -> bytes:
    pictures = [Image.new("RGB", (48, 32), (shade, 0, 0)) for shade in range(0, 40 * frames, 40)]
    return encoded(pictures[0], "WEBP", save_all=True, append_images=pictures[1:])


def webp_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) & 1)


def webp_of(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_claiming(width: int, height: int, flags: int = 0) -> bytes:
    """A canvas of any size, with a small picture inside."""
    canvas = bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp_of(webp_chunk(b"VP8X", canvas), webp()[12:])


def exif(orientation: int = 1, thumbnail: bytes = b"", order: str = "<") -> bytes:
    """An EXIF block with how the camera was turned, and the small picture it put inside."""
    magic = b"II*\x00" if order == "<" else b"MM\x00*"

    def entry(tag: int, kind: int, value: int) -> bytes:
        raw = struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value)
        return struct.pack(f"{order}HHI", tag, kind, 1) + raw

    def directory(entries: Sequence[bytes], following: int) -> bytes:
        return struct.pack(f"{order}H", len(entries)) + b"".join(entries) + struct.pack(f"{order}I", following)

    first_size, second_size = 2 + 12 + 4, 2 + 2 * 12 + 4
    first = directory([entry(0x0112, 3, orientation)], 8 + first_size if thumbnail else 0)
    block = b"Exif\x00\x00" + magic + struct.pack(f"{order}I", 8) + first
    if not thumbnail:
        return block
    start = 8 + first_size + second_size
    return block + directory([entry(0x0201, 4, start), entry(0x0202, 4, len(thumbnail))], 0) + thumbnail


def jpeg_segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg_with(segments: Iterable[bytes], data: bytes | None = None) -> bytes:
    """A JPEG with more segments at its beginning."""
    whole = data or jpeg()
    return whole[:2] + b"".join(segments) + whole[2:]


def frame_at(data: bytes) -> int:
    """Where the frame header (SOF) of a JPEG begins."""
    return min(at for marker in (0xC0, 0xC2) if (at := data.find(bytes([0xFF, marker, 0]))) >= 0)


def jpeg_with_frame(data: bytes, **fields: int) -> bytes:
    """A JPEG whose frame header tells something else: marker, precision, height, width, components."""
    at = frame_at(data)
    names = ("precision", "height", "width", "components")
    values = dict(zip(names, struct.unpack_from(">BHHB", data, at + 4), strict=True)) | fields
    marker = fields.get("marker", data[at + 1])
    told = struct.pack(">BHHB", *(values[name] for name in names))
    return data[: at + 1] + bytes([marker]) + data[at + 2 : at + 4] + told + data[at + 10 :]


def mpo() -> bytes:
    """What cameras with two lenses write: two JPEGs in one file, which Pillow calls MPO."""
    return encoded(corners(), "MPO", save_all=True, append_images=[corners()], quality=90)


def bmp() -> bytes:
    return encoded(corners((8, 8)), "BMP")


def gif() -> bytes:
    return encoded(corners((8, 8)), "GIF")


def tiff() -> bytes:
    return encoded(corners((8, 8)), "TIFF")


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n(x) run\n"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)

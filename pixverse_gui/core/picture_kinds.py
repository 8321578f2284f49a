"""What counts as a picture in a folder: by its extension, or by its first bytes where it has none."""

from __future__ import annotations

import re
from typing import Final

SNIFFED_BYTES: Final = 32

# Those the service takes come first; the others are listed so that the operator hears of each, instead of missing it.
_EXTENSIONS: Final = frozenset(
    {
        *("png", "apng", "jpg", "jpeg", "jpe", "jfif", "pjpeg", "webp"),
        *("heic", "heif", "hif", "avif", "tif", "tiff", "bmp", "dib", "gif", "jp2", "j2k", "jpf", "jpx", "jxl"),
        *("psd", "psb", "svg", "svgz", "ico", "tga", "exr"),
        *("dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf"),
    }
)
# ".05" of "Screenshot 14.03.05" and ".png_large" tell nothing about the content.
_EXTENSION: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,7}")
_FIRST_BYTES: Final = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x0cjP  \r\n\x87\n",
    b"\xff\x4f\xff\x51",
    b"\0\0\0\x0cJXL \r\n\x87\n",
    b"8BPS",
)
_HEIF_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)


def has_picture_name(name: str) -> bool | None:
    """True or False by the extension; None where there is none and only the content can tell."""
    stem, _, extension = name.rpartition(".")
    if not stem or not _EXTENSION.fullmatch(extension):
        return None
    return extension.lower() in _EXTENSIONS


def has_picture_start(head: bytes) -> bool:
    """By the first `SNIFFED_BYTES` bytes of a file. Whether it can be read, inspection finds out."""
    if head.startswith(_FIRST_BYTES):
        return True
    if head.startswith(b"RIFF"):
        return head[8:12] == b"WEBP"
    if head.startswith(b"BM"):
        # Two letters are little proof: the header's length must be one of those that exist.
        return head[6:10] == b"\0\0\0\0" and head[14:18] in {
            bytes([size, 0, 0, 0]) for size in (12, 40, 52, 56, 108, 124)
        }
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS

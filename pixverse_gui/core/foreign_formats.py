"""Names for files that are none of the three formats: "GIF cannot be sent" helps, "this cannot be sent" does not.

Part of `inspection`.
"""

from __future__ import annotations

import re

_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00\x10\x00\x00\x00CR", "Camera raw"),
    (b"IIRO", "Camera raw"),
    (b"IIRS", "Camera raw"),
    (b"IIU\x00", "Camera raw"),
    (b"FUJIFILMCCD-RAW", "Camera raw"),
    (b"FOVb", "Camera raw"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"II\xbc\x01", "JPEG XR"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"gimp xcf", "GIMP"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"\x00\x00\x02\x00", "CUR"),
    (b"icns", "ICNS"),
    (b"DDS ", "DDS"),
    (b"qoif", "QOI"),
    (b"v/1\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"#?RGBE", "Radiance HDR"),
    (b"BPG\xfb", "BPG"),
    (b"FLIF", "FLIF"),
    (b"SIMPLE  =", "FITS"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office document"),
    (b"\x1a\x45\xdf\xa3", "Video"),
    (b"FLV\x01", "Video"),
    (b"\x00\x00\x01\xba", "Video"),
    (b"OggS", "Ogg"),
    (b"ID3", "MP3"),
    (b"fLaC", "FLAC"),
)

# The brand of an ISO media file: a HEIC picture and an MP4 video are the same container.
_BRANDS: dict[bytes, str] = {
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"hevx": "HEIC",
    b"mif1": "HEIF",
    b"msf1": "HEIF",
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"crx ": "Camera raw",
}
_RIFF_KINDS: dict[bytes, str] = {b"AVI ": "Video", b"WAVE": "WAV"}

_SVG = re.compile(rb"<(?:[\w.-]+:)?svg[\s>/]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|title)[\s>]", re.IGNORECASE)
_TEXT_SAMPLE_BYTES = 4_096
_MARKUP_SAMPLE_BYTES = 8_192
# What text never has: control characters besides tab, line ends, form feed and escape.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def foreign_format(first: bytes) -> str:
    """What people call this kind of file, "" where that is unknown. `first` are its first bytes, the more the surer."""
    for magic, name in _MAGICS:
        if first.startswith(magic):
            return name
    if first[:2] == b"BM" and first[6:10] == b"\x00\x00\x00\x00":
        return "BMP"
    if first[4:8] == b"ftyp":
        return _iso_media(first)
    if first[:4] == b"RIFF":
        return _RIFF_KINDS.get(first[8:12], "")
    return _text(first)


def _iso_media(first: bytes) -> str:
    major = _BRANDS.get(first[8:12])
    if major not in {None, "HEIF"}:
        return str(major)
    # "mif1" says no more than "some picture": which coding it has is among the compatible brands.
    end = min(int.from_bytes(first[:4], "big"), 256)
    others = {_BRANDS.get(first[at : at + 4]) for at in range(16, end, 4)}
    for name in ("AVIF", "HEIC"):
        if name in others:
            return name
    return major or "Video"


def _text(first: bytes) -> str:
    sample = first[:_TEXT_SAMPLE_BYTES]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "Text"
    if not sample.strip() or _BINARY.search(sample):
        return ""
    if _SVG.search(first[:_MARKUP_SAMPLE_BYTES]):
        return "SVG"
    if _HTML.search(sample):
        return "HTML"
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        # The sample may end in the middle of a character.
        if error.start < len(sample) - 3:
            return ""
    return "Text"

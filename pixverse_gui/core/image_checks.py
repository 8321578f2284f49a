"""Header, size, name and bytes of a picture  →  Issues: everything that can be known without decoding.

Part of `inspection`.
"""

from __future__ import annotations

import os
import re
import struct

from zlib_ng import zlib_ng

from pixverse_gui.core.image_headers import PNG_MAGIC, ImageHeader
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat, Issue, IssueCode, Param, Severity
from pixverse_gui.core.webp_chunks import PICTURES, webp_chunks

_EXTENSIONS: dict[ImageFormat, frozenset[str]] = {
    ImageFormat.PNG: frozenset({"png", "apng"}),
    ImageFormat.JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif", "jif", "jfi", "pjpeg", "pjp", "mpo"}),
    ImageFormat.WEBP: frozenset({"webp"}),
}
# "holiday 12.5" has no extension, and "logo.final" is not a format: only what names a kind of file can be wrong.
_OTHER_EXTENSION = re.compile(
    r"gif|bmp|dib|tiff?|hei[cf]|avif|jxl|jp2|j2k|svg|pdf|e?ps|psd|xcf|ico|cur|icns|tga|dds|exr|hdr|qoi|raw|dng|cr[23]|nef"
    r"|arw|orf|rw2|raf|txt|html?|xml|json|csv|zip|bin|dat|mp4|mov|avi|webm|docx?|xlsx?|pptx?"
)
# A file in more pieces than this was made to waste time: of one with 20 MiB each would have 200 bytes.
_MAX_PARTS = 100_000
_END_OF_JPEG = b"\xff\xd9"
_FILL_BYTES = re.compile(rb"\xff+")
_START_OF_SCAN = b"\xff\xda"


def blocker(code: IssueCode, **params: Param) -> Issue:
    return Issue(Severity.BLOCKER, code, params)


def warning(code: IssueCode, **params: Param) -> Issue:
    return Issue(Severity.WARNING, code, params)


def header_issues(header: ImageHeader, byte_size: int, name: str, limits: Limits) -> list[Issue]:
    """What header, size and name tell, blockers first. `name` is the file's, "" where its ending means nothing."""
    if byte_size == 0:
        return [blocker(IssueCode.EMPTY)]
    if header.format is None:
        return [blocker(IssueCode.NOT_AN_IMAGE, format=header.foreign)]
    issues = _size_issues(header, byte_size, limits)
    if header.is_animated:
        issues.append(warning(IssueCode.ANIMATED))
    if header.colours:
        issues.append(warning(IssueCode.COLOURS_MAY_DIFFER, mode=header.colours))
    extension = os.path.splitext(name)[1].lower().removeprefix(".")  # noqa: PTH122 - it may be no path at all
    if _is_wrong(extension, header.format):
        issues.append(warning(IssueCode.WRONG_EXTENSION, extension=extension, format=header.format.value))
    return sorted(issues, key=lambda issue: not issue.is_blocker)


def _is_wrong(extension: str, image_format: ImageFormat) -> bool:
    if extension in _EXTENSIONS[image_format]:
        return False
    return any(extension in group for group in _EXTENSIONS.values()) or bool(_OTHER_EXTENSION.fullmatch(extension))


def _size_issues(header: ImageHeader, byte_size: int, limits: Limits) -> list[Issue]:
    issues: list[Issue] = []
    side = max(header.width, header.height)
    if side > limits.max_side_px:
        issues.append(blocker(IssueCode.TOO_MANY_PIXELS, **_sides(header), limit=limits.max_side_px))
    elif side > limits.warn_side_px:
        issues.append(warning(IssueCode.LARGE_SIDE, **_sides(header), limit=limits.warn_side_px))
    if byte_size >= limits.max_file_bytes:
        issues.append(blocker(IssueCode.TOO_MANY_BYTES, bytes=byte_size, limit=limits.max_file_bytes))
    elif byte_size >= limits.warn_file_bytes:
        issues.append(warning(IssueCode.NEAR_BYTE_LIMIT, bytes=byte_size))
    return issues


def _sides(header: ImageHeader) -> dict[str, Param]:
    return {"width": header.width, "height": header.height}


def structure_fault(data: bytes, header: ImageHeader) -> IssueCode | None:
    """CUT_OFF where the end is missing, UNREADABLE where the frame of the file is damaged, None where it holds.

    What stands behind the end is no fault: phones append videos and second pictures there.
    """
    if header.format is ImageFormat.PNG:
        fault = _png_fault(data)
    elif header.format is ImageFormat.JPEG:
        fault = _jpeg_fault(data)
    else:
        fault = _webp_fault(data)
    if fault is None and header.pixels == 0:
        return IssueCode.UNREADABLE
    return fault


def _png_fault(data: bytes) -> IssueCode | None:
    """Every chunk's checksum, up to IEND: decoders look at some of them only, and at none behind the last row."""
    view = memoryview(data)
    offset = len(PNG_MAGIC)
    for _ in range(_MAX_PARTS):
        if offset + 12 > len(data):
            return IssueCode.CUT_OFF
        size, kind = struct.unpack_from(">I4s", data, offset)
        end = offset + 12 + size
        if not kind.isalpha():
            return IssueCode.UNREADABLE
        if end > len(data):
            return IssueCode.CUT_OFF
        if zlib_ng.crc32(view[offset + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            return IssueCode.UNREADABLE
        if kind == b"IEND":
            return None
        offset = end
    return IssueCode.UNREADABLE


def _jpeg_fault(data: bytes) -> IssueCode | None:
    """The end mark behind the first scan's beginning.

    Inside coded pixels FF is always followed by 00 or a restart mark, so the first FF D9 there is the end, and a file
    that was cut, or filled up with zeros by a broken download, has none. That makes this as strict as decoding is: a
    decoder that meets the end mark too early fills the rest with grey and does not complain.
    """
    offset = 2
    for _ in range(_MAX_PARTS):
        run = _FILL_BYTES.match(data, offset)
        if run is None:
            return IssueCode.CUT_OFF if offset >= len(data) else IssueCode.UNREADABLE
        offset = run.end() - 1
        mark = data[offset : offset + 2]
        if mark == _START_OF_SCAN:
            # From the end, where it is in nearly every file: the coded pixels are full of FF, and looking through them
            # from the front kept every other thread waiting for as long as hashing them takes.
            return None if data.rfind(_END_OF_JPEG, offset) >= 0 else IssueCode.CUT_OFF
        if mark == _END_OF_JPEG:
            return IssueCode.UNREADABLE
        is_bare = mark[1:] == b"\x01" or b"\xd0" <= mark[1:] <= b"\xd8"
        offset += 2 if is_bare else 2 + max(2, int.from_bytes(data[offset + 2 : offset + 4], "big"))
    return IssueCode.UNREADABLE


def _webp_fault(data: bytes) -> IssueCode | None:
    """The length that RIFF tells, and a picture in a chunk that fits into it."""
    if 8 + int.from_bytes(data[4:8], "little") > len(data):
        return IssueCode.CUT_OFF
    has_picture = any(kind in PICTURES for kind, _, _ in webp_chunks(data))
    return None if has_picture else IssueCode.UNREADABLE

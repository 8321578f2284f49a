"""Bytes  →  ImageFacts + Issues.

Two passes: `read_header` looks at the first bytes and decodes nothing, `inspect_file` reads the file once and tells
whether it is whole. Neither ever raises: what is wrong with a source is an issue of its row.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from pixverse_gui.core.camera_picture import at_a_glance
from pixverse_gui.core.decode_budget import DecodeBudget
from pixverse_gui.core.file_reading import OpenedFile, open_file, reason_of
from pixverse_gui.core.image_checks import blocker, header_issues, structure_fault
from pixverse_gui.core.image_headers import FIRST_BLOCK_BYTES, ImageHeader, read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFacts, Inspection, Issue, IssueCode, Source
from pixverse_gui.core.read_watch import ReadWatch
from pixverse_gui.core.thumbnails import (
    DecoderRefusedError,
    decoded_bytes,
    is_worth_decoding,
    is_worth_reading_lean,
    lean_bytes,
    make_thumbnail,
    thumbnail_of_webp,
)
from pixverse_gui.core.webp_reader import ReadSmall

# What is somewhat too large still shows what it is; what is far too large is not worth the memory.
_READ_UP_TO = 4


class Inspector:
    """Worker threads, several at once: they share one budget of decoded pixels. Imports Pillow, so make it late.

    `read_webp`: a lean reader that is asked before Pillow is.
    """

    def __init__(self, limits: Limits, read_webp: ReadSmall | None = None) -> None:
        self.limits, self._read_webp = limits, read_webp
        self._budget = DecodeBudget(limits.decoded_budget_bytes, limits.decoded_free_bytes)

    def read_header(self, source: Source, watch: ReadWatch | None = None, *, glance: bool = False) -> Inspection:
        """First pass over a file: facts and limits from its first 64 KiB. Not whether it is whole.

        `glance`: with the camera's own small picture where there is one in them.
        """
        try:
            with open_file(source.location, watch) as file:
                first = file.read_at(0, FIRST_BLOCK_BYTES)
                header = read_image_header(first, file.read_at)
                issues = header_issues(header, file.byte_size, source.location, self.limits)
                small = at_a_glance(first, header, self.limits) if glance else None
                return Inspection(_facts(file, header), tuple(issues), glance=small)
        except (OSError, ValueError) as error:
            return _unread(error)

    def inspect_file(self, source: Source, watch: ReadWatch | None = None) -> Inspection:
        """Second pass over a file: read once, hashed, checked and decoded. `watch` follows the reading alone."""
        most = _READ_UP_TO * self.limits.max_file_bytes
        try:
            read = _read_once(source.location, most, watch)
            if read.is_in_flux:
                read = _read_once(source.location, most, watch)
        except (OSError, ValueError) as error:
            return _unread(error)
        if read.data is None:
            return self.read_header(source, watch)
        return self.inspect_bytes(read.data, source.location, modified_ns=read.modified_ns)

    def inspect_bytes(self, data: bytes, name: str = "", *, modified_ns: int | None = None) -> Inspection:
        """The same over bytes that were read or fetched. `name` only serves to compare its ending."""
        header = read_image_header(data)
        facts = ImageFacts(
            byte_size=len(data),
            format=header.format,
            width=header.width,
            height=header.height,
            modified_ns=modified_ns,
            sha256=hashlib.sha256(data).hexdigest() if data else None,
        )
        issues = header_issues(header, len(data), name, self.limits)
        if header.format is None:
            return Inspection(facts, tuple(issues))
        fault, thumbnail = self._look_inside(data, header)
        found: tuple[Issue, ...] = (blocker(fault),) if fault else ()
        return Inspection(facts, (*found, *issues), thumbnail)

    def _look_inside(self, data: bytes, header: ImageHeader) -> tuple[IssueCode | None, bytes | None]:
        """What is wrong with the bytes, and a thumbnail, which half a picture has none of."""
        fault = structure_fault(data, header)
        if fault is not None:
            return fault, None
        try:
            return None, self._thumbnail(data, header)
        except DecoderRefusedError:
            return IssueCode.UNREADABLE, None

    def _thumbnail(self, data: bytes, header: ImageHeader) -> bytes | None:
        """Raises DecoderRefusedError; Pillow has the last word on what is damaged."""
        made = None
        if self._read_webp is not None and is_worth_reading_lean(header, self.limits):
            with self._budget.room_for(lean_bytes(data, header)):
                made = thumbnail_of_webp(data, header, self.limits, self._read_webp)
        if made is not None or not is_worth_decoding(header, self.limits):
            return made
        with self._budget.room_for(decoded_bytes(header, self.limits)):
            return make_thumbnail(data, header, self.limits)


class _Read(NamedTuple):
    """`data` is None where there is too much of it. `is_in_flux`: it was written to meanwhile.

    Then a second look may find it finished; if not, it is sent only as it was inspected, which `sending` makes sure of.
    """

    data: bytes | None
    modified_ns: int
    is_in_flux: bool


def _read_once(path: str, most: int, watch: ReadWatch | None) -> _Read:
    with open_file(path, watch) as file:
        data = file.read_all(most) if file.byte_size <= most else None
        return _Read(data, file.modified_ns, data is not None and file.has_changed(len(data)))


def _facts(file: OpenedFile, header: ImageHeader) -> ImageFacts:
    return ImageFacts(file.byte_size, header.format, header.width, header.height, file.modified_ns)


def _unread(error: OSError | ValueError) -> Inspection:
    return Inspection(facts=None, issues=(blocker(reason_of(error)),))

"""The scans of a progressive JPEG: too many of them, and those that hold it an eighth as large.

Part of `thumbnails`. Such a file has scans of their own for the mean of each block of 8 x 8 pixels (the "DC"
coefficients; ITU-T T.81, G.1.1.1.1), and decoded an eighth as large a picture is these means; libjpeg smoothes them
where there is nothing else, which changes a pixel by three of 255. With all the others it takes three times as long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pixverse_gui.core.image_headers import jpeg_frame_and_scan

_SCAN, _TABLES, _END = b"\xff\xda", b"\xff\xc4", b"\xff\xd9"  # none of them is ever within coded pixels
_MARKS = re.compile(rb"\xff[\xda\xd9]")  # finds them in a third of the time that `bytes.find` takes for each
_SMALL = b"\x00\x08\x00\x08"
# Each scan goes over all pixels, and one of a few bytes costs as much as any: a small file could hold hours of work.
# Encoders write about ten.
_MAX_SCANS = 100


class Scan(NamedTuple):
    """Offsets: of its mark, of its coded pixels, and of what follows those and the tables behind them."""

    start: int
    pixels: int
    end: int


def scans_of(data: bytes) -> list[Scan] | None:
    """Up to the end mark; behind it may be other pictures. None where there are too many, wherever in the file."""
    found, start = list[Scan](), jpeg_frame_and_scan(data)[1]
    # What is not walked through is counted without a step of Python's for each mark in it.
    count, pixels = data.count(_SCAN, 0, start or len(data)), 0
    for mark in _MARKS.finditer(data, start or len(data)):
        at, is_end = mark.start(), mark[0] == _END
        if 0 < pixels <= at:
            found.append(Scan(start, pixels, at))
            start, pixels = at, 0
            if is_end:
                count += data.count(_SCAN, at)
                break
        count += not is_end
        if at == start:
            pixels = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if count > _MAX_SCANS:
            return None
    if pixels:
        found.append(Scan(start, pixels, len(data)))
    return found if count <= _MAX_SCANS else None


def means_alone(data: bytes, scans: Sequence[Scan], components: int) -> bytes | None:
    """A file with the means of each component; None where the file does not begin with them, as all usual ones do.

    What looks like a scan and is none makes it a file that no decoder reads.
    """
    kept, seen = list[bytes](), set[int]()
    for scan in scans:
        names, is_of_means = _head(data[scan.start + 2 : scan.pixels])
        if is_of_means:
            kept.append(data[scan.start : scan.end])
            seen.update(names)
        elif len(seen) < components:
            # The tables of the next scan may stand behind this one.
            return None
    return b"".join((data[: scans[0].start], *kept, _END)) if scans and len(seen) == components else None


def frame_alone(data: bytes, scans: Sequence[Scan]) -> bytes:
    """The same file, with all its tables and heads of scans, but of 8 x 8 pixels and without any.

    A decoder that refuses the whole refuses this: coded pixels it refuses only where damage made a mark of two of them.
    """
    frame, start = jpeg_frame_and_scan(data)
    parts = [data[: frame + 5], _SMALL, data[frame + 9 : start]]
    for scan in scans:
        tables = data.find(_TABLES, scan.pixels, scan.end)
        parts += data[scan.start : scan.pixels], data[tables : scan.end] if tables > 0 else b""
    return b"".join((*parts, _END))


def _head(segment: bytes) -> tuple[bytes, bool]:
    """The components that a scan has something of, and whether that is their means."""
    names, spectrum = segment[3:-3:2], segment[-3:-1]
    return names, list(segment[2:3]) == [len(names)] and spectrum == b"\x00\x00"

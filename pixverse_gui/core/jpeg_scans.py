"""The scans of a progressive JPEG: where they are, and a file of those that hold it an eighth as large.

Part of `thumbnails`. Such a file has scans of their own for the mean of each block of 8 x 8 pixels (the "DC"
coefficients; ITU-T T.81, G.1.1.1.1), and decoded an eighth as large a picture is these means; libjpeg smoothes them
where there is nothing else, which changes a pixel by three of 255. With all the others it takes three times as long.
"""

from __future__ import annotations

from collections.abc import Sequence

from pixverse_gui.core.image_headers import jpeg_scan_offset

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
MAX_SCANS = 100
"""Each scan goes over all pixels, and one of a few bytes costs as much as any: a small file could hold hours of work.
Encoders write about ten."""


def scan_starts(data: bytes) -> list[int]:
    """Where the length field of each scan stands, of the first `MAX_SCANS` and one more."""
    starts, found = list[int](), jpeg_scan_offset(data)
    while found > 0 and len(starts) <= MAX_SCANS:
        starts.append(found)
        following = data.find(_SCAN, found)
        found = following + len(_SCAN) if following > 0 else 0
    return starts


def means_alone(data: bytes, starts: Sequence[int], components: int) -> bytes | None:
    """A file with the means of each component; None where the file does not begin with them, as all usual ones do.

    What looks like a scan and is none makes it a file that no decoder reads.
    """
    if not starts:
        return None
    ends = [start - len(_SCAN) for start in starts[1:]] + [len(data)]
    kept, seen = list[bytes](), set[int]()
    for start, end in zip(starts, ends, strict=True):
        names, is_of_means = _head(data[start : start + int.from_bytes(data[start : start + 2], "big")])
        if is_of_means:
            kept.append(data[start - len(_SCAN) : end])
            seen.update(names)
        elif len(seen) < components:
            # The tables of the next scan may stand behind this one.
            return None
    return b"".join((data[: starts[0] - len(_SCAN)], *kept, _END)) if len(seen) == components else None


def _head(segment: bytes) -> tuple[bytes, bool]:
    """The components that a scan has something of, and whether that is their means."""
    names, spectrum = segment[3:-3:2], segment[-3:-1]
    return names, list(segment[2:3]) == [len(names)] and spectrum == b"\x00\x00"

"""A large progressive JPEG is made small from those of its scans that have no details."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from pixverse_gui.core import thumbnails
from pixverse_gui.core.image_headers import read_image_header
from pixverse_gui.core.jpeg_scans import MAX_SCANS, means_alone, scan_starts
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.thumbnails import make_thumbnail
from tests.helpers import pictures

LIMITS = Limits()
SIDE = 8 * 2 * LIMITS.thumbnail_px


def large_picture() -> Image.Image:
    """Colours and edges; large enough to be made an eighth as large while it is decoded."""
    return pictures.noise((40, 30)).resize((SIDE + 400, SIDE), Image.Resampling.BICUBIC)


def thumbnail(data: bytes) -> bytes:
    made = make_thumbnail(data, read_image_header(data), LIMITS)
    assert made is not None
    return made


def small(data: bytes) -> Image.Image:
    return pictures.opened(thumbnail(data))


def mean(picture: Image.Image) -> list[float]:
    return ImageStat.Stat(picture.convert("RGB")).mean


@pytest.mark.parametrize("quality", [30, 75, 95])
@pytest.mark.parametrize(("mode", "subsampling"), [("RGB", 0), ("RGB", 2), ("L", 0), ("CMYK", 0)])
def test_a_large_progressive_jpeg_looks_the_same_without_its_details(
    mode: str, subsampling: int, quality: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = large_picture().convert(mode)
    data = pictures.encoded(picture, "JPEG", progressive=True, quality=quality, subsampling=subsampling)
    quick = small(data)
    monkeypatch.setattr(thumbnails, "means_alone", lambda *_: None)
    whole = small(data)
    assert (quick.size, quick.mode) == (whole.size, whole.mode)
    difference = ImageChops.difference(quick.convert("RGB"), whole.convert("RGB"))
    assert max(ImageStat.Stat(difference).mean) < 3
    shift = [one - other for one, other in zip(mean(quick), mean(whole), strict=True)]
    assert max(map(abs, shift)) < 1


def test_of_a_large_progressive_jpeg_no_details_are_decoded() -> None:
    data = pictures.encoded(large_picture(), "JPEG", progressive=True)
    starts = scan_starts(data)
    details = starts[1] + int.from_bytes(data[starts[1] : starts[1] + 2], "big")
    spoilt = data[:details] + bytes(len(data[details : starts[2] - 2])) + data[starts[2] - 2 :]
    assert thumbnail(spoilt) == thumbnail(data)


def test_a_mark_within_a_comment_does_not_cost_a_progressive_jpeg_its_thumbnail() -> None:
    data = pictures.encoded(large_picture(), "JPEG", progressive=True)
    second = data.rindex(b"\xff\xc4", 0, scan_starts(data)[1])
    comment = pictures.jpeg_segment(0xFE, b"\xff\xda and more of the kind")
    told = small(data[:second] + comment + data[second:])
    assert max(ImageStat.Stat(ImageChops.difference(told, small(data))).mean) < 3


def test_a_progressive_jpeg_that_begins_with_details_is_decoded_whole() -> None:
    data = pictures.encoded(large_picture(), "JPEG", progressive=True)
    first, second, third = (start - 2 for start in scan_starts(data)[:3])
    swapped = data[:first] + data[second:third] + data[first:second] + data[third:]
    assert means_alone(data, scan_starts(data), 3) is not None
    assert means_alone(swapped, scan_starts(swapped), 3) is None


@pytest.mark.parametrize("size", [0, 1, 2, 3, 5, 8])
def test_a_scan_that_ends_within_its_head_is_no_fault(size: int) -> None:
    data = pictures.encoded(pictures.noise(), "JPEG", progressive=True)
    cut = data[: scan_starts(data)[0] + size]
    assert means_alone(cut, scan_starts(cut), 3) is None


def test_what_has_no_scan_has_none() -> None:
    assert scan_starts(b"") == scan_starts(b"\xff\xd8\xff\xd9") == []


def test_no_more_scans_are_looked_for_than_would_be_decoded() -> None:
    data = pictures.encoded(pictures.noise(), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert len(scan_starts(data[:last] + data[last:-2] * 1_000)) == MAX_SCANS + 1

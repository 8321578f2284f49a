"""A large progressive JPEG is made small from those of its scans that have no details."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from pixverse_gui.core import jpeg_scans, thumbnails
from pixverse_gui.core.image_headers import read_image_header
from pixverse_gui.core.jpeg_scans import Scan, frame_alone, means_alone, scans_of
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.thumbnails import DecoderRefusedError, make_thumbnail
from tests.helpers import pictures

LIMITS = Limits()
SIDE = 8 * 2 * LIMITS.thumbnail_px


def large_picture() -> Image.Image:
    """Colours and edges; large enough to be made an eighth as large while it is decoded."""
    return pictures.noise((40, 30)).resize((SIDE + 400, SIDE), Image.Resampling.BICUBIC)


def progressive() -> bytes:
    return pictures.encoded(large_picture(), "JPEG", progressive=True)


def scans(data: bytes) -> list[Scan]:
    found = scans_of(data)
    assert found is not None
    return found


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
    data = progressive()
    details = scans(data)[1]
    end = data.index(b"\xff\xc4", details.pixels)
    assert thumbnail(data[: details.pixels] + bytes(end - details.pixels) + data[end:]) == thumbnail(data)


def test_a_smaller_one_is_decoded_with_its_details(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(thumbnails, "means_alone", lambda *_: asked.append(1))
    thumbnail(pictures.encoded(large_picture().resize((SIDE + 400, SIDE - 1)), "JPEG", progressive=True))
    assert not asked
    thumbnail(progressive())
    assert asked


def test_a_mark_within_a_comment_does_not_cost_it_its_thumbnail() -> None:
    data = progressive()
    tables = data.index(b"\xff\xc4", scans(data)[0].pixels)
    for mark in (b"\xff\xda", b"\xff\xd9", b"\xff\xc4"):
        comment = pictures.jpeg_segment(0xFE, mark + b" and more of the kind")
        told = small(data[:tables] + comment + data[tables:])
        assert max(ImageStat.Stat(ImageChops.difference(told, small(data))).mean) < 3


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("is_progressive", [True, False])
def test_what_is_appended_behind_its_end_is_not_part_of_it(mode: str, *, is_progressive: bool) -> None:
    another = Image.new("RGB", (SIDE + 400, SIDE), "red").convert(mode)
    data = progressive()
    assert thumbnail(data + pictures.encoded(another, "JPEG", progressive=is_progressive)) == thumbnail(data)


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("part", ["head", "tables"])
def test_what_is_damaged_between_its_details_is_refused_as_when_they_are_decoded(
    number: int, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, refused = progressive(), []
    scan = scans(data)[number]
    at = scan.start + 4 if part == "head" else data.find(b"\xff\xc4", scan.pixels, scan.end) + 5
    spoilt = data[:at] + b"\xff" + data[at + 1 :]
    for _ in ("quick", "whole"):
        try:
            refused.append(make_thumbnail(spoilt, read_image_header(spoilt), LIMITS) is None)
        except DecoderRefusedError:
            refused.append(True)
        monkeypatch.setattr(thumbnails, "means_alone", lambda *_: None)
    assert refused[0] == refused[1]
    assert refused[0] or part == "tables"


def test_one_that_begins_with_details_is_decoded_whole() -> None:
    data = progressive()
    first, second, third = (scan.start for scan in scans(data)[:3])
    swapped = data[:first] + data[second:third] + data[first:second] + data[third:]
    assert means_alone(data, scans(data), 3) is not None
    assert means_alone(swapped, scans(swapped), 3) is None


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 8])
def test_a_scan_that_ends_within_its_head_is_no_fault(size: int) -> None:
    data = progressive()
    cut = data[: scans(data)[0].start + size]
    assert means_alone(cut, scans(cut), 3) is None
    assert frame_alone(cut, scans(cut)).endswith(b"\xff\xd9")


def test_scans_behind_the_end_are_counted_too() -> None:
    data = progressive()
    assert len(scans(data + b"\xff\xda" * (100 - len(scans(data))))) == len(scans(data))
    assert scans_of(data + b"\xff\xda" * (101 - len(scans(data)))) is None


@pytest.mark.parametrize("mark", [b"\xff\xd9", b"\xff\xda"])
def test_marks_without_end_are_not_gone_through_one_by_one(mark: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Appended 40 million times it would keep the interpreter for ten seconds."""
    data, steps, marks = progressive(), list[int](), jpeg_scans._MARKS

    class Counted:
        def finditer(self, *place: Any) -> Iterator[re.Match[bytes]]:
            for found in marks.finditer(*place):
                steps.append(found.start())
                yield found

    monkeypatch.setattr(jpeg_scans, "_MARKS", Counted())
    scans_of(data + mark * 1_000)
    assert max(steps) < len(data)
    steps.clear()
    scans_of(data[:2] + mark * 1_000)
    assert len(steps) <= 101


def test_what_has_no_scan_has_none() -> None:
    assert scans(b"") == scans(b"\xff\xd8\xff\xd9") == []
    assert means_alone(b"", [], 0) is None


@pytest.mark.parametrize(
    "padding", [b"", b"\xff" * 2_100, b"\xff\xfe\x00\x02" * 2_100], ids=["none", "fill", "comments"]
)
def test_a_thousand_scans_are_not_decoded_whatever_stands_before_them(padding: bytes) -> None:
    data = pictures.encoded(pictures.noise(), "JPEG", progressive=True)
    first, last = scans(data)[0].start, data.rindex(b"\xff\xda")
    many = data[:first] + padding + data[first:last] + data[last:-2] * 1_000 + b"\xff\xd9"
    assert make_thumbnail(many, read_image_header(many), LIMITS) is None

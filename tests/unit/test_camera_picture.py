"""What a camera put at the beginning of its file, found without decoding anything."""

from __future__ import annotations

import pytest

from pixverse_gui.core.black_bars import black_bars
from pixverse_gui.core.camera_picture import at_a_glance
from pixverse_gui.core.image_headers import read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Glance
from tests.helpers import pictures

LIMITS = Limits()
INSIDE = pictures.jpeg((160, 120))


def camera_file(
    inside: bytes = INSIDE, *, orientation: int = 1, size: tuple[int, int] = (1_600, 1_200), order: str = "<"
) -> bytes:
    return pictures.jpeg(size, exif=pictures.exif(orientation, thumbnail=inside, order=order))


def glance(data: bytes) -> Glance | None:
    return at_a_glance(data, read_image_header(data), LIMITS)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_the_first_bytes_are_enough(orientation: int, order: str) -> None:
    data = camera_file(orientation=orientation, order=order)
    assert at_a_glance(data[: len(INSIDE) + 400], read_image_header(data), LIMITS) == Glance(INSIDE, orientation)


def test_other_blocks_may_stand_before_it() -> None:
    segments = [pictures.jpeg_segment(0xE0, b"JFIF"), pictures.jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/")]
    assert glance(pictures.jpeg_with(segments, camera_file())) == Glance(INSIDE, 1)


def test_zeros_behind_the_end_of_the_small_picture_do_not_matter() -> None:
    padded = INSIDE + bytes(9)
    assert glance(camera_file(padded)) == Glance(padded, 1)


def test_of_a_picture_wider_than_it_black_bars_are_expected_in_it() -> None:
    seen = glance(camera_file(size=(2_400, 1_600)))
    assert seen == Glance(INSIDE, 1, black_bars((160, 120), (2_400, 1_600)))
    assert seen.bars


@pytest.mark.parametrize(
    "data",
    {
        "no EXIF": pictures.jpeg((1_600, 1_200)),
        "nothing inside": camera_file(b""),
        "PNG": pictures.png((1_600, 1_200)),
        "WebP": pictures.webp((1_600, 1_200), exif=pictures.exif(thumbnail=INSIDE)),
        "no JPEG": b"",
        "junk inside": camera_file(b"junk" * 40),
        "PNG inside": camera_file(pictures.png((160, 120))),
        "cut off inside": camera_file(INSIDE[:-9]),
        "another aspect": camera_file(pictures.jpeg((160, 160))),
        "too small between bars": camera_file(size=(4_000, 400)),
        "too small": camera_file(pictures.jpeg((80, 60))),
        "too large": camera_file(pictures.jpeg((1_200, 900))),
        "its end is not here": camera_file()[: len(INSIDE) // 2],
    }.values(),
)
def test_what_cannot_stand_for_the_picture_is_left_alone(data: bytes) -> None:
    assert glance(data) is None

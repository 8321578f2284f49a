"""Cameras whose pictures are wider than 4:3 put them between black bars into their files."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from pixverse_gui.core.black_bars import black_bars
from pixverse_gui.core.image_headers import read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.thumbnails import make_thumbnail
from tests.helpers import pictures

SMALL = (160, 120)
LIMITS = Limits()


def thumbnail(picture: Image.Image, inside: Image.Image, quality: int = 75) -> Image.Image:
    data = pictures.encoded(picture, "JPEG", exif=pictures.exif(1, pictures.encoded(inside, "JPEG", quality=quality)))
    made = make_thumbnail(data, read_image_header(data), LIMITS)
    assert made is not None
    return pictures.opened(made)


def is_white(picture: Image.Image) -> bool:
    return picture.convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize("large", [(3_000, 2_000), (1_920, 1_080), (4_608, 2_592), (2_000, 1_000)])
def test_the_part_between_them_has_the_shape_of_the_picture(large: tuple[int, int]) -> None:
    bars = black_bars(SMALL, large)
    assert bars is not None
    left, top, right, bottom = bars.between
    assert (right - left) / (bottom - top) == pytest.approx(large[0] / large[1], rel=0.02)
    assert (left, top) == (SMALL[0] - right, SMALL[1] - bottom)
    assert bars.width == right - left >= LIMITS.thumbnail_px
    assert 2 <= bars.rows < top


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (SMALL, (4_000, 3_000)),
        (SMALL, (4_000, 2_900)),  # a little wider: no bar that could be told from an edge
        (SMALL, (3_000, 3_000)),  # bars at the sides leave too little
        (SMALL, (2_000, 3_000)),
        (SMALL, (10_000, 1)),
        ((240, 180), (3_000, 2_000)),
        ((120, 160), (3_000, 2_000)),
    ],
)
def test_where_there_can_be_none(small: tuple[int, int], large: tuple[int, int]) -> None:
    assert black_bars(small, large) is None


@pytest.mark.parametrize("quality", [40, 60, 75, 95])
@pytest.mark.parametrize("size", [(1_500, 1_000), (1_600, 900)])
@pytest.mark.parametrize("colour", ["white", "red", "lime", "blue"])
def test_what_is_between_them_is_the_thumbnail(size: tuple[int, int], quality: int, colour: str) -> None:
    """However hard the camera compressed it, and as bright as it can be beside them."""
    made = thumbnail(Image.new("RGB", size, "black"), pictures.barred(Image.new("RGB", size, colour)), quality)
    assert made.size == (144, round(144 * size[1] / size[0]))
    assert {max(pixel) > 200 for pixel in made.get_flattened_data()} == {True}


def test_it_is_the_picture_that_decoding_would_have_made() -> None:
    picture = pictures.corners((1_500, 1_000))
    made, decoded = thumbnail(picture, pictures.barred(picture), 95), thumbnail(picture, Image.new("RGB", (1, 1)))
    assert made.size == decoded.size
    apart = ImageChops.difference(made.convert("RGB"), decoded.convert("RGB")).convert("L")
    # But for the two edges between the four fields, a few pixels wide.
    assert sum(value > 30 for value in apart.get_flattened_data()) < 0.05 * made.width * made.height


@pytest.mark.parametrize(
    "inside",
    {
        "no bars": pictures.barred(Image.new("RGB", (3, 2), "white"), (60, 60, 60)),
        "coloured bars": pictures.barred(Image.new("RGB", (3, 2), "white"), (0, 0, 255)),
        "all of it black": Image.new("RGB", SMALL),
        "dark, but no bars": Image.new("RGB", SMALL, (20, 20, 40)),
        "lower bars, of a picture cut to this shape from a higher one": pictures.barred(
            Image.new("RGB", (14, 10), "lime")
        ),
        "higher bars, of one cut from a wider one": pictures.barred(Image.new("RGB", (16, 9), "lime")),
    }.items(),
    ids=lambda case: case[0],
)
def test_what_is_of_another_picture_is_left_alone(inside: tuple[str, Image.Image]) -> None:
    assert is_white(thumbnail(Image.new("RGB", (1_500, 1_000), "white"), inside[1]))


@pytest.mark.parametrize("row", [0, 4, 115, 119])
def test_a_bar_with_anything_in_it_is_none(row: int) -> None:
    inside = pictures.barred(Image.new("RGB", (3, 2), "lime"))
    inside.paste((200, 200, 200), (20, row, 30, row + 1))
    assert is_white(thumbnail(Image.new("RGB", (1_500, 1_000), "white"), inside, 95))


def test_in_a_picture_made_smaller_while_it_is_decoded_no_bars_are_looked_for() -> None:
    data = pictures.encoded(
        Image.new("RGB", (1_500, 1_000), "white"),
        "JPEG",
        exif=pictures.exif(1, pictures.encoded(pictures.barred(Image.new("RGB", (3, 2), "lime")), "JPEG")),
    )
    made = make_thumbnail(data, read_image_header(data), Limits(thumbnail_px=20))
    assert made is not None
    assert is_white(pictures.opened(made))

"""The first bytes of a file."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.image_headers import FIRST_BLOCK_BYTES, ImageHeader, read_image_header
from pixverse_gui.core.models import ImageFormat
from tests.helpers import pictures

SIZE = (48, 32)


class Sliced:
    """Bytes that are read as a file is, with a count of the jumps."""

    def __init__(self, data: bytes) -> None:
        self.data, self.reads = data, 0

    def read_at(self, offset: int, size: int) -> bytes:
        self.reads += 1
        return self.data[offset : offset + size]

    def header(self) -> ImageHeader:
        return read_image_header(self.data[:FIRST_BLOCK_BYTES], self.read_at)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pictures.png(SIZE), ImageFormat.PNG),
        (pictures.jpeg(SIZE), ImageFormat.JPEG),
        (pictures.jpeg(SIZE, progressive=True), ImageFormat.JPEG),
        (pictures.webp(SIZE), ImageFormat.WEBP),
        (pictures.webp(SIZE, lossless=True), ImageFormat.WEBP),
        (pictures.webp(SIZE, "RGBA", lossless=True), ImageFormat.WEBP),
        (pictures.webp(SIZE, exif=pictures.exif()), ImageFormat.WEBP),
        (pictures.animated_webp(), ImageFormat.WEBP),
        (pictures.apng(), ImageFormat.PNG),
    ],
)
def test_format_and_sides_are_read(data: bytes, expected: ImageFormat) -> None:
    header = read_image_header(data)
    assert (header.format, (header.width, header.height)) == (expected, SIZE)


def test_both_files_of_a_camera_with_two_lenses_are_a_jpeg() -> None:
    header = read_image_header(pictures.mpo())
    assert (header.format, header.width, header.height) == (ImageFormat.JPEG, 480, 320)


@pytest.mark.parametrize(
    ("data", "animated"),
    [
        (pictures.apng(2), True),
        (pictures.apng_claiming(2**31 - 1), True),
        (pictures.apng_claiming(1), False),
        (pictures.png(), False),
        (pictures.animated_webp(), True),
        (pictures.webp(exif=pictures.exif()), False),
        (pictures.jpeg(), False),
    ],
)
def test_animations_are_seen_without_counting_frames(data: bytes, animated: bool) -> None:
    assert read_image_header(data).is_animated is animated


def test_a_claim_of_frames_behind_the_pixels_does_not_count() -> None:
    first, pixels, end = (whole for _, _, whole in pictures.chunks_of(pictures.png()))
    late = pictures.png_of(first, pixels, pictures.chunk(b"acTL", bytes([0, 0, 0, 9, 0, 0, 0, 0])), end)
    assert read_image_header(late).is_animated is False


@pytest.mark.parametrize(
    ("data", "colours"),
    [
        (pictures.jpeg(mode="CMYK"), "CMYK"),
        (pictures.jpeg(mode="L"), ""),
        (pictures.jpeg(), ""),
        (pictures.png(mode="I;16"), "16 bit"),
        (pictures.png_of(pictures.ihdr(5, 5, depth=16)), "16 bit"),
        (pictures.png(mode="P"), ""),
        (pictures.jpeg_with_frame(pictures.jpeg(), precision=12), "16 bit"),
    ],
)
def test_colours_that_may_come_out_differently_are_named(data: bytes, colours: str) -> None:
    assert read_image_header(data).colours == colours


def test_progressive_and_unusual_coding_is_noticed() -> None:
    plain = read_image_header(pictures.jpeg())
    progressive = read_image_header(pictures.jpeg(progressive=True))
    arithmetic = read_image_header(pictures.jpeg_with_frame(pictures.jpeg(), marker=0xC9))
    assert (plain.is_progressive, progressive.is_progressive) == (False, True)
    assert (plain.is_unusual, progressive.is_unusual, arithmetic.is_unusual) == (False, False, True)


def test_sides_behind_large_segments_are_found_by_jumping() -> None:
    profile = [pictures.jpeg_segment(0xE2, bytes(65_000))] * 40
    file = Sliced(pictures.jpeg_with(profile))
    assert (file.header().width, file.header().height) == SIZE
    assert file.reads < 200


def test_fill_bytes_and_bare_markers_between_segments_are_skipped() -> None:
    odd = pictures.jpeg_with([b"\xff\xff\xff", b"\xff\x01", b"\xff\xd0"], pictures.jpeg(SIZE))
    # The three fill bytes and the marker that follows share their FF.
    assert read_image_header(odd).width == SIZE[0]


def test_an_animation_behind_a_large_profile_is_found() -> None:
    first, *others = (whole for _, _, whole in pictures.chunks_of(pictures.apng()))
    file = Sliced(pictures.png_of(first, pictures.chunk(b"iCCP", bytes(500_000)), *others))
    assert file.header().is_animated


@pytest.mark.parametrize(
    "endless",
    [
        b"\xff\xd8" + b"\xff" * FIRST_BLOCK_BYTES,
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * 500_000,
        pictures.png_of(pictures.ihdr(5, 5), *[pictures.chunk(b"tEXt")] * 100_000),
    ],
)
def test_a_header_made_to_waste_time_is_given_up(endless: bytes) -> None:
    file = Sliced(endless)
    assert file.header().is_animated is False
    assert file.reads <= 2_000


@pytest.mark.parametrize(
    "data",
    [
        pictures.PNG_MAGIC,
        pictures.png_of(pictures.chunk(b"CgBI", bytes(4))) + bytes(32),
        pictures.png()[:20],
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xda\x00\x08\x00\x00",
        b"\xff\xd8\xff\xc0\x00\x08",
        b"\xff\xd8\xff\xe0\x00\x04\x00\x00junk",
        b"RIFF\x00\x00\x00\x00WEBP",
        pictures.webp()[:20],
        pictures.webp(lossless=True)[:22],
        pictures.webp_of(pictures.webp_chunk(b"VP8X", bytes(4))),
        pictures.webp_of(pictures.webp_chunk(b"VP8 ", bytes(32))),
        pictures.webp_of(pictures.webp_chunk(b"VP8L", bytes(32))),
        pictures.webp_of(pictures.webp_chunk(b"ICCP", bytes(32))),
    ],
)
def test_a_damaged_header_has_a_format_and_no_sides(data: bytes) -> None:
    header = read_image_header(data)
    assert header.format is not None
    assert header.pixels == 0


def test_what_is_no_picture_is_named() -> None:
    assert read_image_header(pictures.gif()) == ImageHeader(foreign="GIF")


@given(st.binary(max_size=200), st.sampled_from([b"", pictures.PNG_MAGIC, b"\xff\xd8\xff", b"RIFF....WEBPVP8X"]))
def test_junk_never_raises(junk: bytes, start: bytes) -> None:
    header = read_image_header(start + junk)
    assert header.width >= 0


@pytest.mark.parametrize("data", [pictures.png(), pictures.jpeg(), pictures.webp(), pictures.apng()])
def test_flipped_bytes_never_raise(data: bytes) -> None:
    source = random.Random(7)
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(4):
            broken[source.randrange(min(64, len(data)))] = source.randrange(256)
        assert read_image_header(bytes(broken)).height >= 0

"""What a WebP file is made of."""

from __future__ import annotations

import pytest
from PIL import Image

from pixverse_gui.core.webp_chunks import read_webp_exif, webp_chunks, webp_kinds
from tests.helpers import pictures

CHUNK = pictures.webp_chunk


def test_chunks_come_with_where_their_content_is_and_odd_ones_are_padded() -> None:
    data = pictures.webp_of(CHUNK(b"AAAA", b"odd"), CHUNK(b"BBBB", b""), CHUNK(b"CCCC", b"even"))
    assert [(kind, data[start:end]) for kind, start, end in webp_chunks(data)] == [
        (b"AAAA", b"odd"),
        (b"BBBB", b""),
        (b"CCCC", b"even"),
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"RIFF\xff\xff\xff\xffWEBP", pictures.webp_of(b"AAAA\xff\xff\xff\xffx"), pictures.webp_of(b"AAA")],
)
def test_what_does_not_fit_is_no_chunk(data: bytes) -> None:
    assert list(webp_chunks(data)) == []


def test_what_stands_behind_the_length_that_riff_tells_is_not_looked_at() -> None:
    data = pictures.webp_of(CHUNK(b"AAAA", b"in")) + CHUNK(b"BBBB", b"out")
    assert [kind for kind, _, _ in webp_chunks(data)] == [b"AAAA"]


def test_a_file_in_endless_pieces_is_given_up() -> None:
    data = pictures.webp_of(CHUNK(b"AAAA", b"") * 120_000)
    assert sum(1 for _ in webp_chunks(data)) == 100_000


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pictures.webp(), {b"VP8 "}),
        (pictures.webp(exif=pictures.exif(6)), {b"VP8X", b"VP8 ", b"EXIF"}),
        (pictures.webp(lossless=True), {b"VP8L"}),
        (pictures.encoded(Image.new("RGBA", (40, 40), (1, 2, 3, 9)), "WEBP"), {b"VP8X", b"ALPH", b"VP8 "}),
        (pictures.webp_of(), set()),
    ],
)
def test_the_kinds_of_chunks_tell_how_it_is_coded(data: bytes, expected: set[bytes]) -> None:
    assert webp_kinds(data) == expected


@pytest.mark.parametrize("orientation", [1, 6, 8])
def test_exif_tells_how_the_camera_was_turned(orientation: int) -> None:
    assert read_webp_exif(pictures.webp(exif=pictures.exif(orientation))).orientation == orientation


def test_without_exif_a_picture_is_upright() -> None:
    assert read_webp_exif(pictures.webp()).orientation == 1

"""What the camera wrote down."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.exif_block import ExifBlock, read_exif
from tests.helpers import pictures

SMALL = pictures.jpeg((16, 12))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_and_small_picture_are_read_in_both_byte_orders(orientation: int, order: str) -> None:
    assert read_exif(pictures.exif(orientation, SMALL, order)) == ExifBlock(orientation, SMALL)


def test_the_prefix_may_be_missing() -> None:
    assert read_exif(pictures.exif(6).removeprefix(b"Exif\x00\x00")).orientation == 6


def test_what_pillow_writes_is_understood() -> None:
    from PIL import Image

    block = Image.Exif()
    block[0x010F] = "Some camera"
    block[0x0112] = 8
    assert read_exif(block.tobytes()).orientation == 8


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_upright(orientation: int) -> None:
    assert read_exif(pictures.exif(orientation)).orientation == 1


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\x00\x00",
        b"II*\x00",
        b"II*\x00" + struct.pack("<I", 0),
        b"II*\x00" + struct.pack("<I", 2**32 - 1),
        b"MM\x00*" + struct.pack(">I", 8) + struct.pack(">H", 65535),
        b"II*\x00" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x0112, 2, 1, 6) + bytes(4),
        b"II*\x00" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x0112, 3, 2, 6) + bytes(4),
    ],
)
def test_a_broken_block_is_as_if_there_were_none(block: bytes) -> None:
    assert read_exif(block) == ExifBlock()


def test_a_directory_that_leads_to_itself_ends() -> None:
    loop = b"II*\x00" + struct.pack("<IH", 8, 0) + struct.pack("<I", 8)
    assert read_exif(loop) == ExifBlock()


@given(st.binary(max_size=120), st.sampled_from([b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08"]))
def test_junk_never_raises(junk: bytes, start: bytes) -> None:
    assert 1 <= read_exif(start + junk).orientation <= 8

"""What counts as a picture in a folder."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pixverse_gui.core.picture_kinds import SNIFFED_BYTES, has_picture_name, has_picture_start


@pytest.mark.parametrize("name", ["a.png", "A.PNG", "a.JPeG", "a.webp", "a.heic", "a.b.tif", "a.gif", "a.svg", "x.DNG"])
def test_the_extension_says_that_it_is_a_picture(name: str) -> None:
    assert has_picture_name(name) is True


@pytest.mark.parametrize("name", ["a.txt", "a.mp4", "a.png.zip", "notes.md", "a.docx", "a.xmp"])
def test_the_extension_says_that_it_is_none(name: str) -> None:
    assert has_picture_name(name) is False


@pytest.mark.parametrize("name", ["a", "Screenshot 14.03.05", "media.png_large", "a.", "x.averylongending", ".png"])
def test_without_an_extension_only_the_content_can_tell(name: str) -> None:
    assert has_picture_name(name) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_pictures_are_known_by_their_first_bytes(kind: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (3, 2)).save(file, kind)
    assert has_picture_start(file.getvalue()[:SNIFFED_BYTES])


@pytest.mark.parametrize(
    "head",
    [
        b"\0\0\0\x18ftypheic",
        b"\0\0\0\x1cftypavif",
        b"MM\0*",
        b"8BPS",
        b"\0\0\0\x0cjP  \r\n\x87\n",
    ],
)
def test_pictures_of_other_formats_are_known_by_their_first_bytes(head: bytes) -> None:
    assert has_picture_start(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"B",
        b"BM",
        b"BMW is a car, and this is a text",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF",
        b"\0\0\0\x18ftypmp42",
        b"#!/bin/sh",
    ],
)
def test_other_files_are_not(head: bytes) -> None:
    assert not has_picture_start(head)

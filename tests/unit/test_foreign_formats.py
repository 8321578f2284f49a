"""Names for files that cannot be sent."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.foreign_formats import foreign_format
from tests.helpers import pictures


def iso(brand: bytes, *others: bytes) -> bytes:
    return (16 + 4 * len(others)).to_bytes(4, "big") + b"ftyp" + brand + bytes(4) + b"".join(others) + bytes(20)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (pictures.gif(), "GIF"),
        (pictures.bmp(), "BMP"),
        (pictures.tiff(), "TIFF"),
        (b"MM\x00*" + bytes(20), "TIFF"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "Camera raw"),
        (pictures.HEIC, "HEIC"),
        (iso(b"mif1", b"heic"), "HEIC"),
        (iso(b"mif1", b"mif1", b"avif"), "AVIF"),
        (iso(b"mif1"), "HEIF"),
        (iso(b"avif"), "AVIF"),
        (iso(b"crx "), "Camera raw"),
        (iso(b"isom", b"mp42"), "Video"),
        (iso(b"qt  "), "Video"),
        (b"\xff\x0a" + bytes(10), "JPEG XL"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b"\x00\x00\x01\x00\x01\x00", "ICO"),
        (b"%PDF-1.7\n", "PDF"),
        (pictures.EPS, "PostScript"),
        (pictures.SVG, "SVG"),
        (b"<svg:svg width='1'/>", "SVG"),
        (b"\xef\xbb\xbf<!DOCTYPE html>\n<html>", "HTML"),
        (b"  <HTML ><body>", "HTML"),
        (b"<?xml version='1.0'?><note/>", "Text"),
        (b"hello world\n", "Text"),
        ("Bilder für später\n".encode(), "Text"),
        (("x" * 4095 + "ü").encode(), "Text"),
        (b"\xff\xfeh\x00i\x00", "Text"),
        (b"PK\x03\x04" + bytes(20), "ZIP"),
        (gzip.compress(b"x"), "gzip"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "Video"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "WAV"),
        (b"RIFF\x00\x00\x00\x00ACON", ""),
        (b"BMW and other cars", "Text"),
        ("Grüße\n".encode("latin-1"), ""),
        (b"    \n", ""),
        (b"", ""),
        (bytes(500), ""),
        (bytes(range(256)), ""),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_files_are_called_what_people_call_them(data: bytes, name: str) -> None:
    assert foreign_format(data) == name


@given(st.binary(max_size=64))
def test_junk_never_raises(data: bytes) -> None:
    assert len(foreign_format(data)) < 20

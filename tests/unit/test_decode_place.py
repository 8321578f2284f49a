"""A large PNG is decoded into memory of its own, and comes out as it ever did."""

from __future__ import annotations

import gc
import io
import mmap
import random
import struct
import weakref
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from pixverse_gui.core import large_pages, png_strips, png_unpacking
from pixverse_gui.core.decode_place import keep_blocks, place_apart
from pixverse_gui.core.image_headers import read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.png_unpacking import PngPixels
from pixverse_gui.core.thumbnails import make_thumbnail
from tests.helpers import pictures

LARGE = (2_200, 2_000)
WHOLE = Limits(png_unpack_bytes=1 << 40)
CORE: Any = Image.core  # type: ignore[attr-defined]


def noisy(mode: str, size: tuple[int, int] = LARGE) -> Image.Image:
    """No two rows alike."""
    tile = Image.frombytes("RGBA", (64, 50), random.Random(5).randbytes(64 * 50 * 4)).resize(size)
    return tile.quantize(200) if mode == "P" else tile.convert(mode)


def interlaced(picture: Image.Image) -> bytes:
    """Adam7, which Pillow does not write."""
    width, height = picture.size
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    pixels, rows, each = picture.tobytes(), [], len(picture.getbands())
    for left, top, across, down in passes:
        for y in range(top, height, down):
            row = pixels[y * width * each : (y + 1) * width * each]
            bands = [row[band + left * each :: across * each] for band in range(each)]
            woven = bytearray(len(bands[0]) * each)
            for band, values in enumerate(bands):
                woven[band::each] = values
            rows.append(b"\x00" + woven)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    body = zlib.compress(b"".join(rows), 1)
    return pictures.png_of(pictures.chunk(b"IHDR", head), pictures.chunk(b"IDAT", body), pictures.chunk(b"IEND"))


def decoded(data: bytes, *, apart: bool) -> tuple[str, bytes]:
    picture = PngImageFile(io.BytesIO(data))
    if apart:
        place_apart(picture)
    picture.load()
    return picture.mode, picture.convert("RGBA").tobytes()


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "1", "I;16"])
def test_every_kind_of_pixels_comes_out_as_without(mode: str) -> None:
    picture = Image.new("I;16", LARGE, 9_000) if mode == "I;16" else noisy(mode)
    data = pictures.encoded(picture, "PNG", compress_level=1)
    assert decoded(data, apart=True) == decoded(data, apart=False)


def test_so_do_colours_that_are_transparent_and_rows_that_are_interlaced() -> None:
    palette = pictures.encoded(noisy("P"), "PNG", compress_level=1, transparency=3)
    woven = interlaced(noisy("RGB"))
    assert read_image_header(woven).is_in_rows is False
    for data in (palette, woven):
        assert decoded(data, apart=True) == decoded(data, apart=False)
    assert decoded(woven, apart=True)[1] == noisy("RGB").convert("RGBA").tobytes()


def test_pillow_takes_no_memory_for_it() -> None:
    data = pictures.encoded(noisy("RGB"), "PNG", compress_level=1)
    picture = PngImageFile(io.BytesIO(data))
    CORE.reset_stats()
    place_apart(picture)
    picture.load()
    assert CORE.get_stats()["allocated_blocks"] == 0


def test_it_is_the_systems_again_with_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(mmap.mmap):
        pass

    taken: list[weakref.ref[mmap.mmap]] = []

    def watched(*arguments: Any, **options: Any) -> Watched:
        memory = Watched(*arguments, **options)
        taken.append(weakref.ref(memory))
        return memory

    monkeypatch.setattr(large_pages.mmap, "mmap", watched)
    data = pictures.encoded(noisy("RGB"), "PNG", compress_level=1)
    assert make_thumbnail(data, read_image_header(data), WHOLE) is not None
    assert [memory() for memory in taken] == [None]


@pytest.mark.parametrize("limits", [Limits(), Limits(decoded_budget_bytes=8_000)])
def test_nothing_of_a_picture_waits_for_the_collector(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[PngPixels]] = []

    class Watched(PngPixels):
        def __init__(self, data: bytes) -> None:
            super().__init__(data)
            made.append(weakref.ref(self))

    for module in (png_unpacking, png_strips):
        monkeypatch.setattr(module, "PngPixels", Watched)
    data = pictures.encoded(noisy("RGB"), "PNG", compress_level=1)
    gc.disable()
    try:
        assert make_thumbnail(data, read_image_header(data), limits) is not None
        assert [pixels() for pixels in made] == [None]
    finally:
        gc.enable()


def test_where_pixels_are_missing_there_is_black_and_no_other_picture() -> None:
    width, height = LARGE
    for rows in (height, height // 2):
        body = zlib.compress((b"\x00" + b"\xff" * width * 3) * rows, 1)
        chunks = pictures.ihdr(width, height), pictures.chunk(b"IDAT", body), pictures.chunk(b"IEND")
        pixels = decoded(pictures.png_of(*chunks), apart=True)[1]
        assert pixels.count(b"\xff\xff\xff\xff") == width * rows
        assert not any(pixels[width * rows * 4 :: 4])


@pytest.mark.parametrize("error", [AttributeError, TypeError, ValueError])
def test_a_pillow_that_would_not_have_it_decodes_as_ever(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error

    data = pictures.encoded(noisy("RGB"), "PNG", compress_level=1)
    expected = make_thumbnail(data, read_image_header(data), WHOLE)
    monkeypatch.setattr(CORE, "map_buffer", refuse)
    assert make_thumbnail(data, read_image_header(data), WHOLE) == expected


def test_where_there_is_no_memory_for_it_there_is_no_thumbnail(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    data = pictures.encoded(noisy("RGB"), "PNG", compress_level=1)
    monkeypatch.setattr(large_pages.mmap, "mmap", refuse)
    assert make_thumbnail(data, read_image_header(data), WHOLE) is None


def test_the_memory_of_one_small_picture_serves_the_next_and_what_is_kept_is_bounded() -> None:
    size, most, data = CORE.get_block_size(), CORE.get_blocks_max(), pictures.png((700, 300))
    try:
        keep_blocks()
        make_thumbnail(data, read_image_header(data), WHOLE)
        CORE.reset_stats()
        make_thumbnail(data, read_image_header(data), WHOLE)
        stats = CORE.get_stats()
        assert stats["reused_blocks"] >= 1
        assert 0 < stats["blocks_cached"] * CORE.get_block_size() <= 4 << 20
    finally:
        CORE.set_block_size(size)
        CORE.set_blocks_max(most)


@pytest.mark.parametrize("data", [pictures.png((500, 500)), pictures.jpeg(LARGE)])
def test_small_ones_and_other_formats_are_left_to_pillow(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CORE, "map_buffer", None)
    assert make_thumbnail(data, read_image_header(data), WHOLE) is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_pages.mmap, "mmap", None)
        assert make_thumbnail(data, read_image_header(data), WHOLE) is not None

"""Small pictures."""

from __future__ import annotations

import io
import random
import sys
import zlib

import pytest
from PIL import Image, ImageChops, ImageStat

from pixverse_gui.core.image_headers import ImageHeader, read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat
from pixverse_gui.core.thumbnails import (
    DecoderRefusedError,
    decoded_bytes,
    is_worth_decoding,
    is_worth_reading_lean,
    lean_bytes,
    make_thumbnail,
)
from tests.helpers import pictures

LIMITS = Limits()
SIDE = LIMITS.thumbnail_px


def small(data: bytes, limits: Limits = LIMITS) -> Image.Image:
    made = make_thumbnail(data, read_image_header(data), limits)
    assert made is not None
    return pictures.opened(made)


def grey(picture: Image.Image) -> int:
    value = picture.convert("L").resize((1, 1)).getpixel((0, 0))
    assert isinstance(value, int)
    return value


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((480, 320), (SIDE, 96)),
        ((320, 480), (96, SIDE)),
        ((100, 80), (100, 80)),
        ((1, 1), (1, 1)),
        ((3000, 2), (SIDE, 1)),
        ((2, 3000), (1, SIDE)),
    ],
)
def test_the_longer_side_fits_and_nothing_is_enlarged(
    image_format: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert small(pictures.encoded(Image.new("RGB", size), image_format)).size == expected


def test_the_side_is_a_limit_that_can_be_set() -> None:
    assert small(pictures.png((400, 400)), Limits(thumbnail_px=32)).size == (32, 32)


# How the pixels of an upright picture are stored when the camera was held in each of the eight ways.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def held(orientation: int, picture: Image.Image) -> Image.Image:
    turn = STORED[orientation]
    return picture if turn is None else picture.transpose(turn)


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_pictures_stand_upright_however_the_camera_was_held(orientation: int, image_format: str) -> None:
    stored = held(orientation, pictures.corners())
    data = pictures.encoded(stored, image_format, exif=pictures.exif(orientation), quality=95)
    made = small(data)
    assert made.size == (SIDE, 96)
    assert pictures.corner_colours(made) == list(pictures.CORNERS)


@pytest.mark.parametrize("orientation", STORED)
def test_the_cameras_small_picture_stands_upright_too(orientation: int) -> None:
    inside = pictures.encoded(held(orientation, pictures.corners((240, 160))), "JPEG", quality=95)
    stored = held(orientation, Image.new("RGB", (960, 640), "white"))
    made = small(pictures.encoded(stored, "JPEG", exif=pictures.exif(orientation, inside)))
    assert made.size == (SIDE, 96)
    assert pictures.corner_colours(made) == list(pictures.CORNERS)


def with_small_picture(inside: bytes, size: tuple[int, int] = (960, 640)) -> bytes:
    """A white picture, so that it shows which of the two was taken."""
    return pictures.encoded(Image.new("RGB", size, "white"), "JPEG", exif=pictures.exif(1, inside))


@pytest.mark.parametrize(
    "inside",
    [
        pictures.jpeg((160, 120)),  # 4:3 inside 3:2, and nothing between bars
        pictures.jpeg((90, 60)),  # too small
        pictures.jpeg((240, 160))[:400],  # cut off
        pictures.jpeg((2400, 1600)),  # no small picture at all
        pictures.png((240, 160)),
        b"junk",
    ],
)
def test_a_small_picture_that_does_not_fit_is_left_alone(inside: bytes) -> None:
    assert grey(small(with_small_picture(inside))) > 250


def test_a_fitting_small_picture_spares_the_decoding() -> None:
    assert grey(small(with_small_picture(pictures.jpeg((240, 160))))) < 5
    assert grey(small(with_small_picture(pictures.jpeg((243, 160))))) < 5
    assert grey(small(with_small_picture(pictures.jpeg((160, 120)), (4000, 3000)))) < 5


def test_the_small_picture_of_an_unusual_jpeg_is_no_proof_that_it_can_be_read() -> None:
    unusual = pictures.jpeg_with_frame(pictures.jpeg((960, 640)), precision=12)
    data = pictures.jpeg_with([pictures.jpeg_segment(0xE1, pictures.exif(1, pictures.jpeg((240, 160))))], unusual)
    with pytest.raises(DecoderRefusedError):
        make_thumbnail(data, read_image_header(data), LIMITS)


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("L", 200), ("P", 0), ("1", 1), ("RGB", (200, 200, 200)), ("CMYK", (0, 0, 0, 55)), ("YCbCr", (200, 128, 128))],
)
def test_every_mode_of_a_jpeg_or_png_becomes_a_plain_jpeg(mode: str, colour: object) -> None:
    picture = Image.new(mode, (300, 200), colour)  # type: ignore[arg-type]
    if mode == "P":
        picture.putpalette([200, 200, 200] * 256)
    made = small(pictures.encoded(picture, "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"))
    assert (made.format, made.mode) == ("JPEG", "RGB")
    assert grey(made) == pytest.approx(255 if mode == "1" else 200, abs=3)


def test_sixteen_bit_grey_is_scaled_not_cut() -> None:
    assert grey(small(pictures.png((300, 200), "I;16", 100 * 256))) == pytest.approx(100, abs=2)


def test_sixteen_bit_grey_with_a_transparent_shade_has_a_thumbnail() -> None:
    first, *others = (whole for _, _, whole in pictures.chunks_of(pictures.png((300, 200), "I;16", 100 * 256)))
    data = pictures.png_of(first, pictures.chunk(b"tRNS", b"\xff\xff"), *others)
    assert grey(small(data)) == pytest.approx(100, abs=2)


@pytest.mark.parametrize(
    "data",
    [
        pictures.png((300, 200), "RGBA", (255, 0, 0, 40)),
        pictures.png((300, 200), "LA", (255, 40)),
        pictures.png((3000, 2000), "RGBA", (255, 0, 0, 40)),
        pictures.png((300, 200), "P", transparency=0),
        pictures.png((300, 200), "RGB", transparency=(0, 0, 0)),
        pictures.png((300, 200), "L", transparency=0),
        pictures.png((300, 200), "1", transparency=0),
        pictures.encoded(Image.new("RGBA", (300, 200), (255, 0, 0, 40)), "WEBP", lossless=True),
    ],
)
def test_transparency_is_kept(data: bytes) -> None:
    made = small(data)
    assert made.format == "PNG"
    assert made.getchannel("A").getextrema()[1] < 255


def test_an_alpha_channel_that_hides_nothing_is_no_reason_for_a_png() -> None:
    assert small(pictures.png((300, 200), "RGBA", (9, 9, 9, 255))).format == "JPEG"


def test_colours_of_a_large_picture_are_kept() -> None:
    for image_format in ("PNG", "JPEG", "WEBP"):
        made = small(pictures.encoded(pictures.corners((3000, 2000)), image_format))
        assert pictures.corner_colours(made) == list(pictures.CORNERS)


@pytest.mark.parametrize("profile", [b"no profile at all", bytes(3_000)])
def test_a_broken_colour_profile_does_not_matter(profile: bytes) -> None:
    for image_format in ("PNG", "JPEG", "WEBP"):
        data = pictures.encoded(pictures.corners(), image_format, icc_profile=profile)
        assert pictures.corner_colours(small(data)) == list(pictures.CORNERS)


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt", b"acTL", b"eXIf"])
def test_what_a_png_says_besides_its_pixels_cannot_make_it_unreadable(kind: bytes) -> None:
    """Pillow refuses a profile or text that unpacks to more than a megabyte."""
    first, *others = (whole for _, _, whole in pictures.chunks_of(pictures.encoded(pictures.corners(), "PNG")))
    bomb = pictures.chunk(kind, b"name\x00\x00" + zlib.compress(bytes(5_000_000)))
    assert pictures.corner_colours(small(pictures.png_of(first, bomb, *others))) == list(pictures.CORNERS)


def test_a_jpeg_of_a_thousand_scans_is_not_decoded() -> None:
    data = pictures.encoded(pictures.noise(), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    many = data[:last] + data[last:-2] * 1_000 + b"\xff\xd9"
    assert make_thumbnail(data, read_image_header(data), LIMITS) is not None
    assert make_thumbnail(many, read_image_header(many), LIMITS) is None


def test_nothing_of_the_picture_besides_its_pixels_is_taken_along() -> None:
    secret = b"somewhere at home"
    for mode in ("RGB", "RGBA"):
        picture = Image.new(mode, (300, 200))
        data = pictures.encoded(picture, "PNG", icc_profile=secret, exif=pictures.exif(6) + secret)
        made = make_thumbnail(data, read_image_header(data), LIMITS)
        assert made is not None
        assert secret not in made
        assert pictures.opened(made).getexif() == {}


def test_the_first_frame_of_an_animation_is_shown() -> None:
    for data in (pictures.apng(), pictures.animated_webp(), pictures.apng_claiming(2**31 - 1)):
        assert grey(small(data)) < 5


def test_both_lenses_of_a_camera_are_one_jpeg() -> None:
    assert pictures.corner_colours(small(pictures.mpo())) == list(pictures.CORNERS)


def broken_pictures() -> dict[str, bytes]:
    whole = pictures.encoded(pictures.noise(), "JPEG")
    tiny, large = pictures.jpeg((8, 8)), pictures.jpeg((4000, 3000))
    second_frame = large[pictures.frame_at(large) :][:19]
    return {
        "cut jpeg": whole[: len(whole) // 2],
        "two frames": tiny.replace(b"\xff\xda", second_frame + b"\xff\xda", 1),
        "no pixels": pictures.png_of(pictures.ihdr(9, 9), pictures.chunk(b"IEND")),
        "too few pixels": pictures.png_claiming(500, 500),
        "junk for pixels": pictures.png_of(
            pictures.ihdr(9, 9), pictures.chunk(b"IDAT", b"junk" * 9), pictures.chunk(b"IEND")
        ),
        "no such depth": pictures.png_claiming(9, 9, depth=7),
        "larger canvas": pictures.webp_claiming(900, 900),
        "cut webp": pictures.encoded(pictures.noise(), "WEBP")[:2_000],
        "no frame": b"\xff\xd8\xff\xe0\x00\x02\xff\xda\x00\x02\xff\xd9",
    }


@pytest.mark.parametrize("name", broken_pictures())
def test_what_the_decoder_refuses_is_told_with_its_cause(name: str) -> None:
    data = broken_pictures()[name]
    with pytest.raises(DecoderRefusedError) as caught:
        make_thumbnail(data, read_image_header(data), LIMITS)
    assert caught.value.__cause__ is not None


def test_other_formats_never_reach_a_decoder() -> None:
    for data in (pictures.gif(), pictures.bmp(), pictures.tiff(), pictures.EPS):
        with pytest.raises(DecoderRefusedError, match="no decoder"):
            make_thumbnail(data, read_image_header(data), LIMITS)


def test_pillow_is_not_asked_to_guess() -> None:
    """`Image.open` would load every plug-in there is, EPS and all, for the first file it does not know."""
    import subprocess

    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.helpers import pictures\n"
        "data = pictures.png((300, 200)); gif = b'GIF89a' + bytes(50)\n"
        "from pixverse_gui.core.inspection import Inspector; from pixverse_gui.core.limits import Limits\n"
        "for one in (data, gif, pictures.EPS): Inspector(Limits()).inspect_bytes(one)\n"
        "print([name for name in sys.modules if name.startswith('PIL.') and 'Eps' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_no_memory_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(_: io.BytesIO) -> None:
        raise MemoryError

    monkeypatch.setitem(
        sys.modules["pixverse_gui.core.thumbnails"]._READERS,  # the real reader cannot be made to run out of memory
        ImageFormat.PNG,
        no_memory,
    )
    assert make_thumbnail(pictures.png(), read_image_header(pictures.png()), LIMITS) is None


def test_a_picture_whose_thumbnail_cannot_be_encoded_is_still_readable() -> None:
    """No JPEG has more than 65,535 pixels in a row."""
    data = pictures.png((70_000, 2))
    assert make_thumbnail(data, read_image_header(data), Limits(thumbnail_px=100_000)) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (ImageHeader(ImageFormat.PNG, 10_000, 10_000), True),
        (ImageHeader(ImageFormat.PNG, 12_400, 3_100), True),
        (ImageHeader(ImageFormat.PNG, 10_001, 10_000), False),
        (ImageHeader(ImageFormat.JPEG, 65_535, 65_535), False),
        (ImageHeader(ImageFormat.WEBP, 8_000, 5_000), True),
        (ImageHeader(ImageFormat.WEBP, 8_000, 5_001), False),
        (ImageHeader(ImageFormat.PNG, 0, 5), False),
    ],
)
def test_what_would_take_over_a_gigabyte_is_not_decoded(header: ImageHeader, expected: bool) -> None:
    assert is_worth_decoding(header, LIMITS) is expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pictures.webp((60, 60)), True),
        (pictures.webp((60, 60), lossless=True), True),
        (pictures.webp((60, 61)), False),
        (pictures.animated_webp(), False),
        (pictures.png((60, 50)), False),
        (pictures.jpeg((60, 50)), False),
    ],
)
def test_a_lean_reader_is_asked_for_still_webp_up_to_the_largest_size(data: bytes, expected: bool) -> None:
    assert is_worth_reading_lean(read_image_header(data), Limits(max_side_px=60)) is expected


def test_a_lean_reader_takes_next_to_nothing_but_for_lossless_and_alpha() -> None:
    for options, expected in (({}, 0), ({"lossless": True}, 4), ({"mode": "RGBA"}, 5)):
        data = pictures.webp((60, 50), **options)
        assert lean_bytes(data, read_image_header(data)) == expected * 60 * 50


def test_the_expected_memory_follows_format_and_coding() -> None:
    def expected(image_format: ImageFormat, channels: int = 3, *, progressive: bool = False) -> int:
        header = ImageHeader(image_format, 4_000, 3_000, channels=channels, is_progressive=progressive)
        return decoded_bytes(header, LIMITS)

    whole = 4_000 * 3_000
    assert expected(ImageFormat.PNG) == expected(ImageFormat.PNG, 4) == 4 * whole
    assert expected(ImageFormat.PNG, 1) == whole
    assert expected(ImageFormat.JPEG) < whole // 10
    assert expected(ImageFormat.JPEG, progressive=True) == 6 * whole
    assert expected(ImageFormat.WEBP) == 16 * whole


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_flipped_bytes_end_in_a_picture_or_a_refusal(image_format: str) -> None:
    source = random.Random(image_format)
    whole = pictures.encoded(pictures.noise((64, 48)), image_format, exif=pictures.exif(6, pictures.jpeg((160, 120))))
    outcomes = set()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(source.choice((1, 3, 20))):
            data[source.randrange(len(data))] = source.randrange(256)
        header = read_image_header(bytes(data))
        if not is_worth_decoding(header, LIMITS):
            outcomes.add("not tried")
            continue
        try:
            outcomes.add("made" if make_thumbnail(bytes(data), header, LIMITS) else "none")
        except DecoderRefusedError:
            outcomes.add("refused")
    assert "refused" in outcomes
    assert outcomes <= {"made", "refused", "not tried"}


STRIPED = Limits(decoded_budget_bytes=8_000)
UNPACKED, WHOLE = Limits(png_unpack_bytes=0), Limits(png_unpack_bytes=1 << 40)


@pytest.mark.parametrize(
    "size", [(1_400, 1_800), (2_500, 30), (30, 2_500), (1_152, 900), (9_000, 3), (50, 60), (2_501, 997)]
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "transparent P", "transparent RGB", "1", "I;16"])
def test_a_large_png_is_read_in_strips_and_looks_the_same(mode: str, size: tuple[int, int]) -> None:
    """Modes of other depths are decoded whole."""
    picture = Image.radial_gradient("L").resize(size)
    options = {"transparency": 0 if mode.endswith("P") else (7, 7, 7)} if mode.startswith("transparent") else {}
    data = pictures.encoded(picture.convert("RGB").convert(mode.rsplit(maxsplit=1)[-1]), "PNG", **options)
    header = read_image_header(data)
    whole, strips = small(data, WHOLE), small(data, STRIPED)
    assert header.is_in_rows is (mode not in {"1", "I;16"})
    assert small(data, UNPACKED).tobytes() == whole.tobytes()
    assert (strips.mode, strips.format) == (whole.mode, whole.format)
    assert max(abs(one - other) for one, other in zip(strips.size, whole.size, strict=True)) <= 1
    difference = ImageChops.difference(strips.convert("RGBA"), whole.convert("RGBA").resize(strips.size))
    assert max(ImageStat.Stat(difference).mean) < 12


def test_strips_take_next_to_no_memory_and_never_wait() -> None:
    large = ImageHeader(ImageFormat.PNG, 10_000, 10_000, is_in_rows=True)
    usual = ImageHeader(ImageFormat.PNG, 3_840, 2_160, is_in_rows=True)
    assert decoded_bytes(large, LIMITS) < LIMITS.decoded_free_bytes
    assert decoded_bytes(usual, LIMITS) == 4 * 3_840 * 2_160


def test_a_png_in_strips_is_turned_as_its_exif_says() -> None:
    data = pictures.encoded(pictures.corners((1_600, 1_200)), "PNG", exif=pictures.exif(6))
    assert pictures.corner_colours(small(data, STRIPED)) == pictures.corner_colours(small(data, WHOLE))


def _with_pixels(rows: int, coded: bytes) -> bytes:
    return pictures.png_of(pictures.ihdr(60, rows), pictures.chunk(b"IDAT", coded), pictures.chunk(b"IEND"))


@pytest.mark.parametrize(
    ("rows", "coded"),
    {
        "no row": (40, zlib.compress(b"")),
        "half a row": (40, zlib.compress(bytes(181 * 40 - 9))),
        "cut off": (40, zlib.compress(random.Random(1).randbytes(181 * 40))[:3_000]),
        "no such filter": (40, zlib.compress(b"\x07" * 181 * 40)),
        "not coded": (40, bytes(900)),
        "empty": (40, b""),
    }.values(),
)
def test_damaged_pixels_are_refused_however_they_are_read(rows: int, coded: bytes) -> None:
    data = _with_pixels(rows, coded)
    for limits in (WHOLE, UNPACKED, STRIPED):
        with pytest.raises(DecoderRefusedError):
            make_thumbnail(data, read_image_header(data), limits)


@pytest.mark.parametrize("rows", [1, 39, 41])
def test_rows_that_are_missing_are_black_however_it_is_read(rows: int) -> None:
    data = _with_pixels(40, zlib.compress((b"\x00" + b"\xff" * 180) * rows))
    assert small(data, STRIPED).tobytes() == small(data, UNPACKED).tobytes() == small(data, WHOLE).tobytes()


def test_more_pixels_than_there_are_rows_and_many_small_pieces_do_no_harm() -> None:
    coded = zlib.compress(bytes(181 * 4_000))
    pieces = [pictures.chunk(b"IDAT", coded[at : at + 7]) for at in range(0, len(coded), 7)]
    data = pictures.png_of(pictures.ihdr(60, 40), *pieces, pictures.chunk(b"IEND"))
    assert small(data, STRIPED).size == small(data, UNPACKED).size == small(data, WHOLE).size == (60, 40)

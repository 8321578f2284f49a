"""What header, size, name and bytes tell without decoding."""

from __future__ import annotations

import zlib

import pytest

from pixverse_gui.core.image_checks import header_issues, structure_fault
from pixverse_gui.core.image_headers import ImageHeader, read_image_header
from pixverse_gui.core.limits import MIB, Limits
from pixverse_gui.core.models import ImageFormat, IssueCode, Severity
from tests.helpers import pictures

LIMITS = Limits()
_C = IssueCode


def codes(header: ImageHeader, byte_size: int = 1_000, name: str = "") -> list[IssueCode]:
    return [issue.code for issue in header_issues(header, byte_size, name, LIMITS)]


def fault(data: bytes) -> IssueCode | None:
    return structure_fault(data, read_image_header(data))


def cut_points(data: bytes) -> list[int]:
    return [len(data) * tenth // 10 for tenth in range(1, 10)] + [len(data) - 1]


# --- header, size, name -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (4_000, 4_000, []),
        (4_001, 10, [_C.LARGE_SIDE]),
        (10, 10_000, [_C.LARGE_SIDE]),
        (10_000, 10_000, [_C.LARGE_SIDE]),
        (10_001, 1, [_C.TOO_MANY_PIXELS]),
        (1, 10_001, [_C.TOO_MANY_PIXELS]),
    ],
)
def test_sides(width: int, height: int, expected: list[IssueCode]) -> None:
    assert codes(ImageHeader(ImageFormat.PNG, width, height)) == expected


@pytest.mark.parametrize(
    ("byte_size", "expected"),
    [
        (0, [_C.EMPTY]),
        (1, []),
        (19_999_999, []),
        (20_000_000, [_C.NEAR_BYTE_LIMIT]),
        (20 * MIB - 1, [_C.NEAR_BYTE_LIMIT]),
        (20 * MIB, [_C.TOO_MANY_BYTES]),
        (10**12, [_C.TOO_MANY_BYTES]),
    ],
)
def test_bytes(byte_size: int, expected: list[IssueCode]) -> None:
    assert codes(ImageHeader(ImageFormat.PNG, 8, 8), byte_size) == expected


def test_numbers_go_along_for_the_sentence() -> None:
    issues = header_issues(ImageHeader(ImageFormat.JPEG, 12_400, 3_100), 30 * MIB, "", LIMITS)
    assert [(issue.severity, dict(issue.params)) for issue in issues] == [
        (Severity.BLOCKER, {"width": 12_400, "height": 3_100, "limit": 10_000}),
        (Severity.BLOCKER, {"bytes": 30 * MIB, "limit": 20 * MIB}),
    ]


def test_blockers_come_first() -> None:
    header = ImageHeader(ImageFormat.PNG, 5_000, 5_000, is_animated=True, colours="16 bit")
    assert codes(header, 25 * MIB, "x.jpg") == [
        *(_C.TOO_MANY_BYTES, _C.LARGE_SIDE, _C.ANIMATED, _C.COLOURS_MAY_DIFFER, _C.WRONG_EXTENSION)
    ]


def test_what_it_is_instead_is_told() -> None:
    (issue,) = header_issues(ImageHeader(foreign="HEIC"), 10, "x.jpg", LIMITS)
    assert (issue.code, dict(issue.params), issue.is_blocker) == (_C.NOT_AN_IMAGE, {"format": "HEIC"}, True)


@pytest.mark.parametrize(
    ("name", "image_format", "is_wrong"),
    [
        ("a.png", ImageFormat.PNG, False),
        ("a.PNG", ImageFormat.PNG, False),
        ("a.apng", ImageFormat.PNG, False),
        *((f"a.{ending}", ImageFormat.JPEG, False) for ending in ("jpg", "JPEG", "jpe", "jfif", "pjpeg", "mpo")),
        ("a.webp", ImageFormat.WEBP, False),
        ("a.png", ImageFormat.JPEG, True),
        ("a.jpg", ImageFormat.PNG, True),
        ("a.jpg", ImageFormat.WEBP, True),
        ("a.heic", ImageFormat.JPEG, True),
        ("a.tif", ImageFormat.PNG, True),
        ("a.txt", ImageFormat.PNG, True),
        ("a", ImageFormat.PNG, False),
        ("holiday 12.5", ImageFormat.PNG, False),
        ("logo.final", ImageFormat.PNG, False),
        (".png", ImageFormat.JPEG, False),
        ("folder.jpg/a", ImageFormat.PNG, False),
        ("a.jpg\udcff", ImageFormat.PNG, False),
        ("", ImageFormat.PNG, False),
    ],
)
def test_an_ending_is_wrong_only_where_it_names_another_kind(
    name: str, image_format: ImageFormat, is_wrong: bool
) -> None:
    assert (_C.WRONG_EXTENSION in codes(ImageHeader(image_format, 8, 8), name=name)) is is_wrong


def test_the_wrong_ending_is_told_with_the_right_format() -> None:
    (issue,) = header_issues(ImageHeader(ImageFormat.WEBP, 8, 8), 10, "/home/me/a.JPG", LIMITS)
    assert dict(issue.params) == {"extension": "jpg", "format": "WebP"}


# --- the frame of the file --------------------------------------------------------------------------------------------

WHOLE = {
    "png": pictures.encoded(pictures.noise(), "PNG"),
    "palette png": pictures.png(mode="P"),
    "apng": pictures.apng(),
    "jpeg": pictures.encoded(pictures.noise(), "JPEG"),
    "progressive jpeg": pictures.encoded(pictures.noise(), "JPEG", progressive=True),
    "camera jpeg": pictures.encoded(pictures.noise(), "JPEG", exif=pictures.exif(6, pictures.jpeg((160, 120)))),
    "mpo": pictures.mpo(),
    "webp": pictures.encoded(pictures.noise(), "WEBP"),
    "lossless webp": pictures.encoded(pictures.noise(), "WEBP", lossless=True),
    "animated webp": pictures.animated_webp(),
    "webp with exif": pictures.webp(exif=pictures.exif()),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_has_no_fault(name: str) -> None:
    assert fault(WHOLE[name]) is None


@pytest.mark.parametrize("name", WHOLE)
def test_what_stands_behind_the_end_is_no_fault(name: str) -> None:
    assert fault(WHOLE[name] + b"\x00" * 50 + b"ftypmp42 a video that a phone put there") is None


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"mpo"}))
def test_a_picture_cut_anywhere_is_cut_off(name: str) -> None:
    data = WHOLE[name]
    for cut in cut_points(data):
        assert fault(data[:cut]) is _C.CUT_OFF, f"{cut} of {len(data)}"


def test_the_first_picture_of_two_counts() -> None:
    data = WHOLE["mpo"]
    assert fault(data[: len(data) * 9 // 10]) is None
    assert fault(data[: len(data) // 10]) is _C.CUT_OFF


def test_a_download_filled_up_with_zeros_is_cut_off() -> None:
    for name in ("jpeg", "progressive jpeg", "camera jpeg"):
        data = WHOLE[name]
        half = len(data) // 2
        assert fault(data[:half] + bytes(len(data) - half)) is _C.CUT_OFF, name


def test_every_checksum_of_a_png_counts() -> None:
    data = WHOLE["png"]
    for offset, kind, whole in pictures.chunks_of(data):
        if kind == b"IEND":
            continue
        broken = bytearray(data)
        broken[offset + 8 + len(whole) // 2 - 6] ^= 1
        assert fault(bytes(broken)) is _C.UNREADABLE, kind


def test_a_png_chunk_without_a_name_is_damage() -> None:
    data = pictures.png_of(pictures.ihdr(4, 4), bytes(12), pictures.chunk(b"IEND"))
    assert fault(data) is _C.UNREADABLE


def test_a_png_without_its_end_is_cut_off() -> None:
    data = WHOLE["png"]
    assert fault(data[: data.rindex(b"IEND") - 4]) is _C.CUT_OFF


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x04\x00\x00junk" + bytes(100),
        pictures.jpeg_with_frame(pictures.jpeg(), width=0),
        pictures.png_of(pictures.ihdr(0, 5), pictures.chunk(b"IEND")),
        pictures.png_of(pictures.chunk(b"CgBI", bytes(4)), pictures.ihdr(5, 5), pictures.chunk(b"IEND")),
        pictures.webp_of(pictures.webp_chunk(b"VP8X", bytes(10))),
        b"RIFF\x20\x00\x00\x00WEBPVP8 \xff\x00\x00\x00" + bytes(60),
    ],
)
def test_damage_is_told_from_a_missing_end(data: bytes) -> None:
    assert fault(data) is _C.UNREADABLE


@pytest.mark.parametrize(
    "data",
    [
        pictures.png_of(pictures.ihdr(5, 5), pictures.chunk(b"tEXt") * 150_000, pictures.chunk(b"IEND")),
        pictures.jpeg_with([b"\xff\xe0\x00\x02"] * 150_000),
        pictures.webp_of(pictures.webp_chunk(b"EXIF", b"") * 150_000, pictures.webp()[12:]),
    ],
    ids=["png", "jpeg", "webp"],
)
def test_a_file_in_more_pieces_than_any_program_writes_is_given_up(data: bytes) -> None:
    assert fault(data) is _C.UNREADABLE


def test_fill_bytes_and_bare_markers_are_no_damage() -> None:
    assert fault(pictures.jpeg_with([b"\xff\x01", b"\xff\xff\xff"])) is None


def test_a_checksum_helper_of_these_tests_agrees_with_the_real_thing() -> None:
    _, kind, whole = pictures.chunks_of(pictures.png())[0]
    assert whole == pictures.chunk(kind, whole[8:-4])
    assert zlib.crc32(whole[4:-4]) == int.from_bytes(whole[-4:], "big")

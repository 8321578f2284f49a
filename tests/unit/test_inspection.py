"""Both passes over files of every kind."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pixverse_gui.core import inspection
from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFacts, ImageFormat, Inspection, IssueCode, Source, SourceKind
from tests.helpers import pictures

_C = IssueCode
SHARED = Inspector(Limits())


@pytest.fixture
def inspector() -> Inspector:
    return Inspector(Limits())


def source(path: Path | str) -> Source:
    return Source(SourceKind.FILE, str(path), Path(str(path)).name)


def kept(folder: Path, data: bytes, name: str = "a.png") -> Source:
    path = folder / name
    path.write_bytes(data)
    return source(path)


def codes(found: Inspection) -> list[IssueCode]:
    return [issue.code for issue in found.issues]


GOOD = {
    "a.png": pictures.encoded(pictures.noise(), "PNG"),
    "b.jpg": pictures.encoded(pictures.noise(), "JPEG"),
    "c.jpeg": pictures.encoded(pictures.noise(), "JPEG", progressive=True),
    "d.webp": pictures.encoded(pictures.noise(), "WEBP"),
    "e.webp": pictures.encoded(pictures.noise(), "WEBP", lossless=True),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_picture_has_facts_a_thumbnail_and_no_issue(tmp_path: Path, inspector: Inspector, name: str) -> None:
    data = GOOD[name]
    given = kept(tmp_path, data, name)
    image_format = {".png": ImageFormat.PNG, ".webp": ImageFormat.WEBP}.get(Path(name).suffix, ImageFormat.JPEG)
    modified = (tmp_path / name).stat().st_mtime_ns
    first = inspector.read_header(given)
    assert first == Inspection(ImageFacts(len(data), image_format, 320, 240, modified))
    second = inspector.inspect_file(given)
    sha256 = hashlib.sha256(data).hexdigest()
    assert second.facts == ImageFacts(len(data), image_format, 320, 240, modified, sha256)
    assert second.issues == ()
    assert second.thumbnail is not None
    assert pictures.opened(second.thumbnail).size == (144, 108)


@pytest.mark.parametrize("name", GOOD)
def test_a_picture_cut_at_each_tenth_is_blocked_and_shows_no_half_thumbnail(
    tmp_path: Path, inspector: Inspector, name: str
) -> None:
    data = GOOD[name]
    for tenth in range(1, 10):
        found = inspector.inspect_file(kept(tmp_path, data[: len(data) * tenth // 10], name))
        assert codes(found) == [_C.CUT_OFF]
        assert found.thumbnail is None
        assert found.facts is not None
        assert found.facts.sha256 is not None
        assert not found.is_sendable


BLOCKED = {
    "empty.png": (b"", _C.EMPTY, {}),
    "gif.gif": (pictures.gif(), _C.NOT_AN_IMAGE, {"format": "GIF"}),
    "gif.png": (pictures.gif(), _C.NOT_AN_IMAGE, {"format": "GIF"}),
    "tiff.jpg": (pictures.tiff(), _C.NOT_AN_IMAGE, {"format": "TIFF"}),
    "bmp.bmp": (pictures.bmp(), _C.NOT_AN_IMAGE, {"format": "BMP"}),
    "phone.heic": (pictures.HEIC, _C.NOT_AN_IMAGE, {"format": "HEIC"}),
    "eps.jpg": (pictures.EPS, _C.NOT_AN_IMAGE, {"format": "PostScript"}),
    "drawing.svg": (pictures.SVG, _C.NOT_AN_IMAGE, {"format": "SVG"}),
    "page.png": (b"<!doctype html><html></html>", _C.NOT_AN_IMAGE, {"format": "HTML"}),
    "text.jpg": (b"hello world\n" * 500, _C.NOT_AN_IMAGE, {"format": "Text"}),
    "zeros.png": (bytes(5_000), _C.NOT_AN_IMAGE, {"format": ""}),
    "wide.png": (pictures.png((10_001, 4)), _C.TOO_MANY_PIXELS, {"width": 10_001, "height": 4, "limit": 10_000}),
    "bomb.png": (
        pictures.png_claiming(2**31 - 1, 2**31 - 1),
        _C.TOO_MANY_PIXELS,
        {"width": 2**31 - 1, "height": 2**31 - 1, "limit": 10_000},
    ),
    "promise.png": (pictures.png_claiming(9_000, 9_000), _C.UNREADABLE, {}),
    "promise.webp": (pictures.webp_claiming(900, 900), _C.UNREADABLE, {}),
    "no pixels.png": (pictures.png_of(pictures.ihdr(9, 9), pictures.chunk(b"IEND")), _C.UNREADABLE, {}),
    "twelve bits.jpg": (pictures.jpeg_with_frame(pictures.jpeg(), precision=12), _C.UNREADABLE, {}),
    "arithmetic.jpg": (pictures.jpeg_with_frame(pictures.jpeg(), marker=0xC3), _C.UNREADABLE, {}),
    "no sides.jpg": (pictures.jpeg_with_frame(pictures.jpeg(), height=0), _C.UNREADABLE, {}),
    "magic only.png": (pictures.PNG_MAGIC, _C.CUT_OFF, {}),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_what_the_service_would_refuse_is_blocked(tmp_path: Path, inspector: Inspector, name: str) -> None:
    data, code, params = BLOCKED[name]
    found = inspector.inspect_file(kept(tmp_path, data, name))
    (issue, *_) = found.issues
    assert (issue.code, dict(issue.params), issue.is_blocker) == (code, params, True)
    assert found.facts is not None
    assert found.facts.byte_size == len(data)


WARNED = {
    "large.png": (pictures.flat_png(4_001, 3), _C.LARGE_SIDE, {"width": 4_001, "height": 3, "limit": 4_000}),
    "moving.png": (pictures.apng(), _C.ANIMATED, {}),
    "moving.webp": (pictures.animated_webp(), _C.ANIMATED, {}),
    "for ever.png": (pictures.apng_claiming(2**31 - 1), _C.ANIMATED, {}),
    "png.jpg": (pictures.png(), _C.WRONG_EXTENSION, {"extension": "jpg", "format": "PNG"}),
    "jpeg.heic": (pictures.jpeg(), _C.WRONG_EXTENSION, {"extension": "heic", "format": "JPEG"}),
    "webp.JPEG": (pictures.webp(), _C.WRONG_EXTENSION, {"extension": "jpeg", "format": "WebP"}),
    "print.jpg": (pictures.jpeg(mode="CMYK"), _C.COLOURS_MAY_DIFFER, {"mode": "CMYK"}),
    "deep.png": (pictures.png(mode="I;16"), _C.COLOURS_MAY_DIFFER, {"mode": "16 bit"}),
}


@pytest.mark.parametrize("name", WARNED)
def test_what_the_operator_should_know_is_a_warning(tmp_path: Path, inspector: Inspector, name: str) -> None:
    data, code, params = WARNED[name]
    given = kept(tmp_path, data, name)
    for found in (inspector.read_header(given), inspector.inspect_file(given)):
        (issue,) = found.issues
        assert (issue.code, dict(issue.params), issue.is_blocker) == (code, params, False)
        assert found.is_sendable
    assert found.thumbnail is not None


@pytest.mark.parametrize("name", ["mpo.jpg", "endings.jfif"])
def test_what_cameras_call_differently_is_a_jpeg(tmp_path: Path, inspector: Inspector, name: str) -> None:
    found = inspector.inspect_file(kept(tmp_path, pictures.mpo(), name))
    assert (found.facts and found.facts.format, found.issues) == (ImageFormat.JPEG, ())


def test_the_largest_legal_picture_is_read_without_a_complaint(tmp_path: Path, inspector: Inspector) -> None:
    """100 million pixels are above the number at which Pillow warns, which the tests turn into an error."""
    found = inspector.inspect_file(kept(tmp_path, pictures.flat_png(10_000, 10_000)))
    assert codes(found) == [_C.LARGE_SIDE]
    assert found.thumbnail is not None
    assert pictures.opened(found.thumbnail).size == (144, 144)


def test_a_picture_that_is_too_wide_still_shows_what_it_is(tmp_path: Path, inspector: Inspector) -> None:
    found = inspector.inspect_file(kept(tmp_path, pictures.flat_png(12_400, 310)))
    assert codes(found) == [_C.TOO_MANY_PIXELS]
    assert found.thumbnail is not None


def test_of_a_huge_webp_only_the_structure_is_checked(tmp_path: Path) -> None:
    inspector = Inspector(Limits(webp_decode_max_px=1_000))
    whole = pictures.encoded(pictures.noise((64, 48)), "WEBP")
    found = inspector.inspect_file(kept(tmp_path, whole, "a.webp"))
    assert (found.issues, found.thumbnail) == ((), None)
    assert codes(inspector.inspect_file(kept(tmp_path, whole[:-20], "a.webp"))) == [_C.CUT_OFF]


def test_more_bytes_than_the_service_takes_are_still_hashed_and_shown(tmp_path: Path) -> None:
    data = pictures.png() + bytes(3_000)
    inspector = Inspector(Limits(max_file_bytes=1_000, warn_file_bytes=900))
    found = inspector.inspect_file(kept(tmp_path, data))
    (issue,) = found.issues
    assert (issue.code, dict(issue.params)) == (_C.TOO_MANY_BYTES, {"bytes": len(data), "limit": 1_000})
    assert found.facts is not None
    assert found.facts.sha256 == hashlib.sha256(data).hexdigest()
    assert found.thumbnail is not None


def test_far_too_many_bytes_are_not_read(tmp_path: Path, inspector: Inspector) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(pictures.png())
    os.truncate(path, 2**40)  # without a block on the disk
    found = inspector.inspect_file(source(path))
    assert codes(found) == [_C.TOO_MANY_BYTES]
    assert found.facts == ImageFacts(2**40, ImageFormat.PNG, 48, 32, path.stat().st_mtime_ns)


def test_bytes_near_the_limit_are_a_warning(tmp_path: Path) -> None:
    data = pictures.png() + bytes(900)
    inspector = Inspector(Limits(max_file_bytes=len(data) + 1, warn_file_bytes=len(data)))
    found = inspector.inspect_file(kept(tmp_path, data))
    assert codes(found) == [_C.NEAR_BYTE_LIMIT]


def test_a_blocker_inside_the_file_comes_before_what_the_header_tells(tmp_path: Path, inspector: Inspector) -> None:
    data = pictures.encoded(pictures.noise(), "JPEG")
    found = inspector.inspect_file(kept(tmp_path, data[:-9], "a.png"))
    assert codes(found) == [_C.CUT_OFF, _C.WRONG_EXTENSION]


def test_what_is_no_file_is_blocked_by_both_passes(tmp_path: Path, inspector: Inspector) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    expected = {"folder": _C.NOT_A_FILE, "fifo": _C.NOT_A_FILE, "gone": _C.FILE_MISSING, "/dev/zero": _C.NOT_A_FILE}
    for name, code in expected.items():
        for look in (inspector.read_header, inspector.inspect_file):
            found = look(source(tmp_path / name))
            assert (found.facts, codes(found), found.is_sendable) == (None, [code], False)


def test_a_file_of_the_system_that_has_no_length_is_empty(inspector: Inspector) -> None:
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("there is no /proc here")
    for look in (inspector.read_header, inspector.inspect_file):
        assert codes(look(source(path))) == [_C.EMPTY]


def test_names_that_are_not_utf_8_work(tmp_path: Path, inspector: Inspector) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.jpg"
    try:
        Path(os.fsdecode(raw)).write_bytes(pictures.png())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert codes(inspector.inspect_file(source(os.fsdecode(raw)))) == [_C.WRONG_EXTENSION]


class _Writing(inspection.OpenedFile):
    """A file that a download is still writing to while it is read: `after` counts the reads until it is finished."""

    path: Path
    rest: list[bytes]

    def read_all(self, most: int) -> bytes:
        data = super().read_all(most)
        if self.rest:
            with self.path.open("ab") as file:
                file.write(self.rest.pop(0))
        return data


@pytest.mark.parametrize("pieces", [2, 3])
def test_a_file_that_grows_while_it_is_read_is_read_once_more(
    tmp_path: Path, inspector: Inspector, monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    whole = pictures.encoded(pictures.noise(), "PNG")
    step = -(-len(whole) // pieces)
    first, *_Writing.rest = (whole[start : start + step] for start in range(0, len(whole), step))
    given = kept(tmp_path, first)
    _Writing.path = Path(given.location)
    monkeypatch.setattr("pixverse_gui.core.file_reading.OpenedFile", _Writing)
    found = inspector.inspect_file(given)
    assert codes(found) == ([] if pieces == 2 else [_C.CUT_OFF])
    assert found.facts is not None
    read = whole if pieces == 2 else whole[: 2 * step]
    assert found.facts.sha256 == hashlib.sha256(read).hexdigest()
    assert found.facts.byte_size == len(read)


def test_a_file_that_grew_beyond_all_measure_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pictures.png()
    _Writing.rest = [bytes(5_000)]
    given = kept(tmp_path, data)
    _Writing.path = Path(given.location)
    monkeypatch.setattr("pixverse_gui.core.file_reading.OpenedFile", _Writing)
    found = Inspector(Limits(max_file_bytes=1_000, warn_file_bytes=900)).inspect_file(given)
    assert codes(found) == [_C.TOO_MANY_BYTES]
    assert found.facts is not None
    assert found.facts.sha256 is None


def test_a_read_error_of_the_drive_is_an_issue(
    tmp_path: Path, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(inspection.OpenedFile):
        def read_at(self, offset: int, size: int) -> bytes:
            raise OSError(5, "the drive broke off")

        def read_all(self, most: int) -> bytes:
            raise OSError(5, "the drive broke off")

    given = kept(tmp_path, pictures.png())
    monkeypatch.setattr("pixverse_gui.core.file_reading.OpenedFile", Broken)
    for look in (inspector.read_header, inspector.inspect_file):
        assert codes(look(given)) == [_C.UNREADABLE]


def test_many_threads_inspect_at_once(tmp_path: Path) -> None:
    inspector = Inspector(Limits(decoded_budget_bytes=320 * 240 * 5))
    given = [kept(tmp_path, data, f"{number}{name}") for number in range(8) for name, data in GOOD.items()]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(inspector.inspect_file, given))
    assert [one.issues for one in found] == [()] * len(given)
    assert all(one.thumbnail for one in found)
    assert threading.active_count() < 20


def test_pillows_own_limits_are_left_as_they_are() -> None:
    from PIL import ImageFile

    assert Image.MAX_IMAGE_PIXELS == 1024 * 1024 * 1024 // 4 // 3
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_bytes_without_a_file_have_no_time(inspector: Inspector) -> None:
    found = inspector.inspect_bytes(pictures.png())
    assert found.facts is not None
    assert (found.facts.modified_ns, found.issues) == (None, ())


_EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6)


@given(name=st.sampled_from(sorted(GOOD)), edits=_EDITS, kept_share=st.floats(0.02, 1.2), junk=st.binary(max_size=20))
@settings(max_examples=80)
def test_both_passes_over_any_damaged_picture_agree_and_never_raise(
    name: str, edits: list[tuple[float, int]], kept_share: float, junk: bytes
) -> None:
    data = bytearray(GOOD[name])
    for place, value in edits:
        data[round(place**3 * (len(data) - 1))] = value  # most of them in the head, where sizes and counts stand
    damaged = bytes(data[: round(kept_share * len(data))]) + junk
    with tempfile.TemporaryDirectory() as folder:
        given_source = kept(Path(folder), damaged, name)
        first, second = SHARED.read_header(given_source), SHARED.inspect_file(given_source)
    assert first.facts is not None
    assert second.facts is not None
    assert second.facts.byte_size == len(damaged)
    assert second.facts.sha256 == hashlib.sha256(damaged).hexdigest()
    assert replace(second.facts, sha256=None) == first.facts
    assert all(issue in second.issues for issue in first.issues)
    if damaged == GOOD[name]:
        assert second.issues == ()
    if second.thumbnail is not None:
        assert max(pictures.opened(second.thumbnail).size) <= 144

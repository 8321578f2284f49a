"""WebP through libwebp itself: the same thumbnails as Pillow's, and never the last word."""

from __future__ import annotations

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import IssueCode
from pixverse_gui.core.webp_reader import SmallPicture, WebpReader
from tests.helpers import pictures

LIMITS = Limits()
SIDE = LIMITS.thumbnail_px


class Counted:
    """How often libwebp could read what it was given, and how often not."""

    def __init__(self) -> None:
        self.read_ok, self.refused = 0, 0
        self._reader = WebpReader()

    def read(self, data: bytes, most_px: int) -> SmallPicture | None:
        found = self._reader.read(data, most_px)
        self.read_ok += found is not None
        self.refused += found is None
        return found


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def inspector(counted: Counted) -> Inspector:
    return Inspector(LIMITS, counted.read)


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_thumbnails_are_as_pillow_makes_them(
    inspector: Inspector, counted: Counted, orientation: int, lossless: bool
) -> None:
    data = pictures.encoded(
        pictures.corners((1_600, 1_200)), "WEBP", lossless=lossless, exif=pictures.exif(orientation)
    )
    ours, theirs = inspector.inspect_bytes(data), Inspector(LIMITS).inspect_bytes(data)
    assert (ours.facts, ours.issues) == (theirs.facts, theirs.issues)
    assert ours.thumbnail is not None
    assert theirs.thumbnail is not None
    made, expected = pictures.opened(ours.thumbnail), pictures.opened(theirs.thumbnail)
    assert made.size == expected.size
    assert pictures.corner_colours(made) == pictures.corner_colours(expected)
    assert counted.read_ok == 1


@pytest.mark.parametrize("lossless", [False, True])
def test_what_is_transparent_stays_so(inspector: Inspector, counted: Counted, lossless: bool) -> None:
    data = pictures.encoded(Image.new("RGBA", (2_000, 1_000), (255, 0, 0, 40)), "WEBP", lossless=lossless)
    thumbnail = inspector.inspect_bytes(data).thumbnail
    assert thumbnail is not None
    made = pictures.opened(thumbnail)
    assert (made.format, made.mode, made.size) == ("PNG", "RGBA", (SIDE, SIDE // 2))
    assert made.getchannel("A").getextrema() == (40, 40)
    assert counted.read_ok == 1


@pytest.mark.parametrize("lossless", [False, True])
def test_what_is_hidden_does_not_shine_through_at_the_edges(inspector: Inspector, lossless: bool) -> None:
    """A white disc, and bright green where nothing is seen."""
    cut_out = Image.new("RGBA", (2_000, 2_000), (0, 255, 0, 0))
    ImageDraw.Draw(cut_out).ellipse((200, 200, 1_800, 1_800), (255, 255, 255, 255))
    thumbnail = inspector.inspect_bytes(pictures.encoded(cut_out, "WEBP", lossless=lossless, exact=True)).thumbnail
    assert thumbnail is not None
    seen = Image.new("RGBA", (SIDE, SIDE), "white")
    seen.alpha_composite(pictures.opened(thumbnail))
    assert min(low for low, _ in seen.convert("RGB").getextrema()) >= 248


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (100, 80), (16_000, 2)])
def test_any_shape_is_made_small_and_none_larger(inspector: Inspector, counted: Counted, size: tuple[int, int]) -> None:
    data = pictures.webp(size)
    ours, theirs = inspector.inspect_bytes(data).thumbnail, Inspector(LIMITS).inspect_bytes(data).thumbnail
    assert ours is not None
    assert theirs is not None
    assert pictures.opened(ours).size == pictures.opened(theirs).size
    assert counted.read_ok == 1


def test_a_large_one_that_pillow_has_no_memory_for_is_decoded_and_shown() -> None:
    data = pictures.webp((10_000, 10_000), colour=(9, 200, 9))
    found = Inspector(LIMITS, WebpReader().read).inspect_bytes(data)
    assert [issue.code for issue in found.issues] == [IssueCode.LARGE_SIDE]
    assert found.thumbnail is not None
    assert pictures.opened(found.thumbnail).size == (SIDE, SIDE)
    assert Inspector(LIMITS).inspect_bytes(data).thumbnail is None


def test_what_moves_is_left_to_pillow_as_its_first_frame_counts(inspector: Inspector, counted: Counted) -> None:
    found = inspector.inspect_bytes(pictures.animated_webp())
    assert [issue.code for issue in found.issues] == [IssueCode.ANIMATED]
    assert found.thumbnail is not None
    assert counted.read_ok + counted.refused == 0


@pytest.mark.parametrize(
    "data",
    [
        pictures.webp_claiming(900, 900),
        pictures.webp_of(pictures.webp_chunk(b"VP8 ", pictures.encoded(pictures.noise(), "WEBP")[20:2_000])),
        pictures.webp_of(pictures.webp_chunk(b"VP8 ", b"\x00" * 3 + b"\x9d\x01\x2a\x10\x00\x10\x00")),
    ],
    ids=["a larger canvas", "half of the pixels", "no pixels"],
)
def test_what_is_damaged_is_judged_as_pillow_judges_it(inspector: Inspector, data: bytes) -> None:
    ours, theirs = inspector.inspect_bytes(data), Inspector(LIMITS).inspect_bytes(data)
    assert (ours.issues, ours.thumbnail) == (theirs.issues, theirs.thumbnail)
    assert [issue.code for issue in ours.issues] == [IssueCode.UNREADABLE]


def test_where_libwebp_cannot_read_it_pillow_does() -> None:
    found = Inspector(LIMITS, lambda _data, _most: None).inspect_bytes(pictures.webp((300, 200)))
    assert found.thumbnail is not None
    assert pictures.opened(found.thumbnail).size == (SIDE, 96)


def test_flipped_bytes_are_judged_alike_and_say_nothing_aloud(
    inspector: Inspector, counted: Counted, capfd: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(7)
    whole = pictures.encoded(pictures.noise((96, 64)), "WEBP", lossless=True)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        ours, theirs = inspector.inspect_bytes(bytes(data)), Inspector(LIMITS).inspect_bytes(bytes(data))
        assert (ours.facts, ours.issues) == (theirs.facts, theirs.issues)
        assert (ours.thumbnail is None) == (theirs.thumbnail is None)
    assert min(counted.read_ok, counted.refused) > 0
    assert capfd.readouterr() == ("", "")


def test_many_threads_read_at_once(inspector: Inspector, counted: Counted) -> None:
    given = [pictures.encoded(pictures.corners((800 + 8 * number, 600)), "WEBP") for number in range(24)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(inspector.inspect_bytes, given))
    assert all(one.thumbnail and not one.issues for one in found)
    assert [one.facts.width for one in found if one.facts] == [800 + 8 * number for number in range(24)]


@pytest.mark.parametrize("module", ["_ctypes", "PIL.Image", "PIL.not_there", "sys"])
def test_where_libwebp_cannot_be_called_it_reads_nothing(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """As on Windows, where it is built into Pillow's module; or no library at all, no module, no file."""
    monkeypatch.setattr("pixverse_gui.core.webp_reader.find_spec", lambda _: find_spec(module))
    assert WebpReader().read(pictures.webp(), 100) is None


def test_a_libwebp_of_another_interface_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pixverse_gui.core.webp_reader._INTERFACE", 0x0309)
    assert WebpReader().read(pictures.webp(), 100) is None


def test_a_photograph_is_never_in_memory_as_a_whole() -> None:
    data = pictures.webp((8_000, 6_000))
    run = subprocess.run(
        [sys.executable, "-c", _PEAK],
        input=data,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=60,
        check=False,
    )
    size, *more_kib = run.stdout.split()
    assert (size, run.stderr) == (b"288x216", b"")
    assert int(more_kib[0]) < 20_000  # its pixels would be 187,500
    assert int(more_kib[1]) > 40_000  # and what is held as a whole is seen here


_PEAK = """
import sys
from pathlib import Path
from pixverse_gui.core.webp_reader import WebpReader
from tests.helpers import pictures

def kib(what):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))

def peak(work):
    Path("/proc/self/clear_refs").write_text("5")  # or the peak of whoever started this would count
    before = kib("VmRSS")
    return work(), kib("VmHWM") - before

reader, data = WebpReader(), sys.stdin.buffer.read()
assert reader.read(pictures.webp((64, 64)), 32) is not None
found, scaled = peak(lambda: reader.read(data, 288))
whole, held = peak(lambda: reader.read(pictures.webp((4_000, 3_000)), 4_000))
print("%dx%d" % found.size, scaled, held)
"""

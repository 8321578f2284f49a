"""Small pictures for rows: the newest wish first, none twice, and those that are not there."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from pixverse_gui.background.tasks import Tasks
from pixverse_gui.core.black_bars import black_bars
from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Glance
from pixverse_gui.ui.thumbnail_store import ThumbnailStore, glance_key
from tests.helpers import pictures
from tests.helpers.log_guard import LogGuard


def png(colour: str = "red") -> bytes:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class Cache:
    """What the store reads from, on its worker; `gate` holds it up."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def load(self, sha256: str) -> bytes | None:
        self.gate.wait(10)
        self.asked.append(sha256)
        return self.pictures.get(sha256)


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture
def store(cache: Cache, qtbot: QtBot) -> Iterator[ThumbnailStore]:
    tasks = Tasks()
    yield ThumbnailStore(cache.load, tasks, tasks)
    cache.gate.set()
    assert tasks.close(5)
    tasks.deleteLater()


def settle(store: ThumbnailStore, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: store._tasks.is_idle)


def test_a_picture_arrives_and_stays(store: ThumbnailStore, cache: Cache, qtbot: QtBot) -> None:
    cache.pictures["a"] = png("blue")
    with qtbot.waitSignal(store.arrived) as arrived:
        assert store.pixmap("a") is None
    assert arrived.args == [{"a"}]
    pixmap = store.pixmap("a")
    assert pixmap is not None
    assert pixmap.toImage().pixelColor(1, 1) == QColor("blue")
    assert cache.asked == ["a"]


def test_the_newest_wish_is_answered_first(store: ThumbnailStore, cache: Cache, qtbot: QtBot) -> None:
    names = [f"{number:02}" for number in range(30)]
    cache.pictures = dict.fromkeys(names, png())
    cache.gate.clear()
    for name in names:
        store.pixmap(name)
    store.pixmap("05")  # scrolled back to
    cache.gate.set()
    settle(store, qtbot)
    assert cache.asked == ["00", "05", *(name for name in reversed(names) if name not in {"00", "05"})]


def test_a_picture_that_is_not_there_is_not_asked_for_again(store: ThumbnailStore, cache: Cache, qtbot: QtBot) -> None:
    cache.pictures["damaged"] = b"not a picture"
    for _ in range(3):
        assert store.pixmap("missing") is None
        assert store.pixmap("damaged") is None
        settle(store, qtbot)
    assert sorted(cache.asked) == ["damaged", "missing"]


def test_only_those_that_are_there_are_told(store: ThumbnailStore, cache: Cache, qtbot: QtBot) -> None:
    told: list[set[str]] = []
    store.arrived.connect(told.append)
    cache.pictures["here"] = png()
    cache.gate.clear()
    for name in ("first", "gone", "here"):
        store.pixmap(name)
    cache.gate.set()
    settle(store, qtbot)
    assert told == [{"here"}]


def test_a_cache_that_fails_costs_only_its_pictures(
    cache: Cache, store: ThumbnailStore, qtbot: QtBot, log_guard: LogGuard
) -> None:
    log_guard.expect("A background task failed unexpectedly")
    whole = store._load

    def broken(_: str) -> bytes | None:
        raise ZeroDivisionError

    store._load = broken
    assert store.pixmap("a") is None
    settle(store, qtbot)
    store._load = whole
    cache.pictures["b"] = png()
    with qtbot.waitSignal(store.arrived):
        store.pixmap("b")


def test_memory_is_bounded_and_what_was_painted_last_is_kept(store: ThumbnailStore, cache: Cache, qtbot: QtBot) -> None:
    names = [str(number) for number in range(1001)]
    picture = png()
    cache.pictures = dict.fromkeys(names, picture)
    for name in names[:1000]:
        store.pixmap(name)
    settle(store, qtbot)
    assert store.pixmap("0") is not None
    with qtbot.waitSignal(store.arrived):
        store.pixmap(names[1000])
    assert len(store._pixmaps) == 1000
    assert "0" in store._pixmaps


def test_a_glance_is_there_before_the_file_is_known_and_needs_no_cache(
    store: ThumbnailStore, cache: Cache, qtbot: QtBot
) -> None:
    assert store.glance(7) is None
    with qtbot.waitSignal(store.arrived) as arrived:
        store.take_glances({7: Glance(png("blue"), 1), 8: Glance(b"junk", 6)})
    assert arrived.args == [{glance_key(7)}]
    pixmap = store.glance(7)
    assert pixmap is not None
    assert pixmap.toImage().pixelColor(1, 1) == QColor("blue")
    assert (store.glance(8), cache.asked) == (None, [])


def test_a_glance_is_of_the_file_as_it_was_found_first(store: ThumbnailStore, qtbot: QtBot) -> None:
    with qtbot.waitSignal(store.arrived):
        store.take_glances({7: Glance(png("blue"), 1), 8: Glance(png("red"), 1)})
    for sha256 in (None, "first", None, "first"):
        assert store.glance(7, sha256) is not None
    assert store.glance(7, "changed") is None
    assert store.glance(8, "changed") is not None


def test_a_glance_stays_where_the_cache_has_lost_the_picture(store: ThumbnailStore, qtbot: QtBot) -> None:
    """A full disk takes no thumbnails."""
    with qtbot.waitSignal(store.arrived):
        store.take_glances({7: Glance(png("blue"), 1)})
    store.pixmap("first")
    settle(store, qtbot)
    assert store.glance(7, "first") is not None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_glance_is_turned_as_the_thumbnail_will_be(store: ThumbnailStore, qtbot: QtBot, orientation: int) -> None:
    stored = pictures.encoded(pictures.corners((160, 120)), "JPEG", exif=pictures.exif(orientation))
    thumbnail = Inspector(Limits()).inspect_bytes(stored).thumbnail
    assert thumbnail is not None
    expected = QImage.fromData(thumbnail)
    with qtbot.waitSignal(store.arrived):
        store.take_glances({7: Glance(stored, orientation)})
    pixmap = store.glance(7)
    assert pixmap is not None
    assert (pixmap.width() > pixmap.height()) == (expected.width() > expected.height())
    assert four_corners(pixmap.toImage()) == four_corners(expected)


def test_a_glance_between_black_bars_is_without_them(store: ThumbnailStore, qtbot: QtBot) -> None:
    bars = black_bars((160, 120), (6_000, 4_000))
    barred, unbarred = (
        pictures.encoded(pictures.barred(pictures.corners(), bar), "JPEG", quality=90) for bar in (0, (90, 90, 90))
    )
    with qtbot.waitSignal(store.arrived) as arrived:
        store.take_glances({7: Glance(barred, 6, bars), 8: Glance(unbarred, 6, bars), 9: Glance(png("blue"), 6, bars)})
    assert arrived.args == [{glance_key(7)}]
    pixmap = store.glance(7)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (104, 156)
    turned = pictures.opened(barred).crop((0, 7, 160, 113)).transpose(Image.Transpose.ROTATE_270)
    assert four_corners(pixmap.toImage()) == [
        tuple(part > 127 for part in colour) for colour in pictures.corner_colours(turned)
    ]


def four_corners(image: QImage) -> list[tuple[bool, bool, bool]]:
    right, bottom = image.width() * 3 // 4, image.height() * 3 // 4
    left, top = image.width() // 4, image.height() // 4
    colours = [image.pixelColor(x, y) for y in (top, bottom) for x in (left, right)]
    return [(one.red() > 127, one.green() > 127, one.blue() > 127) for one in colours]

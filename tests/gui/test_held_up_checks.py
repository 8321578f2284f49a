"""Inspections whose worker does not come back: drives that are silent, and links whose server has no name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pixverse_gui.core.checking import CheckOptions, SourceChecker
from pixverse_gui.core.drives import drive_of
from pixverse_gui.core.heavy_imports import HeavyImports
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Inspection, IssueCode, Source, SourceKind, UploadState
from pixverse_gui.core.read_watch import ReadWatch
from pixverse_gui.core.thumbnail_cache import ThumbnailCache
from pixverse_gui.ui.row_actions import RowAction
from pixverse_gui.ui.row_content import content_of
from tests.helpers import pictures
from tests.helpers.engines import QUICK, World, open_world
from tests.helpers.fake_service import FakeChecker
from tests.helpers.silent_drive import silent_drive
from tests.helpers.windows import open_window

IMPATIENT = replace(QUICK, drive_notice_s=0.1, drive_timeout_s=0.4, preview_timeout_s=0.3)
LINK = Source(SourceKind.LINK, "https://pictures.example.com/a.png", "a.png")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ThumbnailCache]:
    with closing(ThumbnailCache(tmp_path / "thumbnails.sqlite", Limits())) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot, cache: ThumbnailCache) -> Iterator[World]:
    with open_world(tmp_path, qtbot, limits=IMPATIENT) as made:
        check_really(made, cache)
        yield made


def check_really(world: World, cache: ThumbnailCache) -> None:
    """Through the real passes, which open files and look names up."""
    world.engine.staging._inspecting = SourceChecker(world.engine.limits, cache, CheckOptions, HeavyImports())


def real_files(world: World, *names: str) -> list[Source]:
    sources = world.files(*names)
    for number, source in enumerate(sources):
        Path(source.location).write_bytes(pictures.png((20 + number, 10)))
    return sources


def codes(world: World, label: str) -> list[IssueCode]:
    return [issue.code for issue in world.row(label).issues]


def test_silent_files_hold_nobody_up_and_are_blocked_with_a_reason(world: World) -> None:
    silent = ("silent1.png", "silent2.png", "silent3.png")
    with silent_drive():
        world.stage(real_files(world, *silent, *(f"good{number}.png" for number in range(5))))
        assert [codes(world, name) for name in silent] == [[IssueCode.DRIVE_SILENT]] * 3
        assert {name: state for name, state in world.states().items() if name not in silent} == dict.fromkeys(
            (f"good{number}.png" for number in range(5)), "ready"
        )
        assert {world.states()[name] for name in silent} == {UploadState.BLOCKED}


def test_a_row_that_was_not_checked_can_be_checked_again_once_its_drive_is_back(world: World) -> None:
    with silent_drive():
        world.stage(real_files(world, "silent.png"))
    world.engine.staging.check_again(world.row("silent.png").key)
    world.wait(lambda: world.row("silent.png").state is UploadState.READY)
    assert codes(world, "silent.png") == []
    facts = world.row("silent.png").facts
    assert facts is not None
    assert facts.sha256 is not None


def test_what_a_worker_finds_after_it_was_given_up_changes_nothing(world: World) -> None:
    with silent_drive():
        world.stage(real_files(world, "silent.png"))
        row = world.row("silent.png")
        assert world.has_held_up_workers()
    world.wait(lambda: not world.has_held_up_workers())
    assert world.row("silent.png") == row


def test_each_file_of_a_silent_drive_holds_up_no_worker_of_its_own(
    tmp_path: Path, qtbot: QtBot, cache: ThumbnailCache
) -> None:
    def only_pictures(path: str) -> str | None:
        return "network drive" if Path(path).parent.name == "pictures" else drive_of(path)

    with open_world(tmp_path, qtbot, limits=IMPATIENT, drives=only_pictures) as world:
        check_really(world, cache)
        names = [f"silent{number:03}.png" for number in range(100)]
        with silent_drive() as drive:
            world.stage(real_files(world, *names))
            assert set(world.states().values()) == {UploadState.BLOCKED}
            assert len(drive.opened) == 2
        world.engine.drives.forgive()
        world.engine.staging.check_again(world.row(names[7]).key)
        world.wait(lambda: world.row(names[7]).state is UploadState.READY)


class SlowChecker(FakeChecker):
    """Has read the file at once, and then takes its time, as a large picture on a slow computer does."""

    def __init__(self) -> None:
        super().__init__()
        self.is_decoded = threading.Event()

    def inspect(self, source: Source, watch: ReadWatch) -> Inspection:
        if source.label.startswith("large"):
            with watch.reading(source.location):
                Path(source.location).read_bytes()
            self.is_decoded.wait(60)
        elif source.label.startswith("silent"):
            with watch.reading(source.location):
                self.is_decoded.wait(60)
        return super().inspect(source, watch)


def test_a_large_picture_on_a_slow_computer_may_take_its_time(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, limits=IMPATIENT) as world:
        slow = world.engine.staging._inspecting = SlowChecker()
        world.engine.staging.stage(world.files("large.png", "silent.png"))
        world.wait(lambda: world.engine.rows.counts().blocked == 1)
        assert world.states() == {"large.png": "checking", "silent.png": "blocked"}
        slow.is_decoded.set()
        world.wait(lambda: world.states()["large.png"] is UploadState.READY)


def test_a_row_says_that_its_drive_does_not_answer_yet_and_offers_another_check(
    tmp_path: Path, qtbot: QtBot, cache: ThumbnailCache
) -> None:
    with open_window(tmp_path, qtbot, limits=replace(IMPATIENT, drive_timeout_s=1.0)) as shown:
        check_really(shown.world, cache)

        def note() -> str:
            rows = shown.engine.rows.uploads()
            return content_of(rows[0], shown.desk.live(rows[0].key)).note if rows else ""

        with silent_drive():
            shown.engine.staging.stage(real_files(shown.world, "silent.png"))
            shown.world.wait(lambda: note() == "The drive does not answer yet")
            heard = shown.panel.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
            assert heard == "silent.png, checking, the drive does not answer yet"
            shown.world.wait(lambda: shown.engine.rows.counts().blocked == 1)
            assert note() == "The drive with this file does not answer: see to it, then press Check again"
        shown.select("silent.png")
        shown.panel.row_actions.trigger(RowAction.CHECK_AGAIN)
        shown.world.wait(lambda: shown.engine.rows.counts().ready == 1)
        assert note() == ""


def test_a_link_is_ready_in_time_though_its_name_is_still_being_looked_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_found = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        is_found.wait(60)
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    links = [replace(LINK, location=f"{LINK.location}?{number}") for number in range(6)]
    world.stage(links)  # more than there are workers
    rows = world.engine.rows.uploads()
    assert {row.state for row in rows} == {UploadState.READY}
    assert [[(issue.code, issue.params) for issue in row.issues] for row in rows] == [
        [(IssueCode.PREVIEW_FAILED, {"reason": "timeout"})]
    ] * 6
    assert world.has_held_up_workers()
    is_found.set()
    world.wait(lambda: not world.has_held_up_workers())
    assert world.engine.rows.uploads() == rows

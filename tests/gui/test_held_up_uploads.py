"""Attempts whose worker does not come back: a drive that is silent, a name look-up that hangs, no thread at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.background.tasks import POOL_SIZES, Pool
from pixverse_gui.core.models import Source, SourceKind, UploadState
from pixverse_gui.ui.progress_content import ProgressButton
from pixverse_gui.ui.row_content import content_of
from tests.helpers.engines import QUICK, World, open_world
from tests.helpers.silent_drive import silent_drive
from tests.helpers.windows import open_window

IMPATIENT = replace(QUICK, drive_notice_s=0.1, drive_timeout_s=0.4, cancel_grace_s=0.05)
SILENT = ("silent1.png", "silent2.png", "silent3.png")


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(tmp_path, qtbot, limits=IMPATIENT) as made:
        yield made


def test_rows_on_a_silent_drive_fail_with_a_reason_and_the_others_go_on(world: World) -> None:
    world.stage(world.files(*SILENT, "good1.png", "good2.png"))
    with silent_drive():
        world.upload_all()
        assert world.states() == {**dict.fromkeys(SILENT, "failed"), "good1.png": "done", "good2.png": "done"}
        error = world.row("silent1.png").error
        assert error is not None
        assert (error.code, error.params) == ("drive_silent", {"reason": "drive"})
        assert not world.row("silent1.png").may_have_second_copy


def test_once_the_drive_answers_again_retry_sends_what_failed(world: World) -> None:
    world.stage(world.files(*SILENT))
    with silent_drive():
        world.upload_all()
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.retry([row.key for row in world.engine.rows.uploads()])
    assert set(world.states().values()) == {UploadState.DONE}
    assert sorted(world.service.sent) == sorted(SILENT)


def test_a_worker_that_comes_back_too_late_sends_nothing(world: World) -> None:
    world.stage(world.files("silent.png"))
    with silent_drive():
        world.upload_all()
        assert world.has_held_up_workers()
    world.wait(lambda: not world.has_held_up_workers())
    assert world.service.sent == []
    assert world.states() == {"silent.png": "failed"}


def test_more_rows_than_threads_on_a_silent_drive_leave_threads_for_the_others(world: World) -> None:
    names = [f"silent{number}.png" for number in range(POOL_SIZES[Pool.UPLOADS] + 2)]
    world.engine.preferences.update(uploads_at_once=6)
    world.stage(world.files(*names, "good.png"))
    with silent_drive() as drive:
        world.upload_all()
        assert world.states() == {**dict.fromkeys(names, "failed"), "good.png": "done"}
        assert sorted(drive.opened) == names


def test_what_lies_on_a_drive_that_is_known_to_be_silent_is_not_even_tried(tmp_path: Path, qtbot: QtBot) -> None:
    def drive_of(path: str) -> str | None:
        return "network drive" if Path(path).parent.name == "pictures" else None

    names = [f"silent{number:02}.png" for number in range(20)]
    with open_world(tmp_path, qtbot, limits=IMPATIENT, drives=drive_of) as world:
        (tmp_path / "good.png").write_text("good.png")
        world.stage([*world.files(*names), Source(SourceKind.FILE, str(tmp_path / "good.png"), "good.png")])
        with silent_drive() as drive:
            world.upload_all()
            assert world.states() == {**dict.fromkeys(names, "failed"), "good.png": "done"}
            assert len(drive.opened) == 3


def test_a_row_says_that_its_drive_does_not_answer_yet(tmp_path: Path, qtbot: QtBot) -> None:
    patient = replace(IMPATIENT, drive_timeout_s=30.0)
    with open_window(tmp_path, qtbot, limits=patient) as shown, silent_drive():
        shown.world.stage(shown.world.files("silent.png"))
        shown.press(ProgressButton.UPLOAD)

        def note() -> str:
            row = shown.world.row("silent.png")
            return content_of(row, shown.desk.live(row.key)).note

        shown.world.wait(lambda: note() == "The drive does not answer yet")
        shown.engine.queue.stop()


def test_six_workers_that_cannot_be_reached_leave_threads_for_the_next_rows(world: World) -> None:
    names = [f"deaf{number}.png" for number in range(POOL_SIZES[Pool.UPLOADS])]
    world.engine.preferences.update(uploads_at_once=6)
    world.stage(world.files(*names))
    world.service.hold()
    world.service.is_deaf = True
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == len(names))
    world.engine.queue.cancel([row.key for row in world.engine.rows.uploads()])
    world.wait(lambda: not len(world.engine.flights))
    assert [payload.data for payload in world.service.payloads] == [b""] * len(names)
    world.stage(world.files("good.png"))
    world.engine.queue.start([world.row("good.png").key])
    world.wait(lambda: "good.png" in world.service.sent)
    world.service.release()
    world.wait(lambda: set(world.states().values()) == {UploadState.DONE})


def test_a_name_look_up_without_an_end_is_as_if_nobody_could_be_reached(tmp_path: Path, qtbot: QtBot) -> None:
    limits = replace(IMPATIENT, stall_timeout_s=0.2, unreachable_delays_s=(60.0,))
    with open_world(tmp_path, qtbot, limits=limits) as world:
        link = Source(SourceKind.LINK, "https://example.com/b.png", "b.png")
        world.stage([*world.files("a.png"), link])
        world.service.hold()
        world.service.is_deaf = True
        world.engine.queue.start()
        world.wait(lambda: world.engine.queue.phase is Phase.HELD and not len(world.engine.flights))
        assert world.engine.queue.reason is Reason.OFFLINE
        assert set(world.states().values()) == {UploadState.WAITING}
        world.service.release()  # both ids arrive after all
        world.wait(lambda: set(world.states().values()) == {UploadState.DONE})


def test_a_row_whose_worker_never_begins_does_not_sit_there_for_ever(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, limits=replace(IMPATIENT, begin_timeout_s=0.2)) as world:
        gate, ended = threading.Event(), list[object]()
        for _ in range(POOL_SIZES[Pool.UPLOADS]):
            world.tasks.run(Pool.UPLOADS, lambda: gate.wait(60), done=ended.append, failed=ended.append)
        world.stage(world.files("a.png"))
        world.upload_all()
        assert world.states() == {"a.png": "failed"}
        assert len(world.row("a.png").attempts) == 3
        gate.set()
        world.wait(lambda: len(ended) == POOL_SIZES[Pool.UPLOADS])
        assert world.service.sent == []
        with qtbot.waitSignal(world.engine.queue.run_ended):
            world.engine.queue.retry([world.row("a.png").key])
        assert world.states() == {"a.png": "done"}

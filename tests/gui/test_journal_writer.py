"""Commits that fail: nothing turns green, nothing is lost, and everything is on disk in the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core.errors import StorageError, WriteError
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.models import UploadState
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import QUICK, World, open_world
from tests.helpers.log_guard import LogGuard


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(tmp_path, qtbot) as made:
        yield made


def rows_on_disk(world: World) -> dict[str, UploadState]:
    """Every row of the journal as it is saved now, whatever its state."""
    found: list[dict[str, UploadState]] = []

    def read(journal: Journal) -> dict[str, UploadState]:
        with journal._database.reading() as connection:
            return {label: UploadState(state) for label, state in connection.execute("SELECT label, state FROM upload")}

    world.engine.writer.run(read, done=found.append, failed=lambda error: pytest.fail(repr(error)))
    world.wait(lambda: bool(found))
    return found[0]


def test_an_id_that_is_not_on_disk_does_not_turn_its_row_green(world: World) -> None:
    world.stage(world.files("a.png"))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: world.service.sent == ["a.png"])
    key = world.row("a.png").key
    with broken_disk(world):
        world.service.release()
        world.wait(lambda: world.engine.writer.problem is not None)
        assert world.row("a.png").state is UploadState.UPLOADING
        assert rows_on_disk(world) == {"a.png": UploadState.UPLOADING}
        unsaved = world.engine.flights.unsaved(key)
        assert unsaved is not None
        assert unsaved.img_id == world.service.ids["a.png"]
        assert world.engine.flights.unsaved_ids() == (world.service.ids["a.png"],)
    world.wait(lambda: world.row("a.png").state is UploadState.DONE)
    assert world.on_disk()["a.png"].img_id == world.service.ids["a.png"]
    assert world.engine.flights.unsaved_ids() == ()
    assert world.engine.writer.problem is None


def test_the_queue_pauses_while_nothing_can_be_saved_and_goes_on_by_itself(world: World) -> None:
    world.stage(world.files(*(f"{number}.png" for number in range(8))))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 3)
    with world.qtbot.waitSignal(world.engine.queue.run_ended), broken_disk(world):
        world.service.release()
        world.wait(lambda: len(world.engine.flights.unsaved_ids()) == 3)
        world.wait(lambda: world.engine.writer.problem is not None)
        assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.PAUSED, Reason.STORAGE)
        assert len(world.service.sent) == 3
    assert {label: row.img_id for label, row in world.on_disk().items()} == world.service.ids
    assert len(world.service.sent) == 8


def test_a_pause_of_the_operator_outlasts_trouble_with_the_disk(world: World) -> None:
    world.stage(world.files(*(f"{number}.png" for number in range(5))))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 3)
    world.engine.queue.pause()
    with broken_disk(world):
        world.service.release()
        world.wait(lambda: world.engine.writer.problem is not None)
    world.wait(lambda: world.engine.rows.counts().done == 3)
    assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.PAUSED, Reason.OPERATOR)
    assert len(world.service.sent) == 3


def test_nothing_is_sent_while_uploading_is_not_on_disk(world: World) -> None:
    world.stage(world.files("a.png", "b.png"))
    world.wait(lambda: world.engine.writer.is_idle)
    with world.qtbot.waitSignal(world.engine.queue.run_ended), broken_disk(world):
        with world.qtbot.waitSignals([world.engine.writer.saving_failed] * 3):
            world.engine.queue.start()
        assert world.service.sent == []
        assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.PAUSED, Reason.STORAGE)
    assert sorted(world.service.sent) == ["a.png", "b.png"]
    assert set(world.states().values()) == {UploadState.DONE}


def test_a_row_that_waits_for_the_disk_can_still_be_taken_back(world: World) -> None:
    world.stage(world.files("a.png"))
    world.wait(lambda: world.engine.writer.is_idle)
    key = world.row("a.png").key
    with broken_disk(world):
        with world.qtbot.waitSignal(world.engine.writer.saving_failed):
            world.engine.queue.start()
        world.engine.queue.cancel([key])
        world.wait(lambda: world.row("a.png").state is UploadState.READY)
    world.wait(lambda: world.engine.writer.is_idle)
    assert world.service.sent == []
    assert rows_on_disk(world) == {"a.png": UploadState.READY}


def test_retry_now_does_not_wait_for_the_next_try(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, limits=replace(QUICK, save_retry_s=3600.0)) as world:
        world.stage(world.files("a.png"))
        world.wait(lambda: world.engine.writer.is_idle)
        row = world.row("a.png")
        with broken_disk(world), qtbot.waitSignal(world.engine.writer.saving_failed):
            world.engine.writer.save([row.moved_to(UploadState.CHECKING)])
        with qtbot.waitSignal(world.engine.writer.saving_recovered):
            world.engine.writer.retry_now()
        assert rows_on_disk(world) == {"a.png": UploadState.CHECKING}


def test_a_newer_value_given_while_saving_fails_is_the_one_that_is_kept(world: World) -> None:
    world.stage(world.files("a.png"))
    world.wait(lambda: world.engine.writer.is_idle)
    row = world.row("a.png")
    held: list[UploadState] = []
    writer = world.engine.writer
    with world.qtbot.waitSignal(writer.saving_recovered), broken_disk(world):
        with world.qtbot.waitSignal(writer.saving_failed) as failed:
            writer.save([row.moved_to(UploadState.CHECKING)], then=lambda: held.append(UploadState.CHECKING))
        writer.save([row.moved_to(UploadState.WAITING)], then=lambda: held.append(UploadState.WAITING))
        assert isinstance(failed.args[0], WriteError)
        assert failed.args[0].params == {"reason": "read_only"}
        assert not writer.is_idle
        assert held == []
    world.wait(lambda: writer.is_idle)
    assert rows_on_disk(world) == {"a.png": UploadState.WAITING}
    assert held == [UploadState.CHECKING, UploadState.WAITING]


def test_rows_given_while_the_worker_is_busy_share_one_commit(world: World) -> None:
    world.stage(world.files("a.png", "b.png", "c.png"))
    world.wait(lambda: world.engine.writer.is_idle)
    statements: list[str] = []
    gate, writer, rows = threading.Event(), world.engine.writer, world.engine.rows.uploads()

    def watch(journal: Journal) -> None:
        with journal._database.reading() as connection:
            connection.set_trace_callback(statements.append)
        gate.wait(10)

    writer.run(watch, done=lambda _: None, failed=lambda error: pytest.fail(repr(error)))
    for row in rows:
        writer.save([row.moved_to(UploadState.CHECKING)])
    gate.set()
    world.wait(lambda: writer.is_idle)
    assert statements.count("COMMIT") == 2  # the first row was on its way already, the other two went together
    assert set(rows_on_disk(world).values()) == {UploadState.CHECKING}


def test_what_is_asked_before_the_file_is_open_follows_when_it_is(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, opened=False) as world:
        world.engine.staging.stage(world.files("a.png"))
        assert len(world.engine.rows) == 0
        world.open()
        world.wait(lambda: world.states() == {"a.png": "ready"})


def test_where_no_file_can_be_opened_questions_fail(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as first, open_world(tmp_path, qtbot, opened=False) as second:
        errors: list[Exception] = []
        with qtbot.waitSignal(second.engine.journal_failed):
            second.engine.open_journal()
        second.engine.writer.run(lambda journal: journal.back_up(), done=lambda _: None, failed=errors.append)
        assert [type(error) for error in errors] == [StorageError]
        first.wait(lambda: first.engine.writer.is_idle)


def test_a_stale_row_is_refused_and_the_log_says_so(world: World, log_guard: LogGuard) -> None:
    world.stage(world.files("a.png"))
    ready = world.row("a.png")
    world.upload_all()
    log_guard.expect(f"WARNING .*Row {ready.key} was to be saved without the id")
    world.engine.writer.save([ready])
    assert world.on_disk()["a.png"].img_id == world.service.ids["a.png"]


def test_one_who_raises_when_told_keeps_nobody_else_from_being_told(world: World) -> None:
    """Rows that are saved turn green, and rows given meanwhile are saved, whatever goes wrong beside them."""
    world.stage(world.files("a.png", "b.png"))
    world.wait(lambda: world.engine.writer.is_idle)
    writer, told = world.engine.writer, list[str]()
    rows = world.engine.rows.uploads()

    def fail() -> None:
        told.append("failed")
        raise ZeroDivisionError

    with world.qtbot.captureExceptions() as caught:
        writer.save([rows[0]])  # on its way; what follows goes together, behind it
        writer.save([], then=fail)
        writer.save([], then=lambda: told.append("second"))
        writer.save([], then=fail)
        writer.save([], then=lambda: writer.save([rows[1].moved_to(UploadState.CHECKING)]))
        writer.save([], then=lambda: told.append("last"))
        world.wait(lambda: told == ["failed", "second", "failed", "last"] and writer.is_idle)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError, ZeroDivisionError]
    assert rows_on_disk(world)["b.png"] is UploadState.CHECKING


def test_rows_given_before_one_raises_are_saved(world: World) -> None:
    world.stage(world.files("a.png"))
    world.wait(lambda: world.engine.writer.is_idle)
    row, writer = world.row("a.png"), world.engine.writer

    def fail() -> None:
        raise ZeroDivisionError

    with world.qtbot.captureExceptions() as caught:
        writer.save([row], then=fail)
        writer.save([row.moved_to(UploadState.CHECKING)])
        world.wait(lambda: writer.is_idle)
    assert len(caught) == 1
    assert rows_on_disk(world) == {"a.png": UploadState.CHECKING}

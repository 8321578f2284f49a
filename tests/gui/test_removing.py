"""Rows that are taken out of the list, the way back, and what the next start shows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.errors import ContentRefusedError
from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.removing import Removing
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import QUICK, World, open_world


class Desk:
    """A world, its Removing, and what that said."""

    def __init__(self, world: World) -> None:
        engine = world.engine
        self.world = world
        self.said: list[str] = []
        self._undo: Callable[[], None] | None = None
        self.removing = Removing(
            engine.rows, engine.staging, engine.queue, engine.writer, say=self._say, parent=engine.rows
        )

    def remove(self, *labels: str) -> None:
        self.removing.remove([self.world.row(label) for label in labels])

    def undo(self) -> None:
        assert self._undo is not None
        self._undo()

    def _say(self, text: str, undo: Callable[[], None] | None) -> None:
        self.said.append(text)
        self._undo = undo


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with open_world(tmp_path, qtbot) as world:
        yield Desk(world)


def after_a_restart(desk: Desk, folder: Path, qtbot: QtBot) -> list[str]:
    """Labels of the list as the next start shows it, from a copy of what is on disk now."""
    desk.world.wait(lambda: desk.world.engine.writer.is_idle and desk.world.tasks.is_idle)
    copy = folder / "next"
    (copy / "data").mkdir(parents=True)
    for file in (folder / "data").glob("journal.sqlite*"):
        (copy / "data" / file.name).write_bytes(file.read_bytes())
    with open_world(copy, qtbot) as again:
        return list(again.states())


def test_removed_rows_are_gone_at_the_next_start(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.world.stage(desk.world.files("a.png", "b.png", "c.png"))
    desk.remove("b.png")
    assert desk.said == ["Removed 1 image from this list."]
    assert list(desk.world.states()) == ["a.png", "c.png"]
    assert after_a_restart(desk, tmp_path, qtbot) == ["a.png", "c.png"]


def test_rows_that_came_back_are_there_at_the_next_start(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.world.stage(desk.world.files("a.png", "b.png", "c.png"))
    desk.remove("a.png", "b.png")
    desk.undo()
    assert list(desk.world.states()) == ["a.png", "b.png", "c.png"]
    assert after_a_restart(desk, tmp_path, qtbot) == ["a.png", "b.png", "c.png"]


def test_a_row_that_is_removed_before_its_last_change_is_saved_stays_away(
    desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    world, gate = desk.world, threading.Event()
    world.stage(world.files("a.png", "b.png"))
    world.wait(lambda: world.engine.writer.is_idle)
    row, writer = world.row("b.png"), world.engine.writer
    writer.run(lambda _: gate.wait(10), done=lambda _: None, failed=lambda error: pytest.fail(repr(error)))
    writer.save([world.row("a.png")])  # on its way to the disk
    writer.save([row])  # waits for its turn
    desk.remove("b.png")
    gate.set()
    assert after_a_restart(desk, tmp_path, qtbot) == ["a.png"]


def test_rows_on_their_way_are_never_taken_out(desk: Desk) -> None:
    desk.world.stage(desk.world.files("a.png", "b.png"))
    desk.world.service.hold()
    desk.world.engine.queue.start([desk.world.row("a.png").key])
    desk.world.wait(lambda: bool(desk.world.service.sent))
    desk.removing.clear()
    assert list(desk.world.states()) == ["a.png"]
    desk.remove("a.png")
    assert desk.said == ["Cleared 1 image from this list. Finished ones stay in the History."]
    with desk.world.qtbot.waitSignal(desk.world.engine.queue.run_ended):
        desk.world.service.release()


def test_a_cleared_list_keeps_its_ids_in_the_history(desk: Desk) -> None:
    desk.world.stage(desk.world.files("a.png", "b.png"))
    desk.world.upload_all()
    desk.removing.clear()
    assert len(desk.world.engine.rows) == 0
    assert {row.img_id for row in desk.world.on_disk().values()} == set(desk.world.service.ids.values())


def test_nothing_to_remove_says_nothing(desk: Desk) -> None:
    desk.removing.clear()
    desk.removing.remove([])
    assert desk.said == []


def test_a_row_that_was_waiting_to_follow_does_not_follow_once_it_left(desk: Desk) -> None:
    world = desk.world
    world.checker.gate.clear()
    world.engine.staging.stage(world.files("a.png", "b.png"))
    world.wait(lambda: len(world.engine.rows) == 2)
    world.engine.queue.start()
    desk.remove("b.png")
    with world.qtbot.waitSignal(world.engine.queue.run_ended) as ended:
        world.checker.gate.set()
    assert ended.args[0].done == 1
    assert world.service.sent == ["a.png"]


def test_undo_brings_a_row_back_that_was_being_checked_and_it_is_ready_in_the_end(desk: Desk) -> None:
    world = desk.world
    world.checker.gate.clear()
    world.engine.staging.stage(world.files("a.png", "b.png", "c.png"))
    world.wait(lambda: len(world.engine.rows) == 3)
    desk.remove("a.png", "c.png")
    desk.undo()
    world.checker.gate.set()
    world.wait(lambda: set(world.states().values()) == {UploadState.READY})
    assert list(world.states()) == ["a.png", "b.png", "c.png"]


def take_back(world: World, label: str) -> int:
    """A row that is READY once more while its worker sits in a call that nobody can end."""
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: bool(world.service.sent))
    row = world.row(label)
    flight = world.engine.flights.flight(row.key)
    assert flight is not None
    flight.control.raise_if_cancelled = lambda: None  # type: ignore[method-assign]  # a worker nobody can reach
    world.engine.queue.cancel([row.key])
    world.wait(lambda: world.row(label).state is UploadState.READY and world.engine.writer.is_idle)
    return row.key


@pytest.fixture
def hasty(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """A desk whose rows do not wait for a worker that sits in a call."""
    with open_world(tmp_path, qtbot, limits=replace(QUICK, cancel_grace_s=0.0)) as world:
        yield Desk(world)


def test_undo_brings_a_row_back_with_the_id_that_came_meanwhile(hasty: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    world = hasty.world
    world.stage(world.files("a.png", "b.png"))
    world.engine.preferences.update(uploads_at_once=1)
    take_back(world, "a.png")
    world.engine.queue.stop()
    world.wait(lambda: world.row("b.png").state is UploadState.READY)
    hasty.remove("a.png")
    with qtbot.waitSignal(world.engine.flights.arrived_late):
        world.service.release()
    img_id = world.service.ids["a.png"]
    hasty.undo()
    world.wait(lambda: list(world.states()) == ["a.png", "b.png"])
    assert world.row("a.png").state is UploadState.DONE
    assert world.row("a.png").img_id == img_id
    assert world.on_disk()["a.png"].img_id == img_id
    assert after_a_restart(hasty, tmp_path, qtbot) == ["a.png", "b.png"]


def test_a_removed_row_whose_id_came_late_stays_out_of_the_list(hasty: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    world = hasty.world
    world.stage(world.files("a.png"))
    world.engine.preferences.update(uploads_at_once=1)
    take_back(world, "a.png")
    world.stage(world.files("b.png"))
    hasty.remove("a.png")
    with qtbot.waitSignal(world.engine.flights.arrived_late):
        world.service.release()
    assert after_a_restart(hasty, tmp_path, qtbot) == ["b.png"]


def test_undo_works_while_nothing_can_be_written(desk: Desk) -> None:
    world = desk.world
    world.stage(world.files("sent.png", "new.png"))
    world.service.answers = {"sent.png": [ContentRefusedError()]}
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.start([world.row("sent.png").key])
    world.wait(lambda: world.engine.writer.is_idle)
    with broken_disk(world):
        desk.remove("sent.png", "new.png")
        desk.undo()
        assert list(world.states()) == ["new.png"]
        world.wait(lambda: world.states() == {"sent.png": "failed", "new.png": "ready"})
    world.upload_all()


def test_undo_gives_the_rows_back_though_the_journal_cannot_be_read(desk: Desk) -> None:
    world = desk.world
    world.stage(world.files("a.png"))
    world.service.answers = {"a.png": [ContentRefusedError()]}
    world.upload_all()
    world.wait(lambda: world.tasks.is_idle)
    world.engine.writer.run(lambda journal: journal.close(), done=lambda _: None, failed=lambda _: None)
    desk.remove("a.png")
    desk.undo()
    world.wait(lambda: world.states() == {"a.png": "failed"})


def test_undo_gives_back_a_value_that_is_not_on_disk_yet(desk: Desk) -> None:
    world = desk.world
    world.stage(world.files("a.png"))
    world.service.answers = {"a.png": [ContentRefusedError()]}
    world.upload_all()
    world.wait(lambda: world.engine.writer.is_idle)
    with broken_disk(world):
        world.engine.staging.check_again(world.row("a.png").key)
        world.wait(lambda: world.row("a.png").state is UploadState.READY)
        world.wait(lambda: world.engine.writer.problem is not None)
        desk.remove("a.png")
        desk.undo()
        world.wait(lambda: world.states() == {"a.png": "ready"})

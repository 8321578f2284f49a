"""Rows that are taken out of the list, the way back, and what the next start shows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.removing import Removing
from tests.helpers.engines import World, open_world


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

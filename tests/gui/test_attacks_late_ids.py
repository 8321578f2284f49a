"""Cancel, Stop and Quit at the moment when an id has arrived: it stays, in the list and on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import UploadState
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import QUICK, World, open_world


def cancel(world: World) -> None:
    world.engine.queue.cancel([world.row("a.png").key])


def stop(world: World) -> None:
    world.engine.queue.stop()


def halt(world: World) -> None:
    world.engine.queue.halt()


def let_grace_pass(world: World) -> None:
    passed: list[bool] = []
    QTimer.singleShot(round(3000 * QUICK.cancel_grace_s), world.engine, lambda: passed.append(True))
    world.wait(lambda: bool(passed))


@pytest.mark.parametrize("end", [cancel, stop, halt])
def test_an_id_that_is_being_saved_outlives_the_end_of_its_attempt(
    tmp_path: Path, qtbot: QtBot, end: Callable[[World], None]
) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files("a.png"))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: bool(world.service.sent))
        with broken_disk(world):
            world.service.release()
            world.wait(lambda: bool(world.engine.flights.unsaved_ids()))
            end(world)
        let_grace_pass(world)
        world.wait(lambda: world.engine.writer.is_idle)
        assert world.row("a.png").state is UploadState.DONE
        assert world.row("a.png").img_id == world.service.ids["a.png"]
        assert world.on_disk()["a.png"].img_id == world.service.ids["a.png"]

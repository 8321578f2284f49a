"""What is paused stays paused, whatever else is asked for; what is asked for while it is paused is not forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core.errors import ContentRefusedError
from pixverse_gui.core.models import UploadState
from tests.helpers.engines import World, open_world


@pytest.fixture
def left_open(tmp_path: Path, qtbot: QtBot) -> Path:
    """The folder of a program that was closed with one row failed and two waiting."""
    with open_world(tmp_path, qtbot) as world:
        world.service.answers["bad.png"] = [ContentRefusedError()]
        world.stage(world.files("bad.png", "1.png", "2.png"))
        world.engine.queue.start([world.row("bad.png").key])
        world.wait(lambda: world.row("bad.png").state is UploadState.FAILED)
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: len(world.service.sent) == 3)
    return tmp_path


def paused_by_hand(world: World) -> None:
    """Two rows wait, one has failed, nothing is on its way."""
    world.service.answers["bad.png"] = [ContentRefusedError()]
    world.stage(world.files("bad.png", "1.png", "2.png", "3.png", "4.png"))
    world.engine.queue.start([world.row("bad.png").key])
    world.wait(lambda: world.row("bad.png").state is UploadState.FAILED)
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 4)
    world.engine.queue.pause()
    world.service.release()
    world.wait(lambda: not len(world.engine.flights))


def test_one_row_that_is_retried_sends_none_of_those_that_are_only_offered(left_open: Path, qtbot: QtBot) -> None:
    with open_world(left_open, qtbot) as world:
        assert world.engine.queue.reason is Reason.RESTORED
        world.engine.queue.retry([world.row("bad.png").key])
        assert set(world.states().values()) == {UploadState.WAITING}
        assert world.engine.queue.reason is Reason.RESTORED
        assert world.service.sent == []
        with qtbot.waitSignal(world.engine.queue.run_ended):
            world.engine.queue.resume()
        assert set(world.states().values()) == {UploadState.DONE}


def test_one_row_that_is_retried_waits_with_what_the_operator_paused(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        paused_by_hand(world)
        world.engine.queue.retry([world.row("bad.png").key])
        assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.PAUSED, Reason.OPERATOR)
        assert world.row("bad.png").state is UploadState.WAITING
        assert len(world.service.sent) == 4


def test_upload_pressed_while_it_is_paused_sends_everything(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        paused_by_hand(world)
        world.stage(world.files("new.png"))
        with qtbot.waitSignal(world.engine.queue.run_ended):
            world.engine.queue.start()
        assert world.row("new.png").state is UploadState.DONE
        assert world.engine.rows.counts().done == 5


def test_more_at_once_counts_from_the_moment_it_is_set(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.engine.preferences.update(uploads_at_once=1)
        world.stage(world.files(*(f"{number}.png" for number in range(6))))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: len(world.service.sent) == 1)
        world.engine.preferences.update(uploads_at_once=6)
        world.wait(lambda: len(world.service.sent) == 6)

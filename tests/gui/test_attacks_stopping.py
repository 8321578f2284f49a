"""Upload pressed again while a Stop is still under way."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase, Reason, RunSummary
from pixverse_gui.core.errors import AccountRefusedError
from pixverse_gui.core.models import UploadState
from tests.helpers.engines import World, open_world


def stop_and_start_again(world: World) -> None:
    """Three rows on their way are stopped, the three that waited are sent before those have come back."""
    world.stage(world.files(*(f"{number}.png" for number in range(6))))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 3)
    world.engine.queue.stop()
    assert world.engine.queue.is_stopping
    world.engine.queue.start()
    world.service.release()


def test_what_was_started_after_a_stop_is_retried_as_ever(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.service.answers["4.png"] = [AccountRefusedError(reason="key")]
        stop_and_start_again(world)
        world.wait(lambda: world.engine.queue.phase is Phase.PAUSED)
        assert world.engine.queue.reason is Reason.ACCOUNT
        assert world.states()["4.png"] is UploadState.WAITING


def test_its_end_is_no_stop(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        ends: list[RunSummary] = []
        world.engine.queue.run_ended.connect(ends.append)
        stop_and_start_again(world)
        world.wait(lambda: bool(ends))
        assert not ends[-1].stopped


def test_a_second_upload_with_nothing_to_send_leaves_the_stop_alone(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files("a.png"))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: world.service.sent == ["a.png"])
        world.engine.queue.stop()
        world.engine.queue.start()
        assert world.engine.queue.is_stopping
        world.wait(lambda: world.engine.queue.phase is Phase.IDLE)
        assert world.states() == {"a.png": UploadState.READY}


def test_rows_that_are_still_being_checked_are_new_work_too(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files("a.png"))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: world.service.sent == ["a.png"])
        world.checker.gate.clear()
        world.engine.staging.stage(world.files("b.png"))
        world.wait(lambda: len(world.engine.rows) == 2)
        world.engine.queue.stop()
        world.engine.queue.start()
        assert not world.engine.queue.is_stopping
        world.service.release()
        world.checker.gate.set()
        world.wait(lambda: world.engine.queue.phase is Phase.IDLE)
        assert world.row("b.png").state is UploadState.DONE

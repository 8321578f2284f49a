"""One gate for all: nothing is sent inside the time that the service asked for, whatever else happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core import errors
from pixverse_gui.core.models import UploadState
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import KEY, World, open_world

LONG_S = 3600.0


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(tmp_path, qtbot) as made:
        yield made


def busy(seconds: float) -> errors.RateLimitedError:
    return errors.RateLimitedError(retry_after_s=seconds)


def held(world: World) -> None:
    """One row was told to wait for an hour; another has failed, a third one is ready."""
    world.service.answers = {"bad.png": [errors.ContentRefusedError()], "a.png": [busy(LONG_S)]}
    world.stage(world.files("bad.png", "a.png", "ready.png"))
    world.engine.queue.start([world.row("bad.png").key])
    world.wait(lambda: world.row("bad.png").state is UploadState.FAILED)
    world.engine.queue.start([world.row("a.png").key])
    world.wait(lambda: world.engine.queue.phase is Phase.HELD)
    assert world.service.sent == ["bad.png", "a.png"]


def assert_held(world: World) -> None:
    assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.HELD, Reason.BUSY)
    assert world.engine.queue.hold_seconds_left > LONG_S / 2
    assert world.service.sent == ["bad.png", "a.png"]


def test_a_row_that_is_retried_waits_for_the_gate(world: World) -> None:
    held(world)
    world.engine.queue.retry([world.row("bad.png").key])
    assert world.row("bad.png").state is UploadState.WAITING
    assert_held(world)


def test_rows_that_are_sent_as_well_wait_for_the_gate(world: World) -> None:
    held(world)
    world.engine.queue.start()
    assert world.row("ready.png").state is UploadState.WAITING
    assert_held(world)
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.resume()
    assert world.row("ready.png").state is UploadState.DONE


def test_a_disk_that_is_full_for_a_moment_does_not_open_the_gate(world: World) -> None:
    held(world)
    with broken_disk(world):
        world.engine.writer.save([world.row("ready.png")])
        world.wait(lambda: world.engine.queue.reason is Reason.STORAGE)
    world.wait(lambda: world.engine.queue.phase is not Phase.PAUSED)
    assert_held(world)


@pytest.mark.parametrize("order", [(0.05, LONG_S), (LONG_S, 0.05)])
def test_the_longest_time_that_was_asked_for_counts(world: World, order: tuple[float, float]) -> None:
    world.engine.preferences.update(uploads_at_once=2)
    names = ("a.png", "b.png")
    world.service.answers = {name: [busy(seconds)] for name, seconds in zip(names, order, strict=True)}
    world.stage(world.files(*names, "c.png"))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 2)
    world.service.release()
    world.wait(lambda: not len(world.engine.flights))
    assert world.engine.queue.hold_seconds_left > LONG_S / 2
    assert sorted(world.service.sent) == ["a.png", "b.png"]


def test_a_gate_that_closes_while_the_disk_is_full_is_closed_afterwards(world: World) -> None:
    world.service.answers = {"a.png": [busy(LONG_S)]}
    world.stage(world.files("a.png", "b.png"))
    world.service.hold()
    world.engine.preferences.update(uploads_at_once=1)
    world.engine.queue.start()
    world.wait(lambda: bool(world.service.sent))
    with broken_disk(world):
        world.engine.writer.save([world.row("b.png")])
        world.wait(lambda: world.engine.queue.reason is Reason.STORAGE)
        world.service.release()
        world.wait(lambda: not len(world.engine.flights))
    world.wait(lambda: world.engine.queue.phase is not Phase.PAUSED)
    assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.HELD, Reason.BUSY)
    assert world.engine.queue.hold_seconds_left > LONG_S / 2
    assert world.service.sent == ["a.png"]


def test_a_hold_ends_with_the_last_row_that_waited_for_it(world: World) -> None:
    held(world)
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.cancel([world.row("a.png").key])
    assert (world.engine.queue.phase, world.engine.queue.hold_seconds_left) == (Phase.IDLE, 0)


def test_what_is_said_of_an_old_key_does_not_count_against_the_new_one(world: World) -> None:
    refused = errors.AccountRefusedError(reason="key")
    world.service.answers = {"a.png": [refused], "b.png": [refused]}
    world.stage(world.files("a.png", "b.png"))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 2)
    with world.qtbot.waitCallback() as told:
        world.engine.account.submit(KEY, told)
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.service.release()
    assert set(world.states().values()) == {UploadState.DONE}
    assert world.engine.account.problem is None


# Something between us and the service.


def sign_in_page(status: int = 200) -> errors.InterceptedError:
    return errors.InterceptedError(errors.AnswerFacts(http_status=status), maybe_stored=status == 200)


def test_a_sign_in_page_pauses_the_queue_instead_of_failing_every_row(world: World) -> None:
    names = [f"{number}.png" for number in range(20)]
    world.service.answers = {name: [sign_in_page()] * 9 for name in names}
    world.stage(world.files(*names))
    world.engine.queue.start()
    world.wait(lambda: world.engine.queue.reason is Reason.INTERCEPTED and not len(world.engine.flights))
    assert set(world.states().values()) == {UploadState.WAITING}
    assert len(world.service.sent) <= 8
    world.service.answers.clear()
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.resume()
    assert set(world.states().values()) == {UploadState.DONE}


def test_one_picture_that_something_in_between_does_not_like_fails_alone(world: World) -> None:
    names = [f"{number}.png" for number in range(8)]
    world.service.answers = {"2.png": [sign_in_page()] * 9}
    world.stage(world.files(*names))
    world.upload_all()
    assert [name for name, state in world.states().items() if state is UploadState.FAILED] == ["2.png"]
    assert world.engine.rows.counts().done == 7


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_that_refuses_pauses_the_queue_at_once(world: World, status: int) -> None:
    world.service.answers = {"a.png": [sign_in_page(status)]}
    world.stage(world.files("a.png", "b.png"))
    world.engine.queue.start()
    world.wait(lambda: world.engine.queue.reason is Reason.INTERCEPTED)
    assert world.row("a.png").state is UploadState.WAITING

"""The lid is closed in the middle of an upload: what was on its way ends, and is sorted like any broken attempt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import UploadState
from tests.helpers.engines import World, open_world


class Lid:
    """A clock that jumps when the computer wakes up."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def lid() -> Lid:
    return Lid()


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot, lid: Lid) -> Iterator[World]:
    with open_world(tmp_path, qtbot, running=lid) as made:
        yield made


def begin(world: World) -> None:
    """One picture on its way, and no answer."""
    world.stage(world.files("a.png"))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 1)


def test_what_was_on_its_way_before_the_sleep_is_sent_again_after_it(world: World, lid: Lid) -> None:
    begin(world)
    lid.now += 3_600
    world.wait(lambda: len(world.row("a.png").attempts) == 2)
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.service.release()
    row = world.row("a.png")
    assert row.state is UploadState.DONE
    assert len(set(world.service.trace_ids)) == 2
    assert [attempt.outcome for attempt in row.attempts] == ["connection_broken", "done"]


def test_a_complete_body_is_flagged_because_it_may_have_arrived(world: World, lid: Lid) -> None:
    begin(world)
    flight = world.engine.flights.flight(world.row("a.png").key)
    assert flight is not None
    flight.control.handed_over(flight.control.body_bytes)
    lid.now += 3_600
    world.wait(lambda: len(world.row("a.png").attempts) == 2)
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.service.release()
    assert [attempt.maybe_stored for attempt in world.row("a.png").attempts] == [True, False]


def test_a_sleep_between_two_uploads_ends_nothing(world: World, lid: Lid) -> None:
    world.stage(world.files("a.png"))
    world.upload_all()
    lid.now += 3_600
    world.stage(world.files("b.png"))
    world.upload_all()
    assert [len(world.row(name).attempts) for name in ("a.png", "b.png")] == [1, 1]


def test_a_program_that_was_only_busy_sends_on(world: World, lid: Lid) -> None:
    begin(world)
    lid.now += 20
    with world.qtbot.waitSignal(world.engine.flights.progressed):
        pass
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.service.release()
    assert len(world.row("a.png").attempts) == 1

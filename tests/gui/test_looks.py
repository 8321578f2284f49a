"""A look at a file is given up for its drive, and for nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.looks import Looks
from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.drives import SilentDrives
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.read_watch import ReadWatch
from tests.helpers.rows import upload

LIMITS = Limits()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """One look whose worker sits in its file; `given_up` names its row."""

    def __init__(self, qtbot: QtBot) -> None:
        self.tasks, self.awake, self.watch_clock = Tasks(), Clock(), Clock()
        self.looks = Looks(self.tasks, LIMITS, SilentDrives(1.0), self.awake)
        self.given_up: list[int | None] = []
        self.silences: list[list[int]] = []
        self.gate = threading.Event()
        self.looks.silence_changed.connect(self.silences.append)
        self.row = upload("a.png")
        begun = threading.Event()

        def work(watch: ReadWatch) -> None:
            watch._clock = self.watch_clock
            with watch.reading(self.row.source.location):
                begun.set()
                self.gate.wait(20)

        self.looks.run(
            Pool.INSPECTION,
            [self.row],
            work,
            done=lambda _: None,
            failed=lambda error: pytest.fail(repr(error)),
            silent=self.given_up.append,
        )
        assert begun.wait(10)

    def pass_time(self, seconds: float, *, asleep: bool = False) -> None:
        self.watch_clock.now += seconds
        self.awake.now += seconds if asleep else 0.1
        self.looks._look_after()


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    made = Watched(qtbot)
    yield made
    made.gate.set()
    assert made.tasks.close(10)
    made.looks.deleteLater()
    made.tasks.deleteLater()


def test_a_silent_drive_is_said_first_and_given_up_then(watched: Watched) -> None:
    watched.pass_time(LIMITS.drive_notice_s)
    assert not watched.looks.is_silent(watched.row.key)
    watched.pass_time(0.1)
    assert watched.looks.is_silent(watched.row.key)
    assert watched.given_up == []
    watched.pass_time(LIMITS.drive_timeout_s - LIMITS.drive_notice_s)
    assert watched.given_up == [watched.row.key]
    assert not watched.looks.is_silent(watched.row.key)
    assert watched.silences == [[watched.row.key], [watched.row.key]]
    watched.pass_time(LIMITS.drive_timeout_s + 1)
    assert watched.given_up == [watched.row.key]


def test_the_time_in_which_the_computer_was_asleep_does_not_count(watched: Watched) -> None:
    watched.pass_time(3_600, asleep=True)
    assert watched.given_up == []
    assert watched.silences == []
    watched.pass_time(LIMITS.drive_timeout_s + 0.1)
    assert watched.given_up == [watched.row.key]

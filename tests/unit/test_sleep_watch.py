"""What counts as sleep: a look that comes far too late by a clock that nobody sets."""

from __future__ import annotations

import time

import pytest

from pixverse_gui.core.sleep_watch import SleepWatch, running_clock


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("late_s", "asleep"), [(0.0, False), (29.9, False), (30.5, True), (36_000.0, True)])
def test_only_a_look_that_comes_far_too_late_is_sleep(late_s: float, asleep: bool) -> None:
    clock = Clock()
    watch = SleepWatch(30.0, clock)
    clock.now += 5.0 + late_s
    assert watch.was_asleep(usual_s=5.0) is asleep


def test_a_sleep_is_told_once() -> None:
    clock = Clock()
    watch = SleepWatch(30.0, clock)
    clock.now += 3_600.0
    assert watch.was_asleep(usual_s=5.0)
    clock.now += 5.0
    assert not watch.was_asleep(usual_s=5.0)


def test_a_time_in_which_nobody_had_to_look_is_no_sleep() -> None:
    clock = Clock()
    watch = SleepWatch(30.0, clock)
    clock.now += 3_600.0
    watch.restart()
    clock.now += 5.0
    assert not watch.was_asleep(usual_s=5.0)


def test_the_clock_is_none_that_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    before = running_clock()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert running_clock() >= before

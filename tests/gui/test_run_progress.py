"""Count, speed and time left of a run, on a clock of its own."""

from __future__ import annotations

import pytest

from pixverse_gui.background.run_progress import ProgressView, RunProgress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def run(clock: Clock) -> RunProgress:
    return RunProgress(clock)


def test_a_run_without_rows_is_at_zero(run: RunProgress) -> None:
    assert run.view({}) == ProgressView()


def test_rows_count_by_their_bytes(run: RunProgress) -> None:
    run.begin(1, 3_000_000)
    run.begin(2, 1_000_000)
    run.end(1, ok=True)
    view = run.view({})
    assert (view.done, view.failed, view.total, view.fraction) == (1, 0, 2, 0.75)


def test_what_was_sent_of_a_picture_counts(run: RunProgress) -> None:
    run.begin(1, 1_000_000)
    run.begin(2, 1_000_000)
    assert run.view({1: 0.5, 99: 1.0}).fraction == 0.25


def test_a_link_weighs_little_beside_a_picture(run: RunProgress) -> None:
    run.begin(1, 1_000_000)
    run.begin(2, None)
    run.end(2, ok=True)
    assert 0 < run.view({}).fraction < 0.05


def test_failed_rows_are_counted_apart(run: RunProgress) -> None:
    for key in range(4):
        run.begin(key, 100)
    run.end(0, ok=True)
    run.end(1, ok=False)
    view = run.view({})
    assert (view.done, view.failed, view.total) == (1, 1, 4)


def test_a_row_that_is_tried_again_is_open_again(run: RunProgress) -> None:
    run.begin(1, 100)
    run.end(1, ok=False)
    run.begin(1, 100)
    view = run.view({})
    assert (view.done, view.failed, view.total, view.fraction) == (0, 0, 1, 0.0)


def test_a_row_that_was_taken_out_does_not_count(run: RunProgress) -> None:
    run.begin(1, 100)
    run.begin(2, 100)
    run.end(1, ok=True)
    run.leave(1)
    run.leave(77)
    run.end(77, ok=True)
    assert run.view({}) == ProgressView(total=1)
    assert run.keys == {2}


def test_time_left_is_said_once_it_means_something(run: RunProgress, clock: Clock) -> None:
    run.begin(1, 10_000_000)
    assert run.view({1: 0.0}).seconds_left is None
    clock.now += 2
    assert run.view({1: 0.2}).seconds_left is None
    clock.now += 2
    view = run.view({1: 0.4})
    assert view.bytes_per_s == pytest.approx(1_000_000)
    assert view.seconds_left == pytest.approx(6)


def test_the_speed_is_that_of_the_last_seconds(run: RunProgress, clock: Clock) -> None:
    run.begin(1, 100_000_000)
    share = 0.0
    for _ in range(20):
        run.view({1: share})
        clock.now += 1
        share += 0.01
    for _ in range(12):
        run.view({1: share})
        clock.now += 1
        share += 0.02
    assert run.view({1: share}).bytes_per_s == pytest.approx(2_000_000)


def test_a_run_that_stands_still_promises_nothing(run: RunProgress, clock: Clock) -> None:
    run.begin(1, 1_000_000)
    for _ in range(30):
        clock.now += 1
        run.view({1: 0.1})
    view = run.view({1: 0.1})
    assert (view.bytes_per_s, view.seconds_left) == (None, None)

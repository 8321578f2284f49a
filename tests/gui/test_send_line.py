"""Who waits to be sent, and who lets the others pass."""

from __future__ import annotations

import pytest

from pixverse_gui.background.send_line import SendLine


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> SendLine:
    return SendLine(clock)


def test_they_are_taken_in_the_order_they_came(line: SendLine) -> None:
    for key in (3, 1, 2):
        line.add(key)
    assert [line.take(), line.take(), line.take(), line.take()] == [3, 1, 2, None]


def test_one_that_has_to_wait_lets_the_others_pass(line: SendLine, clock: Clock) -> None:
    line.add(1, 2.0)
    line.add(2)
    assert line.take() == 2
    assert line.take() is None
    assert line.seconds_to_next() == 2.0
    clock.now += 2.0
    assert line.take() == 1


def test_a_second_time_in_line_means_the_end_of_it(line: SendLine) -> None:
    line.add(1)
    line.add(2)
    line.add(1)
    assert len(line) == 2
    assert [line.take(), line.take()] == [2, 1]


def test_the_time_to_the_next_is_that_of_the_earliest_and_never_negative(line: SendLine, clock: Clock) -> None:
    assert line.seconds_to_next() is None
    line.add(1, 5.0)
    line.add(2, 3.0)
    assert line.seconds_to_next() == 3.0
    clock.now += 10
    assert line.seconds_to_next() == 0.0
    line.add(3)
    assert line.seconds_to_next() == 0.0


def test_leaving_the_line(line: SendLine) -> None:
    line.add(1)
    assert 1 in line
    assert line.remove(1)
    assert not line.remove(1)
    assert 1 not in line
    line.add(2)
    line.add(3, 9.0)
    assert line.clear() == [2, 3]
    assert len(line) == 0

"""The line in which rows wait for a worker: its order, who leaves it, and workers that come at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from pixverse_gui.background.waiting_line import Turn, WaitingLine
from pixverse_gui.core.models import Source, SourceKind, Upload, UploadState


def row(key: int) -> Upload:
    source = Source(SourceKind.FILE, f"/{key}.png", f"{key}.png")
    return Upload(key, 1, key, source, UploadState.CHECKING, datetime(2026, 3, 1, tzinfo=UTC))


def line_of(*keys: int) -> WaitingLine:
    line = WaitingLine()
    for key in keys:
        line.add([row(key)])
    return line


def take_all(line: WaitingLine) -> list[int]:
    keys = []
    while (taken := line.take(Turn())) is not None:
        keys.append(taken.key)
    return keys


def test_first_come_first_served_and_a_row_stands_in_it_once() -> None:
    line = line_of(3, 1, 2)
    line.add([row(3)])
    assert take_all(line) == [3, 1, 2]


def test_what_came_to_the_screen_goes_first_in_the_order_told() -> None:
    line = line_of(1, 2, 3, 4)
    line.put_first([4, 99, 2])
    assert take_all(line) == [4, 2, 1, 3]


def test_who_is_left_out_is_not_taken_and_only_those_who_waited_are_told() -> None:
    line = line_of(1, 2, 3)
    assert line.leave_out([2, 99]) == {2}
    assert take_all(line) == [1, 3]


def test_what_a_worker_has_counts_until_it_is_done_with() -> None:
    line, turn = line_of(1, 2), Turn()
    line.take(turn)
    assert len(line) == 2
    assert [taken.key for taken in line.end(turn)] == [1]
    assert len(line) == 1


def test_a_worker_that_nobody_waits_for_takes_nothing() -> None:
    line, late = line_of(1), Turn()
    assert line.end(late) == []
    assert line.take(late) is None
    assert take_all(line) == [1]


def test_workers_that_come_at_the_same_time_take_each_row_once() -> None:
    line = line_of(*range(2_000))
    with ThreadPoolExecutor(8) as pool:
        taken = [key for keys in pool.map(lambda _: take_all(line), range(8)) for key in keys]
    assert sorted(taken) == list(range(2_000))

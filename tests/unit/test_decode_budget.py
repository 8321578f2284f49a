"""Room for decoded pixels, shared by threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pixverse_gui.core.decode_budget import DecodeBudget


class Watched:
    """Takes room in threads and writes down the most that was in flight."""

    def __init__(self, budget: int) -> None:
        self.budget = DecodeBudget(budget)
        self.most = self.now = 0
        self._lock = threading.Lock()

    def take(self, needed: int) -> None:
        with self.budget.room_for(needed):
            with self._lock:
                self.now += needed
                self.most = max(self.most, self.now)
            with self._lock:
                self.now -= needed


def test_never_more_than_the_budget_is_in_flight() -> None:
    watched = Watched(100)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(watched.take, [40, 30, 60, 10, 100, 70, 20] * 20))
    assert 0 < watched.most <= 100


def test_what_is_larger_than_the_budget_goes_alone() -> None:
    watched = Watched(100)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(watched.take, [1000, 30, 1000, 60, 40] * 20))
    assert watched.most == 1000
    assert watched.now == 0


def test_a_big_one_that_waits_is_not_overtaken() -> None:
    budget = DecodeBudget(100)
    order: list[str] = []
    big_waits, small_waits = threading.Event(), threading.Event()

    def take(name: str, needed: int, waits: threading.Event) -> None:
        waits.set()
        with budget.room_for(needed):
            order.append(name)

    with ThreadPoolExecutor(2) as pool:
        with budget.room_for(60):
            big = pool.submit(take, "big", 500, big_waits)
            assert big_waits.wait(10)
            while not budget._waiting:
                pass
            small = pool.submit(take, "small", 10, small_waits)
            assert small_waits.wait(10)
            assert order == []
        big.result(10)
        small.result(10)
    assert order == ["big", "small"]


def test_room_is_given_back_after_an_error() -> None:
    budget = DecodeBudget(10)
    with pytest.raises(ValueError, match="broken"), budget.room_for(10):
        raise ValueError("broken")
    with budget.room_for(10):
        assert budget._in_flight == 10
    assert budget._in_flight == 0


def test_what_is_tiny_waits_for_nobody_and_keeps_nobody_waiting() -> None:
    budget = DecodeBudget(100, free_bytes=10)
    with budget.room_for(500), budget.room_for(10):
        assert budget._in_flight == 500
    with budget.room_for(10), budget.room_for(500):
        assert budget._in_flight == 500

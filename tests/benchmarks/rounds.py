"""Interleaved rounds: what disturbs the machine for a while disturbs all contenders alike."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def interleaved(contenders: Mapping[str, Callable[[], T]], rounds: int, *, uncounted: int = 0) -> dict[str, list[T]]:
    """What each brought in each round. Every second round goes the other way, so that nobody is always the first.

    `uncounted` rounds come before, to fill the caches that a second run would find full.
    """
    found: dict[str, list[T]] = {name: [] for name in contenders}
    for number in range(-uncounted, rounds):
        names = list(contenders)
        for name in names if number % 2 == 0 else reversed(names):
            brought = contenders[name]()
            print(f"    {name}: {brought}", file=sys.stderr, flush=True)
            if number >= 0:
                found[name].append(brought)
    return found


def each(samples: Iterable[Mapping[str, float]], name: str) -> list[float]:
    """One of the values that every sample has."""
    return [sample[name] for sample in samples]

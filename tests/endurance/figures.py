"""What a trial says: one figure beside its goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

MOST_STOP_MS = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `is_time`: it depends on how busy the machine is, so only a full run is judged by it."""

    topic: str
    figure: str
    value: str
    goal: str
    holds: bool
    is_time: bool = False


def stop_figure(topic: str, milliseconds: int) -> Figure:
    """How long the event loop of the program stood still at worst."""
    value, holds = f"{milliseconds} ms", milliseconds <= MOST_STOP_MS
    return Figure(topic, "longest stop of the event loop", value, f"≤ {MOST_STOP_MS} ms", holds, True)


Trial: TypeAlias = Callable[[bool], Iterator[Figure]]
"""Every topic module has one, called `measure`. Its argument: all of it (`--full`), or a short form.

The short forms of all topics together must end within three minutes on two slow cores."""

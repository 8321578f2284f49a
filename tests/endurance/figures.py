"""What a trial says: one figure beside its goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `is_time`: it depends on how busy the machine is, so only a full run is judged by it."""

    topic: str
    figure: str
    value: str
    goal: str
    holds: bool
    is_time: bool = False


Trial: TypeAlias = Callable[[bool], Iterator[Figure]]
"""Every topic module has one, called `measure`. Its argument: all of it (`--full`), or a short form.

The short forms of all topics together must end within three minutes on two slow cores."""

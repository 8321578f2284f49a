"""One figure beside its peer's, and how figures become lines of a table and rows of a file."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.benchmarks.goals import Goal

ABSENT = math.nan
"""Stands for what a peer took that is not installed."""

HEADINGS = ("what", "ours", "theirs", "unit", "ratio", "goal", "", "rounds", "peer")
_LEFT = {0, 3, 5, 6, 8}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. `goal` is None where the figure is only told."""

    topic: str
    what: str
    peer: str
    ours: float
    theirs: float
    unit: str
    rounds: int
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """Ours to theirs; None where there is nothing to compare with."""
        return self.ours / self.theirs if self.theirs > 0 else None

    @property
    def holds(self) -> bool | None:
        """None where there is no goal, or no peer to tell it by."""
        if self.goal is None or (self.goal.needs_peer and math.isnan(self.theirs)):
            return None
        return self.goal.is_met(self.ours, self.theirs)

    def row(self) -> dict[str, Any]:
        """As it stands in the file; what is not known is null there."""
        return {
            "topic": self.topic,
            "what": self.what,
            "peer": self.peer,
            "ours": _known(self.ours),
            "theirs": _known(self.theirs),
            "unit": self.unit,
            "ratio": _known(self.ratio),
            "goal": self.goal.text if self.goal else None,
            "rounds": self.rounds,
            "holds": self.holds,
        }

    def cells(self) -> tuple[str, ...]:
        """As it stands in the table."""
        verdict = {True: "holds", False: "OVER", None: ""}[self.holds]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        goal = self.goal.text if self.goal else ""
        told = (_short(self.ours), _short(self.theirs), self.unit, ratio, goal, verdict)
        return (self.what, *told, str(self.rounds), self.peer)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of it: so many rounds, and this share of all pictures."""

    rounds: int = 5
    scale: float = 1.0

    def count(self, full: int, least: int = 1) -> int:
        """This share of `full`."""
        return max(least, round(full * self.scale))


Topic: TypeAlias = Callable[[Wanted], Iterator[Figure]]
"""Every topic module has one, called `measure`."""


def beside(
    topic: str,
    what: str,
    ours: Sequence[float],
    peer: str,
    theirs: Sequence[float] | None,
    *,
    unit: str,
    goal: Goal | None = None,
) -> Figure:
    """The medians of both. `theirs` is None where the peer is not installed."""
    told = peer if theirs else f"{peer}: not installed"
    other = statistics.median(theirs) if theirs else ABSENT
    return Figure(topic, what, told, statistics.median(ours), other, unit, len(ours), goal)


def table(figures: Iterable[Figure]) -> str:
    """All lines in columns."""
    lines = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(_cell(line, column, widths) for column in range(len(line))).rstrip() for line in lines)


def _cell(line: Sequence[str], column: int, widths: Sequence[int]) -> str:
    return line[column].ljust(widths[column]) if column in _LEFT else line[column].rjust(widths[column])


def _short(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(value, 6)

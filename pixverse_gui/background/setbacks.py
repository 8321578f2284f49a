"""How often what has failed in this run, and so what comes next of it."""

from __future__ import annotations

from collections import Counter

from pixverse_gui.core.failure_table import Counter as Counted
from pixverse_gui.core.failure_table import Reaction, counter_for, react
from pixverse_gui.core.limits import Limits


class Setbacks:
    """The counters that `core.failure_table` asks for: one a row, and two for the whole queue."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._of_row: Counter[int] = Counter()
        self._in_a_row: Counter[Counted] = Counter()

    @property
    def is_probing(self) -> bool:
        """The last answer was "busy", or there was none: one row at a time finds out whether that is over."""
        return bool(self._in_a_row)

    def reaction(self, key: int, error: Exception, *, is_held: bool = False) -> Reaction:
        """Count this failure of a row and look it up.

        `is_held`: the queue waits already, so the attempt began before that. Six rows that meet one closed door at once
        are one setback, not six.
        """
        counted = counter_for(error)
        if counted in {Counted.OFFLINE, Counted.BUSY}:
            tries = self._in_a_row[counted] or 1 if is_held else self._in_a_row[counted] + 1
            self._in_a_row = Counter({counted: tries})
        else:
            self._in_a_row.clear()
            self._of_row[key] += counted is Counted.ROW
            tries = self._of_row[key]
        return react(error, tries=tries, limits=self._limits)

    def got_through(self) -> None:
        """The service gave a result: it is neither busy nor out of reach."""
        self._in_a_row.clear()

    def forgive(self, key: int) -> None:
        """The operator tries this row anew."""
        del self._of_row[key]

    def forgive_all(self) -> None:
        """The operator says: go on."""
        self._of_row.clear()
        self._in_a_row.clear()

"""How often what has failed in this run, and so what comes next of it."""

from __future__ import annotations

from collections import Counter

from pixverse_gui.core.errors import RateLimitedError, UnreachableError
from pixverse_gui.core.failure_table import Reaction, react
from pixverse_gui.core.limits import Limits


class Setbacks:
    """Counts for `failure_table.react`: per row, but "busy" and "cannot be reached" in a row for the whole queue."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._per_row: Counter[int] = Counter()
        self._in_a_row: Counter[type[Exception]] = Counter()

    def reaction(self, key: int, error: Exception) -> Reaction:
        """Count this failure of a row and look it up."""
        for kind in (RateLimitedError, UnreachableError):
            if isinstance(error, kind):
                self._in_a_row[kind] += 1
                return react(error, tries=self._in_a_row[kind], limits=self._limits)
        self._per_row[key] += 1
        return react(error, tries=self._per_row[key], limits=self._limits)

    def got_through(self) -> None:
        """The service answered with a result: it is neither busy nor out of reach."""
        self._in_a_row.clear()

    def forgive(self, key: int) -> None:
        """The operator tries this row anew."""
        del self._per_row[key]

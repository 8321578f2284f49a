"""How many uploads the History has, in all and on each day of the present search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from pixverse_gui.ui.history_requests import HistoryRequests


class HistoryCounts:
    """GUI thread only. `changed` is called when an answer is here.

    Counts on their way may have been read before the latest change was written, so they are asked for again.
    """

    def __init__(self, requests: HistoryRequests, changed: Callable[[], None]) -> None:
        self._requests, self._changed = requests, changed
        self._days: Counter[date] = Counter()
        self._question = 0
        self._is_asking = False
        self._is_stale = False
        self.total = 0

    @property
    def found(self) -> int:
        """How many match the search."""
        return self._days.total()

    def on(self, day: date) -> int:
        """How many match on this day."""
        return self._days[day]

    def ask(self, search: str) -> None:
        """Count for this search; an answer for an earlier one is dropped."""
        self._question += 1
        question = self._question
        self._is_asking, self._is_stale = True, False

        def done(days: Mapping[date, int]) -> None:
            if question != self._question:
                return
            self._is_asking = False
            if self._is_stale:
                self.ask(search)
                return
            self._days = Counter(days)
            if not search:
                self.total = self._days.total()
            self._changed()

        def failed(_: Exception) -> None:  # without the counts the headings are shorter, and nothing else is missing
            if question == self._question:
                self._is_asking = False

        self._requests.days(search, done=done, failed=failed)

    def add(self, days_that_match: Iterable[date], in_all: int) -> None:
        """These came, `in_all` counts also those that the search does not find."""
        self._days.update(days_that_match)
        self.total += in_all
        self._is_stale = self._is_asking

    def take_out(self, days_that_match: Iterable[date], in_all: int) -> None:
        """These went."""
        self._days -= Counter(days_that_match)
        self.total = max(0, self.total - in_all)
        self._is_stale = self._is_asking

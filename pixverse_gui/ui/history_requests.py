"""What the History tab asks of the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from pixverse_gui.core.history_reader import Cursor, HistoryPage
from pixverse_gui.core.models import Upload

Failed = Callable[[Exception], None]


class HistoryRequests(Protocol):
    """Questions that are answered on workers (`background.history_source`): a page before the days asked for after it.

    None of these blocks; of `done` and `failed` exactly one is called, on the GUI thread.
    """

    def page(self, search: str, after: Cursor | None, *, done: Callable[[HistoryPage], None], failed: Failed) -> None:
        """The next rows that match, newest first."""

    def days(self, search: str, *, done: Callable[[Mapping[date, int]], None], failed: Failed) -> None:
        """How many rows match, by day."""

    def everything(self, search: str, *, done: Callable[[list[Upload]], None], failed: Failed) -> None:
        """All rows that match, for copying more than has been looked at."""

"""The History, asked for from the GUI thread: pages, counts and days come back from its own worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QObject

from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.history_reader import Cursor, HistoryPage, HistoryReader
from pixverse_gui.core.models import Upload

T = TypeVar("T")
_ALL = 1_000_000_000
Failed = Callable[[Exception], None]


class HistorySource(QObject):
    """GUI thread only; one reading connection, used by one worker."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._reader: HistoryReader | None = None

    def attach(self, reader: HistoryReader) -> None:
        """The journal is open."""
        self._reader = reader

    def page(self, search: str, after: Cursor | None, *, done: Callable[[HistoryPage], None], failed: Failed) -> None:
        """Up to 256 finished uploads, newest first, behind `after`."""
        self._ask(lambda reader: reader.page(search, after), done, failed)

    def everything(self, search: str, *, done: Callable[[list[Upload]], None], failed: Failed) -> None:
        """All finished uploads that match, in one piece: for copying."""
        self._ask(lambda reader: list(reader.page(search, limit=_ALL).uploads), done, failed)

    def days(self, search: str, *, done: Callable[[Mapping[date, int]], None], failed: Failed) -> None:
        """How many match on each local day."""
        self._ask(lambda reader: reader.day_counts(search), done, failed)

    def close(self) -> None:
        """Close the connection on its worker."""
        reader, self._reader = self._reader, None
        if reader is not None:
            self._tasks.run(Pool.HISTORY, reader.close, done=lambda _: None, failed=lambda _: None)

    def _ask(self, work: Callable[[HistoryReader], T], done: Callable[[T], None], failed: Failed) -> None:
        reader = self._reader
        if reader is None:
            failed(StorageError())
            return
        self._tasks.run(Pool.HISTORY, lambda: work(reader), done=done, failed=failed)

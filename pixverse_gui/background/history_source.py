"""The History, asked for from the GUI thread: pages, counts and days come back from its own workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QObject

from pixverse_gui.background.halved_search import Failed, HalvedSearch
from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.history_reader import Cursor, HistoryPage, HistoryReader
from pixverse_gui.core.models import Upload

T = TypeVar("T")
_ALL = 1_000_000_000
_FIRST_PAGE = 64
"""More than any screen shows, and soon here: making rows of a page of 256 takes 12 to 25 ms."""


class HistorySource(QObject):
    """GUI thread only; two reading connections, each used by one worker.

    A search goes through every text there is: where there are many, both go through half of them.
    """

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._readers: dict[Pool, HistoryReader] = {}
        self._middle: Cursor | None = None
        self._search: HalvedSearch | None = None

    def attach(self, reader: HistoryReader) -> None:
        """The journal is open. Readers of one before are closed."""
        self.close()
        self._readers = {Pool.HISTORY: reader, Pool.OLDER_HISTORY: reader.another()}
        # Once, as it need not be exact. Where it cannot be read, searches go through all of it in one go.
        self._ask(lambda one: one.middle(), self._take_middle, lambda _: None, Pool.OLDER_HISTORY)

    def page(self, search: str, after: Cursor | None, *, done: Callable[[HistoryPage], None], failed: Failed) -> None:
        """Finished uploads, newest first: behind `after` up to 256 of them, at the beginning up to 64 or twice that."""
        if after is not None:
            self._ask(lambda reader: reader.page(search, after), done, failed)
            return
        middle = self._middle if search.strip() else None
        if middle is None:
            self._ask(lambda reader: reader.page(search, limit=_FIRST_PAGE), done, failed)
            return
        self._search = found = HalvedSearch(self._read_older, done, failed)
        self._ask(lambda one: one.page(search, limit=_FIRST_PAGE, until=middle), found.take_newer, found.fail)
        self._ask(
            lambda one: one.keys(search, middle, _FIRST_PAGE),
            found.take_older_keys,
            found.fail_older,
            Pool.OLDER_HISTORY,
        )

    def everything(self, search: str, *, done: Callable[[list[Upload]], None], failed: Failed) -> None:
        """All finished uploads that match, in one piece: for copying."""
        self._ask(lambda reader: list(reader.page(search, limit=_ALL).uploads), done, failed)

    def days(self, search: str, *, done: Callable[[Mapping[date, int]], None], failed: Failed) -> None:
        """How many match on each local day. After the page that was asked for before, which is waited for."""
        if self._search is not None and not self._search.has_ended:
            self._search.afterwards(lambda: self.days(search, done=done, failed=failed))
        else:
            self._ask(lambda reader: reader.day_counts(search), done, failed)

    def close(self) -> None:
        """Close the connections on their workers."""
        readers, self._readers = self._readers, {}
        self._middle = None
        for pool, reader in readers.items():
            self._tasks.run(pool, reader.close, done=lambda _: None, failed=lambda _: None)

    def _read_older(self, keys: Sequence[int], done: Callable[[HistoryPage], None], failed: Failed) -> None:
        self._ask(lambda reader: reader.page_of(keys, _FIRST_PAGE), done, failed, Pool.OLDER_HISTORY)

    def _take_middle(self, middle: Cursor | None) -> None:
        self._middle = middle if self._readers else None

    def _ask(
        self,
        work: Callable[[HistoryReader], T],
        done: Callable[[T], None],
        failed: Failed,
        pool: Pool = Pool.HISTORY,
    ) -> None:
        reader = self._readers.get(pool)
        if reader is None:
            failed(StorageError())
            return
        self._tasks.run(pool, lambda: work(reader), done=done, failed=failed)

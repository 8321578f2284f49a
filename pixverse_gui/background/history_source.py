"""The History, asked for from the GUI thread: pages, counts and days come back from its own workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.history_reader import Cursor, HistoryPage, HistoryReader
from pixverse_gui.core.models import Upload

T = TypeVar("T")
_ALL = 1_000_000_000
Failed = Callable[[Exception], None]


class HistorySource(QObject):
    """GUI thread only; two reading connections, each used by one worker.

    A search goes through every text there is: where there are many, both go through half of them.
    """

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._readers: dict[Pool, HistoryReader] = {}
        self._middle: Cursor | None = None

    def attach(self, reader: HistoryReader) -> None:
        """The journal is open."""
        self._readers = {Pool.HISTORY: reader, Pool.OLDER_HISTORY: reader.another()}
        # Once, as it need not be exact. Where it cannot be read, searches go through all of it in one go.
        self._ask(lambda one: one.middle(), self._take_middle, lambda _: None, Pool.OLDER_HISTORY)

    def page(self, search: str, after: Cursor | None, *, done: Callable[[HistoryPage], None], failed: Failed) -> None:
        """Finished uploads, newest first, behind `after`: up to 256, of a search up to twice as many."""
        middle = self._middle if search.strip() else None
        if middle is None or after is not None:
            self._ask(lambda reader: reader.page(search, after), done, failed)
            return
        halves = _Halves(_one_page, done, failed, is_all=lambda newer: newer.next is not None)
        self._ask(lambda reader: reader.page(search, until=middle), halves.take_newer, halves.fail)
        self._ask(lambda reader: reader.page(search, middle), halves.take_older, halves.fail, Pool.OLDER_HISTORY)

    def everything(self, search: str, *, done: Callable[[list[Upload]], None], failed: Failed) -> None:
        """All finished uploads that match, in one piece: for copying."""
        self._ask(lambda reader: list(reader.page(search, limit=_ALL).uploads), done, failed)

    def days(self, search: str, *, done: Callable[[Mapping[date, int]], None], failed: Failed) -> None:
        """How many match on each local day."""
        middle = self._middle if search.strip() else None
        if middle is None:
            self._ask(lambda reader: reader.day_counts(search), done, failed)
            return
        halves = _Halves(_all_days, done, failed, is_all=lambda _: False)
        self._ask(lambda reader: reader.day_counts(search, until=middle), halves.take_newer, halves.fail)
        self._ask(lambda reader: reader.day_counts(search, middle), halves.take_older, halves.fail, Pool.OLDER_HISTORY)

    def close(self) -> None:
        """Close the connections on their workers."""
        readers, self._readers = self._readers, {}
        self._middle = None
        for pool, reader in readers.items():
            self._tasks.run(pool, reader.close, done=lambda _: None, failed=lambda _: None)

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


class _Halves(Generic[T]):
    """One answer of two that are looked for at the same time. Exactly one of `done` and `failed` is called, once."""

    def __init__(
        self, join: Callable[[T, T], T], done: Callable[[T], None], failed: Failed, *, is_all: Callable[[T], bool]
    ) -> None:
        """`is_all`: whether the newer half alone is the answer."""
        self._join, self._is_all = join, is_all
        self._done, self._failed = done, failed
        self._newer: list[T] = []
        self._older: list[T] = []
        self._has_ended = False

    def take_newer(self, newer: T) -> None:
        self._newer.append(newer)
        if self._is_all(newer):
            self._end(lambda: self._done(newer))
        else:
            self._take_both()

    def take_older(self, older: T) -> None:
        self._older.append(older)
        self._take_both()

    def fail(self, error: Exception) -> None:
        self._end(lambda: self._failed(error))

    def _take_both(self) -> None:
        if self._newer and self._older:
            self._end(lambda: self._done(self._join(self._newer[0], self._older[0])))

    def _end(self, tell: Callable[[], None]) -> None:
        if not self._has_ended:
            self._has_ended = True
            tell()


def _one_page(newer: HistoryPage, older: HistoryPage) -> HistoryPage:
    return HistoryPage(newer.uploads + older.uploads, older.next)


def _all_days(newer: Mapping[date, int], older: Mapping[date, int]) -> Mapping[date, int]:
    """The day of the middle is in both."""
    return {**newer, **{day: newer.get(day, 0) + number for day, number in older.items()}}

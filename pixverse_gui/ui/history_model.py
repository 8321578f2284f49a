"""The History as a Qt list model: pages that arrive later, days as headings, new uploads at the top."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from pixverse_gui.core.history_reader import PAGE_SIZE, Cursor, HistoryPage
from pixverse_gui.core.journal_rows import microseconds, searchable
from pixverse_gui.core.models import Upload
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.history_counts import HistoryCounts
from pixverse_gui.ui.history_requests import HistoryRequests
from pixverse_gui.ui.messages_history import day_heading
from pixverse_gui.ui.messages_rows import spoken, visible_name
from pixverse_gui.ui.roles import HEADING, UPLOAD
from pixverse_gui.ui.row_runs import runs_from_the_end

Index = QModelIndex | QPersistentModelIndex


class HistoryState(StrEnum):
    """What the tab shows."""

    LOADING = "loading"
    ROWS = "rows"
    EMPTY = "empty"
    NOTHING_FOUND = "nothing_found"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class _Row:
    upload: Upload
    day: date

    @property
    def place(self) -> tuple[int, int]:
        """Sorts newest first, as the pages do."""
        return _place(self.upload)


class HistoryModel(QAbstractListModel):
    """GUI thread only. Nothing is asked before `load` or `search`.

    `state_changed(object)`: a HistoryState. `counted()`: `found` or `total` is another number.
    An answer to a question that is not the latest any more is dropped.
    """

    state_changed = Signal(object)
    counted = Signal()

    def __init__(self, requests: HistoryRequests, dates: Dates, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests, self._dates = requests, dates
        self._rows: list[_Row] = []
        self._search = ""
        self._question = 0
        self._next: Cursor | None = None
        self._is_asking = False
        self._has_answer = False
        self._failed = False
        self._counts = HistoryCounts(requests, self._tell_counts)
        self._fresh: dict[int, Upload] = {}
        self._gone: set[int] = set()
        self._state = HistoryState.LOADING

    @property
    def state(self) -> HistoryState:
        return self._state

    @property
    def search_text(self) -> str:
        return self._search

    @property
    def found(self) -> int:
        """How many uploads match the search, looked at or not."""
        return max(self._counts.found, len(self._rows))

    @property
    def total(self) -> int:
        """How many uploads the History has, whatever is searched for."""
        return self._counts.total

    @property
    def is_complete(self) -> bool:
        """Every row that matches is here."""
        return self._has_answer and self._next is None and not self._failed

    def uploads(self) -> list[Upload]:
        """The rows that are here, in order."""
        return [row.upload for row in self._rows]

    def upload_at(self, place: int) -> Upload:
        """Faster than `data` where thousands are wanted."""
        return self._rows[place].upload

    def load(self) -> None:
        """Ask anew for what is shown: at the start, and after something went wrong."""
        self._gone.clear()
        self._ask_anew()

    def search(self, text: str) -> None:
        """Show only what matches; the rows stay as they are until the answer is here."""
        wanted = text.strip()
        if wanted != self._search or not self._has_answer:
            self._search = wanted
            self._ask_anew()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        upload = self._rows[index.row()].upload
        if role == UPLOAD:
            return upload
        if role == HEADING:
            return self._heading(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return visible_name(upload.source.label)
        return spoken(upload) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self._is_asking and not self._failed

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._ask_page(self._next)

    def prepend(self, uploads: Iterable[Upload]) -> None:
        """Uploads that were finished just now, or are brought back: each goes where its time says."""
        fresh = [row for row in uploads if row.reused_from is None and row.finished_at is not None]
        self._gone.difference_update(row.key for row in fresh)
        matching = [row for row in fresh if self._matches(row)]
        self._counts.add([self._day(row) for row in matching], len(fresh))
        if self._is_asking:  # the answer on its way may have been read before these were written
            self._fresh.update({row.key: row for row in matching})
        if len(matching) > PAGE_SIZE:
            self._put_back(matching)
        else:
            for upload in matching:
                self._insert(upload)
        self._tell_counts()

    def remove(self, uploads: Iterable[Upload]) -> None:
        """Take rows out, also such as have not been looked at yet; `prepend` brings them back."""
        gone = {row.key: row for row in uploads if row.key not in self._gone}
        self._gone.update(gone)
        for key in gone:
            self._fresh.pop(key, None)
        for first, last in runs_from_the_end(at for at, row in enumerate(self._rows) if row.upload.key in gone):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        self._counts.take_out([self._day(row) for row in gone.values()], len(gone))
        self._look_further()
        self._tell_counts()

    def refresh_days(self) -> None:
        """Midnight may have passed since the headings were written."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [HEADING])

    def _ask_anew(self) -> None:
        self._question += 1
        self._failed = False
        self._fresh.clear()
        self._ask_page(None)
        self._counts.ask(self._search)

    def _ask_page(self, after: Cursor | None) -> None:
        question = self._question
        self._is_asking = True

        def done(page: HistoryPage) -> None:
            if question == self._question:
                self._is_asking = False
                (self._take_first if after is None else self._take_more)(page)
                self._take_fresh()
                self._look_further()
                self._set_state()

        def failed(_: Exception) -> None:
            if question == self._question:
                self._is_asking = False
                self._failed = True
                self._set_state()

        self._requests.page(self._search, after, done=done, failed=failed)

    def _look_further(self) -> None:
        """All rows that were here are gone, but there are more: a view without rows would never ask for them."""
        if not self._rows and self.canFetchMore(QModelIndex()):
            self._ask_page(self._next)

    def _take_first(self, page: HistoryPage) -> None:
        self.beginResetModel()
        self._has_answer = True
        self._next = page.next
        self._rows = [_Row(upload, self._day(upload)) for upload in page.uploads if upload.key not in self._gone]
        self.endResetModel()

    def _take_more(self, page: HistoryPage) -> None:
        self._next = page.next
        here = {row.upload.key for row in self._rows}
        new = [upload for upload in page.uploads if upload.key not in here and upload.key not in self._gone]
        rows = [_Row(upload, self._day(upload)) for upload in new]
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def _take_fresh(self) -> None:
        """What was finished while the answer was on its way may be missing in it."""
        fresh, self._fresh = self._fresh, {}
        for upload in fresh.values():
            self._insert(upload)

    def _insert(self, upload: Upload) -> None:
        if not self._has_answer:
            return
        row = _Row(upload, self._day(upload))
        at = bisect_left(self._rows, row.place, key=lambda one: one.place)
        is_here = at < len(self._rows) and self._rows[at].upload.key == upload.key
        if is_here or (at == len(self._rows) and self._next is not None):
            return  # the page that comes next brings it
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.insert(at, row)
        self.endInsertRows()

    def _put_back(self, uploads: list[Upload]) -> None:
        """More than one page comes back at once: show the first page again, the others are asked for as ever."""
        rows = {row.upload.key: row for row in self._rows}
        rows.update({upload.key: _Row(upload, self._day(upload)) for upload in uploads})
        ordered = sorted(rows.values(), key=lambda row: row.place)
        self.beginResetModel()
        self._rows = ordered[:PAGE_SIZE]
        if len(ordered) > PAGE_SIZE:
            last = self._rows[-1].upload
            self._next = Cursor(microseconds(_time(last)), last.key)
        self.endResetModel()

    def _tell_counts(self) -> None:
        self.refresh_days()
        self.counted.emit()
        self._set_state()

    def _set_state(self) -> None:
        state = self._state_now()
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _state_now(self) -> HistoryState:
        if self._rows:
            return HistoryState.ROWS
        if self._failed:
            return HistoryState.UNREADABLE
        if not self._has_answer or self._next is not None:
            return HistoryState.LOADING
        return HistoryState.NOTHING_FOUND if self._search else HistoryState.EMPTY

    def _heading(self, at: int) -> str:
        day = self._rows[at].day
        if at and self._rows[at - 1].day == day:
            return ""
        return day_heading(day, self._counts.on(day), self._dates)

    def _day(self, upload: Upload) -> date:
        return self._dates.day(_time(upload))

    def _matches(self, upload: Upload) -> bool:
        wanted = searchable(self._search)
        texts = (upload.source.label, upload.img_id or "", upload.img_url or "")
        return not wanted or any(wanted in searchable(text) for text in texts)


def _time(upload: Upload) -> datetime:
    return upload.finished_at or upload.added_at


def _place(upload: Upload) -> tuple[int, int]:
    return -microseconds(_time(upload)), -upload.key

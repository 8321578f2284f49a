"""The working list as a Qt list model, and the part of it that a filter chip shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)

from pixverse_gui.background.working_list import WorkingList, needs_attention
from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.messages_rows import spoken, visible_name
from pixverse_gui.ui.roles import CHIPS, HEADING, LIVE, UPLOAD
from pixverse_gui.ui.row_runs import runs_from_the_end

Index = QModelIndex | QPersistentModelIndex
_FLUSH_MS = 33


class RowFilter(StrEnum):
    """The chips above the list, in their order."""

    ALL = "all"
    READY = "ready"
    ATTENTION = "attention"
    UPLOADING = "uploading"
    DONE = "done"
    FAILED = "failed"


# ATTENTION goes by issues: a row with a warning is both ready and in need of it.
_STATES = {
    RowFilter.READY: {UploadState.READY},
    RowFilter.UPLOADING: {UploadState.WAITING, UploadState.UPLOADING},
    RowFilter.DONE: {UploadState.DONE},
    RowFilter.FAILED: {UploadState.FAILED},
}
_CHIPS_OF_STATE = {state: " ".join(chip for chip, shown in _STATES.items() if state in shown) for state in UploadState}


class UploadModel(QAbstractListModel):
    """Shows a `WorkingList`; holds nothing but the order of its keys.

    Changes are collected and told at most 30 times a second: with hundreds of rows in motion the view must not be the
    one that holds up the window. `live` gives the progress of a row that is being sent.
    """

    def __init__(
        self, rows: WorkingList, live: Callable[[int], LiveProgress | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._live = live
        self._keys: list[int] = [row.key for row in rows.uploads()]
        self._places: dict[int, int] = {key: place for place, key in enumerate(self._keys)}
        self._stale: set[int] = set()
        self._flush = QTimer(self)
        self._flush.setSingleShot(True)
        self._flush.setInterval(_FLUSH_MS)
        self._flush.timeout.connect(self._tell)
        rows.inserted.connect(self._insert)
        rows.removed.connect(self._remove)
        rows.changed.connect(lambda row: self.touch([row.key]))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows.get(self._keys[index.row()]) if index.isValid() else None
        if row is None:
            return None
        if role == UPLOAD:
            return row
        if role == LIVE:
            return self._live(row.key)
        if role == Qt.ItemDataRole.DisplayRole:
            return visible_name(row.source.label)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(row, self._live(row.key))
        if role == CHIPS:
            return _CHIPS_OF_STATE[row.state] + (f" {RowFilter.ATTENTION}" if needs_attention(row) else "")
        return "" if role == HEADING else None

    def uploads(self) -> list[Upload]:
        """All rows, in order."""
        return self._rows.uploads()

    def touch(self, keys: Sequence[int]) -> None:
        """These rows look different now."""
        self._stale.update(keys)
        if not self._flush.isActive():
            self._flush.start()

    def index_of(self, key: int) -> QModelIndex:
        """Where a row stands; an invalid index if it is not here."""
        place = self._places.get(key)
        return QModelIndex() if place is None else self.index(place)

    def _insert(self, first: int, uploads: list[Upload]) -> None:
        self.beginInsertRows(QModelIndex(), first, first + len(uploads) - 1)
        self._keys[first:first] = [row.key for row in uploads]
        self._number(first)
        self.endInsertRows()

    def _remove(self, keys: list[int]) -> None:
        for first, last in runs_from_the_end([self._places[key] for key in keys]):
            self.beginRemoveRows(QModelIndex(), first, last)
            for key in self._keys[first : last + 1]:
                del self._places[key]
            del self._keys[first : last + 1]
            self._number(first)
            self.endRemoveRows()

    def _number(self, first: int) -> None:
        for place in range(first, len(self._keys)):
            self._places[self._keys[place]] = place

    def _tell(self) -> None:
        places = sorted(self._places[key] for key in self._stale if key in self._places)
        self._stale.clear()
        for first, last in reversed(runs_from_the_end(places)):
            self.dataChanged.emit(self.index(first), self.index(last))


class UploadFilter(QSortFilterProxyModel):
    """The rows that the chosen chip shows, in list order.

    By Qt's own filter over `CHIPS`, which asks nothing of a row while all are shown: a filter of ours is asked 5,000
    times when so many are dropped.
    """

    def __init__(self, model: UploadModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = RowFilter.ALL
        self.setFilterRole(CHIPS)
        self.setSourceModel(model)

    @property
    def chosen(self) -> RowFilter:
        return self._chosen

    def choose(self, chosen: RowFilter) -> None:
        if chosen is self._chosen:
            return
        self._chosen = chosen
        self.setFilterRegularExpression("" if chosen is RowFilter.ALL else rf"\b{chosen.value}\b")

    def uploads(self) -> list[Upload]:
        """What is shown now, in order."""
        return [self.index(place, 0).data(UPLOAD) for place in range(self.rowCount())]

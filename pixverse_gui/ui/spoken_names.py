"""What a screen reader is told of the rows of a list: their words, when these are others than before."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAbstractItemView

from pixverse_gui.core.models import Upload
from pixverse_gui.ui.roles import UPLOAD

_REMEMBERED = 500


class SpokenNames:
    """GUI thread only; of one list."""

    def __init__(self, view: QAbstractItemView) -> None:
        self._view = view
        self._told: dict[int, str] = {}

    def changed(self, index: QModelIndex | QPersistentModelIndex) -> None:
        """Something in this row did; it is told of only when its words changed, not with every step of its progress."""
        if not QAccessible.isActive():
            return
        upload: Upload | None = index.data(UPLOAD)
        name = str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")
        if upload is None or self._told.get(upload.key) == name:
            return
        if len(self._told) > _REMEMBERED:
            self._told.clear()
        self._told[upload.key] = name
        event = QAccessibleEvent(self._view, QAccessible.Event.NameChanged)
        event.setChild(index.row())
        QAccessible.updateAccessibility(event)

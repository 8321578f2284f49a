"""The list view of both tabs: rows painted by a delegate, their buttons, and the keys that act on rows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from pixverse_gui.core.models import Upload
from pixverse_gui.ui.roles import UPLOAD
from pixverse_gui.ui.row_content import RowButton
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.row_list import RowList

Index = QModelIndex | QPersistentModelIndex
_WALKING = {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


@dataclass(frozen=True, slots=True)
class ButtonPlace:
    """A painted button under the pointer: which one, and in which row."""

    index: QPersistentModelIndex
    button: RowButton

    def is_in(self, index: Index) -> bool:
        return self.index.isValid() and self.index.row() == index.row()


class UploadList(RowList):
    """What is painted in a row is a shortcut for the mouse; the owner offers the same as actions and real buttons.

    The owner may connect a shortcut for Copy; where there is none, `copy_requested` is emitted for that key.
    """

    copy_clicked = Signal(QModelIndex)
    close_clicked = Signal(QModelIndex)
    details_requested = Signal(QModelIndex)
    remove_requested = Signal()
    copy_requested = Signal()
    everything_selected = Signal()
    menu_requested = Signal(QPoint)

    def __init__(
        self, name: str, delegate: RowDelegate, *, has_equal_rows: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(delegate, has_equal_rows=has_equal_rows, parent=parent)
        self._hovered: ButtonPlace | None = None
        self._pressed: ButtonPlace | None = None
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)

    @property
    def hovered(self) -> ButtonPlace | None:
        """The painted button under the pointer, for the delegate."""
        return self._hovered

    @property
    def held(self) -> ButtonPlace | None:
        """The painted button that is being held down, for the delegate."""
        return self._pressed if self._pressed == self._hovered else None

    def selected_count(self) -> int:
        """How many rows are selected; cheap with thousands."""
        return sum(part.height() for part in self._ranges())

    def selected_rows(self) -> list[int]:
        """Places of the selected rows, from top to bottom."""
        return sorted(row for part in self._ranges() for row in range(part.top(), part.bottom() + 1))

    def selected_uploads(self) -> list[Upload]:
        """The selected rows, from top to bottom."""
        model = self.model()
        return [model.index(row, 0).data(UPLOAD) for row in self.selected_rows()]

    def selectAll(self) -> None:
        super().selectAll()
        if self.selected_count():
            self.everything_selected.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif plain and key == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._select_current()
            self.details_requested.emit(self.currentIndex())
        elif key == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._open_menu()  # on X11 Qt knows the Menu key only
        elif plain and key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.selected_count():
            self.remove_requested.emit()
        else:
            super().keyPressEvent(event)
            if plain and key in _WALKING:
                self._select_current()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._place_under(event)
        if self._pressed is None:
            super().mousePressEvent(event)
        else:
            self._hovered = self._pressed
            self._repaint(self._pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._place_under(event) is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._place_at(event.position().toPoint()))
        if self._pressed is None:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
            return
        self._repaint(pressed)
        if self._place_at(event.position().toPoint()) == pressed:
            row = self.model().index(pressed.index.row(), 0)
            (self.copy_clicked if pressed.button is RowButton.COPY else self.close_clicked).emit(row)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._open_menu()
        elif self._take(index := self.indexAt(event.pos())):
            self.scrollTo(index)
            self.menu_requested.emit(event.globalPos())

    def _open_menu(self) -> None:
        """By keyboard: beside the current row."""
        index = self.currentIndex()
        if self._take(index):
            self.scrollTo(index)
            self.menu_requested.emit(self.viewport().mapToGlobal(self.visualRect(index).center()))

    def _take(self, index: QModelIndex) -> bool:
        """Select this row alone, unless it belongs to the selection; False where there is none."""
        if index.isValid() and not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        return index.isValid()

    def _select_current(self) -> None:
        """Tab makes the first row current without selecting it, and Qt selects only what becomes current anew."""
        if not self.selected_count():
            self._take(self.currentIndex())

    def _ranges(self) -> list[QItemSelectionRange]:
        return self.selectionModel().selection().toList()

    def _place_under(self, event: QMouseEvent) -> ButtonPlace | None:
        if event.button() != Qt.MouseButton.LeftButton:
            return None
        return self._place_at(event.position().toPoint())

    def _place_at(self, pos: QPoint) -> ButtonPlace | None:
        index = self.indexAt(pos)
        if not index.isValid():
            return None
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        button = self._delegate.button_at(pos, option, index)
        return None if button is None else ButtonPlace(QPersistentModelIndex(index), button)

    def _hover(self, place: ButtonPlace | None) -> None:
        if place == self._hovered:
            return
        before, self._hovered = self._hovered, place
        for one in (before, place):
            if one is not None:
                self._repaint(one)
        if place is None:
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def _repaint(self, place: ButtonPlace) -> None:
        if place.index.isValid():
            self.viewport().update(self.visualRect(self.model().index(place.index.row(), 0)))

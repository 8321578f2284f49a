"""A dialog that is always tall enough for its wrapped text."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

WIDTH_IN_CHARS = 68
MARGIN_PX = 24
SPACING_PX = 16


class FittedDialog(QDialog):
    """Put widgets into `column`. A window's layout does not grow for labels that wrap; this one does.

    The height follows the content until the operator makes the dialog taller than it needs to be.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        self.column.setSpacing(SPACING_PX)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.FontChange):
            self._fit()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = max(self.width(), self._wished_width())
        was_fitted = self.height() <= self.minimumHeight() or not self.isVisible()
        needed = self.column.totalHeightForWidth(width)
        if needed < 0:
            needed = self.column.totalSizeHint().height()
        self.setMinimumSize(self._wished_width(), needed)
        if was_fitted and self.height() != needed:
            self.resize(width, needed)

    def _wished_width(self) -> int:
        text = self.fontMetrics().averageCharWidth() * WIDTH_IN_CHARS + 2 * MARGIN_PX
        room = self.screen().availableGeometry().width() - 2 * MARGIN_PX
        return max(self.column.totalMinimumSize().width(), min(text, room))

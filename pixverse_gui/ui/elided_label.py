"""A label of one line that ends in an ellipsis where there is no room, instead of being cut or pushing others away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pixverse_gui.ui.plain_label import PlainLabel


class ElidedLabel(PlainLabel):
    """Speaks its whole text and shows it in a tip where it does not fit."""

    def __init__(self, text: str = "", *, look: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, look=look, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        tip = self.text() if text != self.text() else ""
        if self.toolTip() != tip:
            self.setToolTip(tip)
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), text)
        painter.end()

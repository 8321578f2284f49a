"""The push button of this program, in its few looks."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton, QWidget

from pixverse_gui.ui.icons import icon

ICON_PX, ICON_ROOM_PX = 18, 4


class ButtonKind(StrEnum):
    """PRIMARY is the one next step of a window; QUIET has no frame until the pointer or the focus is on it."""

    PRIMARY = "primary"
    PLAIN = "plain"
    QUIET = "quiet"


class Button(QPushButton):
    """A button whose accessible name is its text. The style sheet of `theme` paints it by its `kind` property."""

    def __init__(self, text: str, *, kind: ButtonKind = ButtonKind.PLAIN, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind.value)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)

    def show_icon(self, name: str, colour: QColor) -> None:
        """One of our icons before the text, in this colour."""
        self.setIcon(icon(name, colour, ICON_ROOM_PX))
        self.setIconSize(QSize(ICON_PX + ICON_ROOM_PX, ICON_PX))

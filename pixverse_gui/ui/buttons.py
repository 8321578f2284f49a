"""The push button of this program, in its few looks."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget


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

"""A label that can only show plain text: names from files and words from servers are never markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """Use this instead of QLabel everywhere. `look` is a style-sheet hook: body, muted, title, heading or mono."""

    def __init__(self, text: str = "", *, look: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setText(text)

"""The field that searches the History while one types."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pixverse_gui.ui import messages_history as words
from pixverse_gui.ui.icons import icon
from pixverse_gui.ui.theme import Theme

TYPING_PAUSE_MS = 150
_WIDTH_CHARS = 46
# The icons are tool buttons inside the field; what holds for buttons elsewhere would push them out of line.
_BARE_BUTTONS = "QToolButton { background: transparent; border: none; padding: 0; min-height: 0; }"


class SearchField(QLineEdit):
    """`searched(str)`: the text, when typing paused, Return was pressed or it was cleared.

    Escape clears it; `left_downwards` tells that the operator wants to go on in the list below.
    """

    searched = Signal(str)
    left_downwards = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(words.SEARCH_NAME)
        self.setPlaceholderText(words.SEARCH_PLACEHOLDER)
        self.setStyleSheet(_BARE_BUTTONS)
        self._sign = QAction(words.SEARCH_NOW, self)
        self._sign.triggered.connect(self._search_now)
        self.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction(words.CLEAR_SEARCH, self)
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._search_now)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._search_now)
        theme.changed.connect(self._tint)
        self._tint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text:
            self._pause.start()
        else:
            self._search_now()

    def _search_now(self) -> None:
        self._pause.stop()
        self.searched.emit(self.text())

    def _tint(self) -> None:
        self._sign.setIcon(icon("search", self._theme.colours.muted))
        self._clear.setIcon(icon("close", self._theme.colours.muted))
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * _WIDTH_CHARS)

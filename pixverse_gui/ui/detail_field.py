"""One fact of the details panel: its name, its text, and perhaps a button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pixverse_gui.ui.buttons import Button
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.wrapped_text import WrappedText

NAME_GAP_PX = 4
SPACING_PX = 8
FOCUS_RING_PX = 3
"""The text below has room for its focus ring around it; the name above begins where the letters do."""


class DetailField(QWidget):
    """Hidden while its text is empty. The text can be selected and copied, with the mouse and by keyboard."""

    button_clicked = Signal()

    def __init__(
        self,
        name: str,
        *,
        look: str = "body",
        button: str = "",
        button_name: str = "",
        button_below: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        # Each is made where it stays: Qt works the style of everything under a widget out anew when that is moved.
        label = PlainLabel(name, look="muted", parent=self)
        self._text = WrappedText(name=name, look=look, parent=self)
        label.setBuddy(self._text)
        label.setContentsMargins(FOCUS_RING_PX, 0, 0, 0)
        self._button = Button(button, parent=self)
        self._button.setAccessibleName(button_name or button)
        self._button.setVisible(bool(button))
        self._button.clicked.connect(self.button_clicked)
        row = QVBoxLayout() if button_below else QHBoxLayout()
        row.setSpacing(SPACING_PX)
        row.addWidget(self._text, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(NAME_GAP_PX)
        column.addWidget(label)
        column.addLayout(row)

    @property
    def text(self) -> str:
        return self._text.toPlainText()

    def set_text(self, text: str) -> None:
        """Show this; an empty text hides the field."""
        self._text.set_text(text)
        self.setVisible(bool(text))

    def show_button(self, visible: bool) -> None:
        self._button.setVisible(visible)

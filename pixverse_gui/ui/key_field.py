"""A field for the API key: dots, an eye to see it, and no way for the key to reach the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from pixverse_gui.ui import messages_dialogs

MAX_CHARS = 4_096
"""Far more than any key: what is pasted by mistake is refused by its length, not cut to something that looks right."""


class KeyField(QLineEdit):
    """Copies nothing, even while the key is readable.

    A readable QLineEdit puts text on the clipboard for Copy and Cut, on X11 for Ctrl+K and Ctrl+U too, and whatever is
    selected there, by mouse or by keyboard, becomes the primary selection (seen with 6.11.3). With dots it does none
    of that, so keys and mouse releases are handled under dots; nothing is painted in between.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(messages_dialogs.KEY_FIELD)
        self.setMaxLength(MAX_CHARS)
        self.setDragEnabled(False)
        self.set_readable(False)

    def set_readable(self, readable: bool) -> None:
        """Letters instead of dots."""
        self._is_readable = readable
        self.setEchoMode(QLineEdit.EchoMode.Normal if readable else QLineEdit.EchoMode.Password)

    def wipe(self) -> None:
        """Empty the field for good. `clear` can be undone; a new text cannot."""
        self.setText("")
        self.set_readable(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        with self._dots():
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        with self._dots():
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.own_menu().popup(event.globalPos())

    def own_menu(self) -> QMenu:
        """What a line edit offers, less everything that copies."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paste = menu.addAction(messages_dialogs.KEY_PASTE, self.paste)
        paste.setEnabled(not self.isReadOnly())
        menu.addAction(messages_dialogs.KEY_SELECT_ALL, self.selectAll)
        return menu

    @contextmanager
    def _dots(self) -> Iterator[None]:
        self.setEchoMode(QLineEdit.EchoMode.Password)
        try:
            yield
        finally:
            self.set_readable(self._is_readable)

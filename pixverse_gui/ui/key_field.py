"""A field for the API key: dots, an eye to see it, and no way for the key to reach the clipboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from pixverse_gui.ui import messages_dialogs

MAX_CHARS = 4_096
"""Far more than any key: what is pasted by mistake is refused by its length, not cut to something that looks right."""

_COPYING_KEYS = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    # On X11 these two put what they delete on the clipboard.
    QKeySequence.StandardKey.DeleteEndOfLine,
    QKeySequence.StandardKey.DeleteCompleteLine,
)


class KeyField(QLineEdit):
    """While the key is readable, a plain QLineEdit would hand it to the clipboard by key, menu, mouse and drag."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(messages_dialogs.KEY_FIELD)
        self.setMaxLength(MAX_CHARS)
        self.setDragEnabled(False)
        self.set_readable(False)

    def set_readable(self, readable: bool) -> None:
        """Letters instead of dots."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if readable else QLineEdit.EchoMode.Password)

    def wipe(self) -> None:
        """Empty the field for good. `clear` can be undone; a new text cannot."""
        self.setText("")
        self.set_readable(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if any(event.matches(keys) for keys in _COPYING_KEYS):
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # On X11 a selection made with the mouse becomes the primary selection when the button is released.
        if event.button() == Qt.MouseButton.LeftButton and self.hasSelectedText():
            event.accept()
            return
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

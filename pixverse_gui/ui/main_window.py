"""The window itself: its title, its place on the screen, and the question whether it may close.

It is light on purpose: it is painted before the modules that fill it are loaded.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

TITLE = "PixVerse Uploader"
_SIZE = (1120, 800)


class MainWindow(QMainWindow):
    """`closing`: the operator wants to close; whoever listens decides when. `painted`: the first paint is over."""

    closing = Signal()
    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.resize(*_SIZE)
        self.may_close = False
        self._is_painted = False

    def show_view(self, view: QWidget) -> None:
        """Fill the window."""
        self.setCentralWidget(view)
        view.setFocus()  # no ring before somebody uses the keyboard; Tab leads to the first button

    def restore_place(self, geometry: str) -> None:
        """Where the window was left; a geometry that fits no screen is ignored by Qt."""
        if geometry:
            from PySide6.QtCore import QByteArray  # noqa: PLC0415 - made when first used, so after the first paint

            self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore")))

    def place(self) -> str:
        """The counterpart of `restore_place`."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def come_forward(self) -> None:
        """In front of other windows, out of the task bar if need be, and with the keyboard."""
        from PySide6.QtCore import Qt  # noqa: PLC0415 - the first touch of it takes a tenth of the whole start

        self.setWindowState((self.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close:
            event.accept()
            return
        event.ignore()
        self.closing.emit()

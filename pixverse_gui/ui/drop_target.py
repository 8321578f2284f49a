"""The whole window as the place to drop on: overlay while something hovers, an Offer when it is let go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from pixverse_gui.ui.drop_overlay import DropOverlay
from pixverse_gui.ui.drop_reader import Peek, peek, read


class DropTarget(QObject):
    """Watches the drag events of `window`. `offered(object)`: the Offer of a drop. `takes_link`: could this be sent.

    Always answers with CopyAction: whoever lets a Move through may cost the operator her originals.
    """

    offered = Signal(object)

    def __init__(self, window: QWidget, overlay: DropOverlay, takes_link: Callable[[str], bool]) -> None:
        super().__init__(window)
        self._overlay, self._takes_link = overlay, takes_link
        self._peek: Peek | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            self._peek = peek(event.mimeData())
            self._overlay.show_for(self._peek.count, usable=self._peek.is_usable)
            self._answer(event)
            return True
        if isinstance(event, QDragMoveEvent):
            self._answer(event)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._end()
            return True
        if isinstance(event, QDropEvent):
            self._answer(event)
            offer = read(event.mimeData(), takes_link=self._takes_link)
            self._end()
            self.offered.emit(offer)
            return True
        return super().eventFilter(watched, event)

    def _answer(self, event: QDropEvent) -> None:
        if self._peek is not None and self._peek.is_usable:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def _end(self) -> None:
        self._peek = None
        self._overlay.hide()

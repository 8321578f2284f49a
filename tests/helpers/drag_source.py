"""A small window of another process that a real drag starts from. Prints one JSON line an event.

Arguments: x,y,width,height and a JSON object {"urls": [...], "formats": {type: base64}, "actions": "copy,move,link"}.
"""

from __future__ import annotations

import base64
import json
import sys

from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

_LINGER_MS = 500
"""The target may still read the data after the drop was answered."""

_ACTIONS = {
    "copy": Qt.DropAction.CopyAction,
    "move": Qt.DropAction.MoveAction,
    "link": Qt.DropAction.LinkAction,
}


def tell(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}), flush=True)


class Source(QWidget):
    def __init__(self, what: dict[str, object], actions: Qt.DropAction) -> None:
        super().__init__()
        self._what = what
        self._actions = actions
        self._pressed_at = QPointF()
        self.setWindowFlags(
            Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.X11BypassWindowManagerHint
            | Qt.WindowType.FramelessWindowHint
        )
        self.setWindowTitle("drag source")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = (event.position() - self._pressed_at).manhattanLength()
        if not event.buttons() & Qt.MouseButton.LeftButton or moved < QApplication.startDragDistance():
            return
        drag = QDrag(self)
        drag.setMimeData(self._mime_data())
        tell("dragging")
        # Move is proposed first, as file managers do: a target that takes what is proposed would have files deleted.
        answer = drag.exec(self._actions, Qt.DropAction.MoveAction)
        tell("finished", action=answer.name.removesuffix("Action").lower())
        QTimer.singleShot(_LINGER_MS, QApplication.quit)

    def _mime_data(self) -> QMimeData:
        data = QMimeData()
        if self._what["urls"]:
            data.setUrls([QUrl(url) for url in self._what["urls"]])
        for kind, content in self._what["formats"].items():
            data.setData(kind, base64.b64decode(content))
        return data


def main() -> int:
    x, y, width, height = (int(number) for number in sys.argv[1].split(","))
    what = json.loads(sys.argv[2])
    actions = Qt.DropAction.IgnoreAction
    for name in what["actions"].split(","):
        actions |= _ACTIONS[name]
    application = QApplication(["drag-source"])
    source = Source(what, actions)
    source.setGeometry(x, y, width, height)
    source.show()
    QTimer.singleShot(100, lambda: tell("ready"))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())

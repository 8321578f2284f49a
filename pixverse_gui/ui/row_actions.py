"""What can be done with the selected rows: one QAction each, shared by menu, keys and the strip of buttons."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from pixverse_gui.core.models import SourceKind, Upload, UploadState

_S = UploadState


class RowAction(StrEnum):
    """The value is the text and the accessible name."""

    CANCEL = "Cancel"
    RETRY = "Retry"
    CHECK_AGAIN = "Check again"
    COPY = "Copy"
    UPLOAD_AGAIN = "Upload again"
    OPEN_LINK = "Open link"
    DETAILS = "Details"
    REMOVE = "Remove"


def applies(action: RowAction, upload: Upload) -> bool:
    """Whether this can be done with this row of the working list."""
    if action is RowAction.CANCEL:
        return upload.state in {_S.WAITING, _S.UPLOADING}
    if action is RowAction.RETRY:
        return upload.state is _S.FAILED
    if action is RowAction.CHECK_AGAIN:
        return upload.state is _S.BLOCKED and upload.source.kind is SourceKind.FILE
    if action is RowAction.COPY:
        return upload.img_id is not None
    if action is RowAction.UPLOAD_AGAIN:
        return upload.state is _S.DONE and upload.reused_from is not None
    if action is RowAction.OPEN_LINK:
        return link_of(upload) is not None
    if action is RowAction.REMOVE:
        return upload.state not in {_S.WAITING, _S.UPLOADING}
    return True


def link_of(upload: Upload) -> str | None:
    """The page to open for a row: its picture at PixVerse, else the link it came from; https only."""
    given = upload.source.location if upload.source.kind is SourceKind.LINK else None
    link = upload.img_url or given
    return link if link is not None and link.lower().startswith("https://") else None


class RowActions(QObject):
    """The actions of one list. `triggered(object, object)`: a RowAction and the rows of the selection it applies to."""

    triggered = Signal(object, object)

    def __init__(self, offered: Sequence[RowAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._selected: list[Upload] = []
        self.actions: dict[RowAction, QAction] = {}
        for which in offered:
            action = QAction(which.value, self)
            action.triggered.connect(lambda _=False, which=which: self.trigger(which))
            self.actions[which] = action
        self.select([])

    def select(self, uploads: Sequence[Upload]) -> None:
        """The selection is another, or its rows have changed."""
        self._selected = list(uploads)
        for which, action in self.actions.items():
            fitting = any(applies(which, upload) for upload in self._selected)
            single = which in {RowAction.DETAILS, RowAction.OPEN_LINK}
            action.setVisible(fitting and (not single or len(self._selected) == 1))
            action.setEnabled(action.isVisible())

    def trigger(self, which: RowAction) -> None:
        """Do it with those rows of the selection for which it makes sense."""
        fitting = [upload for upload in self._selected if applies(which, upload)]
        if fitting:
            self.triggered.emit(which, fitting)

    def menu(self, parent: QWidget) -> QMenu:
        """The context menu for the present selection."""
        menu = QMenu(parent)
        menu.addActions([action for action in self.actions.values() if action.isVisible()])
        return menu

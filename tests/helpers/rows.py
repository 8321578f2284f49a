"""Uploads as a list shows them, in any state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from pixverse_gui.core.models import (
    ImageFacts,
    ImageFormat,
    Issue,
    IssueCode,
    Param,
    Severity,
    Source,
    SourceKind,
    Upload,
    UploadState,
)
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.roles import HEADING, LIVE, UPLOAD

ADDED = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
LONG_ID = "18446744073709551615"


def upload(name: str = "castle_01.png", state: UploadState = UploadState.READY, **changes: Any) -> Upload:
    """A row of a file."""
    source = Source(SourceKind.FILE, f"/pictures/{name}", name)
    return Upload(key=1, batch=1, position=0, **{"source": source, "state": state, "added_at": ADDED, **changes})


def link_upload(link: str, state: UploadState = UploadState.READY, **changes: Any) -> Upload:
    """A row of a link."""
    return upload(state=state, source=Source(SourceKind.LINK, link, link.removeprefix("https://")), **changes)


def facts(width: int = 3840, height: int = 2160, byte_size: int = 4_100_000) -> ImageFacts:
    return ImageFacts(byte_size, ImageFormat.PNG, width, height, sha256="ab" * 32)


def warning(code: IssueCode, **params: Param) -> Issue:
    return Issue(Severity.WARNING, code, params)


def blocker(code: IssueCode, **params: Param) -> Issue:
    return Issue(Severity.BLOCKER, code, params)


class RowModel(QAbstractListModel):
    """Rows for a delegate: (upload, live, heading)."""

    def __init__(self, *rows: tuple[Upload, LiveProgress | None, str]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, live, heading = self.rows[index.row()]
        return {UPLOAD: row, LIVE: live, HEADING: heading}.get(role)

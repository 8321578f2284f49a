"""Folders of ours, opened in the system's own file window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_folder(folder: Path) -> None:
    """Where that is impossible the system says so itself."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

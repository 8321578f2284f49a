"""Where the data folder is when the command line names none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from pixverse_gui.core.data_folder import FOLDER_NAME


def default_folder() -> Path:
    """The place that this system has for the data of programs."""
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place)) / FOLDER_NAME

"""What watches over the whole run: the keys that must not be written, the log, and faults that nobody caught."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from pixverse_gui.background.crash_watch import CrashWatch
from pixverse_gui.background.program_log import ProgramLog
from pixverse_gui.core.scrubbing import Scrubber


class Watch(QObject):
    """One for the process. `scrub` has to be told each key before the key is used for the first time."""

    def __init__(self, log_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scrub = Scrubber()
        self.log = ProgramLog(log_folder, self.scrub)
        self.crashes = CrashWatch(self.scrub, self)

    def open(self) -> None:
        self.log.open()
        self.crashes.install()

    def close(self, timeout_s: float) -> bool:
        """Give the hooks back and write what waits. False where the disk did not take it in this time."""
        self.crashes.uninstall()
        return self.log.close(timeout_s)

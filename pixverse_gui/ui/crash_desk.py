"""Between the reports of faults and the one dialog that tells of them: shown once, counted after that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from pixverse_gui.background.crash_watch import CrashReport
from pixverse_gui.ui.clipboard import ClipboardWriter
from pixverse_gui.ui.crash_dialog import CrashDialog
from pixverse_gui.ui.folders import open_folder
from pixverse_gui.ui.messages_crash import left_out

_KEPT = 10
"""Reports whose details are shown; a fault in a timer comes ten times a second."""
_KEPT_CHARS = 20_000


class CrashDesk(QObject):
    """GUI thread. `system` heads the details. `is_saved`: every id is on disk.

    A dialog that the operator closed comes back for a fault that was not seen in this run, and for no other.
    """

    def __init__(
        self, system: str, log_folder: Path, is_saved: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._system, self._log_folder, self._is_saved = system, log_folder, is_saved
        self._reports: list[str] = []
        self._places: set[str] = set()
        self._count = 0
        self._clipboard = ClipboardWriter(QGuiApplication.clipboard(), self)
        self.dialog: CrashDialog | None = None

    def tell(self, report: CrashReport) -> None:
        """Show this fault, or count it."""
        is_new = report.place not in self._places
        self._places.add(report.place)
        self._count += 1
        if is_new and len(self._reports) < _KEPT:
            self._reports.append(report.text[:_KEPT_CHARS])
        if self.dialog is None and is_new:
            self._open()
        if self.dialog is not None:
            self.dialog.show_crash(self._details(), count=self._count, is_saved=self._is_saved())
            self.dialog.show()

    def _details(self) -> str:
        rest = self._count - len(self._reports)
        return "\n\n".join([self._system, *self._reports, *([left_out(rest)] if rest else [])])

    def _open(self) -> None:
        # No window is its parent: it has to be usable while one of ours waits for an answer, and to outlive it.
        dialog = CrashDialog()
        dialog.copy_wanted.connect(self._clipboard.copy)
        dialog.log_wanted.connect(partial(open_folder, self._log_folder))
        dialog.finished.connect(self._closed)
        self._clipboard.copied.connect(lambda _: dialog.say_copied(worked=True))
        self._clipboard.refused.connect(lambda _: dialog.say_copied(worked=False))
        self.dialog = dialog

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            self._clipboard.copied.disconnect()
            self._clipboard.refused.disconnect()
            dialog.deleteLater()

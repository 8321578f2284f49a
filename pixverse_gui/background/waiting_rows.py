"""The rows of a run that are not in flight: those in line, and those still being checked that will follow."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.journal_writer import JournalWriter
from pixverse_gui.background.run_progress import RunProgress
from pixverse_gui.background.send_line import SendLine
from pixverse_gui.background.working_list import WorkingList
from pixverse_gui.core.models import Upload, UploadState


class WaitingRows(QObject):
    """GUI thread only. `moved`: somebody joined the line or left it by itself, so the queue should look again.

    `run` sums up the run that these rows belong to.
    """

    moved = Signal()

    def __init__(self, rows: WorkingList, writer: JournalWriter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows, self._writer = rows, writer
        self._line = SendLine()
        self._following: set[int] = set()
        self.run = RunProgress()
        rows.changed.connect(self._row_changed)

    def __len__(self) -> int:
        return len(self._line) + len(self._following)

    @property
    def in_line(self) -> int:
        return len(self._line)

    def begin_run(self) -> None:
        """From here on everything counts anew."""
        self.run = RunProgress()

    def line_up(self, uploads: Iterable[Upload]) -> None:
        """READY or FAILED rows become WAITING, at the end of the line."""
        moved = [row.moved_to(UploadState.WAITING, error=None) for row in uploads]
        self._writer.save(moved)
        for row in moved:
            self.take_up(row)
            self._rows.replace(row)

    def take_up(self, row: Upload) -> None:
        """A row that is WAITING already."""
        self._line.add(row.key)
        self._join(row)

    def back_in_line(self, key: int, delay_s: float) -> None:
        """A row whose attempt broke off; it lets the others pass for `delay_s`."""
        self._line.add(key, delay_s)

    def follow(self, row: Upload) -> None:
        """A row that is being checked: it joins the line when it turns READY."""
        self._following.add(row.key)
        self._join(row)

    def next(self) -> Upload | None:
        """The first row whose time has come, out of the line."""
        while (key := self._line.take()) is not None:
            row = self._rows.get(key)
            if row is not None and row.state is UploadState.WAITING:
                return row
        return None

    def seconds_to_next(self) -> float | None:
        """Until the next one may be sent; None where nobody is in line."""
        return self._line.seconds_to_next()

    def send_home(self, key: int) -> None:
        """One row goes back to READY, if it waits at all."""
        self._following.discard(key)
        if self._line.remove(key):
            self._back_to_ready([key])

    def send_all_home(self) -> None:
        """Nobody waits any more."""
        self._following.clear()
        self._back_to_ready(self._line.clear())

    def forget(self, key: int) -> None:
        """A row that left the list."""
        self._following.discard(key)
        self._line.remove(key)
        self.run.leave(key)

    def _join(self, row: Upload) -> None:
        self.run.begin(row.key, row.facts.byte_size if row.facts else None)

    def _back_to_ready(self, keys: Iterable[int]) -> None:
        present = [row for row in map(self._rows.get, keys) if row is not None and row.state is UploadState.WAITING]
        moved = [row.moved_to(UploadState.READY, error=None) for row in present]
        self._writer.save(moved)
        for row in moved:
            self.run.leave(row.key)
            self._rows.replace(row)

    def _row_changed(self, row: Upload) -> None:
        if row.key in self._following and row.state is not UploadState.CHECKING:
            # This signal is still on its way to others, who must see the row as it is now before it moves on.
            QTimer.singleShot(0, self, lambda: self._checked(row.key))

    def _checked(self, key: int) -> None:
        if key not in self._following:
            return
        row = self._rows.get(key)
        if row is not None and row.state is UploadState.CHECKING:
            return
        self._following.discard(key)
        if row is not None and row.state is UploadState.READY:
            self.line_up([row])
        elif row is not None and row.state is UploadState.DONE:
            self.run.end(key, ok=True)
        else:
            self.run.leave(key)
        self.moved.emit()

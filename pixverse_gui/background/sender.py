"""One attempt from commit to commit: the row on disk as UPLOADING, the request, the row on disk with its id."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.doors import ClientBox
from pixverse_gui.background.flight import Clock, Flight, in_short, landed, took_off, utc_now
from pixverse_gui.background.journal_writer import JournalWriter
from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.background.working_list import WorkingList
from pixverse_gui.core.attempt_control import AttemptControl, EndReason
from pixverse_gui.core.drives import SilentDrives
from pixverse_gui.core.errors import ConnectionBrokenError, DriveSilentError, UploadCancelled
from pixverse_gui.core.file_rooms import FileRooms
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import SourceKind, Upload, UploadResult, UploadState
from pixverse_gui.core.sending import error_of_ended, send
from pixverse_gui.core.sleep_watch import SleepWatch, running_clock

_TICK_MS = 100
_TAKES_LATE_ID = {UploadState.READY, UploadState.WAITING, UploadState.FAILED}
_log = logging.getLogger(__name__)


class Sender(QObject):
    """GUI thread only; knows nothing of turns, retries or pauses.

    `arrived(object)`: a row with its id, committed, just before the list shows it. `arrived_late(object)`: the same,
    after the row had been taken back. `broke_off(object, object)`: the Flight that brought nothing and its error.
    `progressed(object)`: keys in flight, ten times a second.
    """

    arrived = Signal(object)
    arrived_late = Signal(object)
    broke_off = Signal(object, object)
    progressed = Signal(object)

    def __init__(
        self,
        rows: WorkingList,
        writer: JournalWriter,
        tasks: Tasks,
        *,
        limits: Limits,
        drives: SilentDrives,
        clock: Clock = utc_now,
        running: Callable[[], float] = running_clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows, self._writer, self._tasks, self._limits, self._clock = rows, writer, tasks, limits, clock
        self._rooms = FileRooms()
        self._drives = drives
        self._flights: dict[int, Flight] = {}
        self._unsaved: dict[int, Upload] = {}
        self._sleep = SleepWatch(limits.clock_jump_s, running)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._look_after_flights)

    def __len__(self) -> int:
        return len(self._flights)

    def __contains__(self, key: int) -> bool:
        return key in self._flights

    def flight(self, key: int) -> Flight | None:
        """The attempt of a row that is being sent."""
        return self._flights.get(key)

    def unsaved(self, key: int) -> Upload | None:
        """A row that has its id, which is not on disk yet."""
        return self._unsaved.get(key)

    def unsaved_ids(self) -> tuple[str, ...]:
        """Ids that are not on disk yet, as text."""
        return tuple(row.img_id for row in self._unsaved.values() if row.img_id is not None)

    def shares(self) -> dict[int, float]:
        """How much of each body was handed over, 0..1."""
        return {key: flight.share for key, flight in self._flights.items()}

    def take_off(self, row: Upload, account: str, box: ClientBox) -> None:
        """Send a WAITING row. Nothing opens a socket before the row stands on disk as UPLOADING."""
        trace_id = str(uuid.uuid4())
        row = took_off(row, trace_id, self._clock())
        control = AttemptControl(self._limits, learn_drive=self._drives.learn)
        flight = Flight(row, trace_id, account, control, box)
        self._flights[row.key] = flight
        _log.info("Attempt %s: row %d, %s number %d", trace_id, row.key, row.source.kind, len(row.attempts))
        self._rows.replace(row)
        if not self._tick.isActive():
            self._sleep.restart()
            self._tick.start()
        self._writer.save([row], then=partial(self._send, flight))

    def cancel(self, key: int) -> bool:
        """End a row's attempt. True where it has one."""
        flight = self._flights.get(key)
        if flight is None:
            return False
        flight.control.cancel()
        return True

    def cancel_all(self) -> None:
        for key in list(self._flights):
            self.cancel(key)

    def rename_account(self, old: str, new: str) -> None:
        """What is on its way belongs to an account whose name became known."""
        for flight in self._flights.values():
            if flight.account == old:
                flight.account = new

    def _send(self, flight: Flight) -> None:
        if flight.is_abandoned or flight.control.is_cancelled:
            self._failed(flight, UploadCancelled())
            return
        row, control = flight.upload, flight.control
        if row.source.kind is SourceKind.FILE and self._drives.is_silent(row.source.location):
            self._failed(flight, DriveSilentError())
            return
        flight.asked_at = time.monotonic()
        flight.job = self._tasks.run(
            Pool.UPLOADS,
            lambda: send(row, flight.trace_id, flight.box.get(), control, self._limits, rooms=self._rooms),
            done=partial(self._succeeded, flight),
            failed=partial(self._failed, flight),
        )

    def _succeeded(self, flight: Flight, result: UploadResult) -> None:
        self._came_back(flight)
        row = landed(flight, result, self._clock())
        # Before the commit, so that an id which no disk takes but the log's can be found there.
        _log.info("Attempt %s: done, id %s", flight.trace_id, result.img_id)
        if flight.is_abandoned:
            self._late_success(row)
            return
        self._unsaved[row.key] = row
        self._writer.save([row], then=partial(self._saved, row))

    def _saved(self, row: Upload) -> None:
        self._flights.pop(row.key, None)
        self._unsaved.pop(row.key, None)
        self._rows.replace(row)
        self.arrived.emit(row)

    def _failed(self, flight: Flight, error: Exception) -> None:
        self._came_back(flight)
        self._end(flight, error)

    def _came_back(self, flight: Flight) -> None:
        flight.job = None
        if flight.control.end_reason is EndReason.DRIVE:
            self._drives.answered(flight.upload.source.location)

    def _end(self, flight: Flight, error: Exception) -> None:
        _log.info("Attempt %s: %s", flight.trace_id, in_short(error))
        if flight.is_abandoned:
            return
        flight.is_abandoned = True
        self._flights.pop(flight.upload.key, None)
        self.broke_off.emit(flight, error)

    def _look_after(self, flight: Flight) -> None:
        """End what takes too long, and do not wait for a worker that does not come back after that.

        It may sit in a name look-up or in a read that nobody can interrupt.
        """
        control, now = flight.control, time.monotonic()
        if flight.is_abandoned or flight.upload.key in self._unsaved:  # an id stays, on disk or on the way there
            return
        control.check()
        if flight.job is not None and not control.has_begun and now - flight.asked_at > self._limits.begin_timeout_s:
            control.abort(EndReason.STALLED)
            self._abandon(flight, ConnectionBrokenError(reason="stalled"))
            return
        error = error_of_ended(control)
        if error is None:
            return
        if flight.ended_at is None:
            flight.ended_at = now
        if now - flight.ended_at >= self._limits.cancel_grace_s:
            self._abandon(flight, error)

    def _abandon(self, flight: Flight, error: Exception) -> None:
        if flight.control.end_reason is EndReason.DRIVE:
            self._drives.fell_silent(flight.upload.source.location)
        if flight.job is not None:
            flight.control.leave_behind()
            self._tasks.leave_behind(flight.job)
        self._end(flight, error)

    def _late_success(self, row: Upload) -> None:
        """The answer came after the row was taken back. An id is never thrown away.

        A row that is on its way once more, or whose file is another by now, keeps to that; this id is in the log.
        """
        present = self._rows.get(row.key)
        if present is None:  # it left the list, and is not to come back at the next start
            row = replace(row, listed=False)
        if present is None or present.state in _TAKES_LATE_ID:
            self._writer.save([row], then=partial(self._saved_late, row, present))

    def _saved_late(self, row: Upload, before: Upload | None) -> None:
        if self._rows.get(row.key) != before:  # it moved on meanwhile, and that was saved after the id
            self._late_success(row)
            return
        self._rows.replace(row)
        self.arrived_late.emit(row)

    def _look_after_flights(self) -> None:
        # Before the watchdogs: they too have been waiting since the lid was closed, and would name another reason.
        slept = self._sleep.was_asleep(_TICK_MS / 1000)
        for flight in list(self._flights.values()):
            if slept:
                flight.control.abort(EndReason.ASLEEP)
            self._look_after(flight)
        self.progressed.emit(list(self._flights))
        if not self._flights:
            self._tick.stop()

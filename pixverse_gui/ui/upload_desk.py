"""Between the Upload tab and the queue: buttons, row actions and keys become calls, news becomes what is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.engine import Engine
from pixverse_gui.background.queue_state import Phase, RunSummary
from pixverse_gui.core.failure_table import may_help_to_retry
from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui.announce import announce
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.messages_errors import message_for
from pixverse_gui.ui.progress_content import ProgressButton, QueueSight, progress_content
from pixverse_gui.ui.removing import Removing
from pixverse_gui.ui.roles import UPLOAD
from pixverse_gui.ui.row_actions import RowAction
from pixverse_gui.ui.upload_model import RowFilter, UploadModel
from pixverse_gui.ui.upload_panel import UploadPanel

_REFRESH_MS = 50
_LEFT_BY_UPLOAD = {RowFilter.READY, RowFilter.ATTENTION}
"""What these chips show goes away when it is sent, and whoever presses Upload wants to see how it gets on."""
_COUNTDOWN_MS = 500
_LOOK_MS = 100


class UploadDesk(QObject):
    """`started`: Upload was pressed. `refreshed`: counts or progress have been shown anew, at most 20 times a second.

    `copy_wanted(object)`, `link_wanted(object)`, `details_wanted(object)`: row actions for others to carry out.
    """

    refreshed = Signal()
    started = Signal()
    copy_wanted = Signal(object)
    link_wanted = Signal(object)
    details_wanted = Signal(object)

    def __init__(self, engine: Engine, panel: UploadPanel, model: UploadModel) -> None:
        super().__init__(panel)
        self._engine, self._panel, self._model = engine, panel, model
        self._queue = engine.queue
        self._summary: RunSummary | None = None
        self._counting: int | None = None
        self._drive_is_silent = False
        self._has_begun = True  # but for a run that was only offered: its end is no Stop
        self._to_check = (0, 0)
        self.is_closing = False
        self.removing = Removing(
            engine.rows, engine.staging, engine.queue, engine.writer, say=panel.strip.say, parent=self
        )
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._put_visible_first)
        self._countdown = QTimer(self)
        self._countdown.setInterval(_COUNTDOWN_MS)
        self._countdown.timeout.connect(self.refresh)
        self._connect()
        self.refresh()

    def live(self, key: int) -> LiveProgress | None:
        """How far a row that is being sent has come, and whether the drive of any row keeps it waiting."""
        flight = self._engine.flights.flight(key)
        if flight is None:
            return LiveProgress(drive_is_silent=True) if self._engine.staging.looks.is_silent(key) else None
        unsaved = self._engine.flights.unsaved(key)
        problem = self._engine.writer.problem
        late = unsaved is not None and problem is not None
        return LiveProgress(
            fraction=flight.share,
            phase="waiting_for_answer" if flight.control.body_complete else "sending",
            unsaved_id=unsaved.img_id if late and unsaved else None,
            unsaved_reason=message_for(problem).row if late and problem else "",
            drive_is_silent=flight.control.read_watch.silent_s > self._engine.limits.drive_notice_s,
        )

    def upload(self) -> None:
        """Send everything that is ready; without such, nothing changes, not even what the line says."""
        counts = self._engine.rows.counts()
        if self.is_closing or not (counts.ready or counts.checking or self._queue.phase is Phase.PAUSED):
            return
        self._summary = None
        if self._panel.filter.chosen in _LEFT_BY_UPLOAD:
            self._panel.choose(RowFilter.ALL)
        self.started.emit()
        self._queue.start()

    def pause_or_continue(self) -> None:
        """The one key for both; while the window is closing it has no meaning."""
        if self.is_closing:
            return
        if self._queue.phase is Phase.PAUSED:
            self._queue.resume()
        else:
            self._queue.pause()

    def retry_failed(self) -> None:
        """Send the failed rows again. What moderation refused goes along only where nothing else is left to retry."""
        self._summary = None
        failed = self._engine.rows.in_state(UploadState.FAILED)
        promising = [row for row in failed if may_help_to_retry(row.error)]
        self._engine.drives.forgive()
        self._queue.retry([row.key for row in promising or failed])

    def discard_waiting(self) -> None:
        """Take out the rows that wait since last time; Undo brings them back, ready to be sent."""
        waiting = [row.key for row in self._engine.rows.in_state(UploadState.WAITING)]
        self._has_begun = False
        self._queue.stop()
        self._has_begun = True
        self.removing.remove([row for row in map(self._engine.rows.get, waiting) if row is not None])

    def act(self, action: RowAction, uploads: Sequence[Upload]) -> None:
        """Carry out a row action."""
        keys = [row.key for row in uploads]
        if action is RowAction.CANCEL:
            self._queue.cancel(keys)
        elif action is RowAction.RETRY:
            self._summary = None
            self._engine.drives.forgive()
            self._queue.retry(keys)
        elif action is RowAction.CHECK_AGAIN:
            self._engine.drives.forgive()
            for key in keys:
                self._engine.staging.check_again(key)
        elif action is RowAction.REMOVE:
            self.removing.remove(uploads)
        elif action is RowAction.UPLOAD_AGAIN:
            self._upload_again(uploads)
        elif action is RowAction.COPY:
            # A row whose id is not on disk yet does not have it in the list either.
            self.copy_wanted.emit([self._engine.flights.unsaved(row.key) or row for row in uploads])
        elif action is RowAction.OPEN_LINK:
            self.link_wanted.emit(uploads[0])
        else:
            self.details_wanted.emit(uploads[0])

    def refresh(self) -> None:
        """Show how things stand."""
        sight = self._sight()
        self._panel.show_counts(sight.counts, is_reading=sight.counting is not None)
        self._panel.progress.show_content(progress_content(sight), sight.counts.ready)
        if self._queue.phase is Phase.HELD:
            self._countdown.start()
        else:
            self._countdown.stop()
        self.refreshed.emit()

    def _upload_again(self, uploads: Sequence[Upload]) -> None:
        """A row that took over an earlier id is sent after all; that id stays with its own row in the History."""
        for row in uploads:
            again = row.moved_to(
                UploadState.READY,
                resend=True,
                img_id=None,
                img_url=None,
                reused_from=None,
                reused_at=None,
                finished_at=None,
            )
            self._engine.writer.save([again])
            self._engine.rows.replace(again)
        self._summary = None
        self._queue.start([row.key for row in uploads])

    def _sight(self) -> QueueSight:
        queue = self._queue
        checked, to_check = self._to_check
        return QueueSight(
            counts=self._engine.rows.counts(),
            phase=queue.phase,
            reason=queue.reason,
            progress=queue.progress(),
            in_flight=len(self._engine.flights),
            waiting=queue.waiting,
            hold_seconds=queue.hold_seconds_left,
            is_stopping=queue.is_stopping,
            is_closing=self.is_closing,
            summary=self._summary,
            checked=checked,
            to_check=to_check,
            counting=self._counting,
            drive_is_silent=self._drive_is_silent,
        )

    def _connect(self) -> None:
        engine, panel = self._engine, self._panel
        for signal in (engine.rows.inserted, engine.rows.changed, engine.rows.removed, engine.queue.state_changed):
            signal.connect(self._refresh_soon)
        engine.flights.progressed.connect(self._model.touch)
        engine.flights.progressed.connect(self._refresh_soon)
        engine.queue.run_ended.connect(self._run_ended)
        engine.staging.progressed.connect(self._checking)
        engine.staging.staged.connect(self._staged)
        engine.staging.looks.silence_changed.connect(self._model.touch)
        engine.intake.counted.connect(self._count_files)
        engine.intake.gathered.connect(lambda _: self._count_files(None))
        engine.intake.silence_changed.connect(self._reading_waits)
        panel.list.verticalScrollBar().valueChanged.connect(self._look.start)
        panel.row_actions.triggered.connect(self.act)
        panel.progress.pressed.connect(self._pressed)

    def _refresh_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _run_ended(self, summary: RunSummary) -> None:
        self._summary = summary if self._has_begun else None
        self.refresh()
        announce(self._panel, self._panel.progress.text)

    def _checking(self, remaining: int, of_all: int) -> None:
        self._to_check = (of_all - remaining, of_all if remaining else 0)
        self._refresh_soon()

    def _staged(self) -> None:
        self._summary = None
        self._look.start()

    def _put_visible_first(self) -> None:
        if self._engine.staging.remaining:
            shown = (self._panel.filter.index(row, 0).data(UPLOAD) for row in self._panel.list.visible_rows())
            self._engine.staging.put_first([row.key for row in shown if row is not None])

    def _count_files(self, count: int | None) -> None:
        self._counting = count
        self._refresh_soon()

    def _reading_waits(self, drive_is_silent: bool) -> None:
        self._drive_is_silent = drive_is_silent
        if drive_is_silent and self._counting is None:
            self._counting = 0  # it has not even said how many files there are
        self._refresh_soon()

    def _pressed(self, button: ProgressButton) -> None:
        {
            ProgressButton.UPLOAD: self.upload,
            ProgressButton.PAUSE: self._queue.pause,
            ProgressButton.CONTINUE: self._queue.resume,
            ProgressButton.TRY_NOW: self._queue.resume,
            ProgressButton.STOP: self._queue.stop,
            ProgressButton.STOP_READING: self._engine.intake.stop,
            ProgressButton.RETRY_FAILED: self.retry_failed,
            ProgressButton.SHOW_ATTENTION: lambda: self._panel.choose(RowFilter.ATTENTION),
            ProgressButton.SHOW_FAILED: lambda: self._panel.choose(RowFilter.FAILED),
            ProgressButton.CLEAR: self.removing.clear,
        }[button]()

"""The state machine: who is sent next, retry, back-off, pause, stop.

Every decision is taken on the GUI thread; workers only send. What a failed attempt does to its row and to the others
stands in `core.failure_table`; this module carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.account import Account
from pixverse_gui.background.flight import Flight, broke_off
from pixverse_gui.background.journal_writer import JournalWriter
from pixverse_gui.background.queue_phase import QueuePhase
from pixverse_gui.background.queue_state import Phase, Reason, RunSummary
from pixverse_gui.background.run_progress import ProgressView
from pixverse_gui.background.sender import Sender
from pixverse_gui.background.setbacks import Setbacks, reason_to_pause, state_after
from pixverse_gui.background.waiting_rows import WaitingRows
from pixverse_gui.background.working_list import WorkingList
from pixverse_gui.core.errors import AccountRefusedError, PixVerseGuiError
from pixverse_gui.core.failure_table import QueueEffect, Reaction, RowFate
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Upload, UploadState


class UploadQueue(QObject):
    """GUI thread only.

    `state_changed`: phase, reason or hold have another value.
    `run_ended(object)`: RunSummary. `check_wanted(int)`: this row's file changed; inspect it again.
    `account_refused(object)`: the error with which the service refused the key.
    """

    state_changed = Signal()
    run_ended = Signal(object)
    check_wanted = Signal(int)
    account_refused = Signal(object)

    def __init__(
        self,
        rows: WorkingList,
        writer: JournalWriter,
        sender: Sender,
        account: Account,
        *,
        at_once: Callable[[], int],
        limits: Limits,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows, self._writer, self._sender, self._account = rows, writer, sender, account
        self._at_once, self._limits = at_once, limits
        self._waiting = WaitingRows(rows, writer, self)
        self._setbacks = Setbacks(limits)
        self._stopping = self._halting = self._finishes_only = False
        self.last_setback: PixVerseGuiError | None = None
        self._now = QueuePhase(self)
        self._now.changed.connect(self.state_changed)
        self._now.hold_over.connect(self._pump)
        self._wake = QTimer(self)
        self._wake.setSingleShot(True)
        self._wake.timeout.connect(self._pump)
        self._waiting.moved.connect(self._pump)
        sender.arrived.connect(self._arrived)
        sender.arrived_late.connect(self._arrived_late)
        sender.broke_off.connect(self._broke_off)
        account.changed.connect(self._account_changed)
        writer.saving_failed.connect(lambda _: self._storage_is_away())
        writer.saving_recovered.connect(self._storage_is_back)

    # What the window asks.

    @property
    def phase(self) -> Phase:
        return self._now.phase

    @property
    def reason(self) -> Reason | None:
        """Why it is held or paused."""
        return self._now.reason

    @property
    def is_stopping(self) -> bool:
        """Stop was pressed, and attempts are still ending."""
        return self._stopping

    @property
    def hold_seconds_left(self) -> int:
        """Until the queue goes on by itself, rounded up; 0 where it is not held."""
        return self._now.seconds_left

    @property
    def waiting(self) -> int:
        """Rows in line, and rows being checked that will follow."""
        return len(self._waiting)

    def progress(self) -> ProgressView:
        """How far this run has come."""
        return self._waiting.run.view(self._sender.shares())

    # What the operator asks.

    def start(self, keys: Iterable[int] | None = None) -> None:
        """Send these READY rows, or all; rows still being checked follow as they turn READY.

        Rows join what is held, and wait with it. Single ones join what is paused, too; all of them end a pause.
        """
        wanted = None if keys is None else set(keys)
        if self.phase is Phase.IDLE:
            self._begin_run()
        ready = [row for row in self._rows.in_state(UploadState.READY) if wanted is None or row.key in wanted]
        following = self._rows.in_state(UploadState.CHECKING) if wanted is None else []
        self._stopping = self._stopping and not (ready or following)  # new work ends a Stop that is still under way
        self._waiting.line_up(ready)
        for row in following:
            self._waiting.follow(row)
        self._go_on(ends_pause=wanted is None)

    def retry(self, keys: Iterable[int]) -> None:
        """Send FAILED rows again, each with a fresh count of tries; they join what is held or paused."""
        failed = [row for row in map(self._rows.get, keys) if row is not None and row.state is UploadState.FAILED]
        if not failed:
            return
        if self.phase is Phase.IDLE:
            self._begin_run()
        for row in failed:
            self._setbacks.forgive(row.key)
        self._stopping = False
        self._waiting.line_up(failed)
        self._go_on()

    def offer(self, uploads: Iterable[Upload]) -> None:
        """Rows that an earlier run of the program left WAITING: they stay in line until the operator says so."""
        waiting = [row for row in uploads if row.state is UploadState.WAITING]
        if waiting:
            for row in waiting:
                self._waiting.take_up(row)
            self._pause(Reason.RESTORED)

    def pause(self) -> None:
        """Let what is in flight finish, send nothing new, not even when what held the queue up is over."""
        self._pause(Reason.OPERATOR)

    def resume(self) -> None:
        """Go on now, whatever held the queue up."""
        self._setbacks.forgive_all()
        self._writer.retry_now()
        self._now.enter(Phase.RUNNING)
        self._account.forgive()
        self._pump()

    def look_again(self) -> None:
        """More or fewer may be sent at once than before."""
        self._pump()

    def stop(self) -> None:
        """Take everything that is not sent back to READY, and end what is in flight."""
        self._stopping = True
        self._waiting.send_all_home()
        self._sender.cancel_all()
        self._now.enter(Phase.RUNNING)
        self._pump()

    def finish_only(self, *, only: bool) -> None:
        """What is on its way may end, and nothing new is sent, whatever is pressed, until this is taken back."""
        self._finishes_only = only
        self._pump()

    def halt(self) -> None:
        """The program ends: what is in flight is ended, and all that is open stays WAITING for the next start."""
        self._halting = True
        if self.phase is not Phase.IDLE:
            self._now.enter(Phase.PAUSED, Reason.OPERATOR)
        self._sender.cancel_all()

    def cancel(self, keys: Iterable[int]) -> None:
        """Take single rows back to READY, in flight or not."""
        for key in keys:
            if not self._sender.cancel(key):
                self._waiting.send_home(key)
        self._pump()

    def forget(self, keys: Iterable[int]) -> None:
        """Rows that left the list."""
        for key in keys:
            self._waiting.forget(key)
        self._pump()

    # Sending.

    def _go_on(self, *, ends_pause: bool = False) -> None:
        if self.phase in {Phase.IDLE, Phase.RUNNING} or (ends_pause and self.phase is Phase.PAUSED):
            self.resume()

    def _begin_run(self) -> None:
        self._waiting.begin_run()
        self._setbacks = Setbacks(self._limits)
        self._stopping = False

    def _pump(self) -> None:
        if self.phase is Phase.IDLE:
            return
        if not (self._waiting or self._sender):
            self._end_run()
            return
        if self.phase is not Phase.RUNNING or self._finishes_only:
            return
        account, box = self._account.identity, self._account.client_box
        if account is None or box is None:
            if self._waiting.in_line:
                self._pause(Reason.NO_KEY)
            return
        at_once = 1 if self._setbacks.is_probing else self._at_once()
        while len(self._sender) < at_once and (row := self._waiting.next()) is not None:
            self._sender.take_off(row, account, box)
        delay = self._waiting.seconds_to_next()
        if delay is not None and len(self._sender) < at_once:
            self._wake.start(round(delay * 1000) + 1)

    def _arrived(self, row: Upload) -> None:
        self._setbacks.got_through()
        self._waiting.run.end(row.key, ok=True)
        self._pump()

    def _arrived_late(self, row: Upload) -> None:
        self._waiting.forget(row.key)
        self._pump()

    def _broke_off(self, flight: Flight, error: Exception) -> None:
        key = flight.upload.key
        reaction = self._reaction_to(flight, error)
        self.last_setback = error if isinstance(error, PixVerseGuiError) else None
        state = state_after(reaction)
        if self._halting and state is UploadState.READY:
            state = UploadState.WAITING
        if self._stopping and state is UploadState.WAITING:
            state = UploadState.READY
        row = broke_off(flight, error, state)
        self._writer.save([row])
        self._rows.replace(row)
        if state is UploadState.WAITING:
            self._waiting.back_in_line(key, reaction.delay_s if reaction.queue is QueueEffect.GO_ON else 0.0)
        elif state is UploadState.FAILED:
            self._waiting.run.end(key, ok=False)
        elif state is UploadState.CHECKING:
            self._waiting.follow(row)
            self.check_wanted.emit(key)
        else:
            self._waiting.run.leave(key)
        if not self._stopping:
            self._act_on(reaction, error)
        self._pump()

    def _reaction_to(self, flight: Flight, error: Exception) -> Reaction:
        if isinstance(error, AccountRefusedError) and flight.box is not self._account.client_box:
            return Reaction(RowFate.TRY_AGAIN)  # said of a key that is not in use any more
        return self._setbacks.reaction(flight.upload.key, error, is_held=self.phase is not Phase.RUNNING)

    def _act_on(self, reaction: Reaction, error: Exception) -> None:
        if isinstance(error, AccountRefusedError) and reaction.queue is QueueEffect.PAUSE:
            self.account_refused.emit(error)
        if reaction.queue is QueueEffect.PAUSE:
            self._pause(reason_to_pause(reaction))
        elif reaction.queue is QueueEffect.GATE and (self.phase is not Phase.PAUSED or self._now.is_interrupted):
            self._now.hold(Reason.BUSY, reaction.delay_s)
        elif reaction.queue is QueueEffect.OFFLINE and (self.phase is Phase.RUNNING or self._now.is_interrupted):
            self._now.hold(Reason.OFFLINE, reaction.delay_s)

    # Ending.

    def _end_run(self) -> None:
        view, stopped = self._waiting.run.view({}), self._stopping
        self._stopping = False
        self._now.enter(Phase.IDLE)
        left = self._rows.counts().ready
        self.run_ended.emit(RunSummary(done=view.done, failed=view.failed, left=left, stopped=stopped))

    def _pause(self, reason: Reason) -> None:
        if self.phase is not Phase.IDLE or reason is Reason.RESTORED:
            self._now.enter(Phase.PAUSED, reason)

    def _account_changed(self) -> None:
        if self._now.waits_for_key and self._account.client_box is not None and self._account.problem is None:
            self.resume()

    def _storage_is_away(self) -> None:
        # Whatever else it is paused for must not end with this.
        if self.phase in {Phase.RUNNING, Phase.HELD}:
            self._now.interrupt(Reason.STORAGE)

    def _storage_is_back(self) -> None:
        if self._now.is_interrupted:
            self._now.take_up_again()
            self._pump()

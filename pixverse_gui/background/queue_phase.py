"""What the queue as a whole does at this moment: nothing, sending, held until a set time, or paused; and why."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal

from pixverse_gui.background.queue_state import Phase, Reason


class QueuePhase(QObject):
    """GUI thread only. `changed`: phase or reason have another value. `hold_over`: the time is up, it RUNS again."""

    changed = Signal()
    hold_over = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.phase = Phase.IDLE
        self.reason: Reason | None = None
        self.is_interrupted = False
        self._rest: tuple[Reason, QDeadlineTimer] | None = None
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.timeout.connect(self._end_hold)

    @property
    def seconds_left(self) -> int:
        """Of a hold, rounded up; 0 where there is none."""
        return -(-self._hold.remainingTime() // 1000) if self._hold.isActive() else 0

    @property
    def waits_for_key(self) -> bool:
        """Paused until there is a key that works."""
        return self.phase is Phase.PAUSED and self.reason in {Reason.NO_KEY, Reason.ACCOUNT}

    def enter(self, phase: Phase, reason: Reason | None = None) -> None:
        """Another phase, at once; a hold is over with it."""
        self.is_interrupted, self._rest = False, None
        self._hold.stop()
        self._set(phase, reason)

    def hold(self, reason: Reason, seconds: float) -> None:
        """Nothing is sent for so long, then it goes on by itself. A hold that lasts longer already stays as it is."""
        milliseconds = round(seconds * 1000)
        if self.is_interrupted:
            if self._rest is None or self._rest[1].remainingTime() < milliseconds:
                self._rest = reason, QDeadlineTimer(milliseconds)
            return
        if self.phase is Phase.HELD and self._hold.remainingTime() >= milliseconds:
            return
        self._hold.start(milliseconds)
        self._set(Phase.HELD, reason)

    def interrupt(self, reason: Reason) -> None:
        """Paused until `take_up_again`; the time of a hold runs on, also of one that comes meanwhile."""
        is_held = self.phase is Phase.HELD and self.reason is not None
        rest = (self.reason, QDeadlineTimer(self._hold.remainingTime())) if is_held and self.reason else None
        self.enter(Phase.PAUSED, reason)
        self.is_interrupted, self._rest = True, rest

    def take_up_again(self) -> None:
        """What was interrupted goes on: the rest of a hold, or sending."""
        rest = self._rest
        self.enter(Phase.RUNNING)
        if rest is not None and not rest[1].hasExpired():
            self.hold(rest[0], rest[1].remainingTime() / 1000)

    def _end_hold(self) -> None:
        self._set(Phase.RUNNING, None)
        self.hold_over.emit()

    def _set(self, phase: Phase, reason: Reason | None) -> None:
        if (phase, reason) != (self.phase, self.reason):
            self.phase, self.reason = phase, reason
            self.changed.emit()

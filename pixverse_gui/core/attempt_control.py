"""AttemptControl: progress, cancelling and the watchdog of one attempt, shared by two threads.

The worker that sends reports to it; the GUI thread reads it and may end the attempt. It imports neither requests nor
urllib3, so the queue can make one before those are loaded.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from enum import StrEnum

from pixverse_gui.core.errors import UploadCancelled
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.read_watch import ReadWatch


class EndReason(StrEnum):
    """Why an attempt was ended from outside; the last three are reasons of ConnectionBrokenError."""

    CANCELLED = "cancelled"
    DRIVE = "drive"
    STALLED = "stalled"
    NO_ANSWER = "no_answer"
    ASLEEP = "asleep"


class AttemptControl:
    """One attempt. Make a fresh one for each: nothing in it is ever set back.

    `bytes_handed` of `body_bytes` were taken by the operating system, whose buffers may still hold some of them.
    `body_complete` is True once the last one was: from then on the picture may be stored, whatever happens next.
    `has_begun`: a worker has it. `was_connected`: a socket was made, so the name look-up is over.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        learn_drive: Callable[[str], None] = lambda _path: None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._reason: EndReason | None = None
        self._socket: socket.socket | None = None
        self._moved_at: float | None = None
        self._finished = False
        self._drops: list[Callable[[], object]] = []
        self._is_left_behind = False
        self.read_watch = ReadWatch(clock, learn_drive)
        self.has_begun = False
        self.was_connected = False
        self.bytes_handed = 0
        self.body_bytes = 0
        self.body_complete = False

    # --- any thread: what the GUI thread uses -----------------------------------------------------------------------

    @property
    def is_cancelled(self) -> bool:
        return self._reason is EndReason.CANCELLED

    @property
    def end_reason(self) -> EndReason | None:
        """Why the attempt was ended from outside; None if nobody did."""
        return self._reason

    def cancel(self) -> None:
        """The operator does not want it any more. Returns at once; the attempt ends with UploadCancelled."""
        self._end(EndReason.CANCELLED)

    def abort(self, reason: EndReason | str) -> None:
        """End the attempt as broken. Returns at once; the attempt ends with ConnectionBrokenError(reason)."""
        self._end(EndReason(reason))

    def leave_behind(self) -> None:
        """The attempt was ended, and its worker sits in a call that nobody can end: it keeps no picture there."""
        with self._lock:
            drops, self._drops = self._drops, []
            self._is_left_behind = True
        for drop in drops:
            drop()

    def check(self) -> None:
        """End an attempt whose drive is silent, that stalled, or that got no answer. Call it about four times a second.

        Time is counted from the moment its worker begins to read: one that waits for its thread is left alone.
        """
        if self.read_watch.silent_s > self._limits.drive_timeout_s:
            self._end(EndReason.DRIVE)
            return
        moved_at = self._moved_at
        if moved_at is None or self._finished:
            return
        complete = self.body_complete
        limit = self._limits.answer_timeout_s if complete else self._limits.stall_timeout_s
        if self._clock() - moved_at > limit:
            self._end(EndReason.NO_ANSWER if complete else EndReason.STALLED)

    # --- the worker that sends ----------------------------------------------------------------------------------------

    def keep_until_left_behind(self, drop: Callable[[], object]) -> None:
        """`drop` lets go of something large that this attempt holds."""
        with self._lock:
            if not self._is_left_behind:
                self._drops.append(drop)
                return
        drop()

    def expect_connection(self) -> None:
        """The name look-up begins: from here on something has to move. Nobody can interrupt it, but its time counts."""
        self._moved_at = self._clock()

    def begin_body(self, total: int) -> None:
        """Say how many bytes the body has; 0 for a request without one."""
        self.body_bytes = total
        self.body_complete = total == 0

    def handed_over(self, count: int) -> None:
        """`count` more body bytes were taken by the operating system."""
        self.bytes_handed += count
        self._moved_at = self._clock()
        self.body_complete = 0 < self.body_bytes <= self.bytes_handed

    def attach(self, handle: socket.socket) -> None:
        """Name the socket that ending this attempt must shut down; starts the watchdog.

        Give a duplicate (`socket.dup`): TLS takes the first object's descriptor away, and one that is closed here
        cannot be mistaken for another that got its number. Raises ConnectionAbortedError if the attempt was ended.
        """
        with self._lock:
            self._socket = handle
            self.was_connected = True
            self._moved_at = self._clock()
        self.raise_if_ended()

    def detach(self, handle: socket.socket) -> None:
        """Forget `handle`; after this returns no thread shuts it down."""
        with self._lock:
            if self._socket is handle:
                self._socket = None

    def finish(self) -> None:
        """The attempt is over, however it went: ending it has no effect on any socket from now on."""
        with self._lock:
            self._socket = None
            self._drops = []  # the bodies name this control too, and shall not wait for the collector
            self._finished = True

    def raise_if_ended(self) -> None:
        """Raise ConnectionAbortedError if the attempt was ended from outside."""
        if self._ended.is_set():
            raise ConnectionAbortedError("the attempt was ended")

    def raise_if_cancelled(self) -> None:
        """Raise UploadCancelled if the operator cancelled."""
        if self.is_cancelled:
            raise UploadCancelled(maybe_stored=self.body_complete)

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds`; True as soon as the attempt was ended from outside."""
        return self._ended.wait(seconds)

    # ------------------------------------------------------------------------------------------------------------------

    def _end(self, reason: EndReason) -> None:
        with self._lock:
            if self._reason is None:
                self._reason = reason
            self._ended.set()
            if self._socket is None:
                return
            try:
                # Wakes a thread that is blocked in connect, send or recv on it; closing would not.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return  # not connected yet (looked at again after connecting) or gone already

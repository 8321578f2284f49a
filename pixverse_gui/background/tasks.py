"""Run a callable on a pool, bring result or error back to the GUI thread.

The one module that names threads and pools. A body gets values and returns a value or raises; it never sees a widget,
a model or another task. Whatever happens in it, exactly one of `done` and `failed` is called, on the thread that owns
the `Tasks` object.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QDeadlineTimer, QObject, Qt, QThreadPool, QTimer, Signal

from pixverse_gui.background.giving_way import let_the_window_go_first
from pixverse_gui.core.errors import PixVerseGuiError, UploadCancelled

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Pool(StrEnum):
    """Who may hold up whom: work of different kinds never waits in the same line."""

    UPLOADS = "uploads"
    INSPECTION = "inspection"
    LINKS = "links"
    INTAKE = "intake"
    JOURNAL = "journal"
    HISTORY = "history"
    OLDER_HISTORY = "older_history"
    THUMBNAILS = "thumbnails"
    KEYRING = "keyring"
    ACCOUNT = "account"
    SETTINGS = "settings"


POOL_SIZES: Mapping[Pool, int] = {
    Pool.UPLOADS: 6,  # the queue decides how many of them are used
    Pool.INSPECTION: 2,
    Pool.LINKS: 4,
    Pool.INTAKE: 1,
    Pool.JOURNAL: 1,  # one writer: the order of commits is the order of calls
    Pool.HISTORY: 1,
    Pool.OLDER_HISTORY: 1,
    Pool.THUMBNAILS: 1,
    Pool.KEYRING: 1,
    Pool.ACCOUNT: 1,
    Pool.SETTINGS: 1,
}

_SWITCH_S = 0.0005
"""How long a thread waits for the interpreter while another computes. Python's own 5 ms come after nearly each call of
Qt that the window makes: a worker that went through a PNG of 100,000 pieces held it up for 330 ms, with this for 60."""

_CLOSING = frozenset({Pool.JOURNAL, Pool.HISTORY, Pool.OLDER_HISTORY})
"""What waits there at the end is closing a file."""

_KEEPERS = _CLOSING | {Pool.INTAKE, Pool.SETTINGS}
"""What runs there writes to the data folder, or closes a file in it."""

_DECODING = frozenset({Pool.INSPECTION, Pool.LINKS})


class DeadlineExceededError(Exception):
    """A body did not come back within its deadline. It may still be running; what it brings is dropped."""


class Job:
    """One body and, after its run, what came of it. For others it is what to name in `Tasks.leave_behind`.

    No QRunnable: PySide6 (6.11) keeps every one that Python owns until its pool is gone, four for each upload.
    """

    def __init__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        ended: Callable[[Job], None],
        *,
        is_decoding: bool,
    ) -> None:
        self._work, self._is_decoding = work, is_decoding
        self._ended = ended
        self.done = done
        self.failed = failed
        self.result: Any = None
        self.error: Exception | None = None
        self.deadline: QTimer | None = None
        self.pool: QThreadPool | None = None
        self.is_left_behind = False
        self._ticket = threading.Lock()

    def start_on(self, pool: QThreadPool) -> None:
        self.pool, self._ticket = pool, threading.Lock()
        pool.start(partial(self._run, self._ticket))

    def take_back(self) -> bool:
        """True where no thread has begun it; none will, until it is started again."""
        return self._ticket.acquire(blocking=False)

    def _run(self, ticket: threading.Lock) -> None:
        if not ticket.acquire(blocking=False):
            return
        let_the_window_go_first(is_decoding=self._is_decoding)
        try:
            self.result = self._work()
        except Exception as error:  # noqa: BLE001 - the border: nothing a body raises may end a thread silently
            self.error = error
            if not isinstance(error, PixVerseGuiError | UploadCancelled):
                _log.exception("A background task failed unexpectedly")
        self._ended(self)


class Tasks(QObject):
    """All the threads of the program. Create it on the GUI thread; call it from there only."""

    _job_ended = Signal(object)

    def __init__(self, sizes: Mapping[Pool, int] = POOL_SIZES, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_SWITCH_S)
        self._sizes = dict(sizes)
        self._pools: dict[Pool, QThreadPool] = {}
        self._jobs: set[Job] = set()
        self._closed = False
        self._job_ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        pool: Pool,
        work: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        timeout_s: float | None = None,
    ) -> Job:
        """Run `work` on `pool`. After `timeout_s`, `failed` gets DeadlineExceededError and the pool a new thread."""
        job = Job(work, done, failed, self._job_ended.emit, is_decoding=pool in _DECODING)
        if self._closed:
            return job
        self._jobs.add(job)
        if timeout_s is not None:
            job.deadline = QTimer(self)
            job.deadline.setSingleShot(True)
            job.deadline.timeout.connect(lambda: self._give_up(job))
            job.deadline.start(round(timeout_s * 1000))
        job.start_on(self._pool(pool))
        return job

    def leave_behind(self, job: Job) -> None:
        """A body sits in a call that nobody can end: until it is over, its pool has one thread more for the others.

        What it brings is delivered all the same, however late. One that no thread has begun will never run, and neither
        `done` nor `failed` is called.
        """
        if self._closed or job not in self._jobs:
            return
        self._jobs.discard(job)
        _forget_deadline(job)
        if job.pool is not None and not job.take_back():
            job.is_left_behind = True
            _resize(job.pool, 1)

    @property
    def is_idle(self) -> bool:
        """Nothing is running and nothing waits to be delivered, but for what was left behind."""
        return not self._jobs

    def close(self, timeout_s: float, readers_timeout_s: float | None = None) -> bool:
        """Refuse new work and wait for running bodies. False where one of them is still held up.

        `readers_timeout_s` is for bodies that keep nothing: the end of the program need not wait for them. Both times
        begin now, and neither is counted for each pool anew.
        """
        self._closed = True
        for which, pool in self._pools.items():
            if which not in _CLOSING:
                pool.clear()
        keepers = [pool for which, pool in self._pools.items() if which in _KEEPERS]
        readers = [pool for which, pool in self._pools.items() if which not in _KEEPERS]
        readers_until = _deadline(timeout_s if readers_timeout_s is None else readers_timeout_s)
        have_ended = _wait(keepers, _deadline(timeout_s))
        return _wait(readers, readers_until) and have_ended

    def _pool(self, pool: Pool) -> QThreadPool:
        if pool not in self._pools:
            made = QThreadPool(self)
            made.setMaxThreadCount(self._sizes[pool])
            made.setObjectName(pool.value)
            self._pools[pool] = made
        return self._pools[pool]

    def _deliver(self, job: Job) -> None:
        if job.is_left_behind and job.pool is not None:
            _resize(job.pool, -1)
        self._jobs.discard(job)
        _forget_deadline(job)
        if self._closed:
            return
        if job.error is not None:
            job.failed(job.error)
        else:
            job.done(job.result)

    def _give_up(self, job: Job) -> None:
        if self._closed or job not in self._jobs:
            return
        failed = job.failed
        job.done = job.failed = _drop
        self.leave_behind(job)
        failed(DeadlineExceededError())


class Outbox(Generic[T]):
    """Values of any thread, handed to `take` one after the other, in order, on a thread that does nothing else.

    `put` never blocks and never raises. What comes while `capacity` values wait already is counted, and dropped: a disk
    that does not answer must not fill the memory.
    """

    def __init__(self, take: Callable[[T], None], name: str, capacity: int = 10_000) -> None:
        self.dropped = 0
        self._take, self._capacity = take, capacity
        self._values: SimpleQueue[tuple[T] | None] = SimpleQueue()
        # A daemon: the end of the process must not wait for a disk that does not answer.
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, value: T) -> None:
        if self._values.qsize() < self._capacity:
            self._values.put((value,))
        else:
            self.dropped += 1

    def close(self, timeout_s: float) -> bool:
        """Wait until everything was taken. False where that takes longer; it is then still tried."""
        self._values.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (box := self._values.get()) is not None:
            try:
                self._take(box[0])
            except Exception:  # noqa: BLE001 - the border: one value that nobody can take must not end the others
                self.dropped += 1


def _wait(pools: Iterable[QThreadPool], until: QDeadlineTimer) -> bool:
    """Until all have ended, but no longer than this altogether."""
    have_ended = [pool.waitForDone(until.remainingTime()) for pool in pools]
    return all(have_ended)


def _deadline(seconds: float) -> QDeadlineTimer:
    return QDeadlineTimer(round(seconds * 1000))


def _resize(pool: QThreadPool, step: int) -> None:
    pool.setMaxThreadCount(pool.maxThreadCount() + step)


def _forget_deadline(job: Job) -> None:
    if job.deadline is not None:
        job.deadline.stop()
        job.deadline.deleteLater()
        job.deadline = None


def _drop(_: object) -> None:
    """What comes after its deadline is of no interest."""

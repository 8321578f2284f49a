"""Inspections on their way: which worker sits in which file, and what becomes of it when the drive does not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.tasks import Job, Pool, Tasks
from pixverse_gui.core.drives import SilentDrives
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Upload
from pixverse_gui.core.read_watch import ReadWatch
from pixverse_gui.core.sleep_watch import SleepWatch, running_clock

T = TypeVar("T")
_TICK_MS = 100


@dataclass(eq=False, slots=True)
class _Look:
    """`uploads`: whose files are read, one after the other."""

    uploads: Sequence[Upload]
    silent: Callable[[int | None], None]
    watch: ReadWatch
    job: Job | None = None
    is_over: bool = False

    @property
    def key(self) -> int | None:
        """The row whose file is being read now."""
        return next((row.key for row in self.uploads if row.source.location == self.watch.path), None)


class Looks(QObject):
    """GUI thread only. `silence_changed(object)`: keys of rows whose drive began, or ceased, to keep them waiting.

    Only the reading is watched, never the whole: a large picture on a slow computer may take its time.
    """

    silence_changed = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        limits: Limits,
        drives: SilentDrives,
        running: Callable[[], float] = running_clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sleep = SleepWatch(limits.clock_jump_s, running)
        self._tasks, self._limits, self.drives = tasks, limits, drives
        self._looks: set[_Look] = set()
        self._silent: set[int] = set()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._look_after)

    def run(
        self,
        pool: Pool,
        uploads: Sequence[Upload],
        work: Callable[[ReadWatch], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        silent: Callable[[int | None], None],
    ) -> None:
        """Run `work` on a worker. Where a read is given up, only `silent` is called, with the key of that row.

        A link has its deadline: `failed` gets DeadlineExceededError.
        """
        look = _Look(uploads, silent, ReadWatch(learn=self.drives.learn))

        def ended(tell: Callable[[], None]) -> None:
            if look.is_over:  # it came back after it was given up
                self.drives.answered(look.watch.path)
                return
            self._forget(look)
            tell()

        self._looks.add(look)
        if not self._tick.isActive():
            self._sleep.restart()
            self._tick.start()
        look.job = self._tasks.run(
            pool,
            lambda: work(look.watch),
            done=lambda found: ended(partial(done, found)),
            failed=lambda error: ended(partial(failed, error)),
            timeout_s=self._limits.preview_timeout_s if pool is Pool.LINKS else None,
        )

    def is_silent(self, key: int) -> bool:
        """Whether the drive of this row has kept it waiting for so long that it should be said."""
        return key in self._silent

    def _look_after(self) -> None:
        if self._sleep.was_asleep(_TICK_MS / 1000):
            for look in self._looks:
                look.watch.moved()
        for look in list(self._looks):
            if look.watch.silent_s > self._limits.drive_timeout_s:
                self._give_up(look)
        silent = {look.key for look in self._looks if look.watch.silent_s > self._limits.drive_notice_s}
        self._show({key for key in silent if key is not None})
        if not self._looks:
            self._tick.stop()

    def _give_up(self, look: _Look) -> None:
        look.is_over = True
        look.watch.give_up()
        self.drives.fell_silent(look.watch.path)
        if look.job is not None:
            self._tasks.leave_behind(look.job)
        self._forget(look)
        look.silent(look.key)

    def _forget(self, look: _Look) -> None:
        self._looks.discard(look)
        look.is_over = True

    def _show(self, silent: set[int]) -> None:
        changed = silent ^ self._silent
        if changed:
            self._silent = silent
            self.silence_changed.emit(sorted(changed))

"""What was dropped, pasted or named, on its way to Sources: folders are walked and bytes are kept on a worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.staging import Staging
from pixverse_gui.background.tasks import Job, Pool, Tasks
from pixverse_gui.core.intake import PathIntake, file_sources, gather_paths
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source
from pixverse_gui.core.pasted import keep_pasted
from pixverse_gui.core.read_watch import ReadWatch
from pixverse_gui.core.sleep_watch import SleepWatch

_TICK_MS = 200


@dataclass(eq=False, slots=True)
class _Walk:
    """One drop that has paths. `stop` is shared by all that one Stop ends."""

    stop: threading.Event
    watch: ReadWatch = field(default_factory=ReadWatch)
    job: Job | None = None
    files: list[str] = field(default_factory=list)
    staged: frozenset[str] | None = None
    """What was staged when it was left behind; None until then."""

    def rest_of(self, found: PathIntake) -> PathIntake:
        """What is new in it."""
        if self.staged is None:
            return found
        new = tuple(source for source in found.sources if source.location not in self.staged)
        return replace(found, sources=new, is_late=True)


class IntakeRunner(QObject):
    """GUI thread only. Later drops are appended: one worker takes them in turn.

    `counted(int)`: files seen so far in the folders of this drop. `gathered(object)`: PathIntake of a drop that had
    paths. `failed(object)`: the error that kept something out. `silence_changed(bool)`: whether the reading waits for a
    drive that does not answer. In the end nobody waits for it any more: the next drop has its turn, and what is found
    there is staged whenever it comes.
    """

    counted = Signal(int)
    gathered = Signal(object)
    failed = Signal(object)
    silence_changed = Signal(bool)

    def __init__(
        self, staging: Staging, tasks: Tasks, limits: Limits, pasted_folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._staging, self._tasks, self._limits, self._folder = staging, tasks, limits, pasted_folder
        self._stop = threading.Event()
        self._walks: set[_Walk] = set()
        self._left_behind: set[_Walk] = set()
        self._is_silent = False
        self._sleep = SleepWatch(limits.clock_jump_s)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._look_after)

    def take_paths(self, paths: Sequence[str]) -> None:
        """Files and folders of this computer, as the system names them."""
        if not paths:
            return
        walk, named = _Walk(self._stop), list(paths)

        def gather() -> PathIntake:
            return gather_paths(
                named,
                self._limits,
                is_cancelled=lambda: walk.stop.is_set(),
                on_count=lambda count: None if walk.staged is not None else self.counted.emit(count),
                watch=walk.watch,
                on_file=walk.files.append,
            )

        def done(found: PathIntake) -> None:
            self._forget(walk)
            rest = walk.rest_of(found)
            if rest.is_late and rest.is_stopped and not rest.sources:
                return  # nobody waits for it, and there is nothing to say
            self._staging.stage(rest.sources)
            self.gathered.emit(rest)

        def failed(error: Exception) -> None:
            self._forget(walk)
            self.failed.emit(error)

        self._walks.add(walk)
        if not self._tick.isActive():
            self._sleep.restart()
            self._tick.start()
        walk.job = self._tasks.run(Pool.INTAKE, gather, done=done, failed=failed)

    def take_links(self, sources: Sequence[Source]) -> None:
        """Links, already read; they wait their turn behind folders that are being walked."""
        found = list(sources)
        if found:
            self._tasks.run(Pool.INTAKE, lambda: found, done=self._staging.stage, failed=self.failed.emit)

    def take_pictures(self, makers: Sequence[tuple[str, Callable[[], bytes]]]) -> None:
        """Pictures without a file, as name and a callable that gives their bytes (run on a worker)."""
        if not makers:
            return

        def keep() -> list[Source]:
            return [keep_pasted(self._folder, make(), name) for name, make in makers]

        self._tasks.run(Pool.INTAKE, keep, done=self._staging.stage, failed=self.failed.emit)

    def stop(self) -> None:
        """End the walks through folders, also those that wait their turn; what was found so far is added."""
        for walk in self._walks:
            walk.watch.moved()  # it has from now on to come to an end
        self._stop.set()
        self._stop = threading.Event()

    def close(self) -> None:
        """The program ends: what was left behind reads no further either."""
        self.stop()
        for walk in self._left_behind:
            walk.stop.set()

    def _forget(self, walk: _Walk) -> None:
        self._walks.discard(walk)
        self._left_behind.discard(walk)

    def _look_after(self) -> None:
        if self._sleep.was_asleep(_TICK_MS / 1000):
            for walk in self._walks:
                walk.watch.moved()
        limits = self._limits
        for walk in list(self._walks):
            patience_s = limits.cancel_grace_s if walk.stop.is_set() else limits.drive_timeout_s
            if walk.watch.silent_s > patience_s:
                self._leave_behind(walk)
        self._show(any(walk.watch.silent_s > limits.drive_notice_s for walk in self._walks))
        if not self._walks:
            self._tick.stop()

    def _leave_behind(self, walk: _Walk) -> None:
        self._walks.discard(walk)
        self._left_behind.add(walk)
        is_stopped = walk.stop.is_set()
        if walk.job is not None:
            self._tasks.leave_behind(walk.job)
        if not is_stopped:
            walk.stop = threading.Event()  # the next Stop is not meant for it
        known = file_sources(tuple(walk.files))
        walk.staged = frozenset(source.location for source in known)
        self._staging.stage(known)
        self.gathered.emit(PathIntake(known, is_stopped=is_stopped, silent=walk.watch.path))

    def _show(self, is_silent: bool) -> None:
        if is_silent != self._is_silent:
            self._is_silent = is_silent
            self.silence_changed.emit(is_silent)

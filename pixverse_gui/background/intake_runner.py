"""What was dropped, pasted or named, on its way to Sources: folders are walked and bytes are kept on a worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pixverse_gui.background.staging import Staging
from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.intake import PathIntake, gather_paths
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source
from pixverse_gui.core.pasted import keep_pasted


class IntakeRunner(QObject):
    """GUI thread only. Later drops are appended: one worker takes them in turn.

    `counted(int)`: files seen so far in the folders of this drop. `gathered(object)`: PathIntake of a drop that had
    paths. `failed(object)`: the error that kept something out.
    """

    counted = Signal(int)
    gathered = Signal(object)
    failed = Signal(object)

    def __init__(
        self, staging: Staging, tasks: Tasks, limits: Limits, pasted_folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._staging, self._tasks, self._limits, self._folder = staging, tasks, limits, pasted_folder
        self._stop = threading.Event()

    def take_paths(self, paths: Sequence[str]) -> None:
        """Files and folders of this computer, as the system names them."""
        if not paths:
            return
        stop, named = self._stop, list(paths)

        def gather() -> PathIntake:
            return gather_paths(named, self._limits, is_cancelled=stop.is_set, on_count=self.counted.emit)

        def done(found: PathIntake) -> None:
            self._staging.stage(found.sources)
            self.gathered.emit(found)

        self._tasks.run(Pool.INTAKE, gather, done=done, failed=self.failed.emit)

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
        self._stop.set()
        self._stop = threading.Event()

"""The program was started once more on the same data: who was there first takes what the other was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from pixverse_gui.background.engine import Engine
from pixverse_gui.background.tasks import Pool
from pixverse_gui.ui.main_window import MainWindow

if TYPE_CHECKING:
    from pixverse_gui.background.single_instance import RunningInstance


class SecondStart(QObject):
    """Listens from the moment this program has its journal until it shuts down. `take`: stage, and never send."""

    def __init__(self, engine: Engine, window: MainWindow, take: Callable[[Sequence[str]], None]) -> None:
        super().__init__(engine)
        self._engine, self._window, self._take = engine, window, take
        self._instance: RunningInstance | None = None
        self._is_closed = False
        engine.journal_ready.connect(self._prepare)

    def close(self) -> None:
        """What is started from now on waits until this program has ended."""
        self._is_closed = True
        if self._instance is not None:
            self._instance.close()
            self._instance.deleteLater()
            self._instance = None

    def hand_over(self, named: Sequence[str], *, taken: Callable[[], None], refused: Callable[[], None]) -> None:
        """Another program has the folder, and had it before this one could look: it gets what this one was given."""
        from pixverse_gui.background.single_instance import HandOver  # noqa: PLC0415 - heavy, and nearly never needed

        limits, folder = self._engine.limits, self._engine.given.folder
        attempt = HandOver(folder.path, named, limits.hand_over_s, self)
        attempt.accepted.connect(taken)
        attempt.refused.connect(refused)
        attempt.start()

    def _prepare(self) -> None:
        self._engine.tasks.run(Pool.THUMBNAILS, self._load, done=self._listen, failed=lambda _: None)

    def _load(self) -> type[RunningInstance]:
        with self._engine.given.imports.turn():
            from pixverse_gui.background.single_instance import RunningInstance  # noqa: PLC0415 - Qt's network, heavy
        return RunningInstance

    def _listen(self, running_instance: type[RunningInstance]) -> None:
        if self._is_closed:
            return
        self._instance = running_instance(self._engine.given.folder.path, self._engine.limits.hand_over_s, self)
        self._instance.handed_over.connect(self._handed_over)
        self._instance.listen()

    def _handed_over(self, named: Sequence[str]) -> None:
        self._window.come_forward()
        self._take(named)

"""The real program in this process, on a screen in memory, and a script that acts on it; prints what the script found.

A process of its own: `said_by("stage", script=…)`. A script is a module of `scripts` with a `play`: a generator that
yields what it waits for, so that the event loop runs as in any other start, and returns what it measured.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QListView

from pixverse_gui import app as program_root
from pixverse_gui.app import Program
from pixverse_gui.background.queue_state import Phase
from pixverse_gui.command_line import parse_command_line
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.environment_key import take_key
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance, UploadResult
from pixverse_gui.core.multipart_body import ImagePayload
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.progress_content import ProgressButton
from pixverse_gui.ui.theme import Theme
from tests.benchmarks.processes import orders

Script: TypeAlias = Generator[Callable[[], bool], None, dict[str, Any]]
Steps: TypeAlias = Generator[Callable[[], bool], None, None]
_LOOK_MS = 2
_NOWHERE = "https://localhost:9"
_PATIENCE_S = 200.0


class Paints(QObject):
    """Counts the paints of a list."""

    def __init__(self, view: QListView, parent: QObject) -> None:
        super().__init__(parent)
        self._viewport, self.count = view.viewport(), 0
        self._is_so: Callable[[], bool] | None = None
        self._viewport.installEventFilter(self)

    def next(self) -> Steps:
        """It is painted once more: what came between two looks may have been painted already. Not while hidden."""
        before = self.count
        self._viewport.update()
        yield lambda: self.count > before or not self._viewport.isVisible()

    def showing(self, is_so: Callable[[], bool]) -> Steps:
        """A paint that began when this was so is over; whatever changed asked for it, nothing is painted for us."""
        self._is_so = is_so
        yield lambda: self._is_so is None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
            if self._is_so is not None and self._is_so():
                self._is_so = None
        return False


class Stage(QObject):
    """What scripts do and wait for. `finished` gets what the script returned."""

    def __init__(self, program: Program, finished: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self.engine, self.view, self.window = program.engine, program.view, program.window
        self.paints = Paints(self.view.upload_panel.list, self)
        self._finished = finished
        self._is_open = False
        self._script: Script | None = None
        self._waits_for: Callable[[], bool] = lambda: True
        self._gives_up_at = time.perf_counter() + _PATIENCE_S
        self._looks = QTimer(self)
        self._looks.setTimerType(Qt.TimerType.PreciseTimer)
        self._looks.timeout.connect(self._look)
        self.engine.journal_ready.connect(self._opened)

    def play(self, script: Script) -> None:
        """Begin as soon as the program is at rest."""
        self._script = script
        self._waits_for = self.is_at_rest
        self._looks.start(_LOOK_MS)

    def look_every(self, milliseconds: int) -> None:
        """Looking costs time of the event loop too."""
        self._looks.setInterval(milliseconds)

    def drag(self, paths: Iterable[str]) -> QMimeData:
        """What the file manager, another process, has ready when the operator lets go."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
        return data

    def drop(self, data: QMimeData) -> None:
        """As the window system tells it."""
        middle = QPointF(self.view.rect().center())
        about: tuple[Any, ...] = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.view, QDragEnterEvent(middle.toPoint(), Qt.DropAction.CopyAction, *about))
        QApplication.sendEvent(self.view, QDropEvent(middle, Qt.DropAction.CopyAction, *about))

    def press(self, which: ProgressButton) -> Steps:
        """A button of the line under the list, as soon as it can be pressed."""
        button = self.view.upload_panel.progress.button(which)
        yield lambda: button.isVisible() and button.isEnabled()
        button.click()

    def painted(self) -> Steps:
        """The list as it is now."""
        yield from self.paints.next()

    def all_checked(self) -> bool:
        return not self.engine.staging.remaining and not self.engine.rows.counts().checking

    def all_sent(self) -> bool:
        """Nothing is on its way, and everything is on disk."""
        return self.engine.queue.phase is Phase.IDLE and self.engine.writer.is_idle

    def _opened(self) -> None:
        self._is_open = True

    def is_at_rest(self) -> bool:
        return self._is_open and not self.engine.account.is_busy and self.engine.tasks.is_idle

    def _look(self) -> None:
        if self._script is None:
            return
        if not self._waits_for():
            if time.perf_counter() > self._gives_up_at:
                print(f"still waiting in {self._script.gi_frame}", file=sys.stderr, flush=True)
                os._exit(1)
            return
        self._gives_up_at = time.perf_counter() + _PATIENCE_S
        try:
            self._waits_for = next(self._script)
        except StopIteration as end:
            self._script = None
            self._looks.stop()
            self._finished(end.value)


def after(seconds: float) -> Callable[[], bool]:
    """So much later."""
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= until


class AtOnce:
    """A client whose service answers at once, for figures that are not about the wire."""

    def __init__(self) -> None:
        self._given = 0

    def upload_image(self, payload: ImagePayload, trace_id: str, control: AttemptControl) -> UploadResult:
        control.body_bytes = control.bytes_handed = len(payload.data)
        self._given += 1
        return UploadResult(str(300_000_000_000_000 + self._given), f"https://media.example.com/{self._given}.jpg")

    def upload_link(self, link: str, trace_id: str, control: AttemptControl) -> UploadResult:
        raise NotImplementedError

    def balance(self, trace_id: str, control: AttemptControl) -> Balance:
        return Balance("4711", 1234)

    def close(self) -> None:
        """Nothing is open."""


def main() -> int:
    given, key = orders(), take_key()
    script = importlib.import_module(f"tests.benchmarks.scripts.{given['script']}")
    api_url = given.get("api_url")
    if api_url is None:
        program_root._client = lambda *_: AtOnce()
    line = ["--data-dir", given["data_dir"], "--api-url", api_url or _NOWHERE]
    app = QApplication(sys.argv[:1])
    window = MainWindow()
    kept: list[object] = []

    def finish(found: dict[str, Any]) -> None:
        print(json.dumps(found), flush=True)
        os._exit(0)

    def fill() -> None:
        switch = program_root._Switch(parse_command_line(line), Theme(app), Limits(), window, key)
        assert switch._program is not None
        stage = Stage(switch._program, finish)
        kept.extend((switch, stage))
        stage.play(script.play(stage, given))

    window.painted.connect(fill)
    window.show()
    return app.exec()


def on_stage(script: str, data_dir: Path, **given: Any) -> dict[str, Any]:
    """Play a script in a process of its own."""
    from tests.benchmarks.processes import said_by

    return said_by("stage", script=script, data_dir=str(data_dir), **given)


if __name__ == "__main__":
    sys.exit(main())

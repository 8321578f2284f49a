"""Thousands of pictures are dropped while others are uploaded, and scrolled while they are checked and uploaded."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QObject, QTimer

from pixverse_gui.ui.progress_content import ProgressButton
from tests.benchmarks.heartbeat import Heartbeat
from tests.benchmarks.stage import Script, Stage, after

_IDLE_S = 5.0
_SETTLING_S = 1.0
_AFTER_DROP_S = 1.5
_SCROLL_MS, _SCROLL_PX = 33, 111
_LOOK_MS = 50


class Scrolling(QObject):
    """Thirty times a second a row further down the list; from the top again at its end."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._bar = stage.view.upload_panel.list.verticalScrollBar()
        timer = QTimer(self)
        timer.timeout.connect(self._step)
        timer.start(_SCROLL_MS)

    def _step(self) -> None:
        self._bar.setValue((self._bar.value() + _SCROLL_PX) % max(1, self._bar.maximum()))


def play(stage: Stage, given: dict[str, Any]) -> Script:
    """`first` are being uploaded when `paths` are dropped; ends when all are checked, or after `at_most_s`."""
    stage.look_every(_LOOK_MS)
    yield after(_SETTLING_S)
    heartbeat = Heartbeat(stage)
    yield after(_IDLE_S)
    found: dict[str, Any] = {"idle": heartbeat.take()}
    stage.drop(stage.drag(given["first"]))
    yield lambda: len(stage.engine.rows) == len(given["first"]) and stage.all_checked()
    dragged = stage.drag(given["paths"])
    yield from stage.press(ProgressButton.UPLOAD)
    yield after(_SETTLING_S)
    Scrolling(stage)
    heartbeat.take()
    began = time.perf_counter()
    stage.drop(dragged)
    yield lambda: len(stage.engine.rows) == len(given["first"]) + len(given["paths"])
    yield after(_AFTER_DROP_S)
    found["drop"] = heartbeat.take()
    stage.view.desk.upload()  # as Ctrl+Return does: what is checked from now on follows
    late = after(given["at_most_s"])
    yield lambda: stage.all_checked() or late()
    found["work"] = heartbeat.take()
    counts = stage.engine.rows.counts()
    return {**found, "took_s": time.perf_counter() - began, "left": counts.checking, "sent": counts.done}

"""One batch of a given size through the whole program, with a service that answers at once: what a picture costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QApplication

from pixverse_gui.ui.progress_content import ProgressButton
from tests.benchmarks.stage import Script, Stage, Steps, after

_SETTLING_S = 0.5
_COPIES = 5


@dataclass(slots=True)
class Clock:
    """By the clock, and processor time of the thread that has the window."""

    wall: float = field(default_factory=time.perf_counter)
    window: float = field(default_factory=time.thread_time)

    def each_of(self, count: int) -> dict[str, float]:
        """Milliseconds for each of so many, since this was made."""
        wall, window = time.perf_counter() - self.wall, time.thread_time() - self.window
        return {"wall": 1000 * wall / count, "window": 1000 * window / count}


def play(stage: Stage, given: dict[str, Any]) -> Script:
    """`first` fills what a first batch fills, and leaves the list; then `paths` are measured."""
    yield after(_SETTLING_S)
    yield from _steps(stage, given["first"], lambda *_: None)
    yield from stage.press(ProgressButton.CLEAR)
    yield lambda: not len(stage.engine.rows)
    yield after(_SETTLING_S)
    found: dict[str, Any] = {}

    def note(name: str, cost: dict[str, float]) -> None:
        found.update({f"{name}_{unit}": value for unit, value in cost.items()})

    yield from _steps(stage, given["paths"], note)
    return found


def _steps(stage: Stage, paths: list[str], note: Callable[[str, dict[str, float]], None]) -> Steps:
    count, engine = len(paths), stage.engine
    clock = Clock()
    stage.drop(stage.drag(paths))
    yield lambda: len(engine.rows) == count and stage.all_checked() and engine.writer.is_idle
    note("staging", clock.each_of(count))
    yield after(_SETTLING_S)
    clock = Clock()
    yield from stage.press(ProgressButton.UPLOAD)
    yield lambda: engine.rows.counts().done == count and stage.all_sent()
    note("upload", clock.each_of(count))
    yield after(_SETTLING_S)
    clock = Clock()
    for _ in range(_COPIES):
        stage.view.copy_bar.copy()
    note("copy", clock.each_of(_COPIES * count))
    assert QApplication.clipboard().text().count("\n") >= count - 1

"""The History of a long past: its tab is opened, scrolled and searched; or all of it is loaded, as others do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from pixverse_gui.core.history_reader import HistoryPage
from pixverse_gui.core.journal_rows import searchable
from pixverse_gui.core.models import Upload
from pixverse_gui.ui.history_model import HistoryModel
from pixverse_gui.ui.main_view import HISTORY_TAB
from tests.benchmarks.memory import evict, resident_mb
from tests.benchmarks.stage import Paints, Script, Stage, Steps, after

_SETTLING_S = 1.5
_PAGES = 3


class Answers(QObject):
    """Counts what the model shows anew, and the paints of its list."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.model: HistoryModel = stage.view.history_model
        self.resets = 0
        self.paints = Paints(stage.view.history_panel.list, self)
        self.model.modelReset.connect(self._count)

    def next(self) -> Steps:
        """The next answer, on the screen."""
        resets = self.resets
        yield lambda: self.resets > resets
        yield from self.paints.next()

    def _count(self) -> None:
        self.resets += 1


def play(stage: Stage, given: dict[str, Any]) -> Script:
    """`load_all`: as the peer does. `searches`: texts by name. Without `rows` only what the idle program takes."""
    yield after(_SETTLING_S)
    found: dict[str, Any] = {"idle_mb": resident_mb()}
    if not given["rows"]:
        return found
    answers, everything = Answers(stage), list[Upload]()
    began = time.perf_counter()
    if given["load_all"]:
        stage.view.history_model._requests.everything("", done=everything.extend, failed=_fail)
        stage.view.tabs.setCurrentIndex(HISTORY_TAB)
        yield lambda: bool(everything)
        _show(stage, everything)
        yield from answers.paints.next()
    else:
        stage.view.history_model.load()
        stage.view.tabs.setCurrentIndex(HISTORY_TAB)
        yield from answers.next()
    found["open_ms"] = 1000 * (time.perf_counter() - began)
    found["rows"] = stage.view.history_model.rowCount()
    yield from _scrolled(stage)
    yield stage.is_at_rest
    for name, text in given["searches"].items():
        if name == "cold":
            evict([Path(given["data_dir"]) / "journal.sqlite"])
        began = time.perf_counter()
        if given["load_all"]:
            _show(stage, [row for row in everything if searchable(text) in searchable(row.source.label)])
            yield from answers.paints.next()
        else:
            stage.view.history_panel.search.searched.emit(text)
            yield from answers.next()
        found[f"{name}_ms"] = 1000 * (time.perf_counter() - began)
        found[f"{name}_rows"] = stage.view.history_model.rowCount()
        yield stage.is_at_rest
    yield after(_SETTLING_S)
    found["used_mb"] = resident_mb()
    return found


def _show(stage: Stage, uploads: list[Upload]) -> None:
    """All of these at once, in our own list."""
    model = stage.view.history_model
    model._take_first(HistoryPage(tuple(uploads), None))
    model._set_state()


def _scrolled(stage: Stage) -> Steps:
    """Some pages down, as far as there are any."""
    bar = stage.view.history_panel.list.verticalScrollBar()
    for _ in range(_PAGES):
        bar.setValue(bar.maximum())
        yield stage.is_at_rest


def _fail(error: Exception) -> None:
    raise error

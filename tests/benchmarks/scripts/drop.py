"""Pictures are dropped: when are all names there, the first thumbnails, the checks, and how much memory it took."""

from __future__ import annotations

import time
from typing import Any

from pixverse_gui.ui.roles import UPLOAD
from pixverse_gui.ui.thumbnail_store import glance_key
from tests.benchmarks.heartbeat import Heartbeat
from tests.benchmarks.memory import forget_peak, peak_mb, resident_mb
from tests.benchmarks.stage import Script, Stage, after

_TALL = (1120, 2600)
_SETTLING_S = 0.5


def play(stage: Stage, given: dict[str, Any]) -> Script:
    """`paths`; `thumbnails`: so many of the first rows must have theirs on the screen; `until_checked`.

    `idle_s`: look at the stops of the event loop too, for so long before the drop and in each part after it.
    """
    paths, wanted = given["paths"], given.get("thumbnails", 0)
    if wanted:
        stage.window.resize(*_TALL)
    yield after(_SETTLING_S)
    found: dict[str, Any] = {"idle_mb": resident_mb()}
    heartbeat = Heartbeat(stage) if "idle_s" in given else None
    if heartbeat is not None:
        yield after(given["idle_s"])
        found["idle"] = heartbeat.take()
    forget_peak()
    dragged = stage.drag(paths)
    if heartbeat is not None:
        yield after(_SETTLING_S)
        heartbeat.take()
    began = time.perf_counter()
    stage.drop(dragged)
    model = stage.view.upload_panel.list.model()
    yield lambda: model.rowCount() == len(paths)
    yield from stage.painted()
    assert model.index(len(paths) - 1, 0).data()
    found["names_s"] = time.perf_counter() - began
    if heartbeat is not None:
        found["names"] = heartbeat.take()
    if wanted:
        yield from stage.paints.showing(lambda: _shown(stage, wanted))
        found["thumbnails_s"] = time.perf_counter() - began
    if given.get("until_checked"):
        yield stage.all_checked
        found["checked_s"] = time.perf_counter() - began
        if heartbeat is not None:
            found["checked"] = heartbeat.take()
        found["peak_mb"] = peak_mb()
    return found


def _shown(stage: Stage, wanted: int) -> bool:
    """Whether the first rows are on the screen, each with its picture ready to be painted."""
    view, here = stage.view.upload_panel.list, stage.view.thumbnails._pixmaps
    if len(here) < wanted or view.visible_rows().stop < wanted:
        return False
    rows = [view.model().index(row, 0).data(UPLOAD) for row in range(wanted)]
    return all((row.facts is not None and row.facts.sha256 in here) or glance_key(row.key) in here for row in rows)

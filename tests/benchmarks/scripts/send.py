"""Pictures are uploaded by the whole program: what that takes, and which part of the program takes it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeVar

from pixverse_gui.core import sending
from pixverse_gui.core.client import PixVerseClient
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.progress_content import ProgressButton
from tests.benchmarks.memory import forget_peak, peak_mb, resident_mb
from tests.benchmarks.stage import Script, Stage, after

T = TypeVar("T")
_SETTLING_S = 1.0


class Ledger:
    """Processor time by what it was spent on; any thread."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def counted(self, name: str, work: Callable[..., T]) -> Callable[..., T]:
        """The same callable, with its time written down."""

        def run(*given: Any, **named: Any) -> T:
            began = time.thread_time()
            try:
                return work(*given, **named)
            finally:
                with self._lock:
                    self.seconds[name] += time.thread_time() - began

        return run


def play(stage: Stage, given: dict[str, Any]) -> Script:
    """`paths` are dropped, checked, and uploaded."""
    yield after(_SETTLING_S)
    idle = resident_mb()
    stage.drop(stage.drag(given["paths"]))
    yield lambda: len(stage.engine.rows) == len(given["paths"])
    yield stage.all_checked
    yield after(_SETTLING_S)
    ledger = _ledger()
    checked = resident_mb()
    forget_peak()
    began, cpu, main = time.perf_counter(), time.process_time(), time.thread_time()
    yield from stage.press(ProgressButton.UPLOAD)
    yield lambda: stage.engine.rows.counts().done == len(given["paths"]) and stage.all_sent()
    took = {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "window": time.thread_time() - main,
    }
    assert all(row.state is UploadState.DONE for row in stage.engine.rows.uploads())
    return {**took, **ledger.seconds, "idle_mb": idle, "checked_mb": checked, "peak_mb": peak_mb()}


def _ledger() -> Ledger:
    """Put around what runs on the workers; a few calls for each upload, so that it costs nothing itself."""
    import hashlib

    ledger = Ledger()
    sha256 = ledger.counted("hashing", hashlib.sha256)
    sending.hashlib = SimpleNamespace(sha256=sha256)  # type: ignore[assignment]
    sending.read_whole = ledger.counted("reading", sending.read_whole)
    PixVerseClient.upload_image = ledger.counted("client", PixVerseClient.upload_image)  # type: ignore[method-assign]
    Journal.save = ledger.counted("journal", Journal.save)  # type: ignore[method-assign]
    return ledger

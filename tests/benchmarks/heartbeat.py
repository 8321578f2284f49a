"""How long the event loop stands still: a precise timer of a few milliseconds that notes when it comes late."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 5


class Heartbeat(QObject):
    """Counts from the moment it is made."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._late_ms: list[tuple[float, float]] = []
        self._began = self._last = time.perf_counter()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._beat)
        timer.start(_BEAT_MS)

    def take(self) -> dict[str, Any]:
        """The longest stop since the last time, when it was, and how many were over 16, 50 and 100 ms."""
        self._beat()  # the stop that is just ending belongs here too
        late, began = self._late_ms, self._began
        self._late_ms, self._began = [], time.perf_counter()
        longest, at = max(late, default=(0.0, began))
        return {
            "longest_ms": longest,
            "at_s": at - began,
            **{f"over_{limit}": sum(stop > limit for stop, _ in late) for limit in (16, 50, 100)},
        }

    def _beat(self) -> None:
        now = time.perf_counter()
        self._late_ms.append(((now - self._last) * 1000 - _BEAT_MS, now))
        self._last = now

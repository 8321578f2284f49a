"""How far a run of uploads has come: count, bytes a second, time left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_S = 8.0
_LINK_BYTES = 20_000  # what a link weighs beside a picture: its request is small, the service does the fetching
_FIRST_GUESS_S = 3.0


@dataclass(frozen=True, slots=True)
class ProgressView:
    """`fraction` is 0..1; speed and time are None until they mean something. Seconds and bytes a second."""

    done: int = 0
    failed: int = 0
    total: int = 0
    fraction: float = 0.0
    bytes_per_s: float | None = None
    seconds_left: float | None = None


class RunProgress:
    """Sums up one run, from the press of Upload until nothing is on its way. Fed and read on the GUI thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._weights: dict[int, int] = {}
        self._ended: dict[int, bool] = {}
        self._samples: deque[tuple[float, int]] = deque()
        self._began = clock()

    @property
    def keys(self) -> set[int]:
        return set(self._weights)

    def begin(self, key: int, byte_size: int | None) -> None:
        """A row takes part in this run; None for a link. Again after a failure: it counts as open once more."""
        if not self._weights:
            self._began = self._clock()
        self._weights[key] = byte_size or _LINK_BYTES
        self._ended.pop(key, None)

    def leave(self, key: int) -> None:
        """A row was taken out before its end (removed, cancelled, stopped)."""
        self._weights.pop(key, None)
        self._ended.pop(key, None)

    def end(self, key: int, *, ok: bool) -> None:
        """A row is done or failed."""
        if key in self._weights:
            self._ended[key] = ok

    def view(self, in_flight: dict[int, float]) -> ProgressView:
        """`in_flight`: share 0..1 of each row that is being sent."""
        total_weight = sum(self._weights.values())
        moved = sum(self._weights[key] for key in self._ended)
        moved += sum(round(self._weights[key] * share) for key, share in in_flight.items() if key in self._weights)
        done = sum(self._ended.values())
        speed = self._speed(moved)
        left = (total_weight - moved) / speed if speed else None
        return ProgressView(
            done=done,
            failed=len(self._ended) - done,
            total=len(self._weights),
            fraction=moved / total_weight if total_weight else 0.0,
            bytes_per_s=speed,
            seconds_left=left,
        )

    def _speed(self, moved: int) -> float | None:
        now = self._clock()
        if not self._samples or now - self._samples[-1][0] >= 0.2:
            self._samples.append((now, moved))
        while len(self._samples) > 2 and now - self._samples[0][0] > _WINDOW_S:
            self._samples.popleft()
        first_time, first_moved = self._samples[0]
        if now - self._began < _FIRST_GUESS_S or now - first_time < 1.0 or moved <= first_moved:
            return None
        return (moved - first_moved) / (now - first_time)

"""SleepWatch: notices that the computer was asleep, or this program stopped, between two looks."""

from __future__ import annotations

import time
from collections.abc import Callable


def running_clock() -> float:
    """Seconds of a clock that nobody sets and that goes on while the computer sleeps.

    Python's `time.monotonic` stands still meanwhile on Linux and macOS; on Windows it does not.
    """
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # Linux; macOS
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


class SleepWatch:
    """One thread. A step of the wall clock (a time server, the operator) is no sleep, as that clock is never asked."""

    def __init__(self, jump_s: float, clock: Callable[[], float] = running_clock) -> None:
        self._jump_s = jump_s
        self._clock = clock
        self._looked_at = clock()

    def restart(self) -> None:
        """Nobody looked for a while, and for a reason."""
        self._looked_at = self._clock()

    def was_asleep(self, usual_s: float) -> bool:
        """Whether this look, due `usual_s` after the last one, is too late for a program that was only busy."""
        now = self._clock()
        late_s = now - self._looked_at - usual_s
        self._looked_at = now
        return late_s > self._jump_s

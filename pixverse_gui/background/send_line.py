"""Who waits to be sent, in which order, and who not before when."""

from __future__ import annotations

import time
from collections.abc import Callable


class SendLine:
    """Keys in the order they came; one that has to wait lets the others pass. Seconds; GUI thread only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._due)

    def __contains__(self, key: int) -> bool:
        return key in self._due

    def add(self, key: int, delay_s: float = 0.0) -> None:
        """To the end of the line, not to be taken within `delay_s`."""
        self._due.pop(key, None)
        self._due[key] = self._clock() + delay_s if delay_s else 0.0

    def take(self) -> int | None:
        """The first whose time has come; None if there is none yet."""
        now = self._clock()
        for key, due in self._due.items():
            if due <= now:
                del self._due[key]
                return key
        return None

    def remove(self, key: int) -> bool:
        """True where the key stood in line."""
        return self._due.pop(key, None) is not None

    def clear(self) -> list[int]:
        """Send everybody home; returns who it was."""
        keys = list(self._due)
        self._due.clear()
        return keys

    def seconds_to_next(self) -> float | None:
        """Until the next one may be taken; None where nobody waits."""
        if not self._due:
            return None
        return max(0.0, min(self._due.values()) - self._clock())

"""How many bytes of decoded pixels may be in memory at once, over all threads that decode.

Part of `thumbnails`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class DecodeBudget:
    """Any thread. First come, first served, so that small pictures cannot keep a big one waiting for ever."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget = budget_bytes
        self._in_flight = 0
        self._turn = threading.Condition()
        self._waiting: deque[object] = deque()

    @contextmanager
    def room_for(self, needed_bytes: int) -> Iterator[None]:
        """Wait until there is room; what is larger than the whole budget waits until it is alone."""
        ticket = object()
        with self._turn:
            self._waiting.append(ticket)
            try:
                self._turn.wait_for(lambda: self._waiting[0] is ticket and self._fits(needed_bytes))
            finally:
                self._waiting.remove(ticket)
                self._turn.notify_all()
            self._in_flight += needed_bytes
        try:
            yield
        finally:
            with self._turn:
                self._in_flight -= needed_bytes
                self._turn.notify_all()

    def _fits(self, needed_bytes: int) -> bool:
        return self._in_flight == 0 or self._in_flight + needed_bytes <= self._budget

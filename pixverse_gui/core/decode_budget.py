"""How many bytes of decoded pixels may be in memory at once, over all threads that decode.

Part of `thumbnails`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class DecodeBudget:
    """Any thread. First come, first served, so that others cannot keep a big picture waiting for ever.

    What needs no more than `free_bytes` never waits and is not counted: a JPEG, which is made small while it is
    decoded, would else stand behind every WebP of a batch, and one of the two decoders with it.
    """

    def __init__(self, budget_bytes: int, free_bytes: int = 0) -> None:
        self._budget, self._free = budget_bytes, free_bytes
        self._in_flight = 0
        self._turn = threading.Condition()
        self._waiting: deque[object] = deque()

    @contextmanager
    def room_for(self, needed_bytes: int) -> Iterator[None]:
        """Wait until there is room; what is larger than the whole budget waits until it is alone."""
        if needed_bytes <= self._free:
            yield
            return
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

"""ReadWatch: whether the reading of a file gets on, shared by the worker that reads and the thread that waits for it.

A drive that does not answer holds its reader in a call that nobody can interrupt. What tells it from a large file on a
slow computer is that nothing moves: each piece that comes starts the time anew, and what is done with the bytes
afterwards (hashing, decoding) is not counted at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class ReadGivenUpError(OSError):
    """Nobody waits for this worker any more, so it need not read on."""


class ReadWatch:
    """One for each worker's task. The worker reports, any other thread asks; nobody ever waits here.

    `learn` is told each path before the drive that has it is touched, on the worker.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, learn: Callable[[str], None] = lambda _path: None
    ) -> None:
        self._clock, self._learn = clock, learn
        self._lock = threading.Lock()
        self._moved_at: float | None = None
        self._is_given_up = False
        self.path = ""

    @property
    def silent_s(self) -> float:
        """For how long nothing has come from the file that is being read; 0.0 while none is."""
        moved_at = self._moved_at
        return 0.0 if moved_at is None else max(0.0, self._clock() - moved_at)

    def begin(self, path: str) -> None:
        """What follows may wait for the drive that has this path: opening and closing too. Until `end`.

        Raises ReadGivenUpError instead of beginning where nobody waits any more.
        """
        if self._is_given_up:
            raise ReadGivenUpError
        self.path = path
        self._learn(path)
        with self._lock:
            self._moved_at = self._clock()

    def end(self) -> None:
        """Nothing is being read any more."""
        with self._lock:
            self._moved_at = None

    @contextmanager
    def reading(self, path: str) -> Iterator[None]:
        """From `begin` to `end`."""
        self.begin(path)
        try:
            yield
        finally:
            self.end()

    def moved(self) -> None:
        """The drive answered, or the time until now does not count; without effect while nothing is being read."""
        with self._lock:
            if self._moved_at is not None:
                self._moved_at = self._clock()

    def give_up(self) -> None:
        """Nobody waits any more: the worker may end after the call that it sits in."""
        self._is_given_up = True

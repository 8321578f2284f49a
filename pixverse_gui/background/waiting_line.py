"""The line in which rows wait for a worker: the GUI thread orders it, a worker takes the first when it is free."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pixverse_gui.core.models import Upload


@dataclass(eq=False, slots=True)
class Turn:
    """One call of a worker to the line. `rows`: what it took, one at most."""

    rows: list[Upload] = field(default_factory=list)
    is_over: bool = False


class WaitingLine:
    """Who is next is decided at the last moment, so that no worker waits for a busy window, and yet a row that came to
    the screen, or was removed, is passed over or left out as if the window had been asked.

    `take` is for workers; all else is for the GUI thread. Nobody holds the lock for longer than a look at the line.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[int, Upload] = {}
        self._taken = 0

    def add(self, rows: Iterable[Upload]) -> None:
        """Behind the others; a row that waits already keeps its place."""
        fresh = {row.key: row for row in rows}
        with self._lock:
            self._rows |= {key: row for key, row in fresh.items() if key not in self._rows}

    def put_first(self, keys: Collection[int]) -> None:
        """Those of them that wait, in this order."""
        with self._lock:
            first = {key: self._rows[key] for key in keys if key in self._rows}
            if first:
                self._rows = first | self._rows

    def leave_out(self, keys: Iterable[int]) -> set[int]:
        """These need not wait any more; gives the keys of those that did."""
        with self._lock:
            return {key for key in keys if self._rows.pop(key, None) is not None}

    def take(self, turn: Turn) -> Upload | None:
        """The first one. None where nobody waits, or where nobody waits for this worker any more."""
        with self._lock:
            if turn.is_over or not self._rows:
                return None
            self._taken += 1
            turn.rows.append(self._rows.pop(next(iter(self._rows))))
            return turn.rows[0]

    def end(self, turn: Turn) -> list[Upload]:
        """What it took is done with; a worker that comes late takes nothing."""
        with self._lock:
            turn.is_over = True
            self._taken -= len(turn.rows)
            return turn.rows

    def __len__(self) -> int:
        """How many wait, or are with a worker."""
        with self._lock:
            return len(self._rows) + self._taken

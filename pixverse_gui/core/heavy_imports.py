"""Importing what is heavy on a worker without making the window wait for the interpreter.

Importing is Python code: while a worker does it, the GUI thread has to ask for the interpreter anew after nearly every
call of Qt, and gets it 5 ms later (the interpreter's switch interval). Two workers that import at once held up the
painting of ten rows for 140 ms. So only one imports at a time, and it lets the others go first before each module.

Python holds a lock of its own meanwhile: a thread that imports something new at that moment waits some milliseconds
longer. On the GUI thread that is practice mode and handing over, nothing else.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pixverse_gui.core.collector import set_aside

_PAUSE_S = 0.0005
_CONTESTED_S = 0.0015
"""A pause that takes so long was followed by waiting: somebody else is using the interpreter."""
_MOST_PAUSES = 8


class HeavyImports:
    """One for the program; for worker threads only."""

    def __init__(
        self, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._lock = threading.Lock()
        self._sleep, self._clock = sleep, clock

    @contextmanager
    def turn(self) -> Iterator[None]:
        """What is imported in this block is imported by nobody else meanwhile, and gives way to the window."""
        with self._lock:
            known = len(sys.modules)
            finder = _GiveWay(threading.get_ident(), self._let_others_go_first)
            # Another list each time: a thread that is just going through the old one must not miss a finder.
            sys.meta_path = [finder, *sys.meta_path]
            try:
                yield
            finally:
                sys.meta_path = [one for one in sys.meta_path if one is not finder]
                if len(sys.modules) != known:
                    set_aside()

    def _let_others_go_first(self) -> None:
        for _ in range(_MOST_PAUSES):
            began = self._clock()
            self._sleep(_PAUSE_S)
            if self._clock() - began < _CONTESTED_S:
                return


class _GiveWay:
    """Stands before the finders of Python's import system: asked for each module, it finds none."""

    def __init__(self, thread: int, let_others_go_first: Callable[[], None]) -> None:
        self._thread, self._let_others_go_first = thread, let_others_go_first

    def find_spec(self, *_: object) -> None:
        if threading.get_ident() == self._thread:
            self._let_others_go_first()

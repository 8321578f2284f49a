"""The one place where tests wait for something outside their own process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 15.0
"""Long enough for a busy machine; nothing waits this long where all is well."""

_POLL_S = 0.03
_never = threading.Event()


def wait_for(condition: Callable[[], T], what: str, timeout: float = PATIENCE_S) -> T:
    """The first true value of `condition`. Raises AssertionError naming `what` when it stays false for `timeout` s."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"still waiting after {timeout:g} s for {what}")
        _never.wait(_POLL_S)


def pause(seconds: float) -> None:
    """For the hand on the mouse only: a drag that moves faster than a hand is not seen as one."""
    _never.wait(seconds)

"""How a worker's thread gives way to the window's. Part of `tasks`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_STEPS_BACK = 3


def let_the_window_go_first(*, is_decoding: bool) -> None:
    """A worker computes, the window answers: told so, Linux lets no worker push the window's thread aside.

    Call it on the worker's thread; from the second time on it does nothing. Half as many stops of the event loop over
    16 ms (measured), and as much is sent. Who decodes pictures, which is nearly all that workers compute, also takes
    less of a busy processor: again half as many, and the longest 40 ms instead of 60. By three steps and no more:
    beside other busy programs the window waits for a worker that has the interpreter and no processor. With ten it
    waited 150 ms; with three not longer than with none where these programs belong to another session, which Linux
    weighs as a whole; where they do not, a tenth longer, and a quarter fewer pictures are checked.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # forbidden where the program is locked in, unknown to musl: it works without
            if os.sched_getscheduler(0) == os.SCHED_OTHER:
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
                if is_decoding:
                    os.nice(_STEPS_BACK)  # on Linux each thread has its own

"""What this process must never write by itself: TLS secrets and memory images. Called before everything else."""

from __future__ import annotations

import faulthandler
import os
import sys
from contextlib import suppress

KEY_LOG_VARIABLE = "SSLKEYLOGFILE"


def harden_process() -> None:
    """Whoever reads TLS secrets can read the key; whoever reads a memory image has it."""
    os.environ.pop(KEY_LOG_VARIABLE, None)
    _forbid_core_files()
    if not faulthandler.is_enabled() and sys.stderr is not None:
        # A crash inside a library: names of functions and lines, no values. The log takes this over once it is there.
        with suppress(OSError, ValueError, AttributeError):  # a stderr that is no file
            faulthandler.enable(sys.stderr)


def _forbid_core_files() -> None:
    if sys.platform == "win32":  # pragma: no cover - Windows keeps such images only where it is told to
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

"""The memory a process really has (Linux), and the page cache of files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_STATUS = Path("/proc/self/status")


def resident_mb() -> float:
    """Of this process, now."""
    return _status("VmRSS")


def peak_mb() -> float:
    """The most since it began, or since `forget_peak`."""
    return _status("VmHWM")


def forget_peak() -> None:
    """Count the peak anew from here."""
    Path("/proc/self/clear_refs").write_text("5")


def evict(paths: Iterable[Path]) -> None:
    """Out of the page cache, as on a computer that was just switched on. What is not on a disk stays."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _status(name: str) -> float:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 / 1e6

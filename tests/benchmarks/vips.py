"""vipsthumbnail, the fastest there is on most desktops: as many processes as our threads, each with its own half."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pixverse_gui.core.limits import Limits
from tests.benchmarks.processes import Took, timed

NAME = "two vipsthumbnail processes"
_PROCESSES = 2


def is_installed() -> bool:
    return shutil.which("vipsthumbnail") is not None


def two_processes(paths: Sequence[Path]) -> Took:
    """JPEGs of the size of our thumbnails into a folder that is thrown away."""
    side = Limits().thumbnail_px
    with tempfile.TemporaryDirectory() as folder:
        command = ["vipsthumbnail", "--size", f"{side}x{side}", "-o", f"{folder}/%s.jpg[Q=85]"]
        # One thread each: with more, two processes on two processors wait for each other.
        return timed(*([*command, *map(str, part)] for part in _halves(paths)), environ={"VIPS_CONCURRENCY": "1"})


def _halves(paths: Sequence[Path]) -> list[list[Path]]:
    """Of about equal work, so that no process idles while the other still has half of its files."""
    parts: list[list[Path]] = [[] for _ in range(_PROCESSES)]
    loads = [0] * _PROCESSES
    for path in sorted(paths, key=lambda one: one.stat().st_size, reverse=True):
        lightest = loads.index(min(loads))
        parts[lightest].append(path)
        loads[lightest] += path.stat().st_size
    return parts

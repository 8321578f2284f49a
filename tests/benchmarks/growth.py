"""What one picture costs in a batch of 1,000 and of 5,000, beside what it costs in a batch of 100."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, Wanted, beside
from tests.benchmarks.goals import at_most_times
from tests.benchmarks.rounds import each, interleaved
from tests.benchmarks.stage import on_stage
from tests.endurance.batches import make_batch

_SIZES = (100, 1_000, 5_000)
_FIRST = 50
_STEPS = {
    "staging": "adding and checking",
    "upload": "uploading, with a service that answers at once",
    "copy": "copying",
}
_TIMES = {"wall": "by the clock", "window": "processor time of the window's thread"}


def measure(wanted: Wanted) -> Iterator[Figure]:
    sizes = [wanted.count(size, 20) for size in _SIZES]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = make_batch(folder / "first", _FIRST, first=sizes[-1])
        batches = {size: make_batch(folder / f"batch-{size}", size) for size in sizes}
        contenders = {str(size): partial(_run, first, paths) for size, paths in batches.items()}
        found = interleaved(contenders, wanted.rounds)
    least = sizes[0]
    for step, what in _STEPS.items():
        for unit, told in _TIMES.items():
            for size in sizes[1:]:
                ours, theirs = each(found[str(size)], f"{step}_{unit}"), each(found[str(least)], f"{step}_{unit}")
                line = f"{what}, {told}: one of {size}"
                yield beside("growth", line, ours, f"one of {least}", theirs, unit="ms", goal=at_most_times(1.3))


def _run(first: list[Path], paths: list[Path]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data_dir:
        given = {"first": [str(path) for path in first], "paths": [str(path) for path in paths]}
        return on_stage("grow", Path(data_dir), **given)

"""A drop of a thousand pictures by itself: when all names are there, and how long the event loop stands still."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.corpus import many
from tests.benchmarks.figures import ABSENT, Figure, Wanted, beside
from tests.benchmarks.goals import at_most, below
from tests.benchmarks.rounds import interleaved
from tests.benchmarks.stage import on_stage

_PICTURES = 1_000
_PEER = "the idle program, before the drop"


def measure(wanted: Wanted) -> Iterator[Figure]:
    files = many(wanted.count(_PICTURES, 100))
    found = interleaved({"program": partial(_run, files)}, wanted.rounds)["program"]
    idle = [run["idle"]["longest_ms"] for run in found]
    names = [run["names_s"] for run in found]
    what, took = f"all {len(files)} names on the screen", statistics.median(names)
    yield Figure("drop", what, "-", took, ABSENT, "s", len(names), below(1, "s"))
    for part, told in (("names", "until all names are there"), ("checked", "from then until all are checked")):
        ours = [run[part]["longest_ms"] for run in found]
        yield beside("drop", f"longest stop {told}", ours, _PEER, idle, unit="ms", goal=at_most(100, "ms"))


def _run(files: Sequence[Path]) -> dict[str, Any]:
    paths = [str(path) for path in files]
    with tempfile.TemporaryDirectory() as data_dir:
        return on_stage("drop", Path(data_dir), paths=paths, until_checked=True, idle_s=3.0)

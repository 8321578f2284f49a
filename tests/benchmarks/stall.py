"""The longest stop of the event loop in a list of thousands, beside the idle program and beside a busy machine."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks import vips
from tests.benchmarks.corpus import cameras, many
from tests.benchmarks.figures import Figure, Wanted, beside
from tests.benchmarks.goals import at_most
from tests.benchmarks.rounds import each, interleaved
from tests.benchmarks.sink import Sink
from tests.benchmarks.stage import on_stage

_FILES, _FIRST = 5_000, 30
_AT_MOST_S = 120.0
_BUSY_S = 10.0
_BYTES_A_SECOND = 12.5e6
"""A line of 100 Mbit/s, so that uploads go on all the time."""
_PEER = "the idle program, before the drop"


def measure(wanted: Wanted) -> Iterator[Figure]:
    files, first = many(wanted.count(_FILES, 100)), cameras(60)[:_FIRST]
    with Sink(bytes_a_second=_BYTES_A_SECOND) as sink:
        contenders = {"program": partial(_run, files, first, sink)}
        if vips.is_installed():
            contenders["busy"] = partial(_idle_beside_vips, first)
        everything = interleaved(contenders, wanted.rounds)
    found = everything["program"]
    idle = [run["idle"]["longest_ms"] for run in found]
    whole = [max(run[part]["longest_ms"] for part in ("drop", "work")) for run in found]
    what = f"longest stop, {len(files)} files dropped while uploading and scrolling"
    yield beside("stall", f"{what}: median of the runs", whole, _PEER, idle, unit="ms", goal=at_most(50, "ms"))
    rounds = len(found)
    yield Figure("stall", f"{what}: worst run", _PEER, max(whole), max(idle), "ms", rounds, at_most(100, "ms"))
    for part, name in (("drop", "in the first 1.5 s"), ("work", "afterwards")):
        yield beside("stall", f"of it: {name}", [run[part]["longest_ms"] for run in found], _PEER, idle, unit="ms")
    if "busy" in everything:
        what = f"the idle program itself, beside {vips.NAME}"
        yield beside("stall", what, each(everything["busy"], "longest_ms"), _PEER, idle, unit="ms")
    for limit, goal in ((16, None), (50, None), (100, at_most(0, "stops"))):
        ours, theirs = (_over(found, limit, parts) for parts in (("drop", "work"), ("idle",)))
        yield Figure("stall", f"stops over {limit} ms in all runs", _PEER, ours, theirs, "stops", rounds, goal)
    took = statistics.median(run["took_s"] for run in found)
    left = max(run["left"] for run in found)
    yield Figure("stall", f"until all were checked ({left} left)", "-", took, float("nan"), "s", rounds)


def _over(found: Sequence[dict[str, Any]], limit: int, parts: Sequence[str]) -> int:
    return sum(run[part][f"over_{limit}"] for run in found for part in parts)


def _idle_beside_vips(pictures: Sequence[Path]) -> dict[str, Any]:
    """What two busy processors do to an event loop, whoever keeps them busy."""
    with tempfile.TemporaryDirectory() as data_dir, ThreadPoolExecutor(1) as pool:
        idling = pool.submit(on_stage, "idle", Path(data_dir), seconds=_BUSY_S)
        while not idling.done():
            vips.two_processes(pictures)
        return idling.result()


def _run(files: Sequence[Path], first: Sequence[Path], sink: Sink) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data_dir:
        return on_stage(
            "stall",
            Path(data_dir),
            paths=[str(path) for path in files],
            first=[str(path) for path in first],
            at_most_s=_AT_MOST_S,
            api_url=sink.url,
            environ=sink.environ,
        )

"""Uploads over TLS to this computer, beside curl: the client alone, and what the program around it adds."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from pixverse_gui.core.settings import Settings
from tests.benchmarks import curl
from tests.benchmarks.figures import Figure, Wanted, beside
from tests.benchmarks.goals import Goal, at_most_more, at_most_times
from tests.benchmarks.processes import said_by
from tests.benchmarks.rounds import each, interleaved
from tests.benchmarks.sink import Sink
from tests.benchmarks.stage import on_stage
from tests.endurance.batches import padded_png

_LARGE_BYTES, _LARGE = 19_000_000, 16
_SMALL_BYTES, _SMALL, _LATENCY_S = 200_000, 200, 0.05
_SLOW_BYTES_A_SECOND = 20e6
"""So slow that all of them are on their way at the same time."""
_AT_ONCE = Settings().uploads_at_once
_ALONE = "the client alone"
_PARTS = {
    "hashing": "of it: hashing what is sent",
    "reading": "of it: reading the files",
    "journal": "of it: the journal",
    "window": "of it: queue and window",
}
Samples = dict[str, list[dict[str, Any]]]


def measure(wanted: Wanted) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        large = _files(Path(name), "large", wanted.count(_LARGE, 3), _LARGE_BYTES)
        small = _files(Path(name), "small", wanted.count(_SMALL, 12), _SMALL_BYTES)
        with Sink() as sink:
            found = interleaved(_contenders(large, sink), wanted.rounds, uncounted=1)
        told = f"{len(large)} × 19 MB, {_AT_ONCE} at once"
        yield from _client(told, found, cpu=at_most_times(1.0), wall=at_most_times(1.05))
        yield from _program(told, found)
        with Sink(latency_s=_LATENCY_S) as sink:
            found = interleaved(_contenders(small, sink), wanted.rounds)
        told = f"{len(small)} × 200 kB, {_AT_ONCE} at once, {_LATENCY_S * 1000:.0f} ms until the answer"
        yield from _client(told, found, cpu=at_most_times(3.0), wall=at_most_times(1.1))
        yield from _program(told, found)
        yield _memory(large[:_AT_ONCE], wanted)


def _contenders(paths: list[Path], sink: Sink) -> dict[str, Callable[[], dict[str, Any]]]:
    contenders: dict[str, Callable[[], dict[str, Any]]] = {
        "alone": partial(_alone, paths, sink),
        "program": partial(_whole, paths, sink),
    }
    if curl.is_installed():
        contenders["curl"] = lambda: asdict(curl.send(paths, sink, _AT_ONCE)) | {"seen": sink.seen()["connections"]}
    return contenders


def _client(told: str, found: Samples, *, cpu: Goal, wall: Goal) -> Iterator[Figure]:
    for value, name, goal in (("cpu", "processor time", cpu), ("wall", "by the clock", wall)):
        theirs = each(found["curl"], value) if "curl" in found else None
        yield beside(
            "upload",
            f"client alone, {told}: {name}",
            each(found["alone"], value),
            curl.NAME,
            theirs,
            unit="s",
            goal=goal,
        )


def _program(told: str, found: Samples) -> Iterator[Figure]:
    for value, name in (("cpu", "processor time"), ("wall", "by the clock")):
        theirs = each(found["alone"], value)
        yield beside(
            "upload", f"whole program, {told}: {name}", each(found["program"], value), _ALONE, theirs, unit="s"
        )
    theirs = each(found["alone"], "cpu")
    for part, what in _PARTS.items():
        yield beside("upload", what, each(found["program"], part), _ALONE, theirs, unit="s")


def _memory(paths: list[Path], wanted: Wanted) -> Figure:
    with Sink(bytes_a_second=_SLOW_BYTES_A_SECOND) as sink:
        found = interleaved({"program": partial(_whole, paths, sink)}, wanted.rounds)["program"]
    what = f"peak memory with {len(paths)} × 19 MB on their way"
    checked = statistics.median(each(found, "checked_mb"))
    peer = f"the idle program ({checked:.0f} MB once these are checked)"
    ours, theirs = each(found, "peak_mb"), each(found, "idle_mb")
    return beside("upload", what, ours, peer, theirs, unit="MB", goal=at_most_more(75, "MB"))


def _alone(paths: Sequence[Path], sink: Sink) -> dict[str, Any]:
    told = [str(path) for path in paths]
    return said_by("client_alone", paths=told, url=sink.url, at_once=_AT_ONCE, environ=sink.environ)


def _whole(paths: Sequence[Path], sink: Sink) -> dict[str, Any]:
    told = [str(path) for path in paths]
    with tempfile.TemporaryDirectory() as data_dir:
        return on_stage("send", Path(data_dir), paths=told, api_url=sink.url, environ=sink.environ)


def _files(folder: Path, name: str, count: int, size: int) -> list[Path]:
    """Each with bytes of its own, or the program would know it already."""
    (folder / name).mkdir()
    paths = [folder / name / f"{name}_{number:03}.png" for number in range(count)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(padded_png(number, size))
    return paths

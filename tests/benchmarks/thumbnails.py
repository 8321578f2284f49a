"""Both passes and thumbnails beside vipsthumbnail and Pillow; the first ones on the screen; memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks import vips
from tests.benchmarks.corpus import GIANT_PNG, cameras, kind_of, mixed
from tests.benchmarks.figures import Figure, Wanted, beside
from tests.benchmarks.goals import at_most_more, at_most_times, below, faster_by
from tests.benchmarks.memory import evict
from tests.benchmarks.processes import said_by
from tests.benchmarks.rounds import each, interleaved
from tests.benchmarks.stage import on_stage

_PICTURES, _CAMERAS, _FIRST = 300, 60, 24
_FULL = "Pillow full decode + thumbnail, one thread"
_IDLE = "the idle program"


def measure(wanted: Wanted) -> Iterator[Figure]:
    pictures = mixed(wanted.count(_PICTURES, 24))
    yield from _all_of_them(pictures, wanted)
    yield from _some_of_them(pictures[::4], wanted)
    yield from _first_ones(wanted)


def _all_of_them(pictures: list[Path], wanted: Wanted) -> Iterator[Figure]:
    without = [path for path in pictures if kind_of(path) != GIANT_PNG]
    contenders = {way: partial(_look, way, pictures) for way in ("both", "thumbnails_alone")}
    contenders |= {"program": partial(_drop, pictures), "without": partial(_drop, without)}
    if vips.is_installed():
        contenders["vips"] = partial(_vips, pictures)
    found = interleaved(contenders, wanted.rounds)
    theirs = each(found["vips"], "wall") if "vips" in found else None
    for what, ours, goal in (
        (f"both passes, {len(pictures)} mixed files", each(found["both"], "wall"), at_most_times(0.8)),
        ("thumbnails alone", each(found["thumbnails_alone"], "wall"), at_most_times(0.7)),
        ("the whole program, from the drop until all is checked", each(found["program"], "checked_s"), None),
    ):
        yield beside("thumbnails", what, ours, vips.NAME, theirs, unit="s", goal=goal)
    for name, what, more in (
        ("without", "peak memory while checking them, without a PNG of 10,000 × 10,000", 250),
        ("program", "peak memory while checking them, with one", 450),
    ):
        ours, idle = each(found[name], "peak_mb"), each(found[name], "idle_mb")
        yield beside("thumbnails", what, ours, _IDLE, idle, unit="MB", goal=at_most_more(more, "MB"))


def _some_of_them(some: list[Path], wanted: Wanted) -> Iterator[Figure]:
    """Every fourth, as Pillow takes minutes for all of them; and what the figures above might flatter."""
    contenders = {way: partial(_look, way, some) for way in ("both", "decoded", "pillow_full")}
    contenders["both, cold"] = _cold(contenders["both"], some)
    if vips.is_installed():
        contenders["vips"] = partial(_vips, some)
        contenders["vips, cold"] = _cold(contenders["vips"], some)
    found = interleaved(contenders, wanted.rounds)
    told = f"every fourth of them ({len(some)})"
    ours, theirs = each(found["both"], "wall"), each(found["pillow_full"], "wall")
    yield beside("thumbnails", f"both passes, {told}", ours, _FULL, theirs, unit="s", goal=faster_by(6))
    for what, name, peer in (
        (f"both passes, {told}, not in the page cache", "both, cold", "vips, cold"),
        (f"thumbnails, {told}, none taken from inside of camera files", "decoded", "vips"),
    ):
        other = each(found[peer], "wall") if peer in found else None
        yield beside("thumbnails", what, each(found[name], "wall"), vips.NAME, other, unit="s")


def _first_ones(wanted: Wanted) -> Iterator[Figure]:
    pictures = cameras(_CAMERAS)
    found = interleaved(
        {
            "drop": partial(_drop, pictures, thumbnails=_FIRST, until_checked=False),
            "pillow_full": partial(_look, "pillow_full", pictures[:_FIRST]),
        },
        wanted.rounds,
    )
    ours = [1000 * seconds for seconds in each(found["drop"], "thumbnails_s")]
    theirs = [1000 * seconds for seconds in each(found["pillow_full"], "wall")]
    what = f"first {_FIRST} thumbnails on the screen after the drop of {len(pictures)} camera JPEGs"
    yield beside("thumbnails", what, ours, _FULL, theirs, unit="ms", goal=below(200, "ms"))


def _look(way: str, files: Sequence[Path]) -> dict[str, Any]:
    return said_by("passes", way=way, paths=[str(path) for path in files])


def _vips(files: Sequence[Path]) -> dict[str, Any]:
    took = vips.two_processes(files)
    return {"wall": took.wall, "cpu": took.cpu}


def _cold(contender: Callable[[], dict[str, Any]], files: Sequence[Path]) -> Callable[[], dict[str, Any]]:
    def run() -> dict[str, Any]:
        evict(files)
        return contender()

    return run


def _drop(files: Sequence[Path], *, until_checked: bool = True, thumbnails: int = 0) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data_dir:
        return on_stage(
            "drop",
            Path(data_dir),
            paths=[str(path) for path in files],
            until_checked=until_checked,
            thumbnails=thumbnails,
        )

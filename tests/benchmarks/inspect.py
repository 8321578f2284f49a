"""The first pass beside Pillow's `open`, and how long it takes until a drop stands in the list."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.corpus import again, mixed
from tests.benchmarks.figures import Figure, Wanted, beside
from tests.benchmarks.goals import at_most_times, below
from tests.benchmarks.memory import evict
from tests.benchmarks.processes import said_by
from tests.benchmarks.rounds import each, interleaved
from tests.benchmarks.stage import on_stage

_FILES, _PICTURES = 2_000, 300
_PEER = "Pillow open on each"


def measure(wanted: Wanted) -> Iterator[Figure]:
    pictures = mixed(wanted.count(_PICTURES, 12))
    with tempfile.TemporaryDirectory(dir=pictures[0].parents[1]) as name:
        files = again(pictures, wanted.count(_FILES, 100), Path(name) / "files")
        contenders = {way: partial(_read, way, files) for way in ("headers", "pillow_open")}
        contenders |= {f"{way} cold": partial(_read_cold, way, pictures) for way in ("headers", "pillow_open")}
        contenders["drop"] = partial(_drop, files, Path(name))
        found = interleaved(contenders, wanted.rounds, uncounted=1)
    ours, theirs = each(found["headers"], "wall"), each(found["pillow_open"], "wall")
    yield beside(
        "inspect", f"first pass over {len(files)} mixed files", ours, _PEER, theirs, unit="s", goal=at_most_times(0.3)
    )
    ours, theirs = each(found["headers cold"], "wall"), each(found["pillow_open cold"], "wall")
    what = f"first pass over {len(pictures)} of them, not in the page cache"
    yield beside("inspect", what, ours, _PEER, theirs, unit="s")
    what = f"all {len(files)} names on the screen after the drop"
    yield beside(
        "inspect",
        what,
        each(found["drop"], "names_s"),
        _PEER,
        each(found["pillow_open"], "wall"),
        unit="s",
        goal=below(1, "s"),
    )


def _read(way: str, files: list[Path]) -> dict[str, Any]:
    brought = said_by("passes", way=way, paths=[str(path) for path in files])
    assert brought["found"] == len(files), brought
    return brought


def _read_cold(way: str, files: list[Path]) -> dict[str, Any]:
    evict(files)
    return _read(way, files)


def _drop(files: list[Path], folder: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=folder) as data_dir:
        return on_stage("drop", Path(data_dir), paths=[str(path) for path in files])

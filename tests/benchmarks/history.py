"""The History tab over a long past, beside a list that loads all of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, Wanted, beside
from tests.benchmarks.goals import below
from tests.benchmarks.past_uploads import COMMON, NOWHERE, RARE, journal_of
from tests.benchmarks.rounds import each, interleaved
from tests.benchmarks.stage import on_stage

_ROWS = 100_000
_SEARCHES = {"cold": f"{RARE}_", "rare": RARE, "common": COMMON, "nowhere": NOWHERE}
_TOLD = {
    "rare": "a name that is rare",
    "common": "a word that is in many names",
    "nowhere": "a name that is nowhere",
    "cold": "the first search, with the journal not in the page cache",
}


def measure(wanted: Wanted) -> Iterator[Figure]:
    rows = wanted.count(_ROWS, 2_000)
    journal = journal_of(rows)
    found = interleaved(
        {
            "paged": partial(_run, journal, load_all=False),
            "all": partial(_run, journal, load_all=True),
            "empty": partial(_run, None, load_all=False),
        },
        wanted.rounds,
    )
    ours, theirs, peer = found["paged"], found["all"], "loading all rows"
    what = f"open the tab, {rows} uploads, first page read anew"
    yield beside(
        "history", what, each(ours, "open_ms"), peer, each(theirs, "open_ms"), unit="ms", goal=below(150, "ms")
    )
    for name, told in _TOLD.items():
        goal = None if name == "cold" else below(50, "ms")
        value = f"{name}_ms"
        what = f"search by name, typing pause not counted: {told}"
        yield beside(
            "history", what, each(ours, value), f"{peer}, then looking", each(theirs, value), unit="ms", goal=goal
        )
    empty = each(found["empty"], "idle_mb")
    more, all_more = ([run["used_mb"] - idle for run, idle in zip(runs, empty, strict=True)] for runs in (ours, theirs))
    what = "memory after all this, over the idle program without a past"
    yield beside("history", what, more, peer, all_more, unit="MB", goal=below(30, "MB"))


def _run(journal: Path | None, *, load_all: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data_dir:
        if journal is not None:
            shutil.copy(journal, Path(data_dir) / "journal.sqlite")
        given = {"load_all": load_all, "searches": _SEARCHES, "rows": journal is not None}
        return on_stage("history", Path(data_dir), **given)

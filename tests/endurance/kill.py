"""`kill -9` at any moment of a batch, then a restart and Continue: nothing is lost, nothing is wrong."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.endurance.batches import make_batch
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.truth import Kept, kept_rows, lost_ids, told, unflagged_copies, used_twice, wrong_ids
from tests.helpers import behaviours
from tests.helpers.scripted_server import ScriptedServer, Stored

PICTURES = 50
POINTS, SHORT_POINTS = 200, 4
LIFE_S = 2.0
"""About how long a batch takes from the start of the program to its last id."""


@dataclass
class Tally:
    """What was found in all rounds."""

    points: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unflagged: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    copies: int = 0
    flags: int = 0
    restarts_s: list[float] = field(default_factory=list)
    stops_ms: list[int] = field(default_factory=list)


def measure(full: bool) -> Iterator[Figure]:
    """Every round is a data folder and a server of its own, and a kill at a point drawn from a fixed seed."""
    dice, tally = random.Random(20261123), Tally()
    points = POINTS if full else SHORT_POINTS
    while tally.points < points:
        _round(tally, dice)
        print(f"\r  {tally.points} of {points} points", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    at = f"kill -9 at {tally.points} points of a batch of {PICTURES}"
    for name, found in (
        ("ids lost", tally.lost),
        ("wrong ids", tally.wrong),
        ("second copies that are not flagged", tally.unflagged),
        ("trace ids used twice", tally.twice),
    ):
        yield Figure("kill", f"{at}: {name}", told(found), "0", not found)
    goal = f"{PICTURES} ids at the end of each"
    yield Figure("kill", f"{at}: rounds that ended otherwise", told(tally.incomplete), goal, not tally.incomplete)
    print(f"  {tally.copies} pictures were stored twice, {tally.flags} rows say that they may be")
    slowest = max(tally.restarts_s)
    yield Figure("kill", "slowest restart, until the rows are there", f"{slowest:.2f} s", "< 3 s", slowest < 3, True)
    stop = max(tally.stops_ms)
    yield stop_figure("kill", stop)


def _round(tally: Tally, dice: random.Random) -> None:
    with tempfile.TemporaryDirectory() as name, ScriptedServer(keys={KEY}) as server:
        folder = Path(name)
        files = make_batch(folder / "pictures", PICTURES)
        server.script(behaviours.delayed(0.04))
        before: list[Kept] = []
        for _ in range(dice.choice((1, 1, 2))):
            tally.points += 1
            with DrivenProgram(folder, server.url) as program:
                _live(program, files, dice.uniform(0.0, LIFE_S))
            before = _compare(tally, before, kept_rows(program.data_dir), list(server.stored))
        with DrivenProgram(folder, server.url) as program:
            ready = program.wait_for("ready")
            tally.restarts_s.append(ready["t"] - program.started)
            missing = _missing(files, before)
            if missing:  # the kill came before they stood in the list, and the operator drops them once more
                program.tell(json.dumps(missing))
            if ready["rows"] or missing:
                tally.stops_ms.append(program.wait_for("settled")["longest_stop_ms"])
            program.close()
        after = _compare(tally, before, kept_rows(program.data_dir), list(server.stored))
        _judge_end(tally, after, list(server.stored))


def _live(program: DrivenProgram, files: list[Path], until_s: float) -> None:
    """One life of it: what is not in the list is dropped; ended by a kill so many seconds after its start."""
    timer = program.kill_after(until_s)
    try:
        program.wait_for("ready")
        missing = _missing(files, kept_rows(program.data_dir))
        if missing:
            program.tell(json.dumps(missing))
    except (AssertionError, BrokenPipeError):
        pass  # it was killed before it could take them
    timer.join()


def _missing(files: list[Path], rows: list[Kept]) -> list[str]:
    there = {row.label for row in rows}
    return [str(path) for path in files if path.name not in there]


def _compare(tally: Tally, before: list[Kept], after: list[Kept], stored: list[Stored]) -> list[Kept]:
    tally.lost += lost_ids(before, after)
    tally.wrong += wrong_ids(after, stored)
    return after


def _judge_end(tally: Tally, rows: list[Kept], stored: list[Stored]) -> None:
    tally.unflagged += unflagged_copies(rows, stored)
    tally.twice += used_twice(rows)
    done = sum(row.state == "done" and row.img_id is not None for row in rows)
    if (len(rows), done) != (PICTURES, PICTURES):
        tally.incomplete.append(f"{done} ids of {len(rows)} rows")
    tally.copies += len(stored) - len({one.sha256 for one in stored})
    tally.flags += sum(row.is_flagged for row in rows)

"""The disk is full at one point after the other: no id is shown as saved that is not, and none is lost later."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.endurance.batches import make_batch
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.small_disk import SmallDisk
from tests.endurance.truth import Kept, kept_rows, told, unflagged_copies, wrong_ids
from tests.helpers.scripted_server import ScriptedServer

PICTURES = 20
POINTS, SHORT_POINTS = 50, 4
LEAST_BYTES, MOST_BYTES = 90_000, 1_100_000
"""From less than an empty journal needs to more than the batch does."""
STUCK_S = 4.0
"""A program that says nothing for so long has nowhere to put the pictures; it is asked what it shows."""


@dataclass
class Tally:
    """What was found at all points."""

    unsaved: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unflagged: list[str] = field(default_factory=list)
    stuck: int = 0
    is_real: bool = True
    stop_ms: int = 0


def measure(full: bool) -> Iterator[Figure]:
    """At every second point the program is killed while the disk is full, at the others somebody makes room."""
    tally, points = Tally(), POINTS if full else SHORT_POINTS
    for point in range(points):
        size = LEAST_BYTES + (MOST_BYTES - LEAST_BYTES) * point // (points - 1)
        _at_point(tally, size // 4096 * 4096, killed=point % 2 == 0)
        print(f"  point {point + 1}: {size} bytes, stuck {tally.stuck} times until now", file=sys.stderr)
    kind = "a small file system" if tally.is_real else "a limit on the size of files, as nothing could be mounted"
    at = f"disk full at {points} points ({kind})"
    for name, found in (
        ("ids shown as saved that are not on disk", tally.unsaved),
        ("pictures without their id after room was made", tally.lost),
        ("wrong ids", tally.wrong),
        ("second copies that are not flagged", tally.unflagged),
    ):
        yield Figure("disk", f"{at}: {name}", told(found), "0", not found)
    yield Figure("disk", "points at which the disk really was full", str(tally.stuck), "more than 0", tally.stuck > 0)
    yield stop_figure("disk", tally.stop_ms)


def _at_point(tally: Tally, size: int, *, killed: bool) -> None:
    with tempfile.TemporaryDirectory() as name, ScriptedServer(keys={KEY}) as server:
        folder = Path(name)
        files = make_batch(folder / "pictures", PICTURES)
        with SmallDisk(folder / "data", size) as disk:
            tally.is_real &= disk.is_real
            with DrivenProgram(folder, server.url) as program:
                disk.limit(program)
                seen = _fill(program, files)
                tally.stuck += set(seen["states"]) != {"done"}
                if killed:
                    program.kill()
                    tally.unsaved += _not_on_disk(seen, program.data_dir)
                disk.make_room(program)
                if not killed:
                    _finish(program, files)
                tally.stop_ms = max(tally.stop_ms, program.longest_stop_ms)
            with DrivenProgram(folder, server.url) as program:
                program.wait_for("ready")
                _finish(program, files)
                program.close()
            tally.stop_ms = max(tally.stop_ms, program.longest_stop_ms)
            rows = kept_rows(program.data_dir)
            tally.lost += [path.name for path in files if path.name not in _done(rows)]
            tally.wrong += wrong_ids(rows, server.stored)
            if not seen[
                "volatile"
            ]:  # of what was sent without a journal, and under a banner, nobody knows after a kill
                tally.unflagged += unflagged_copies(rows, server.stored)


def _fill(program: DrivenProgram, files: list[Path]) -> dict[str, Any]:
    """Drop the batch and let it run into the full disk; what the list shows then."""
    program.wait_for("ready")
    program.tell(json.dumps([str(path) for path in files]))
    program.wait_until(lambda: bool(program.all("settled")) or len(_continued(program)) > 2, STUCK_S)
    program.tell("report")
    return program.wait_for("report")


def _continued(program: DrivenProgram) -> list[dict[str, Any]]:
    return [one for one in program.all("pressed") if one["button"] == "continue"]


def _not_on_disk(seen: dict[str, Any], data_dir: Path) -> list[str]:
    """Rows that were green, in a run that keeps a journal at all: a banner says so where it does not."""
    if seen["volatile"]:
        return []
    kept = _done(kept_rows(data_dir))
    green = zip(seen["labels"], seen["states"], seen["ids"], strict=True)
    return [label for label, state, img_id in green if state == "done" and kept.get(label) != img_id]


def _finish(program: DrivenProgram, files: list[Path]) -> None:
    """There is room: everything that is in the list gets its id, and what never came into it is dropped again."""
    asked = len(program.all("report"))
    program.tell("report")
    seen = program.wait_for("report", times=asked + 1)
    there = {row.label for row in kept_rows(program.data_dir)} | set(seen["labels"])
    missing = [str(path) for path in files if path.name not in there]
    if missing:
        program.tell(json.dumps(missing))
    if missing or set(seen["states"]) - {"done"}:
        program.wait_until(lambda: _has_settled_since(program, seen), 60)


def _has_settled_since(program: DrivenProgram, seen: dict[str, Any]) -> bool:
    return any(one["t"] > seen["t"] for one in program.all("settled"))


def _done(rows: Sequence[Kept]) -> dict[str, str]:
    return {row.label: row.img_id for row in rows if row.state == "done" and row.img_id}

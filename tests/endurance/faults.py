"""Five hundred pictures while every fifth answer is a fault: what the journal has is what the server has."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.endurance.batches import make_batch
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.faulty_server import FaultyServer
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.truth import Kept, kept_rows, told, unflagged_copies, used_twice, wrong_ids

PICTURES, SEEDS = 500, 20
SHORT_PICTURES, SHORT_SEEDS = 60, 2
ROUNDS_MOST = 12
"""How often the operator presses "Retry failed" at most: with a fifth of faults three tries fail once in 125 rows."""


@dataclass
class Tally:
    """What was found over all seeds."""

    wrong: list[str] = field(default_factory=list)
    unflagged: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    stops_ms: list[int] = field(default_factory=list)
    faults: int = 0


def measure(full: bool) -> Iterator[Figure]:
    """One program and one server a seed."""
    count, seeds, tally = (PICTURES, SEEDS, Tally()) if full else (SHORT_PICTURES, SHORT_SEEDS, Tally())
    for seed in range(1, seeds + 1):
        _run(tally, seed, count)
        print(f"  seed {seed}: {tally.faults} faults until now", file=sys.stderr)
    at = f"{count} pictures, a fifth of the answers faults, {seeds} seeds"
    for name, found in (
        ("wrong ids", tally.wrong),
        ("rows without an id in the end", tally.incomplete),
        ("second copies that are not flagged", tally.unflagged),
        ("rows out of their order", tally.disordered),
        ("trace ids used twice", tally.twice),
    ):
        yield Figure("faults", f"{at}: {name}", told(found), "0", not found)
    stop = max(tally.stops_ms)
    yield stop_figure("faults", stop)


def _run(tally: Tally, seed: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as name, FaultyServer(seed, keys={KEY}) as server:
        folder = Path(name)
        files = make_batch(folder / "pictures", count)
        with DrivenProgram(folder, server.url) as program:
            program.wait_for("ready")
            program.tell(json.dumps([str(path) for path in files]))
            seen = _until_all_done(program)
            tally.stops_ms.append(seen["longest_stop_ms"])
            program.close()
        rows, names = kept_rows(program.data_dir), [path.name for path in files]
        tally.wrong += wrong_ids(rows, server.stored)
        tally.unflagged += unflagged_copies(rows, server.stored)
        tally.incomplete += [f"seed {seed}: {row.label}" for row in rows if row.state != "done"]
        tally.incomplete += sorted(set(names) - {row.label for row in rows})
        tally.twice += used_twice(rows) + _sent_twice(server)
        tally.disordered += _out_of_order(names, rows, seen)
        tally.faults += len(server.uploads) - count


def _until_all_done(program: DrivenProgram) -> dict[str, Any]:
    for times in range(1, ROUNDS_MOST + 1):
        seen = program.wait_for("settled", times=times, timeout=300)
        if set(seen["states"]) == {"done"}:
            break
        program.tell("retry")
    return seen


def _sent_twice(server: FaultyServer) -> list[str]:
    return [trace_id for trace_id, times in Counter(one.trace_id for one in server.uploads).items() if times > 1]


def _out_of_order(names: list[str], rows: list[Kept], seen: dict[str, Any]) -> list[str]:
    """Both in the journal and in the list that the operator copies from."""
    lists = ([row.label for row in rows], seen["labels"])
    return [label for found in lists for label, name in zip(found, names, strict=False) if label != name]

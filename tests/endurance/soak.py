"""Half an hour and five thousand uploads in one program: does it grow, does it leave files open?"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.endurance.batches import make_batch
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.truth import kept_rows, told, used_twice, wrong_ids
from tests.helpers.scripted_server import ScriptedServer

BATCH, BATCHES, PACE_S = 250, 20, 90.0
SHORT_BATCH, SHORT_BATCHES = 50, 3
WARM_BATCHES = 2
"""Caches, threads and pools of Qt and SQLite are filled by then."""

MIB = 1024 * 1024


def measure(full: bool) -> Iterator[Figure]:
    """Batches are dropped, uploaded and taken off the list, as an operator does over a day; the History keeps all."""
    size, batches, pace_s = (BATCH, BATCHES, PACE_S) if full else (SHORT_BATCH, SHORT_BATCHES, 0.0)
    memory, files, stop = [], [], 0
    with tempfile.TemporaryDirectory() as name, ScriptedServer(keys={KEY}) as server:
        folder = Path(name)
        with DrivenProgram(folder, server.url) as program:
            program.wait_for("ready")
            for number in range(batches):
                until = time.monotonic() + pace_s
                paths = make_batch(folder / "pictures", size, first=number * size)
                program.tell(json.dumps([str(path) for path in paths]))
                stop = program.wait_for("settled", times=number + 1)["longest_stop_ms"]
                program.tell("clear")
                program.wait_for("cleared", times=number + 1)
                _wait_until(until)
                memory.append(program.resident_bytes())
                files.append(program.open_files())
                print(f"  {memory[-1] // MIB} MiB, {files[-1]} files open", file=sys.stderr)
            program.close()
        rows = kept_rows(program.data_dir)
        wrong = wrong_ids(rows, server.stored) + [row.label for row in rows if row.img_id is None]
    count = size * batches
    growth = (memory[-1] - memory[WARM_BATCHES - 1]) / MIB
    more = files[-1] - files[WARM_BATCHES - 1]
    yield Figure("soak", f"{count} uploads: wrong or missing ids", told(wrong), "0", not wrong and len(rows) == count)
    yield Figure("soak", "trace ids used twice", told(used_twice(rows)), "0", not used_twice(rows))
    yield Figure("soak", "open files more than after two batches", str(more), "0", more <= 0)
    yield Figure("soak", "memory grown since then", f"{growth:.1f} MiB", "< 30 MiB", growth < 30, True)
    yield stop_figure("soak", stop)


def _wait_until(moment: float) -> None:
    threading.Event().wait(max(0.0, moment - time.monotonic()))

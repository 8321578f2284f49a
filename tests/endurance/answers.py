"""Every kind of bad answer on picture 3 of 10: the other nine finish, and row 3 ends as it has to."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.endurance.bad_answers import DONE, Kind, kinds
from tests.endurance.batches import make_batch, padded_png
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.driven_program import LIMITS
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.truth import kept_rows, told
from tests.helpers.scripted_server import ScriptedServer

PICTURES, BAD = 10, 2
BIG_BYTES = 12_000_000
"""More than the send and receive buffers of a loopback connection hold together."""


def measure(full: bool) -> Iterator[Figure]:
    """One program; a batch of its own for each kind. The short form leaves out what waits for time-outs."""
    with tempfile.TemporaryDirectory() as name, ScriptedServer(keys={KEY}) as server, ScriptedServer() as trap:
        wanted = [kind for kind in kinds(trap.url) if full or not kind.is_slow]
        folder, row, others, sent, late = Path(name), list[str](), list[str](), list[str](), list[str]()
        closest = (0.0, "")
        with DrivenProgram(folder, server.url) as program:
            program.wait_for("ready")
            for number, kind in enumerate(wanted):
                _batch(program, server, kind, folder / f"kind_{number}", number)
                seen = program.wait_for("settled", times=number + 1)
                row += _judge_row(program.data_dir, kind, number, server)
                nine = [state for place, state in enumerate(seen["states"]) if place != BAD]
                others += [kind.name] * (nine != [DONE] * (PICTURES - 1))
                took_s, limit_s = seen["took_s"][_label(number)], limit_of(kind)
                closest = max(closest, (took_s / limit_s, f"{kind.name}: {took_s:.1f} of {limit_s:.1f} s"))
                late += [f"{kind.name}: {took_s:.1f} s"] * (took_s > limit_s)
                sent += [kind.name] * (len(server.uploads) != PICTURES - 1 + kind.tries)
                program.tell("clear")
                program.wait_for("cleared", times=number + 1)
            stop = seen["longest_stop_ms"]
            program.close()
        trapped = [arrival.path for arrival in trap.arrivals]
    at = f"{len(wanted)} kinds of answer to picture {BAD + 1} of {PICTURES}"
    yield Figure("answers", f"{at}: the row ended otherwise than it must", told(row), "0", not row)
    yield Figure("answers", f"{at}: others of the ten not done", told(others), "0", not others)
    yield Figure("answers", f"{at}: sent more or less often than it must", told(sent), "0", not sent)
    yield Figure("answers", f"{at}: the row took longer than its limit", told(late), "0", not late, True)
    print(f"  the closest to its limit: {closest[1]}")
    yield Figure("answers", "requests that followed a redirect", told(trapped), "0", not trapped)
    yield stop_figure("answers", stop)


def limit_of(kind: Kind) -> float:
    """How long the row may take: each attempt its own limit, the longest wait between two, a second for the rest."""
    attempt_s = max(LIMITS.stall_timeout_s, LIMITS.answer_timeout_s)
    return kind.tries * attempt_s + (kind.tries - 1) * LIMITS.retry_after_max_s + 1.0


def _label(number: int) -> str:
    return f"picture_{number * PICTURES + BAD:05}.png"


def _batch(program: DrivenProgram, server: ScriptedServer, kind: Kind, folder: Path, number: int) -> None:
    paths = make_batch(folder, PICTURES, first=number * PICTURES)
    bad = paths[BAD]
    # The one of its size, so that the server knows it before the body has come.
    bad.write_bytes(padded_png(number, BIG_BYTES if kind.is_big else 2_000))
    server.clear()
    server.script(kind.behaviour, size=bad.stat().st_size, times=kind.times)
    program.tell(json.dumps([str(path) for path in paths]))


def _judge_row(data_dir: Path, kind: Kind, number: int, server: ScriptedServer) -> list[str]:
    row = next(row for row in kept_rows(data_dir) if row.label == _label(number))
    found = (row.state, len(row.trace_ids), row.is_flagged)
    wanted = (kind.state, kind.tries, kind.is_flagged)
    return [] if found == wanted else [f"{kind.name}: {found}, not {wanted}"]

"""Cancelling a picture and closing the window in every state in which an attempt can hang: how long it takes."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.endurance.batches import make_batch, padded_png
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.truth import Kept, kept_rows, told
from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour
from tests.helpers.full_port import full_port
from tests.helpers.scripted_server import ScriptedServer

CANCEL_S, QUIT_S = 1.0, 5.0
_BIG_BYTES = 12_000_000
PICTURE = "picture_00000"


@dataclass(frozen=True, slots=True)
class State:
    """`behaviour` None: nobody takes the connection. `drive_is_silent`: the picture cannot even be read.

    `is_flagged`: the picture may have arrived by then; None where a slow machine may have begun the next attempt.
    """

    name: str
    behaviour: Behaviour | None
    is_flagged: bool | None = False
    size: int = 2_000
    is_in_flight: bool = True
    drive_is_silent: bool = False


def states() -> list[State]:
    return [
        State("connecting", None),
        State("sending, and nobody reads", behaviours.stall(1_000), size=_BIG_BYTES),
        State("sending slowly", behaviours.slow_read(400_000), size=_BIG_BYTES),
        State("waiting for the answer", behaviours.silent(), is_flagged=True),
        State("an answer that drips", behaviours.drip(1, 0.3), is_flagged=True),
        State("reading from a silent drive", Behaviour(), drive_is_silent=True),
        State("told to wait", behaviours.busy(429, "100"), is_flagged=None, is_in_flight=False),
    ]


def measure(full: bool) -> Iterator[Figure]:
    """The same in both forms: a program for each state and each way to end."""
    del full
    wrong: list[str] = []
    slowest: dict[str, tuple[float, str]] = {}
    stops: list[int] = []
    for state in states():
        for how in ("cancel", "close"):
            took_s, found = _end(state, how, stops)
            slowest[how] = max(slowest.get(how, (0.0, "")), (took_s, state.name))
            wrong += [f"{how} while {state.name}: {text}" for text in found]
    at = f"{len(states())} states, cancelled and closed in each"
    yield Figure("endings", f"{at}: rows that ended otherwise than they must", told(wrong), "0", not wrong)
    for how, goal_s in (("cancel", CANCEL_S), ("close", QUIT_S)):
        took_s, name = slowest[how]
        yield Figure(
            "endings", f"slowest {how} ({name})", f"{took_s:.2f} s", f"< {goal_s:.0f} s", took_s < goal_s, True
        )
    yield stop_figure("endings", max(stops))


def _end(state: State, how: str, stops: list[int]) -> tuple[float, list[str]]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as around:
        folder = Path(name)
        (path,) = make_batch(folder / "pictures", 1)
        path.write_bytes(padded_png(1, state.size))
        server = around.enter_context(ScriptedServer(keys={KEY}))
        url = server.url
        if state.behaviour is None:
            url = f"http://127.0.0.1:{around.enter_context(full_port())}"
        else:
            server.script(state.behaviour)
        with DrivenProgram(folder, url, environ={"DRIVEN_HOLDS": "1"}) as program:
            program.wait_for("ready")
            program.tell(json.dumps([str(path)]))
            program.wait_for("checked")
            if state.drive_is_silent:
                program.tell(f"silence {PICTURE}")
            program.tell("go")
            program.wait_for("pressed")
            _wait_until_it_hangs(program, state, server)
            ended = _cancel(program, state) if how == "cancel" else _close(program, state)
            stops.append(program.longest_stop_ms)
            return ended


def _wait_until_it_hangs(program: DrivenProgram, state: State, server: ScriptedServer) -> None:
    if state.drive_is_silent:
        _wait_until(program, "held_up", [f"{PICTURE}.png"])
    elif state.behaviour is not None:
        server.wait_for(1)
    if state.is_flagged:
        server.wait_until_stored(1)
    if not state.is_in_flight:  # the attempt is over, and the row waits for the next one
        _wait_until(program, "states", ["waiting"])


def _wait_until(program: DrivenProgram, what: str, wanted: list[str]) -> None:
    for times in range(1, 1_000):
        program.tell("report")
        if program.wait_for("report", times=times)[what] == wanted:
            return


def _cancel(program: DrivenProgram, state: State) -> tuple[float, list[str]]:
    program.tell("cancel")
    ended = program.wait_for("cancelled")
    took_s = ended["t"] - program.wait_for("cancelling")["t"]
    program.close()
    return took_s, _judge(state, kept_rows(program.data_dir), "ready")


def _close(program: DrivenProgram, state: State) -> tuple[float, list[str]]:
    started = time.monotonic()
    code = program.close()
    took_s = time.monotonic() - started
    found = _judge(state, kept_rows(program.data_dir), "waiting")
    return took_s, found if code == 0 else [*found, f"exit code {code}"]


def _judge(state: State, rows: list[Kept], wanted: str) -> list[str]:
    (row,) = rows
    right = row.state == wanted and state.is_flagged in {None, row.is_flagged}
    return [] if right else [f"{row.state}, flagged {row.is_flagged}"]

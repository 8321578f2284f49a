"""The program does nothing: what stands still then is the computer."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.heartbeat import Heartbeat
from tests.benchmarks.stage import Script, Stage, after

_SETTLING_S = 1.0
_LOOK_MS = 50


def play(stage: Stage, given: dict[str, Any]) -> Script:
    """For so many `seconds`."""
    stage.look_every(_LOOK_MS)
    yield after(_SETTLING_S)
    heartbeat = Heartbeat(stage)
    yield after(given["seconds"])
    return heartbeat.take()

"""The states of the queue as a whole, why it is in them, and how a run ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """IDLE: nothing was asked for. HELD: going on by itself at a set time. PAUSED: somebody has to do something."""

    IDLE = "idle"
    RUNNING = "running"
    HELD = "held"
    PAUSED = "paused"


class Reason(StrEnum):
    """Why the queue is held or paused."""

    OPERATOR = "operator"
    RESTORED = "restored"
    NO_KEY = "no_key"
    ACCOUNT = "account"
    CERTIFICATE = "certificate"
    STORAGE = "storage"
    BUSY = "busy"
    OFFLINE = "offline"
    INTERCEPTED = "intercepted"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How a run ended. `stopped`: the operator ended it. `left`: rows it did not send."""

    done: int
    failed: int
    left: int
    stopped: bool

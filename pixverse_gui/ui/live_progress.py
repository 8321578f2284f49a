"""How far a row that is being sent or checked has come: a value between the queue and what is painted and spoken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveProgress:
    """A row that is being sent or checked. `fraction` 0..1 of its body; `phase` sending or waiting_for_answer.

    `unsaved_id`: the answer is there, but saving it has not succeeded yet, for `unsaved_reason`. `drive_is_silent`: its
    file is being read, and nothing has come for a while.
    """

    fraction: float = 0.0
    phase: str = "sending"
    unsaved_id: str | None = None
    unsaved_reason: str = ""
    drive_is_silent: bool = False

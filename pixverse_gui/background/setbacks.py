"""How often what has failed in this run, and so what comes next of it."""

from __future__ import annotations

from collections import Counter

from pixverse_gui.background.queue_state import Reason
from pixverse_gui.core.errors import InterceptedError
from pixverse_gui.core.failure_table import Counter as Counted
from pixverse_gui.core.failure_table import Reaction, RowFate, counter_for, react
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import UploadState

_STATE_FOR = {
    RowFate.TRY_AGAIN: UploadState.WAITING,
    RowFate.FAIL: UploadState.FAILED,
    RowFate.READY: UploadState.READY,
    RowFate.CHECK_AGAIN: UploadState.CHECKING,
}
_PAUSES = {
    "certificate": Reason.CERTIFICATE,
    "busy": Reason.BUSY,
    "storage": Reason.STORAGE,
    "intercepted": Reason.INTERCEPTED,
}
"""Every other reason to pause has to do with the account."""


def state_after(reaction: Reaction) -> UploadState:
    """What the row becomes."""
    return _STATE_FOR[reaction.row]


def reason_to_pause(reaction: Reaction) -> Reason:
    """Why the queue pauses, where it does."""
    return _PAUSES.get(reaction.pause_reason or "", Reason.ACCOUNT)


class Setbacks:
    """The counters that `core.failure_table` asks for: one a row, and two for the whole queue."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._of_row: Counter[int] = Counter()
        self._in_a_row: Counter[Counted] = Counter()
        self._intercepted = 0

    @property
    def is_probing(self) -> bool:
        """The last answer was "busy", or there was none: one row at a time finds out whether that is over."""
        return bool(self._in_a_row)

    def reaction(self, key: int, error: Exception, *, is_held: bool = False) -> Reaction:
        """Count this failure of a row and look it up.

        `is_held`: the queue waits already, so the attempt began before that. Six rows that meet one closed door at once
        are one setback, not six.
        """
        counted = counter_for(error)
        self._intercepted = self._intercepted + 1 if isinstance(error, InterceptedError) else 0
        if counted in {Counted.OFFLINE, Counted.BUSY}:
            tries = self._in_a_row[counted] or 1 if is_held else self._in_a_row[counted] + 1
            self._in_a_row = Counter({counted: tries})
        else:
            self._in_a_row.clear()
            self._of_row[key] += counted is Counted.ROW
            tries = self._of_row[key]
        return react(error, tries=tries, limits=self._limits, intercepted=self._intercepted)

    def got_through(self) -> None:
        """The service gave a result: it is neither busy nor out of reach, and nothing stands in between."""
        self._in_a_row.clear()
        self._intercepted = 0

    def forgive(self, key: int) -> None:
        """The operator tries this row anew."""
        del self._of_row[key]

    def forgive_all(self) -> None:
        """The operator says: go on."""
        self._of_row.clear()
        self._in_a_row.clear()
        self._intercepted = 0

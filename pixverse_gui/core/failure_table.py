"""What a failed attempt means for its row and for the queue: one table.

The queue keeps these counters and passes the one that `counter_for(error)` names, this failure included:

========== ========================================================== =================================================
counter    counts                                                     starts again at 0
========== ========================================================== =================================================
ROW        failed attempts of this one row that had this counter      when the operator presses Upload, Retry, Continue
OFFLINE    attempts in a row, of any rows, that reached nobody        with any answer or broken connection, by Continue
BUSY       answers in a row, to any rows, that said "too busy"        with any other answer, by Continue
NONE       nothing: pass 0
========== ========================================================== =================================================

Waiting is for the queue to do. GO_ON: this row waits `delay_s`, others go on. GATE: nothing is sent by anyone for
`delay_s`. OFFLINE: the same, under the words "cannot be reached"; one row may try when it is over. PAUSE: nothing is
sent until the operator continues (or, for a key, gives another one). An attempt in flight is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from pixverse_gui.core import errors
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ErrorRecord


class RowFate(StrEnum):
    """What becomes of the row."""

    TRY_AGAIN = "try_again"  # WAITING
    FAIL = "fail"  # FAILED
    READY = "ready"  # READY
    CHECK_AGAIN = "check_again"  # CHECKING, then sent if it is still sendable


class QueueEffect(StrEnum):
    """What becomes of the other rows."""

    GO_ON = "go_on"
    GATE = "gate"
    OFFLINE = "offline"
    PAUSE = "pause"


class Counter(StrEnum):
    """Which counter bounds the tries."""

    NONE = "none"
    ROW = "row"
    OFFLINE = "offline"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Reaction:
    """`delay_s` belongs to the row for GO_ON and to the whole queue for GATE and OFFLINE.

    `pause_reason`, only with PAUSE: key, permission, account, proxy, balance, certificate, busy, address, storage or
    intercepted.
    """

    row: RowFate
    queue: QueueEffect = QueueEffect.GO_ON
    delay_s: float = 0.0
    pause_reason: str | None = None


_FAILED = Reaction(RowFate.FAIL)

_COUNTERS: tuple[tuple[type[BaseException], Counter], ...] = (
    (errors.UnreachableError, Counter.OFFLINE),
    (errors.RateLimitedError, Counter.BUSY),
    (errors.ConnectionBrokenError, Counter.ROW),
    (errors.ServerError, Counter.ROW),
    (errors.UnexpectedAnswerError, Counter.ROW),
)
"""Everything else is decided without counting."""

_FIXED: tuple[tuple[type[BaseException], Reaction], ...] = (
    (errors.UploadCancelled, Reaction(RowFate.READY)),
    (errors.SourceChangedError, Reaction(RowFate.CHECK_AGAIN)),
    (errors.SourceError, _FAILED),
    (errors.CertificateRefusedError, Reaction(RowFate.TRY_AGAIN, QueueEffect.PAUSE, pause_reason="certificate")),
    (errors.CredentialError, Reaction(RowFate.TRY_AGAIN, QueueEffect.PAUSE, pause_reason="key")),
    (errors.ServiceAddressError, Reaction(RowFate.TRY_AGAIN, QueueEffect.PAUSE, pause_reason="address")),
    (errors.StorageError, Reaction(RowFate.TRY_AGAIN, QueueEffect.PAUSE, pause_reason="storage")),
    (errors.RedirectRefusedError, _FAILED),
    (errors.ContentRefusedError, _FAILED),
    (errors.RejectedImageError, _FAILED),
    (errors.RemoteFetchError, _FAILED),
    (errors.UnknownApiError, _FAILED),
)
"""The first line that fits counts."""


def counter_for(error: BaseException) -> Counter:
    """Which counter the queue raises by one, and passes to `react`, for this error."""
    return next((counter for kind, counter in _COUNTERS if isinstance(error, kind)), Counter.NONE)


def react(error: BaseException, *, tries: int, limits: Limits, intercepted: int = 0) -> Reaction:
    """What `error` means. `tries` is the counter that `counter_for` names, with this failure counted (so from 1).

    `intercepted`: answers in a row, to any rows, that did not come from the service, this one included. A sign-in page
    of a hotel would else make failed rows of a whole night's pictures.

    An exception from outside our tree is a bug of ours: its row fails and nothing else suffers.
    """
    if isinstance(error, errors.UnreachableError):
        delays = limits.unreachable_delays_s
        delay = delays[min(max(tries, 1), len(delays)) - 1]
        return Reaction(RowFate.TRY_AGAIN, QueueEffect.OFFLINE, delay)
    if isinstance(error, errors.RateLimitedError):
        return _react_to_busy(error, tries, limits)
    if isinstance(error, errors.AccountRefusedError):
        reason = str(error.params.get("reason", "key"))
        return Reaction(RowFate.TRY_AGAIN, QueueEffect.PAUSE, pause_reason=reason)
    if isinstance(error, errors.InterceptedError) and _stands_in_the_way(error, intercepted, limits):
        return Reaction(RowFate.TRY_AGAIN, QueueEffect.PAUSE, pause_reason="intercepted")
    if isinstance(error, errors.ConnectionBrokenError | errors.ServerError | errors.UnexpectedAnswerError):
        return _resend(tries, _resend_delays(error, limits))
    return next((reaction for kind, reaction in _FIXED if isinstance(error, kind)), _FAILED)


def may_help_to_retry(record: ErrorRecord | None) -> bool:
    """Whether sending the same picture again can end otherwise; what moderation refused once it refuses again."""
    return record is None or record.code != errors.ContentRefusedError.code


def record_of(error: BaseException) -> ErrorRecord:
    """What the journal keeps of a failure; for an exception from outside our tree the code "bug" and its kind."""
    if isinstance(error, errors.PixVerseGuiError):
        return error.record()
    return ErrorRecord(code="bug", params={"kind": type(error).__name__})


def _react_to_busy(error: errors.RateLimitedError, tries: int, limits: Limits) -> Reaction:
    if tries >= limits.busy_answers_until_pause:
        return Reaction(RowFate.TRY_AGAIN, QueueEffect.PAUSE, pause_reason="busy")
    asked = error.retry_after_s
    return Reaction(RowFate.TRY_AGAIN, QueueEffect.GATE, limits.retry_after_default_s if asked is None else asked)


def _stands_in_the_way(error: errors.InterceptedError, in_a_row: int, limits: Limits) -> bool:
    refused = error.facts.http_status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    return refused or in_a_row >= limits.intercepted_answers_until_pause


def _resend_delays(error: errors.ApiError, limits: Limits) -> tuple[float, ...]:
    # A coded fault (500041, 500100, 99999) is tried once more, everything that left no code twice.
    has_code = isinstance(error, errors.ServerError) and error.facts.api_code is not None
    return limits.resend_delays_s[:1] if has_code else limits.resend_delays_s


def _resend(tries: int, delays: tuple[float, ...]) -> Reaction:
    if tries > len(delays):
        return _FAILED
    return Reaction(RowFate.TRY_AGAIN, delay_s=delays[max(tries, 1) - 1])

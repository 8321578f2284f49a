"""One attempt on its way, and what becomes of its row when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pixverse_gui.background.doors import ClientBox
from pixverse_gui.background.tasks import Job
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.errors import ApiError, UploadCancelled
from pixverse_gui.core.failure_table import record_of
from pixverse_gui.core.models import Attempt, Upload, UploadResult, UploadState

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time that goes into the journal."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Flight:
    """A row between the commit of UPLOADING and the end of its attempt. GUI thread only, but for the control.

    `job`: its worker, from `asked_at` on (monotonic seconds); None until the commit. `ended_at`: since then it is ended
    from outside, and its worker has not come back.
    """

    upload: Upload
    trace_id: str
    account: str
    control: AttemptControl
    box: ClientBox
    is_abandoned: bool = False
    job: Job | None = None
    asked_at: float = 0.0
    ended_at: float | None = None

    @property
    def share(self) -> float:
        """How much of the body was handed over, 0..1."""
        total = self.control.body_bytes
        return min(1.0, self.control.bytes_handed / total) if total else 0.0


def took_off(row: Upload, trace_id: str, now: datetime) -> Upload:
    """The row as it must stand in the journal before a socket opens."""
    return row.moved_to(
        UploadState.UPLOADING, attempts=(*row.attempts, Attempt(trace_id=trace_id, started_at=now)), error=None
    )


def landed(flight: Flight, result: UploadResult, now: datetime) -> Upload:
    """The row with its id."""
    row = _with_outcome(flight.upload, flight.trace_id, "done", maybe_stored=False)
    return row.moved_to(
        UploadState.DONE,
        img_id=result.img_id,
        img_url=result.img_url or None,
        account=flight.account,
        finished_at=now,
        error=None,
    )


def broke_off(flight: Flight, error: Exception, state: UploadState) -> Upload:
    """The row after an attempt that brought nothing, in the state that the failure table gives it."""
    maybe_stored = isinstance(error, ApiError | UploadCancelled) and error.maybe_stored
    record = record_of(error)
    outcome = "cancelled" if isinstance(error, UploadCancelled) else record.code
    row = _with_outcome(flight.upload, flight.trace_id, outcome, maybe_stored=maybe_stored)
    if state in {UploadState.READY, UploadState.CHECKING}:
        return row.moved_to(state, error=None)
    return row.moved_to(state, error=record if record.trace_id else replace(record, trace_id=flight.trace_id))


def in_short(error: Exception) -> str:
    """An outcome for the log: codes and numbers, no words of the service."""
    if isinstance(error, UploadCancelled):
        said = ["cancelled"]
    else:
        record = record_of(error)
        said = [record.code, *(f"{name} {value}" for name, value in record.params.items())]
        said += [] if record.http_status is None else [f"HTTP {record.http_status}"]
        said += [] if record.api_code is None else [f"ErrCode {record.api_code}"]
    if isinstance(error, ApiError | UploadCancelled) and error.maybe_stored:
        said.append("may have been stored")
    return ", ".join(said)


def _with_outcome(row: Upload, trace_id: str, outcome: str, *, maybe_stored: bool) -> Upload:
    attempts = tuple(
        replace(attempt, outcome=outcome, maybe_stored=maybe_stored) if attempt.trace_id == trace_id else attempt
        for attempt in row.attempts
    )
    return replace(row, attempts=attempts)

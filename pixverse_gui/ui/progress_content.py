"""What the line under the list says and which buttons it has: a value computed from the state of the queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pixverse_gui.background.queue_state import Phase, Reason, RunSummary
from pixverse_gui.background.run_progress import ProgressView
from pixverse_gui.background.working_list import ListCounts
from pixverse_gui.ui import messages


class ProgressButton(StrEnum):
    """Buttons of the line; each is one QPushButton that is shown or not."""

    UPLOAD = "upload"
    PAUSE = "pause"
    CONTINUE = "continue"
    STOP = "stop"
    STOP_READING = "stop_reading"
    TRY_NOW = "try_now"
    RETRY_FAILED = "retry_failed"
    SHOW_FAILED = "show_failed"
    SHOW_ATTENTION = "show_attention"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class QueueSight:
    """Everything the line depends on."""

    counts: ListCounts
    phase: Phase = Phase.IDLE
    reason: Reason | None = None
    progress: ProgressView = field(default_factory=ProgressView)
    in_flight: int = 0
    waiting: int = 0
    hold_seconds: int = 0
    is_stopping: bool = False
    is_closing: bool = False
    summary: RunSummary | None = None
    checked: int = 0
    to_check: int = 0
    counting: int | None = None
    drive_is_silent: bool = False


@dataclass(frozen=True, slots=True)
class ProgressContent:
    """`bar` is 0..1, or None for no bar; `primary` is the one button with the accent colour."""

    text: str
    bar: float | None
    buttons: tuple[ProgressButton, ...]
    primary: ProgressButton | None = None


_B = ProgressButton


def progress_content(sight: QueueSight) -> ProgressContent:
    """The line for this moment."""
    if sight.is_closing:
        return ProgressContent(messages.FINISHING_TO_CLOSE, sight.progress.fraction, ())
    if sight.phase is Phase.IDLE:
        return _idle(sight)
    if sight.is_stopping and sight.in_flight:
        return ProgressContent(messages.stopping_line(sight.in_flight), sight.progress.fraction, ())
    if sight.phase is Phase.PAUSED:
        return _paused(sight)
    if sight.phase is Phase.HELD:
        text = messages.busy_line(sight.hold_seconds) if sight.reason is Reason.BUSY else _running_text(sight)
        return ProgressContent(text, sight.progress.fraction, (_B.TRY_NOW, _B.PAUSE, _B.STOP))
    return ProgressContent(_running_text(sight), sight.progress.fraction, (*_more(sight), _B.PAUSE, _B.STOP))


def _idle(sight: QueueSight) -> ProgressContent:
    counts, summary = sight.counts, sight.summary
    if sight.counting is not None:
        return _reading(sight)
    text = messages.looking_line(sight.checked, sight.to_check) if sight.to_check else ""
    if summary is not None and not text and (summary.done or summary.failed or summary.stopped):
        return _ended(sight, summary)
    buttons: list[ProgressButton] = []
    if counts.failed:
        buttons += [_B.SHOW_FAILED, _B.RETRY_FAILED]
    elif counts.attention and not text:
        buttons.append(_B.SHOW_ATTENTION)
    if counts.ready or counts.checking:
        buttons.append(_B.UPLOAD)
    elif counts.total:
        buttons.append(_B.CLEAR)
    return ProgressContent(text or _ready_text(counts), None, tuple(buttons), _B.UPLOAD if counts.ready else None)


def _reading(sight: QueueSight) -> ProgressContent:
    """Folders are being walked; what is ready already can be sent meanwhile."""
    more = (_B.UPLOAD,) if sight.counts.ready else ()
    text = messages.counting_line(sight.counting or 0, drive_is_silent=sight.drive_is_silent)
    return ProgressContent(text, None, (*more, _B.STOP_READING), _B.UPLOAD if more else None)


def _ended(sight: QueueSight, summary: RunSummary) -> ProgressContent:
    ready = sight.counts.ready
    text = messages.finished_line(summary.done, summary.failed)
    if summary.stopped:
        text = messages.stopped_line(summary.done, summary.left)
    elif ready:
        text = f"{text} {messages.ready_line(ready, sight.counts.attention)}"
    buttons: list[ProgressButton] = []
    if sight.counts.failed:
        buttons += [_B.SHOW_FAILED, _B.RETRY_FAILED]
    buttons.append(_B.CLEAR)
    if ready:
        buttons.append(_B.UPLOAD)
    return ProgressContent(text, None, tuple(buttons), _B.UPLOAD if ready else None)


def _paused(sight: QueueSight) -> ProgressContent:
    in_flight, waiting = sight.in_flight, sight.waiting
    text = messages.pausing_line(in_flight) if in_flight else messages.paused_line(waiting)
    # The other reasons have a banner of their own with the next step in it.
    if sight.reason is not Reason.OPERATOR:
        return ProgressContent(text, sight.progress.fraction, (_B.CONTINUE, _B.STOP))
    return ProgressContent(text, sight.progress.fraction, (*_more(sight), _B.CONTINUE, _B.STOP), _B.CONTINUE)


def _more(sight: QueueSight) -> tuple[ProgressButton, ...]:
    """Pictures that were added during a run can be sent as well."""
    return (_B.UPLOAD,) if sight.counts.ready else ()


def _running_text(sight: QueueSight) -> str:
    view = sight.progress
    return messages.progress_line(view.done, view.total, view.failed, view.bytes_per_s, view.seconds_left)


def _ready_text(counts: ListCounts) -> str:
    parts = [messages.ready_line(counts.ready, counts.attention)]
    if not counts.ready and counts.blocked:
        parts.append(messages.blocked_line(counts.blocked))
    if counts.reused and not (counts.ready or counts.attention):  # else it stands above the list
        parts.append(messages.reused_line(counts.reused))
    return " · ".join(part for part in parts if part)

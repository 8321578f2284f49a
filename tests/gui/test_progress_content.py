"""The line under the list: its words and buttons for every phase of the work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixverse_gui.background.queue_state import Phase, Reason, RunSummary
from pixverse_gui.background.run_progress import ProgressView
from pixverse_gui.background.working_list import ListCounts
from pixverse_gui.ui.progress_content import ProgressButton, QueueSight, progress_content
from tests.helpers.themes import british  # noqa: F401 - a fixture

B = ProgressButton
EMPTY = ListCounts()
READY = ListCounts(total=6, ready=6)
RUNNING = ProgressView(done=14, failed=1, total=40, fraction=0.35, bytes_per_s=2_100_000, seconds_left=140)
SENDING = QueueSight(
    ListCounts(total=40, on_the_way=25, done=14, failed=1), Phase.RUNNING, progress=RUNNING, in_flight=3, waiting=22
)


def ended(done: int, failed: int, left: int = 0, *, stopped: bool = False) -> RunSummary:
    return RunSummary(done=done, failed=failed, left=left, stopped=stopped)


IDLE_CASES = {
    "nothing": (QueueSight(EMPTY), "", (), None),
    "ready": (QueueSight(READY), "6 images are ready.", (B.UPLOAD,), B.UPLOAD),
    "one ready": (QueueSight(ListCounts(total=1, ready=1)), "1 image is ready.", (B.UPLOAD,), B.UPLOAD),
    "ready, some with warnings": (
        QueueSight(replace(READY, attention=2)),
        "6 ready · 2 need attention",
        (B.SHOW_ATTENTION, B.UPLOAD),
        B.UPLOAD,
    ),
    "only blocked": (
        QueueSight(ListCounts(total=1, blocked=1, attention=1)),
        "1 cannot be sent",
        (B.SHOW_ATTENTION, B.CLEAR),
        None,
    ),
    "all reused": (
        QueueSight(ListCounts(total=2, done=2, reused=2)),
        "2 already uploaded, their IDs are used",
        (B.CLEAR,),
        None,
    ),
    "failed from last time": (
        QueueSight(ListCounts(total=3, failed=3)),
        "",
        (B.SHOW_FAILED, B.RETRY_FAILED, B.CLEAR),
        None,
    ),
    "checking": (
        QueueSight(ListCounts(total=9, checking=5, ready=4), checked=4, to_check=9),
        "Looking at 4 of 9 files… You can keep working.",
        (B.UPLOAD,),
        B.UPLOAD,
    ),
    "only checking": (
        QueueSight(ListCounts(total=5, checking=5), to_check=5),
        "Looking at 0 of 5 files… You can keep working.",
        (B.UPLOAD,),
        None,
    ),
    "reading folders": (
        QueueSight(EMPTY, counting=120),
        "Reading folders: 120 files so far…",
        (B.STOP_READING,),
        None,
    ),
    "all done": (
        QueueSight(ListCounts(total=6, done=6), summary=ended(6, 0)),
        "All 6 images are uploaded.",
        (B.CLEAR,),
        None,
    ),
    "one done": (
        QueueSight(ListCounts(total=1, done=1), summary=ended(1, 0)),
        "The image is uploaded.",
        (B.CLEAR,),
        None,
    ),
    "some failed": (
        QueueSight(ListCounts(total=6, done=4, failed=2), summary=ended(4, 2)),
        "4 uploaded, 2 not. The uploaded ones are saved.",
        (B.SHOW_FAILED, B.RETRY_FAILED, B.CLEAR),
        None,
    ),
    "stopped": (
        QueueSight(ListCounts(total=6, done=4, ready=2), summary=ended(4, 0, 2, stopped=True)),
        "Stopped. 4 uploaded, 2 not sent.",
        (B.CLEAR, B.UPLOAD),
        B.UPLOAD,
    ),
    "done, and more to send": (
        QueueSight(ListCounts(total=8, done=6, ready=2), summary=ended(6, 0)),
        "All 6 images are uploaded. 2 images are ready.",
        (B.CLEAR, B.UPLOAD),
        B.UPLOAD,
    ),
    "a run in which nothing happened": (
        QueueSight(READY, summary=ended(0, 0)),
        "6 images are ready.",
        (B.UPLOAD,),
        B.UPLOAD,
    ),
    "checking after a run": (
        QueueSight(ListCounts(total=8, done=6, checking=2), summary=ended(6, 0), checked=1, to_check=2),
        "Looking at 1 of 2 files… You can keep working.",
        (B.UPLOAD,),
        None,
    ),
}

WORKING_CASES = {
    "running": (SENDING, "14 of 40 done · 1 failed · 2.1 MB/s · about 2 min left", (B.PAUSE, B.STOP), None),
    "running, and more were added": (
        replace(SENDING, counts=replace(SENDING.counts, ready=2)),
        "14 of 40 done · 1 failed · 2.1 MB/s · about 2 min left",
        (B.UPLOAD, B.PAUSE, B.STOP),
        None,
    ),
    "just begun": (
        replace(SENDING, progress=ProgressView(total=40)),
        "0 of 40 done",
        (B.PAUSE, B.STOP),
        None,
    ),
    "busy": (
        replace(SENDING, phase=Phase.HELD, reason=Reason.BUSY, hold_seconds=12),
        "PixVerse asked us to slow down. Going on by itself in 12 s. Nothing is lost.",
        (B.TRY_NOW, B.PAUSE, B.STOP),
        None,
    ),
    "offline": (
        replace(SENDING, phase=Phase.HELD, reason=Reason.OFFLINE, hold_seconds=12),
        "14 of 40 done · 1 failed · 2.1 MB/s · about 2 min left",
        (B.TRY_NOW, B.PAUSE, B.STOP),
        None,
    ),
    "pausing": (
        replace(SENDING, phase=Phase.PAUSED, reason=Reason.OPERATOR),
        "Finishing 3 uploads, then pausing.",
        (B.CONTINUE, B.STOP),
        B.CONTINUE,
    ),
    "paused": (
        replace(SENDING, phase=Phase.PAUSED, reason=Reason.OPERATOR, in_flight=0),
        "Paused. 22 images are waiting.",
        (B.CONTINUE, B.STOP),
        B.CONTINUE,
    ),
    "paused, a banner has the next step": (
        replace(SENDING, phase=Phase.PAUSED, reason=Reason.ACCOUNT, in_flight=0, waiting=1),
        "Paused. 1 image is waiting.",
        (B.CONTINUE, B.STOP),
        None,
    ),
    "stopping": (replace(SENDING, is_stopping=True), "Stopping 3 uploads…", (), None),
    "closing": (
        replace(SENDING, phase=Phase.PAUSED, reason=Reason.OPERATOR, is_closing=True),
        "Finishing what is on its way, then closing.",
        (),
        None,
    ),
}


@pytest.mark.usefixtures("british")
@pytest.mark.parametrize("case", IDLE_CASES)
def test_without_work_under_way_there_is_no_bar(case: str) -> None:
    sight, text, buttons, primary = IDLE_CASES[case]
    content = progress_content(sight)
    assert (content.text, content.bar, content.buttons, content.primary) == (text, None, buttons, primary)


@pytest.mark.usefixtures("british")
@pytest.mark.parametrize("case", WORKING_CASES)
def test_while_work_is_under_way_the_bar_shows_how_far_it_is(case: str) -> None:
    sight, text, buttons, primary = WORKING_CASES[case]
    content = progress_content(sight)
    assert (content.text, content.buttons, content.primary) == (text, buttons, primary)
    assert content.bar == sight.progress.fraction


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.HELD, Phase.PAUSED])
@pytest.mark.parametrize("reason", [None, *Reason])
def test_whatever_holds_the_queue_it_can_be_stopped(phase: Phase, reason: Reason | None) -> None:
    content = progress_content(replace(SENDING, phase=phase, reason=reason))
    assert B.STOP in content.buttons
    assert content.text

"""Buttons, row actions and keys of the Upload tab, and what the operator reads while things happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase
from pixverse_gui.core import errors
from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.progress_content import ProgressButton
from pixverse_gui.ui.roles import LIVE
from pixverse_gui.ui.row_actions import RowAction
from pixverse_gui.ui.upload_model import RowFilter
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import QUICK
from tests.helpers.windows import Shown, open_window

B, S = ProgressButton, UploadState


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot) as made:
        yield made


def test_upload_sends_everything_that_is_ready_and_the_end_is_said(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.wait_line("2 images are ready.")
    assert shown.panel.progress.button(B.UPLOAD).text() == "Upload 2 images"
    shown.press(B.UPLOAD)
    shown.wait_line("All 2 images are uploaded.")
    assert set(shown.world.states().values()) == {S.DONE}


def test_while_sending_the_line_counts_and_pause_and_continue_work(shown: Shown) -> None:
    shown.world.stage(shown.world.files(*(f"{number}.png" for number in range(5))))
    shown.world.service.hold()
    shown.press(B.UPLOAD)
    shown.wait_line("0 of 5 done")
    shown.world.wait(lambda: len(shown.world.service.sent) == 3)
    shown.press(B.PAUSE)
    shown.wait_line("Finishing 3 uploads, then pausing.")
    shown.world.service.release()
    shown.wait_line("Paused. 2 images are waiting.")
    shown.press(B.CONTINUE)
    shown.wait_line("All 5 images are uploaded.")


def test_stop_brings_the_rest_back_and_upload_is_offered_again(shown: Shown) -> None:
    shown.world.stage(shown.world.files(*(f"{number}.png" for number in range(5))))
    shown.world.service.hold()
    shown.press(B.UPLOAD)
    shown.world.wait(lambda: len(shown.world.service.sent) == 3)
    shown.press(B.STOP)
    shown.wait_line("Stopped. 0 uploaded, 5 not sent.")
    assert shown.panel.progress.button(B.UPLOAD).text() == "Upload 5 images"


def test_failed_rows_can_be_shown_and_sent_again(shown: Shown) -> None:
    shown.world.service.answers = {"bad.png": [errors.ContentRefusedError()]}
    shown.world.stage(shown.world.files("good.png", "bad.png"))
    shown.press(B.UPLOAD)
    shown.wait_line("1 uploaded, 1 not. The uploaded ones are saved.")
    shown.press(B.SHOW_FAILED)
    assert [row.source.label for row in shown.panel.filter.uploads()] == ["bad.png"]
    shown.press(B.RETRY_FAILED)
    shown.world.wait(lambda: shown.world.states() == {"good.png": S.DONE, "bad.png": S.DONE})


def test_a_busy_service_is_counted_down_and_can_be_tried_at_once(tmp_path: Path, qtbot: QtBot) -> None:
    limits = replace(QUICK, retry_after_default_s=60.0)
    with open_window(tmp_path, qtbot, limits=limits) as shown:
        shown.world.service.answers = {"a.png": [errors.RateLimitedError()]}
        shown.world.stage(shown.world.files("a.png"))
        shown.press(B.UPLOAD)
        shown.world.wait(lambda: shown.engine.queue.phase is Phase.HELD)
        shown.world.wait(lambda: shown.line.startswith("PixVerse asked us to slow down. Going on by itself in "))
        shown.press(B.TRY_NOW)
        shown.wait_line("The image is uploaded.")


def test_a_cleared_list_comes_back_with_undo(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.press(B.UPLOAD)
    shown.press(B.CLEAR)
    assert len(shown.engine.rows) == 0
    shown.panel.strip._undo.click()
    assert list(shown.world.states()) == ["a.png", "b.png"]


def test_new_pictures_end_the_summary_of_the_last_run(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.press(B.UPLOAD)
    shown.wait_line("The image is uploaded.")
    shown.world.stage(shown.world.files("b.png"))
    shown.wait_line("1 image is ready.")


def test_what_is_being_read_and_looked_at_is_counted(shown: Shown) -> None:
    shown.world.checker.gate.clear()
    shown.engine.staging.stage(shown.world.files("a.png", "b.png"))
    shown.wait_line("Looking at 0 of 2 files… You can keep working.")
    shown.engine.intake.counted.emit(1234)
    shown.wait_line("Reading folders: 1,234 files so far…")
    shown.world.checker.gate.set()


def test_a_row_on_its_way_shows_how_far_it_is(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.world.service.hold()
    shown.press(B.UPLOAD)
    shown.world.wait(lambda: bool(shown.world.service.sent))
    key = shown.world.row("a.png").key
    live = shown.view.model.index_of(key).data(LIVE)
    assert (live.fraction, live.phase, live.unsaved_id) == (0.0, "sending", None)
    flight = shown.engine.flights.flight(key)
    assert flight is not None
    flight.control.bytes_handed = flight.control.body_bytes
    flight.control.body_complete = True
    live = shown.desk.live(key)
    assert live is not None
    assert (live.fraction, live.phase) == (1.0, "waiting_for_answer")
    assert shown.desk.live(key + 1) is None


def test_an_id_that_could_not_be_saved_is_shown_in_its_row_and_in_the_banner(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.world.service.hold()
    shown.press(B.UPLOAD)
    shown.world.wait(lambda: bool(shown.world.service.sent))
    key = shown.world.row("a.png").key
    with broken_disk(shown.world):
        shown.world.service.release()
        shown.world.wait(lambda: shown.engine.writer.problem is not None)
        img_id = shown.world.service.ids["a.png"]
        live = shown.desk.live(key)
        assert live is not None
        assert live.unsaved_id == img_id
        assert live.unsaved_reason
        shown.world.wait(lambda: img_id in shown.banner)
    shown.wait_line("The image is uploaded.")
    shown.world.wait(lambda: not shown.banner)


def test_copying_a_row_that_is_not_saved_yet_gives_its_id(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.world.service.hold()
    shown.press(B.UPLOAD)
    shown.world.wait(lambda: bool(shown.world.service.sent))
    with broken_disk(shown.world):
        shown.world.service.release()
        shown.world.wait(lambda: bool(shown.engine.flights.unsaved_ids()))
        with shown.qtbot.waitSignal(shown.desk.copy_wanted) as wanted:
            shown.desk.act(RowAction.COPY, [shown.world.row("a.png")])
        assert [row.img_id for row in wanted.args[0]] == [shown.world.service.ids["a.png"]]


def test_single_rows_can_be_cancelled_retried_and_removed(shown: Shown) -> None:
    shown.world.service.answers = {"bad.png": [errors.ContentRefusedError()]}
    shown.world.stage(shown.world.files("bad.png", "slow.png"))
    shown.world.service.hold()
    shown.press(B.UPLOAD)
    shown.world.wait(lambda: len(shown.world.service.sent) == 2)
    shown.desk.act(RowAction.CANCEL, [shown.world.row("slow.png")])
    shown.world.wait(lambda: shown.world.row("slow.png").state is S.READY)
    shown.world.service.release()
    shown.world.wait(lambda: shown.world.row("bad.png").state is S.FAILED)
    shown.desk.act(RowAction.RETRY, [shown.world.row("bad.png")])
    shown.world.wait(lambda: shown.world.row("bad.png").state is S.DONE)
    shown.desk.act(RowAction.REMOVE, [shown.world.row("slow.png")])
    assert list(shown.world.states()) == ["bad.png"]


def test_upload_again_sends_a_picture_that_took_over_an_id(shown: Shown) -> None:
    world = shown.world
    world.stage(world.files("a.png"))
    world.upload_all()
    first_id = world.row("a.png").img_id
    shown.desk.removing.clear()
    world.stage(world.files("a.png"))
    assert world.row("a.png").reused_from is not None
    world.service.ids.clear()
    world.service.ids["somebody else"] = "x"
    with shown.qtbot.waitSignal(shown.engine.queue.run_ended):
        shown.desk.act(RowAction.UPLOAD_AGAIN, [world.row("a.png")])
    row = world.row("a.png")
    assert (row.state, row.reused_from, row.resend) == (S.DONE, None, True)
    assert row.img_id != first_id
    assert world.service.sent == ["a.png", "a.png"]


@pytest.mark.parametrize(("action", "signal"), [(RowAction.COPY, "copy_wanted"), (RowAction.OPEN_LINK, "link_wanted")])
def test_what_others_carry_out_is_handed_on(shown: Shown, action: RowAction, signal: str) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.world.upload_all()
    row = shown.world.row("a.png")
    shown.desk.link_wanted.disconnect()  # no browser
    with shown.qtbot.waitSignal(getattr(shown.desk, signal)) as wanted:
        shown.desk.act(action, [row])
    assert wanted.args[0] in (row, [row])


def test_one_key_pauses_and_continues(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.world.service.hold()
    shown.desk.upload()
    shown.world.wait(lambda: bool(shown.world.service.sent))
    phases = []
    for _ in range(3):
        shown.desk.pause_or_continue()
        phases.append(shown.engine.queue.phase)
    assert phases == [Phase.PAUSED, Phase.RUNNING, Phase.PAUSED]
    shown.world.service.release()


def test_the_failed_filter_is_left_by_choosing_all(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.panel.choose(RowFilter.FAILED)
    assert shown.panel.filter.uploads() == []
    shown.panel.choose(RowFilter.ALL)
    assert [row.source.label for row in shown.panel.filter.uploads()] == ["a.png"]


def test_what_moderation_refused_is_not_retried_along_with_the_others(shown: Shown) -> None:
    shown.world.service.answers = {
        "refused.png": [errors.ContentRefusedError()],
        "unread.png": [errors.RejectedImageError(reason="format")],
    }
    shown.world.stage(shown.world.files("refused.png", "unread.png"))
    shown.press(B.UPLOAD)
    shown.world.wait(lambda: shown.world.engine.rows.counts().failed == 2)
    shown.press(B.RETRY_FAILED)
    shown.world.wait(lambda: shown.world.states() == {"refused.png": S.FAILED, "unread.png": S.DONE})
    shown.press(B.RETRY_FAILED)
    shown.world.wait(lambda: shown.world.states() == {"refused.png": S.DONE, "unread.png": S.DONE})


def test_two_removals_can_both_be_undone(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png", "c.png"))
    for label in ("a.png", "b.png"):
        shown.desk.act(RowAction.REMOVE, [shown.world.row(label)])
    assert list(shown.world.states()) == ["c.png"]
    shown.panel.strip._undo.click()
    shown.panel.strip._undo.click()
    shown.world.wait(lambda: list(shown.world.states()) == ["a.png", "b.png", "c.png"])


def test_upload_with_nothing_to_send_leaves_what_was_said(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.desk.upload()
    shown.wait_line("The image is uploaded.")
    shown.desk.upload()
    assert shown.line == "The image is uploaded."


def test_space_is_for_the_row_with_the_focus(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.select("a.png", "b.png")
    shown.panel.list.details_requested.emit(shown.panel.filter.index(1, 0))
    assert shown.view.details.upload == shown.world.row("b.png")


def test_folders_that_are_being_read_are_told_in_an_empty_list_and_can_be_stopped(shown: Shown) -> None:
    shown.engine.intake.counted.emit(120)
    shown.world.wait(lambda: shown.panel.progress.isVisible())
    assert shown.line == "Reading folders: 120 files so far…"
    is_reading = shown.engine.intake._stop
    shown.press(ProgressButton.STOP_READING)
    assert is_reading.is_set()


@pytest.mark.parametrize("chosen", [RowFilter.READY, RowFilter.ATTENTION])
def test_upload_shows_the_rows_that_it_sends(shown: Shown, chosen: RowFilter) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.panel.choose(chosen)
    shown.desk.upload()
    assert shown.panel.filter.chosen is RowFilter.ALL


def test_upload_leaves_a_list_of_what_is_done_as_it_is(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.panel.choose(RowFilter.DONE)
    shown.desk.upload()
    assert shown.panel.filter.chosen is RowFilter.DONE

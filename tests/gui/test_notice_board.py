"""The banners of a real window: what appears by itself, and what its buttons do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import KeySource
from pixverse_gui.background.queue_state import Phase
from pixverse_gui.core import errors
from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.notices import Tone
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import KEY, QUICK, open_world
from tests.helpers.windows import Shown, open_window, said


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot) as made:
        yield made


def wait_banner(shown: Shown, words: str) -> None:
    shown.world.wait(lambda: words in shown.banner)


def test_a_usual_start_shows_no_banner(shown: Shown) -> None:
    assert (shown.banner, said(shown.view.mode_banner)) == ("", "")


def test_without_a_key_the_window_says_so_and_goes_on_once_there_is_one(tmp_path: Path, qtbot: QtBot) -> None:
    with open_window(tmp_path, qtbot, key=None) as shown:
        wait_banner(shown, "Connect your PixVerse account first")
        shown.world.stage(shown.world.files("a.png"))
        shown.desk.upload()
        wait_banner(shown, "Connect your PixVerse account first")
        shown.engine.account.submit(KEY, lambda _: None)
        shown.world.wait(lambda: shown.world.row("a.png").state is UploadState.DONE)
        shown.world.wait(lambda: not shown.banner)


def test_a_locked_store_can_be_asked_again(tmp_path: Path, qtbot: QtBot) -> None:
    with open_window(tmp_path, qtbot, key=None, opened=False) as shown:
        shown.world.store.key, shown.world.store.trouble = KEY, errors.KeyringLockedError()
        shown.open()
        wait_banner(shown, "The password store is locked")
        shown.world.store.trouble = None
        shown.press_banner("Try again")
        shown.world.wait(lambda: shown.engine.account.source is KeySource.STORE)
        shown.world.wait(lambda: not shown.banner)


def test_a_key_that_is_refused_in_the_middle_pauses_and_another_one_goes_on(shown: Shown) -> None:
    shown.world.service.answers = {"a.png": [errors.AccountRefusedError(reason="key")]}
    shown.world.stage(shown.world.files("a.png"))
    shown.desk.upload()
    wait_banner(shown, "so uploading is paused.")
    shown.engine.account.submit(KEY, lambda _: None)
    shown.world.wait(lambda: shown.world.row("a.png").state is UploadState.DONE)
    shown.world.wait(lambda: not shown.banner)


def test_what_arrives_after_the_key_was_refused_is_counted_as_safe(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png", "c.png", "d.png"))
    shown.world.service.hold()
    shown.desk.upload()
    shown.world.wait(lambda: len(shown.world.service.sent) == 3)
    shown.engine.queue.pause()
    shown.engine.account.refused(errors.AccountRefusedError(reason="key"))
    wait_banner(shown, "so uploading is paused.")
    shown.world.service.release()
    wait_banner(shown, "3 images are done and safe.")


def test_a_refused_key_can_be_stopped_for(shown: Shown) -> None:
    shown.world.service.answers = {"a.png": [errors.AccountRefusedError(reason="key")]}
    shown.world.stage(shown.world.files("a.png"))
    shown.desk.upload()
    shown.press_banner("Stop")
    shown.world.wait(lambda: shown.engine.queue.phase is Phase.IDLE)
    assert shown.world.row("a.png").state is UploadState.READY


def test_a_full_disk_is_said_for_as_long_as_it_lasts(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.world.wait(lambda: shown.engine.writer.is_idle)
    with broken_disk(shown.world):
        with shown.qtbot.waitSignal(shown.engine.writer.saving_failed):
            shown.desk.upload()
        shown.wiring.board.refresh()
        assert [button.text() for button in shown.banner_buttons()] == ["Try again"]
    shown.world.wait(lambda: shown.world.row("a.png").state is UploadState.DONE)
    shown.world.wait(lambda: not shown.banner)


def test_the_countdown_to_the_next_try_runs(tmp_path: Path, qtbot: QtBot) -> None:
    limits = replace(QUICK, unreachable_delays_s=(2.0,))
    with open_window(tmp_path, qtbot, limits=limits) as shown:
        shown.world.service.answers = {"a.png": [errors.UnreachableError(reason="refused")]}
        shown.world.stage(shown.world.files("a.png"))
        shown.desk.upload()
        wait_banner(shown, "Next try in 2 s.")
        wait_banner(shown, "Next try in 1 s.")


def test_rows_of_last_time_are_offered_and_can_be_continued(tmp_path: Path, qtbot: QtBot) -> None:
    leave_open(tmp_path, qtbot)
    with open_window(tmp_path, qtbot) as shown:
        wait_banner(shown, "2 images were not finished")
        shown.press_banner("Continue")
        shown.wait_line("All 2 images are uploaded.")


def test_rows_of_last_time_can_be_reviewed_first(tmp_path: Path, qtbot: QtBot) -> None:
    leave_open(tmp_path, qtbot)
    with open_window(tmp_path, qtbot) as shown:
        shown.press_banner("Review first")
        shown.world.wait(lambda: set(shown.world.states().values()) == {UploadState.READY})
        shown.world.wait(lambda: not shown.banner)
        assert shown.world.service.sent == []


def test_saving_again_sends_none_of_the_rows_that_are_only_offered(tmp_path: Path, qtbot: QtBot) -> None:
    leave_open(tmp_path, qtbot)
    with open_window(tmp_path, qtbot) as shown:
        wait_banner(shown, "2 images were not finished")
        with broken_disk(shown.world):
            shown.engine.writer.save([shown.world.row("a.png")])
            shown.press_banner("Try again")
        shown.world.wait(lambda: shown.engine.writer.problem is None)
        wait_banner(shown, "2 images were not finished")
        assert shown.world.service.sent == []


def test_rows_of_last_time_can_be_discarded_and_come_back(tmp_path: Path, qtbot: QtBot) -> None:
    leave_open(tmp_path, qtbot)
    with open_window(tmp_path, qtbot) as shown:
        shown.press_banner("Discard waiting")
        assert shown.world.states() == {}
        shown.world.wait(lambda: not shown.line)
        shown.world.wait(lambda: not shown.banner)
        shown.panel.strip._undo.click()
        shown.world.wait(lambda: set(shown.world.states().values()) == {UploadState.READY})
        assert shown.world.service.sent == []


def leave_open(folder: Path, qtbot: QtBot) -> None:
    """A program that is closed while two pictures wait."""
    with open_world(folder, qtbot) as world:
        world.stage(world.files("a.png", "b.png"))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: len(world.service.sent) == 2)


def test_a_note_can_be_dismissed_and_gives_way_to_anything_more_pressing(shown: Shown) -> None:
    shown.wiring.board.note("3 images added. 2 other files were left out.")
    assert shown.banner == "3 images added. 2 other files were left out."
    shown.engine.account.refused(errors.AccountRefusedError(reason="key"))
    shown.world.wait(lambda: "left out" not in shown.banner)
    shown.engine.account.refresh()
    wait_banner(shown, "2 other files were left out.")
    shown.press_banner("OK")
    assert shown.banner == ""


def test_an_empty_note_takes_the_last_one_back(shown: Shown) -> None:
    shown.wiring.board.note("Nothing to paste.", tone=Tone.WARNING)
    shown.wiring.board.note("")
    assert shown.banner == ""


def test_what_could_not_be_added_is_said(shown: Shown) -> None:
    with broken_disk(shown.world):
        shown.engine.staging.stage(shown.world.files("a.png"))
        wait_banner(shown, "Nothing was added.")
    shown.press_banner("OK")
    assert shown.banner == ""


def test_a_damaged_history_is_said_once(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files("a.png"))
        world.upload_all()
    (tmp_path / "data" / "journal.sqlite").write_bytes(b"this is no database" * 1000)
    with open_window(tmp_path, qtbot) as shown:
        wait_banner(shown, "Part of the history could not be read.")
        shown.press_banner("OK")
        assert shown.banner == ""


def test_a_second_window_over_the_same_folder_says_so(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot), open_window(tmp_path, qtbot, opened=False) as second:
        second.window.show()
        with qtbot.waitSignal(second.engine.journal_failed):
            second.engine.open_journal()
        wait_banner(second, "window")

"""Closing the window while uploads are running: asked, never by surprise, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core.errors import RateLimitedError
from pixverse_gui.core.models import UploadState
from pixverse_gui.core.settings import SettingsFile
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import open_world
from tests.helpers.windows import Shown, open_window

QUESTION = "Uploads are running. Finished results are saved."


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot) as made:
        yield made


@pytest.fixture
def sending(shown: Shown) -> Shown:
    """Three of five pictures are on their way."""
    shown.world.stage(shown.world.files(*(f"{number}.png" for number in range(5))))
    shown.world.service.hold()
    shown.engine.queue.start()
    shown.world.wait(lambda: len(shown.world.service.sent) == 3)
    return shown


class Decided:
    def __init__(self, shown: Shown) -> None:
        self.count = 0
        shown.wiring.closing.decided.connect(self._count)

    def _count(self) -> None:
        self.count += 1


def test_an_idle_window_closes_at_once_and_keeps_its_place(shown: Shown, tmp_path: Path) -> None:
    decided = Decided(shown)
    shown.window.close()
    assert decided.count == 1
    assert shown.window.isVisible()  # until everything below has ended
    shown.world.wait(lambda: shown.world.tasks.is_idle)
    assert SettingsFile(tmp_path / "data" / "settings.json").load().window_geometry == shown.window.place()


def test_rows_that_only_wait_do_not_keep_the_window_open(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files("a.png"))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: bool(world.service.sent))
    with open_window(tmp_path, qtbot) as shown:
        decided = Decided(shown)
        shown.window.close()
        assert decided.count == 1


def test_while_uploads_run_the_window_asks_and_goes_on(sending: Shown) -> None:
    decided = Decided(sending)
    sending.window.close()
    assert sending.banner == QUESTION
    assert [button.text() for button in sending.banner_buttons()] == [
        "Keep open",
        "Close now",
        "Finish these, then close",
    ]
    assert (decided.count, len(sending.engine.flights)) == (0, 3)


def test_keep_open_takes_the_question_away(sending: Shown) -> None:
    decided = Decided(sending)
    sending.window.close()
    sending.press_banner("Keep open")
    assert sending.banner == ""
    with sending.qtbot.waitSignal(sending.engine.queue.run_ended):
        sending.world.service.release()
    assert decided.count == 0
    assert set(sending.world.states().values()) == {UploadState.DONE}


def test_keep_open_takes_finish_these_back_too(sending: Shown) -> None:
    decided = Decided(sending)
    sending.window.close()
    sending.press_banner("Finish these, then close")
    sending.window.close()
    sending.press_banner("Keep open")
    assert sending.line.startswith("0 of 5 done")
    with sending.qtbot.waitSignal(sending.engine.queue.run_ended):
        sending.world.service.release()
    assert decided.count == 0
    assert set(sending.world.states().values()) == {UploadState.DONE}


def test_keep_open_leaves_what_the_operator_had_paused(sending: Shown) -> None:
    sending.engine.queue.pause()
    sending.window.close()
    sending.press_banner("Finish these, then close")
    sending.window.close()
    sending.press_banner("Keep open")
    assert sending.line == "Finishing 3 uploads, then pausing."


def test_keep_open_leaves_a_hold_as_it_is_and_nothing_is_sent_meanwhile(shown: Shown) -> None:
    shown.world.service.answers = {"0.png": [RateLimitedError(retry_after_s=3600.0)]}
    shown.world.stage(shown.world.files("0.png", "1.png", "2.png"))
    shown.engine.preferences.update(uploads_at_once=2)
    shown.world.service.hold_back("0.png")
    shown.world.service.hold_back("1.png")
    shown.engine.queue.start()
    shown.world.wait(lambda: len(shown.world.service.sent) == 2)
    shown.world.service.release("0.png")
    shown.world.wait(lambda: shown.engine.queue.phase is Phase.HELD)
    shown.window.close()
    shown.press_banner("Finish these, then close")
    shown.desk.upload()
    shown.desk.pause_or_continue()
    shown.window.close()
    shown.press_banner("Keep open")
    assert (shown.engine.queue.phase, shown.engine.queue.reason) == (Phase.HELD, Reason.BUSY)
    assert shown.engine.queue.hold_seconds_left > 1800
    assert sorted(shown.world.service.sent) == ["0.png", "1.png"]


def test_what_is_pressed_while_it_finishes_sends_nothing_new(sending: Shown) -> None:
    sending.window.close()
    sending.press_banner("Finish these, then close")
    sending.desk.upload()
    sending.desk.pause_or_continue()
    sending.engine.queue.resume()
    with sending.qtbot.waitSignal(sending.wiring.closing.decided):
        sending.world.service.release()
    assert len(sending.world.service.sent) == 3


def test_finish_these_waits_for_what_is_on_its_way_and_sends_nothing_new(sending: Shown) -> None:
    sending.window.close()
    sending.press_banner("Finish these, then close")
    assert sending.line == "Finishing what is on its way, then closing."
    with sending.qtbot.waitSignal(sending.wiring.closing.decided):
        sending.world.service.release()
    assert len(sending.world.service.sent) == 3
    assert sending.engine.rows.counts().done == 3
    assert sending.engine.rows.counts().on_the_way == 2


def test_finish_these_waits_until_the_ids_are_on_disk_and_sends_nothing_new(sending: Shown) -> None:
    decided = Decided(sending)
    with sending.qtbot.waitSignal(sending.wiring.closing.decided), broken_disk(sending.world):
        sending.world.service.release()
        sending.world.wait(lambda: len(sending.engine.flights.unsaved_ids()) == 3)
        sending.world.wait(lambda: sending.engine.queue.reason is Reason.STORAGE)
        sending.wiring.closing.finish_first()
        assert decided.count == 0
    assert len(sending.world.service.sent) == 3
    assert set(sending.world.on_disk()) == {"0.png", "1.png", "2.png"}


def test_finish_these_when_nothing_is_left_to_finish_closes_at_once(sending: Shown) -> None:
    decided = Decided(sending)
    sending.window.close()
    with sending.qtbot.waitSignal(sending.engine.queue.run_ended):
        sending.world.service.release()
    sending.press_banner("Finish these, then close")
    assert decided.count == 1


def test_close_now_leaves_the_rest_for_the_next_start(tmp_path: Path, qtbot: QtBot) -> None:
    with open_window(tmp_path, qtbot) as shown:
        shown.world.stage(shown.world.files("a.png", "b.png"))
        shown.world.service.hold()
        shown.engine.queue.start()
        shown.world.wait(lambda: len(shown.world.service.sent) == 2)
        shown.window.close()
        with qtbot.waitSignal(shown.wiring.closing.decided):
            shown.press_banner("Close now")
    with open_world(tmp_path, qtbot) as again:
        assert again.states() == {"a.png": "waiting", "b.png": "waiting"}


def test_a_run_that_keeps_nothing_asks_before_its_ids_are_gone(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "journal.sqlite").mkdir()  # no file can be made there, whoever runs this
    with open_window(tmp_path, qtbot) as shown:
        decided = Decided(shown)
        shown.world.stage(shown.world.files("a.png", "b.png"))
        shown.world.upload_all()
        shown.window.close()
        assert shown.banner.startswith("2 IDs are not saved yet. They are in this window only")
        assert decided.count == 0
        shown.press_banner("Close now")
        assert decided.count == 1


def test_a_run_that_keeps_nothing_and_has_no_ids_closes_at_once(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "journal.sqlite").mkdir()
    with open_window(tmp_path, qtbot) as shown:
        decided = Decided(shown)
        shown.window.close()
        assert decided.count == 1

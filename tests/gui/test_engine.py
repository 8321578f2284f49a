"""Everything below the window: opened once, renamed accounts, rows of last time, and an end within a bound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import KeySource
from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core import errors
from pixverse_gui.core.models import Balance, UploadState
from pixverse_gui.core.settings import Service, Settings, SettingsFile
from tests.helpers.broken_disk import break_disk
from tests.helpers.engines import KEY, QUICK, World, open_world


def settings_of(folder: Path) -> SettingsFile:
    (folder / "data").mkdir(exist_ok=True)
    return SettingsFile(folder / "data" / "settings.json")


def test_the_settings_say_where_the_service_is(tmp_path: Path, qtbot: QtBot) -> None:
    settings_of(tmp_path).save(Settings(service=Service.CHINA, uploads_at_once=1))
    with open_world(tmp_path, qtbot) as world:
        assert world.engine.account.api_url == "https://app-api.pixverseai.cn"
        assert world.engine.preferences.value.uploads_at_once == 1


def test_an_address_of_the_command_line_counts_more_than_the_settings(tmp_path: Path, qtbot: QtBot) -> None:
    settings_of(tmp_path).save(Settings(service=Service.CHINA))
    with open_world(tmp_path, qtbot, opened=False) as world:
        world.given = replace(world.given, api_url="http://127.0.0.1:9")
        world.engine.given = world.given
        world.engine.account.api_url = "http://127.0.0.1:9"
        world.open()
        assert world.engine.account.api_url == "http://127.0.0.1:9"


def test_a_first_start_remembers_that_there_is_a_journal_now(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        assert world.engine.preferences.value.had_journal
        world.wait(lambda: world.tasks.is_idle)
    assert settings_of(tmp_path).load().had_journal


def test_a_saved_key_is_looked_for_at_the_start(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, key=None, opened=False) as world:
        world.store.key = KEY
        world.open()
        world.wait(lambda: world.engine.account.credits is not None)
        assert (world.engine.account.source, world.engine.account.key) == (KeySource.STORE, KEY)


def test_a_second_window_over_the_same_folder_is_refused_and_writes_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as first:
        first.stage(first.files("a.png"))
        with open_world(tmp_path, qtbot, opened=False) as second:
            with qtbot.waitSignal(second.engine.journal_failed) as failed:
                second.engine.open_journal()
            assert isinstance(failed.args[0], errors.FolderInUseError)
            with qtbot.waitSignal(second.engine.staging.not_staged):
                second.engine.staging.stage(second.files("b.png"))
        first.upload_all()
        assert list(first.on_disk()) == ["a.png"]
    with open_world(tmp_path, qtbot) as later:
        assert later.engine.journal_ready is not None
        assert list(later.on_disk()) == ["a.png"]


def test_the_rows_of_last_time_are_there_in_their_order_and_state(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files("done.png", "ready.png", "failed.png"))
        world.service.answers = {"failed.png": [errors.ContentRefusedError()]}
        with qtbot.waitSignal(world.engine.queue.run_ended):
            world.engine.queue.start([world.row("done.png").key, world.row("failed.png").key])
        first_id = world.row("done.png").img_id
    with open_world(tmp_path, qtbot) as again:
        assert again.states() == {"done.png": "done", "ready.png": "ready", "failed.png": "failed"}
        assert list(again.states()) == ["done.png", "ready.png", "failed.png"]
        assert again.row("done.png").img_id == first_id
        assert again.engine.queue.phase is Phase.IDLE


def test_rows_that_were_being_checked_when_the_program_closed_are_checked_at_the_next_start(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.checker.gate.clear()
        world.engine.staging.stage(world.files("a.png", "b.png", "c.png"))
        world.wait(lambda: len(world.engine.rows) == 3)
    with open_world(tmp_path, qtbot) as again:
        again.wait(lambda: again.engine.rows.counts().ready == 3)


def test_ids_saved_under_the_fingerprint_of_a_key_move_to_its_account(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, opened=False) as world:
        world.service.balance_answers = [errors.UnreachableError(reason="network")]
        world.open()
        world.stage(world.files("a.png"))
        world.upload_all()
        assert world.on_disk()["a.png"].account == f"app-api.pixverse.ai/key:{KEY.fingerprint}"
        with qtbot.waitSignal(world.engine.account.identity_known):
            world.engine.account.refresh()
        assert world.on_disk()["a.png"].account == "app-api.pixverse.ai/4711"


def test_an_account_that_becomes_known_while_a_picture_is_on_its_way_gets_its_id(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, opened=False) as world:
        world.service.balance_answers = [errors.UnreachableError(reason="network"), Balance("4711", 9)]
        world.open()
        world.stage(world.files("a.png"))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: bool(world.service.sent))
        with qtbot.waitSignal(world.engine.account.identity_known):
            world.engine.account.refresh()
        with qtbot.waitSignal(world.engine.queue.run_ended):
            world.service.release()
        assert world.on_disk()["a.png"].account == "app-api.pixverse.ai/4711"
        assert world.row("a.png").account == "app-api.pixverse.ai/4711"
        world.engine.rows.remove([world.row("a.png").key])
        world.engine.staging.forget(range(10))
        world.stage(world.files("a.png"))
        assert world.row("a.png").state is UploadState.DONE


def test_a_key_that_the_service_refuses_in_the_middle_shows_at_the_account(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        refused = errors.AccountRefusedError(reason="key")
        world.stage(world.files("a.png"))
        world.service.answers = {"a.png": [refused]}
        world.engine.queue.start()
        world.wait(lambda: world.engine.account.problem is refused)
        assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.PAUSED, Reason.ACCOUNT)


def test_shutting_down_waits_until_everything_is_written(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files(*(f"{number}.png" for number in range(30))))
        world.engine.queue.start()
        world.wait(lambda: world.engine.rows.counts().done > 5)
        done = {row.img_id for row in world.engine.rows.in_state(UploadState.DONE)}
    with open_world(tmp_path, qtbot) as again:
        kept = {row.img_id for row in again.engine.rows.in_state(UploadState.DONE)}
        assert done <= kept
        assert again.engine.rows.counts().total == 30


def test_shutting_down_ends_within_a_bound_even_when_nothing_can_be_saved(tmp_path: Path, qtbot: QtBot) -> None:
    limits = replace(QUICK, quit_timeout_s=0.2)
    with open_world(tmp_path, qtbot, limits=limits) as world:
        world.stage(world.files("a.png"))
        world.wait(lambda: world.engine.writer.is_idle)
        break_disk(world)
        with qtbot.waitSignal(world.engine.writer.saving_failed):
            world.engine.queue.start()
    assert world.service.sent == []
    with open_world(tmp_path, qtbot) as again:
        assert again.states() == {"a.png": "ready"}


@pytest.mark.parametrize("opened", [True, False])
def test_it_can_end_before_and_after_it_was_opened(tmp_path: Path, qtbot: QtBot, opened: bool) -> None:
    with open_world(tmp_path, qtbot, opened=opened) as world:
        assert isinstance(world, World)
    assert (tmp_path / "data" / "journal.sqlite").exists() is opened

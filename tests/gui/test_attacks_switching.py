"""From practice to real and back, at the worst moments: nothing is left behind and nothing is held up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pixverse_gui import app
from pixverse_gui.background.account import KeySource
from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.command_line import CommandLine
from pixverse_gui.core.data_folder import DataFolder
from pixverse_gui.core.data_folder_lock import FolderLock
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.secret import Secret
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.theme import Theme
from tests.helpers.engines import KEY, open_world
from tests.helpers.fake_service import FakeClient, FakeKeyStore, FakeService
from tests.helpers.finding import button, click

QUICK = Limits(quit_readers_timeout_s=0.1)


class SilentKeyStore(FakeKeyStore):
    """Waits for a password that nobody types."""

    def __init__(self, answered: threading.Event) -> None:
        super().__init__()
        self._answered = answered

    def load(self) -> None:
        self._answered.wait(20)


@pytest.fixture
def left_at_once(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What would have ended this very process."""
    times: list[bool] = []
    monkeypatch.setattr(app, "_leave_at_once", lambda: times.append(True))
    return times


@pytest.fixture
def quit_called(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    times: list[bool] = []
    monkeypatch.setattr(app.QApplication, "quit", lambda: times.append(True))
    return times


Start = Callable[..., app._Switch]


@pytest.fixture
def start(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, quit_called: list[bool], left_at_once: list[bool]
) -> Iterator[Start]:
    """Starts the whole program in this process, over a data folder of its own, and ends it afterwards."""
    before = qapp.palette(), qapp.font(), qapp.style().objectName()
    theme = Theme(qapp)
    switches: list[app._Switch] = []

    def started(key: Secret | None = None) -> app._Switch:
        switches.append(app._Switch(CommandLine(data_dir=tmp_path / "data"), theme, QUICK, key=key))
        qtbot.waitUntil(lambda: len(windows()) == 1)
        return switches[-1]

    yield started
    for window in windows():
        window.close()
    qtbot.waitUntil(lambda: bool(quit_called or left_at_once))
    for window in windows(shown=False):
        window.deleteLater()
    qtbot.waitUntil(lambda: not windows(shown=False))
    theme.deleteLater()
    qapp.setStyleSheet("")
    qapp.setStyle(before[2])
    qapp.setFont(before[1])
    qapp.setPalette(before[0])


def windows(*, shown: bool = True) -> list[MainWindow]:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    return [one for one in found if one.isVisible() or not shown]


def press(qtbot: QtBot, name: str, then: str) -> None:
    """Presses a banner's button and waits for the window that has the other one."""
    window = windows()[0]
    qtbot.waitUntil(lambda: has_button(window, name))
    click(qtbot, button(window, name))
    qtbot.waitUntil(lambda: len(windows()) == 1 and windows()[0] is not window and has_button(windows()[0], then))


def has_button(window: MainWindow, name: str) -> bool:
    try:
        return button(window, name).isEnabled()
    except AssertionError:
        return False


def test_a_window_that_was_left_for_the_other_kind_is_gone(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_key_store", lambda _imports, _host: FakeKeyStore())
    start()
    for _ in range(3):
        press(qtbot, "Try without a key", "Connect an account")
        press(qtbot, "Connect an account", "Try without a key")
    qtbot.waitUntil(lambda: len(windows(shown=False)) == 1)


def test_the_key_of_the_environment_is_there_again_after_practice(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_key_store", lambda _imports, _host: FakeKeyStore())
    service = FakeService()
    monkeypatch.setattr(app, "_client", lambda _imports, _limits, _scrub, url, key: FakeClient(service, url, key))
    switch = start(KEY)
    for _ in range(2):
        program = switch._program
        assert program is not None
        with qtbot.waitSignal(program.engine.journal_ready):
            pass
        assert (program.engine.account.key, program.engine.account.source) == (KEY, KeySource.ENVIRONMENT)
        program.wiring.practice_wanted.emit()
        qtbot.waitUntil(lambda: len(windows()) == 1 and has_button(windows()[0], "Connect an account"))
        assert switch._program is not None
        switch._program.wiring.real_wanted.emit()
        qtbot.waitUntil(lambda: len(windows()) == 1 and not has_button(windows()[0], "Connect an account"))


def test_practice_opens_while_the_key_store_stays_silent(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, left_at_once: list[bool]
) -> None:
    answered = threading.Event()
    monkeypatch.setattr(app, "_key_store", lambda _imports, _host: SilentKeyStore(answered))
    switch = start()
    assert switch._program is not None
    with qtbot.waitSignal(switch._program.engine.journal_ready):
        pass
    switch._program.wiring.practice_wanted.emit()
    qtbot.waitUntil(lambda: len(windows()) == 1 and has_button(windows()[0], "Connect an account"))
    assert left_at_once == []
    windows()[0].close()
    qtbot.waitUntil(lambda: left_at_once == [True])
    answered.set()
    assert all(held_up._tasks.close(10) for held_up in switch._held_up)


def test_an_engine_that_is_shut_down_while_its_journal_opens_gives_the_folder_free(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with open_world(tmp_path, qtbot, opened=False) as world:
        with qtbot.waitSignal(world.engine.settings_ready):
            world.engine.start()
        world.engine.open_journal()
    lock = FolderLock(DataFolder(tmp_path / "data").path)
    assert lock.acquire()
    lock.release()
    assert not (tmp_path / "data" / "journal.sqlite-wal").exists()


def test_ending_does_not_wait_for_a_body_that_keeps_nothing(qtbot: QtBot) -> None:
    tasks, gate, started = Tasks(), threading.Event(), threading.Event()

    def held_up() -> None:
        started.set()
        gate.wait(20)

    kept: list[bool] = []
    for _ in range(3):
        tasks.run(Pool.KEYRING, held_up, done=lambda _: None, failed=lambda _: None)
    tasks.run(Pool.JOURNAL, lambda: kept.append(True), done=lambda _: None, failed=lambda _: None)
    assert started.wait(10)
    assert not tasks.close(10, 0.01)
    assert kept == [True]
    gate.set()
    assert tasks.close(10)
    tasks.deleteLater()

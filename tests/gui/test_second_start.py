"""The window's part in a second start: it listens while it is open, comes forward, and stages what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pixverse_gui.background.single_instance import HandOver, socket_address
from pixverse_gui.ui.second_start import SecondStart
from tests.helpers.windows import Shown, open_window


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot, opened=False) as made:
        yield made


def second_start(shown: Shown, taken: list[Sequence[str]]) -> SecondStart:
    return SecondStart(shown.engine, shown.window, taken.append)


def test_what_another_start_was_given_is_taken_and_the_window_comes_forward(shown: Shown) -> None:
    taken: list[Sequence[str]] = []
    listening = second_start(shown, taken)
    shown.open()
    shown.window.showMinimized()
    folder = shown.engine.given.folder.path
    shown.world.wait(lambda: Path(socket_address(folder)).exists())
    attempt = HandOver(folder, ["/a.png"], 30.0)
    with shown.qtbot.waitSignal(attempt.accepted):
        attempt.start()
    assert taken == [("/a.png",)]
    assert not shown.window.isMinimized()
    listening.close()


def test_a_window_that_closes_before_it_could_listen_never_does(shown: Shown) -> None:
    listening = second_start(shown, [])
    over: list[bool] = []
    shown.engine.journal_ready.connect(lambda _: (listening.close(), QTimer.singleShot(0, lambda: over.append(True))))
    shown.open()
    shown.world.wait(lambda: bool(over))
    assert not Path(socket_address(shown.engine.given.folder.path)).exists()


def test_a_closing_window_takes_nothing_more(shown: Shown) -> None:
    listening = second_start(shown, [])
    shown.open()
    folder = shown.engine.given.folder.path
    shown.world.wait(lambda: Path(socket_address(folder)).exists())
    listening.close()
    attempt = HandOver(folder, ["/a.png"], 30.0)
    with shown.qtbot.waitSignal(attempt.refused):
        attempt.start()

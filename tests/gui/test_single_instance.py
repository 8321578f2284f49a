"""Two programs over one data folder, in one process: what the second was given comes to the first."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from pixverse_gui.background.single_instance import HandOver, RunningInstance, socket_address

PATIENCE_S = 30.0


@pytest.fixture
def first(tmp_path: Path, qtbot: QtBot) -> Iterator[RunningInstance]:
    made = RunningInstance(tmp_path, PATIENCE_S)
    assert made.listen()
    yield made
    made.close()
    made.deleteLater()


def second(folder: Path, *named: str, patience_s: float = PATIENCE_S) -> HandOver:
    return HandOver(folder, named, patience_s)


def test_what_the_second_was_given_comes_to_the_first(tmp_path: Path, first: RunningInstance, qtbot: QtBot) -> None:
    attempt = second(tmp_path, "/pictures/b.png", "https://example.com/a.png", "/odd/\udcff.png")
    got: list[tuple[str, ...]] = []
    first.handed_over.connect(got.append)
    with qtbot.waitSignal(attempt.accepted):
        attempt.start()
    assert got == [("/pictures/b.png", "https://example.com/a.png", "/odd/\udcff.png")]


def test_many_at_once_lose_nothing(tmp_path: Path, first: RunningInstance, qtbot: QtBot) -> None:
    got: list[str] = []
    first.handed_over.connect(got.extend)
    attempts = [second(tmp_path, f"/{number}.png", "x" * 100_000) for number in range(20)]
    with qtbot.waitSignals([attempt.accepted for attempt in attempts]):
        for attempt in attempts:
            attempt.start()
    assert {one for one in got if one.startswith("/")} == {f"/{number}.png" for number in range(20)}


def test_nobody_there_is_a_refusal(tmp_path: Path, qtbot: QtBot) -> None:
    attempt = second(tmp_path)
    with qtbot.waitSignal(attempt.refused):
        attempt.start()


def test_an_attempt_that_is_taken_down_while_it_waits_ends_in_silence(tmp_path: Path, qtbot: QtBot) -> None:
    with socket.socket(socket.AF_UNIX) as frozen:
        frozen.bind(socket_address(tmp_path))
        frozen.listen()
        attempt = second(tmp_path, "/a.png")
        line = attempt.findChild(QLocalSocket)
        assert line is not None
        with qtbot.waitSignal(line.connected):
            attempt.start()
        refused: list[bool] = []
        attempt.refused.connect(lambda: refused.append(True))
        with qtbot.waitSignal(attempt.destroyed):
            attempt.deleteLater()
        assert refused == []


def test_a_program_that_does_not_answer_is_a_refusal(tmp_path: Path, qtbot: QtBot) -> None:
    with socket.socket(socket.AF_UNIX) as frozen:
        frozen.bind(socket_address(tmp_path))
        frozen.listen()
        attempt = second(tmp_path, "/a.png", patience_s=0.05)
        with qtbot.waitSignal(attempt.refused):
            attempt.start()


def test_the_socket_of_a_killed_program_is_no_hindrance(tmp_path: Path, qtbot: QtBot) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(socket_address(tmp_path))
    instance = RunningInstance(tmp_path, PATIENCE_S)
    assert instance.listen()
    attempt = second(tmp_path)
    with qtbot.waitSignal(attempt.accepted):
        attempt.start()
    instance.close()


def test_garbage_is_hung_up_on_and_harms_nobody(tmp_path: Path, first: RunningInstance, qtbot: QtBot) -> None:
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(socket_address(tmp_path))
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
        attempt = second(tmp_path, "/a.png")
        with qtbot.waitSignals([first.handed_over, attempt.accepted]):
            attempt.start()
        stranger.settimeout(PATIENCE_S)
        with qtbot.waitSignal(attempt.destroyed):
            attempt.deleteLater()
        assert stranger.recv(10) == b""


def test_who_says_nothing_is_hung_up_on(tmp_path: Path, qtbot: QtBot) -> None:
    impatient = RunningInstance(tmp_path, 0.05)
    assert impatient.listen()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.setblocking(False)
        silent.connect(socket_address(tmp_path))

        def was_hung_up_on() -> bool:
            try:
                return silent.recv(10) == b""
            except BlockingIOError:
                return False

        qtbot.waitUntil(was_hung_up_on)
    impatient.close()


def test_a_long_path_has_a_socket_all_the_same(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    instance = RunningInstance(folder, PATIENCE_S)
    assert instance.listen()
    attempt = second(folder, "/a.png")
    with qtbot.waitSignals([instance.handed_over, attempt.accepted]):
        attempt.start()
    instance.close()


def test_the_socket_is_for_this_user_alone(tmp_path: Path, first: RunningInstance) -> None:
    mode = Path(socket_address(tmp_path)).stat().st_mode
    assert mode & 0o077 == 0

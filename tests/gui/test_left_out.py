"""Folders with other things in them: what was left out is said and shown, and the drop can be taken back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from pixverse_gui.background.tasks import Pool
from pixverse_gui.ui.left_out_dialog import LeftOutDialog
from tests.helpers.windows import Shown, button_named, open_window

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    """A folder with two pictures and two other files was dropped."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(PNG + name.encode())
    (folder / "notes.txt").write_text("no picture")
    (folder / "<b>list\u202e.csv").write_text("no picture")
    with open_window(tmp_path, qtbot) as made:
        made.engine.intake.take_paths([str(folder)])
        made.world.wait(lambda: len(made.engine.rows) == 2 and "left out" in made.banner)
        yield made


def test_a_drop_says_what_it_left_out_and_offers_the_next_steps(shown: Shown) -> None:
    assert shown.banner == "2 images added. 2 other files were left out."
    assert [button.text() for button in shown.banner_buttons()] == ["Show list", "Undo", "OK"]


def test_the_list_shows_every_name_as_plain_text(shown: Shown) -> None:
    shown.press_banner("Show list")
    (dialog,) = shown.window.findChildren(LeftOutDialog)
    names = dialog.findChildren(QPlainTextEdit)[0].toPlainText().splitlines()
    assert sorted(names) == ["<b>list[U+202E].csv", "notes.txt"]
    with shown.qtbot.waitSignal(dialog.destroyed):
        button_named(dialog, "Close").click()


def test_undo_takes_out_what_this_drop_added_and_nothing_else(shown: Shown) -> None:
    shown.world.stage(shown.world.files("mine.png"))
    shown.press_banner("Undo")
    assert list(shown.world.states()) == ["mine.png"]
    assert shown.banner == ""
    shown.panel.strip._undo.click()
    shown.world.wait(lambda: len(shown.world.states()) == 3)


def test_where_nothing_was_added_there_is_nothing_to_undo(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "notes.txt").write_text("no picture")
    with open_window(tmp_path, qtbot) as shown:
        shown.engine.intake.take_paths([str(folder)])
        shown.world.wait(lambda: "left out" in shown.banner)
        assert [button.text() for button in shown.banner_buttons()] == ["Show list", "OK"]


def test_a_reading_that_was_stopped_does_not_call_a_folder_empty(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "a.png").write_bytes(PNG)
    gate = threading.Event()
    with open_window(tmp_path, qtbot) as shown:
        shown.world.tasks.run(Pool.INTAKE, lambda: gate.wait(20), done=lambda _: None, failed=lambda _: None)
        shown.engine.intake.take_paths([str(folder)])
        shown.engine.intake.stop()
        gate.set()
        shown.world.wait(lambda: shown.banner == "0 images added. Reading was stopped, so there may be more.")

"""What Copy takes: the selection, else what the list shows, in either tab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.ui.main_view import HISTORY_TAB, UPLOAD_TAB
from pixverse_gui.ui.upload_model import RowFilter
from tests.helpers.windows import Shown, open_window


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    """Three rows are done, one is ready."""
    with open_window(tmp_path, qtbot) as made:
        made.world.stage(made.world.files("c.png", "a.png", "b.png"))
        made.world.upload_all()
        made.world.stage(made.world.files("ready.png"))
        yield made


def ids(shown: Shown, *labels: str) -> str:
    return "\n".join(shown.world.service.ids[label] for label in labels)


def copied(shown: Shown) -> str:
    """What is in the clipboard after Copy was pressed."""
    with shown.qtbot.waitSignal(shown.view.clipboard.copied):
        shown.view.copy_bar.copy()
    return QGuiApplication.clipboard().text()


def button(shown: Shown) -> str:
    """The text of the Copy button, which says how much it takes."""
    texts = [one.text() for one in shown.view.copy_bar.findChildren(QAbstractButton)]
    return next(text for text in texts if text.startswith("Copy"))


def test_without_a_selection_everything_done_is_copied_in_list_order(shown: Shown) -> None:
    shown.world.wait(lambda: button(shown) == "Copy 3 IDs")
    assert copied(shown) == ids(shown, "c.png", "a.png", "b.png")


def test_a_selection_is_copied_in_list_order_whatever_the_order_of_clicks(shown: Shown) -> None:
    shown.select("b.png", "c.png", "ready.png")
    assert button(shown) == "Copy 2 IDs"
    assert copied(shown) == ids(shown, "c.png", "b.png")


def test_what_a_chip_hides_is_not_copied(shown: Shown) -> None:
    shown.panel.choose(RowFilter.READY)
    assert button(shown) == "Copy IDs"
    shown.panel.choose(RowFilter.DONE)
    assert copied(shown) == ids(shown, "c.png", "a.png", "b.png")


def test_the_chosen_format_is_used_and_kept(shown: Shown) -> None:
    bar = shown.view.copy_bar
    bar._formats.setCurrentIndex(bar._formats.findData(CopyFormat.ID_COMMAS.value))
    assert copied(shown).replace(" ", "") == ids(shown, "c.png", "a.png", "b.png").replace("\n", ",")
    assert shown.engine.preferences.value.copy_format is CopyFormat.ID_COMMAS


def test_a_format_chosen_elsewhere_is_shown(shown: Shown) -> None:
    shown.engine.preferences.update(copy_format=CopyFormat.JSON_LIST)
    assert shown.view.copy_bar.copy_format is CopyFormat.JSON_LIST


def test_the_history_copies_its_own_rows_also_those_that_left_the_list(shown: Shown) -> None:
    shown.desk.removing.clear()
    shown.view.tabs.setCurrentIndex(HISTORY_TAB)
    shown.world.wait(lambda: button(shown) == "Copy 3 IDs")
    assert set(copied(shown).split("\n")) == set(shown.world.service.ids.values())
    shown.view.tabs.setCurrentIndex(UPLOAD_TAB)
    shown.world.wait(lambda: button(shown) == "Copy IDs")


def test_the_copy_button_of_a_row_copies_that_row(shown: Shown) -> None:
    with shown.qtbot.waitSignal(shown.view.clipboard.copied) as told:
        shown.wiring.copying.copy_rows([shown.world.row("a.png")])
    assert told.args == [shown.world.service.ids["a.png"]]

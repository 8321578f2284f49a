from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pixverse_gui.ui.colours import Scheme
from pixverse_gui.ui.search_field import SearchField
from pixverse_gui.ui.theme import Theme
from tests.helpers.themes import theme  # noqa: F401 - a fixture

pytestmark = pytest.mark.parametrize("theme", [Scheme.LIGHT], indirect=True)


@pytest.fixture
def field(qtbot: QtBot, theme: Theme) -> SearchField:  # noqa: F811
    made = SearchField(theme)
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_is_named_and_says_what_can_be_searched_for(field: SearchField) -> None:
    assert field.accessibleName() == "Search history"
    assert field.placeholderText() == "Search name, ID or link"


def test_a_search_begins_when_typing_pauses_and_only_once(field: SearchField, qtbot: QtBot) -> None:
    told: list[str] = []
    field.searched.connect(told.append)
    qtbot.keyClicks(field, "castle")
    assert told == []
    qtbot.waitUntil(lambda: told == ["castle"])


def test_its_sign_is_a_button_with_a_name(field: SearchField, qtbot: QtBot) -> None:
    field.setText("castle")
    with qtbot.waitSignal(field.searched):
        next(action for action in field.actions() if action.text() == "Search").trigger()


def test_return_does_not_wait(field: SearchField, qtbot: QtBot) -> None:
    told: list[str] = []
    field.searched.connect(told.append)
    qtbot.keyClicks(field, "cas")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == ["cas"]


def test_clearing_does_not_wait(field: SearchField, qtbot: QtBot) -> None:
    field.setText("castle")
    told: list[str] = []
    field.searched.connect(told.append)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), told) == ("", [""])


def test_the_clear_button_stands_there_only_while_there_is_text(field: SearchField) -> None:
    clear = next(action for action in field.actions() if action.text() == "Clear search")
    assert not clear.isVisible()
    field.setText("x")
    assert clear.isVisible()
    clear.trigger()
    assert field.text() == ""
    assert not clear.isVisible()


def test_the_arrow_down_leads_to_the_list(field: SearchField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.left_downwards):
        qtbot.keyClick(field, Qt.Key.Key_Down)

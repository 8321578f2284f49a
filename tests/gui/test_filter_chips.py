"""The chips above the list, and the layout that wraps them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.ui.filter_chips import FilterChips
from pixverse_gui.ui.flow_layout import FlowLayout
from pixverse_gui.ui.messages_rows import FILTER_WORDS
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.upload_model import RowFilter
from tests.helpers.themes import british, theme

__all__ = ["british", "theme"]


@pytest.fixture
def chips(theme: Theme, british: None, qtbot: QtBot) -> FilterChips:
    made = FilterChips(theme)
    qtbot.addWidget(made)
    made.resize(1000, 40)
    made.show()
    return made


def chosen(chips: FilterChips) -> list[str]:
    return [name for name in FILTER_WORDS if chips.chip(name).isChecked()]


def test_there_is_a_chip_for_every_filter_of_the_list() -> None:
    assert list(FILTER_WORDS) == [row_filter.value for row_filter in RowFilter]


def test_chips_say_how_many_there_are(chips: FilterChips) -> None:
    chips.set_counts({RowFilter.ALL: 1200, RowFilter.READY: 2})
    assert chips.chip("all").text() == chips.chip("all").accessibleName() == "All 1,200"
    assert chips.chip("ready").accessibleName() == "Ready 2"
    assert chips.chip("attention").accessibleName() == "Needs attention 0"


def test_exactly_one_is_chosen(chips: FilterChips, qtbot: QtBot) -> None:
    assert chosen(chips) == ["all"]
    with qtbot.waitSignal(chips.chosen) as told:
        qtbot.mouseClick(chips.chip("done"), Qt.MouseButton.LeftButton)
    assert told.args == ["done"]
    assert chosen(chips) == ["done"]
    with qtbot.assertNotEmitted(chips.chosen):
        qtbot.mouseClick(chips.chip("done"), Qt.MouseButton.LeftButton)
    assert chosen(chips) == ["done"]


def test_choosing_by_the_program_tells_nobody(chips: FilterChips, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(chips.chosen):
        chips.choose("failed")
    assert chosen(chips) == ["failed"]


def test_arrow_keys_move_the_choice_and_tab_stops_once(chips: FilterChips, qtbot: QtBot) -> None:
    with qtbot.waitActive(chips):
        chips.activateWindow()
    chips.chip("all").setFocus()
    with qtbot.waitSignal(chips.chosen) as told:
        qtbot.keyClick(chips.chip("all"), Qt.Key.Key_Right)
    assert told.args == ["ready"]
    assert chips.chip("ready").hasFocus()
    with qtbot.waitSignal(chips.chosen) as told:
        qtbot.keyClick(chips.chip("ready"), Qt.Key.Key_Left)
    assert told.args == ["all"]
    stops = [name for name in FILTER_WORDS if chips.chip(name).focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["all"]


def test_smaller_numbers_move_no_chip(chips: FilterChips) -> None:
    chips.set_counts({RowFilter.READY: 1000})
    chips.layout().activate()
    before = chips.chip("done").geometry()
    chips.set_counts({RowFilter.READY: 1})
    chips.layout().activate()
    assert chips.chip("done").geometry() == before


def test_chips_wrap_where_there_is_no_room_and_are_never_cut(chips: FilterChips) -> None:
    one_line = chips.heightForWidth(1000)
    assert chips.heightForWidth(300) >= 2 * one_line
    chips.resize(300, chips.heightForWidth(300))
    chips.layout().activate()
    for name in FILTER_WORDS:
        chip = chips.chip(name)
        assert chips.rect().contains(chip.geometry())
        assert chip.width() >= chip.sizeHint().width()
    assert one_line >= 32


def test_the_flow_goes_on_in_the_next_line(qapp: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, spacing_px=10)
    buttons = [QPushButton(str(number)) for number in range(3)]
    for button in buttons:
        button.setFixedSize(100, 30)
        flow.addWidget(button)
    assert flow.sizeHint().toTuple() == (320, 30)
    assert flow.minimumSize().toTuple() == (100, 30)
    assert [flow.heightForWidth(width) for width in (320, 319, 210, 209, 50)] == [30, 70, 70, 110, 110]
    buttons[1].hide()
    assert flow.sizeHint().toTuple() == (210, 30)
    assert flow.itemAt(3) is None
    assert flow.takeAt(3) is None
    taken = flow.takeAt(0)
    assert taken is not None
    assert taken.widget() is buttons[0]
    assert flow.count() == 2

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

import pytest
from PySide6.QtCore import QItemSelectionModel, QLocale, QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import Upload
from pixverse_gui.ui.colours import Scheme
from pixverse_gui.ui.copy_bar import CopyScope
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.history_model import HistoryModel
from pixverse_gui.ui.history_panel import HistoryPanel
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.row_actions import RowAction
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.theme import Theme
from tests.helpers.finished_uploads import NOON, upload
from tests.helpers.held_requests import HeldRequests
from tests.helpers.themes import theme  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.parametrize("theme", [Scheme.LIGHT], indirect=True),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]

ROWS = 30
SELECT = QItemSelectionModel.SelectionFlag.Select


@pytest.fixture
def requests() -> HeldRequests:
    """Row 30 is the newest; row 28 has no link. Pages of 20."""
    rows = [
        upload(key, finished_at=NOON - timedelta(minutes=ROWS - key), link=None if key == 28 else "")
        for key in range(ROWS, 0, -1)
    ]
    return HeldRequests(rows, page_size=20)


@pytest.fixture
def panel(requests: HeldRequests, theme: Theme, qtbot: QtBot) -> HistoryPanel:  # noqa: F811
    dates = Dates(lambda: NOON, UTC, QLocale("en_GB"))
    model = HistoryModel(requests, dates)
    made = HistoryPanel(model, requests, RowDelegate(theme, lambda _: None, for_history=True, dates=dates), theme)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    model.load()
    requests.answer_all()
    return made


def model_of(panel: HistoryPanel) -> HistoryModel:
    model = panel.list.model()
    assert isinstance(model, HistoryModel)
    return model


def select(panel: HistoryPanel, *places: int) -> None:
    panel.list.clearSelection()
    for place in places:
        panel.list.selectionModel().select(panel.list.model().index(place, 0), SELECT)
    panel.list.selectionModel().setCurrentIndex(
        panel.list.model().index(places[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate
    )


def shown_buttons(panel: HistoryPanel) -> list[str]:
    return [one.text() for one in panel.findChildren(QPushButton) if one.isVisibleTo(panel)]


def shown_texts(panel: HistoryPanel) -> list[str]:
    return [one.text() for one in panel.findChildren(PlainLabel) if one.text() and one.isVisibleTo(panel)]


def press(panel: HistoryPanel, text: str) -> None:
    next(one for one in panel.findChildren(QPushButton) if one.text() == text and one.isVisibleTo(panel)).click()


def fetched(panel: HistoryPanel) -> list[int]:
    taken: list[int] = []

    def take(rows: Sequence[Upload]) -> None:
        taken.extend(row.key for row in rows)

    panel.fetch_scope(done=take, failed=lambda error: pytest.fail(str(error)))
    return taken


def keys(panel: HistoryPanel) -> list[int]:
    return [row.key for row in model_of(panel).uploads()]


class TestStates:
    def test_list_and_field_have_their_names(self, panel: HistoryPanel) -> None:
        assert panel.list.accessibleName() == "Uploaded images"
        assert panel.search.accessibleName() == "Search history"

    def test_an_empty_history_says_what_will_be_here(self, panel: HistoryPanel, requests: HeldRequests) -> None:
        requests.rows = []
        model_of(panel).load()
        requests.answer_all()
        assert shown_texts(panel) == ["Uploaded images and their IDs will appear here and stay here."]
        assert shown_buttons(panel) == []
        assert not panel.list.isVisible()

    def test_nothing_found_offers_to_clear_the_search(
        self, panel: HistoryPanel, requests: HeldRequests, qtbot: QtBot
    ) -> None:
        qtbot.keyClicks(panel.search, "zebra")
        qtbot.keyClick(panel.search, Qt.Key.Key_Return)
        requests.answer_all()
        assert shown_texts(panel) == ["Nothing matches “zebra”."]
        press(panel, "Clear search")
        requests.answer_all()
        assert panel.search.text() == ""
        assert panel.list.isVisible()

    def test_a_history_that_cannot_be_read_offers_to_try_again(
        self, panel: HistoryPanel, requests: HeldRequests
    ) -> None:
        requests.rows = []
        model_of(panel).load()
        requests.answer_all()
        model_of(panel).load()
        requests.fail("page")
        assert "The history cannot be read just now. Nothing is lost." in shown_texts(panel)
        press(panel, "Try again")
        requests.rows = [upload(1)]
        requests.answer_all()
        assert keys(panel) == [1]

    def test_a_search_says_how_many_it_found(self, panel: HistoryPanel, requests: HeldRequests) -> None:
        assert "found" not in " ".join(shown_texts(panel))
        panel.search.setText("castle_1")
        panel.search.returnPressed.emit()
        requests.answer_all()
        assert "10 found" in shown_texts(panel)

    def test_the_arrow_down_leads_from_the_field_into_the_list(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        panel.activateWindow()
        panel.focus_search()
        qtbot.waitUntil(panel.search.hasFocus)
        qtbot.keyClick(panel.search, Qt.Key.Key_Down)
        assert panel.list.hasFocus()

    def test_searching_by_key_types_over_the_old_search(self, panel: HistoryPanel) -> None:
        panel.search.setText("castle")
        panel.focus_search()
        assert panel.search.selectedText() == "castle"

    def test_rows_further_down_are_fetched_before_the_end_is_reached(
        self, panel: HistoryPanel, requests: HeldRequests
    ) -> None:
        assert len(keys(panel)) == 20
        bar = panel.list.verticalScrollBar()
        bar.setValue(bar.maximum() - bar.pageStep())
        requests.answer_all()
        assert len(keys(panel)) == ROWS


class TestScope:
    def test_without_a_selection_it_is_everything_that_matches(self, panel: HistoryPanel) -> None:
        assert panel.scope() == CopyScope(selected_count=0, with_id=30, with_link=29, total=30)

    def test_with_a_selection_it_is_that(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        with qtbot.waitSignal(panel.selection_changed):
            select(panel, 0, 2)
        assert panel.scope() == CopyScope(selected_count=2, with_id=2, with_link=1, total=2)
        assert fetched(panel) == [30, 28]

    def test_while_searching_it_is_what_was_found(self, panel: HistoryPanel, requests: HeldRequests) -> None:
        panel.search.setText("castle_1")
        panel.search.returnPressed.emit()
        requests.answer_all()
        assert panel.scope().with_id == 10
        assert fetched(panel) == list(range(19, 9, -1))

    def test_rows_that_were_not_looked_at_are_fetched_for_copying(
        self, panel: HistoryPanel, requests: HeldRequests
    ) -> None:
        taken = fetched(panel)
        assert taken == []
        requests.answer_all()
        assert taken == list(range(30, 0, -1))

    def test_a_new_upload_changes_it(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        with qtbot.waitSignal(panel.selection_changed):
            model_of(panel).prepend([upload(40, finished_at=NOON)])
        assert panel.scope().with_id == 31

    def test_select_all_means_every_match_also_those_not_here_yet(
        self, panel: HistoryPanel, requests: HeldRequests
    ) -> None:
        panel.list.selectAll()
        assert panel.list.selected_count() == 20
        assert panel.scope() == CopyScope(selected_count=30, with_id=30, with_link=29, total=30)
        taken = fetched(panel)
        requests.answer_all()
        assert taken == list(range(30, 0, -1))

    def test_rows_that_come_after_select_all_are_selected_too(
        self, panel: HistoryPanel, requests: HeldRequests
    ) -> None:
        panel.list.selectAll()
        panel.list.model().fetchMore(panel.list.rootIndex())
        requests.answer_all()
        assert panel.list.selected_count() == ROWS
        assert fetched(panel) == list(range(30, 0, -1))

    def test_taking_one_row_out_of_everything_leaves_the_rows_that_are_here(self, panel: HistoryPanel) -> None:
        panel.list.selectAll()
        panel.list.selectionModel().select(panel.list.model().index(3, 0), QItemSelectionModel.SelectionFlag.Deselect)
        assert panel.scope().selected_count == 19
        assert fetched(panel) == [key for key in range(30, 10, -1) if key != 27]

    def test_another_search_ends_the_selection(self, panel: HistoryPanel, requests: HeldRequests, qtbot: QtBot) -> None:
        panel.list.selectAll()
        panel.search.setText("castle_1")
        panel.search.returnPressed.emit()
        with qtbot.waitSignal(panel.selection_changed):
            requests.answer_all()
        assert panel.scope() == CopyScope(selected_count=0, with_id=10, with_link=10, total=10)
        assert "Copy" not in shown_buttons(panel)


class TestRowActions:
    def test_one_row_has_all_actions_as_real_buttons(self, panel: HistoryPanel) -> None:
        assert shown_buttons(panel) == []
        select(panel, 0)
        assert shown_buttons(panel) == ["Copy", "Open link", "Details", "Remove"]

    def test_several_rows_have_those_that_make_sense_for_several(self, panel: HistoryPanel) -> None:
        select(panel, 0, 1)
        assert shown_buttons(panel) == ["Copy", "Remove"]

    def test_the_menu_has_the_same(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        select(panel, 0)
        panel.list.menu_requested.emit(panel.mapToGlobal(QPoint(40, 80)))
        menu = panel.findChildren(QMenu)[0]
        qtbot.waitUntil(menu.isVisible)
        assert [action.text() for action in menu.actions()] == ["Copy", "Open link", "Details", "Remove"]
        menu.close()

    def test_copy_hands_over_the_selected_rows(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        select(panel, 0, 1)
        with qtbot.waitSignal(panel.copy_requested) as told:
            press(panel, "Copy")
        assert [row.key for row in told.args[0]] == [30, 29]

    def test_copy_in_a_row_hands_over_that_row_alone(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        select(panel, 0)
        with qtbot.waitSignal(panel.copy_requested) as told:
            panel.list.copy_clicked.emit(panel.list.model().index(4, 0))
        assert [row.key for row in told.args[0]] == [26]

    def test_copy_after_select_all_hands_over_everything(
        self, panel: HistoryPanel, requests: HeldRequests, qtbot: QtBot
    ) -> None:
        panel.list.selectAll()
        press(panel, "Copy")
        with qtbot.waitSignal(panel.copy_requested) as told:
            requests.answer_all()
        assert len(told.args[0]) == ROWS

    def test_copy_of_everything_that_cannot_be_read_is_said(self, panel: HistoryPanel, requests: HeldRequests) -> None:
        panel.list.selectAll()
        press(panel, "Copy")
        requests.fail("everything")
        assert "This could not be copied: the history cannot be read just now." in shown_texts(panel)

    def test_a_link_is_opened(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        select(panel, 0)
        with qtbot.waitSignal(panel.open_link) as told:
            press(panel, "Open link")
        assert told.args == ["https://media.pixverse.ai/openapi/0030.png"]

    def test_a_row_without_a_link_offers_none(self, panel: HistoryPanel) -> None:
        select(panel, 2)
        assert shown_buttons(panel) == ["Copy", "Details", "Remove"]

    def test_details_are_asked_for_by_button_and_by_space(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        select(panel, 1)
        with qtbot.waitSignal(panel.details_requested) as told:
            press(panel, "Details")
        assert told.args[0].key == 29
        with qtbot.waitSignal(panel.details_requested) as told:
            qtbot.keyClick(panel.list, Qt.Key.Key_Space)
        assert told.args[0].key == 29


class TestRemoving:
    def test_delete_takes_the_rows_out_and_undo_brings_them_back(self, panel: HistoryPanel, qtbot: QtBot) -> None:
        select(panel, 0, 2)
        with qtbot.waitSignal(panel.removal_requested) as told:
            qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
        assert told.args[0] == [30, 28]
        assert keys(panel)[:2] == [29, 27]
        assert "Removed 2 images from this list. They stay at PixVerse." in shown_texts(panel)
        with qtbot.waitSignal(panel.undo_requested) as told:
            press(panel, "Undo")
        assert told.args[0] == [30, 28]
        assert keys(panel)[:4] == [30, 29, 28, 27]
        assert "Undo" not in shown_buttons(panel)

    def test_the_last_row_can_be_brought_back_too(self, panel: HistoryPanel, requests: HeldRequests) -> None:
        requests.rows = [upload(1)]
        model_of(panel).load()
        requests.answer_all()
        select(panel, 0)
        panel.row_actions.trigger(RowAction.REMOVE)
        assert "Uploaded images and their IDs will appear here and stay here." in shown_texts(panel)
        press(panel, "Undo")
        assert keys(panel) == [1]

    def test_removing_after_select_all_takes_everything(
        self, panel: HistoryPanel, requests: HeldRequests, qtbot: QtBot
    ) -> None:
        panel.list.selectAll()
        qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
        with qtbot.waitSignal(panel.removal_requested) as told:
            requests.answer_all()
        assert told.args[0] == list(range(30, 0, -1))
        assert keys(panel) == []
        assert "Removed 30 images from this list. They stay at PixVerse." in shown_texts(panel)
        press(panel, "Undo")
        assert panel.scope().total == ROWS

    def test_everything_that_cannot_be_read_stays(self, panel: HistoryPanel, requests: HeldRequests) -> None:
        panel.list.selectAll()
        panel.row_actions.trigger(RowAction.REMOVE)
        requests.fail("everything")
        assert len(keys(panel)) == 20
        assert "The history cannot be read just now. Nothing is lost." in shown_texts(panel)

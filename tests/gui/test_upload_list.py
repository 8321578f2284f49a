from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QMouseEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.colours import Scheme
from pixverse_gui.ui.roles import UPLOAD
from pixverse_gui.ui.row_content import RowButton
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.thumbnail_store import glance_key
from pixverse_gui.ui.upload_list import UploadList
from tests.helpers.finished_uploads import upload
from tests.helpers.themes import theme  # noqa: F401 - a fixture

pytestmark = pytest.mark.parametrize("theme", [Scheme.LIGHT], indirect=True)

ROWS = 40
NO_KEY = Qt.KeyboardModifier.NoModifier


class CountingDelegate(RowDelegate):
    """Counts how often the view asks for a size, and whose content it takes to paint it."""

    sizes_asked = 0
    painted: set[int]

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> Any:
        self.sizes_asked += 1
        return super().sizeHint(option, index)

    def _content_of(self, upload: Any, index: Any) -> Any:
        self.painted.add(index.row())
        return super()._content_of(upload, index)


@pytest.fixture
def delegate(theme: Theme) -> CountingDelegate:  # noqa: F811
    made = CountingDelegate(theme, lambda _: None)
    made.painted = set()
    return made


@pytest.fixture
def model(qapp: QApplication) -> QStandardItemModel:
    made = QStandardItemModel()
    for key in range(ROWS):
        row = upload(key, state=UploadState.DONE if key % 2 == 0 else UploadState.READY)
        item = QStandardItem(row.source.label)
        item.setData(row, UPLOAD)
        made.appendRow(item)
    return made


@pytest.fixture
def view(qtbot: QtBot, delegate: CountingDelegate, model: QStandardItemModel) -> UploadList:
    made = UploadList("Uploads", delegate)
    qtbot.addWidget(made)
    made.setModel(model)
    made.resize(900, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def button_rect(view: UploadList, row: int, button: RowButton) -> QRect:
    index = view.model().index(row, 0)
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    option.rect = view.visualRect(index)
    delegate = view.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    content = delegate.content(index)
    assert content is not None
    return delegate.button_rects(option, content)[button]


def move(view: UploadList, where: QPoint) -> None:
    QApplication.sendEvent(
        view.viewport(),
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(where),
            QPointF(view.viewport().mapToGlobal(where)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            NO_KEY,
        ),
    )


def in_row(view: UploadList, row: int) -> QPoint:
    return view.visualRect(view.model().index(row, 0)).center()


def test_it_has_the_name_it_was_given(view: UploadList) -> None:
    assert view.accessibleName() == "Uploads"


class TestButtonsInRows:
    def test_copy_is_told_with_its_row_and_the_selection_stays(self, view: UploadList, qtbot: QtBot) -> None:
        view.setCurrentIndex(view.model().index(1, 0))
        with qtbot.waitSignal(view.copy_clicked) as told:
            qtbot.mouseClick(
                view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, button_rect(view, 2, RowButton.COPY).center()
            )
        assert told.args[0].row() == 2
        assert view.selected_rows() == [1]

    def test_close_is_told_with_its_row(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.waitSignal(view.close_clicked) as told:
            qtbot.mouseClick(
                view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, button_rect(view, 3, RowButton.CLOSE).center()
            )
        assert told.args[0].row() == 3

    def test_a_second_quick_click_counts_too(self, view: UploadList, qtbot: QtBot) -> None:
        told: list[int] = []
        view.copy_clicked.connect(lambda index: told.append(index.row()))
        where = button_rect(view, 2, RowButton.COPY).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, where)
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, where)
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, where)
        assert told == [2, 2]

    def test_letting_go_elsewhere_is_a_change_of_mind(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(view.copy_clicked):
            qtbot.mousePress(
                view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, button_rect(view, 2, RowButton.COPY).center()
            )
            qtbot.mouseRelease(
                view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, button_rect(view, 4, RowButton.COPY).center()
            )

    def test_a_row_that_goes_while_its_button_is_held_tells_nothing(
        self, view: UploadList, model: QStandardItemModel, qtbot: QtBot
    ) -> None:
        where = button_rect(view, 2, RowButton.COPY).center()
        with qtbot.assertNotEmitted(view.copy_clicked):
            qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, where)
            model.removeRow(2)
            qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, where)

    def test_a_click_beside_the_buttons_selects(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(view.copy_clicked), qtbot.assertNotEmitted(view.close_clicked):
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, in_row(view, 2))
        assert view.selected_rows() == [2]

    def test_the_right_button_presses_nothing(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(view.copy_clicked):
            qtbot.mouseClick(
                view.viewport(), Qt.MouseButton.RightButton, NO_KEY, button_rect(view, 2, RowButton.COPY).center()
            )

    def test_the_pointer_over_a_button_is_known_to_the_delegate(self, view: UploadList) -> None:
        move(view, button_rect(view, 2, RowButton.COPY).center())
        assert view.hovered is not None
        assert view.hovered.button is RowButton.COPY
        assert view.hovered.is_in(view.model().index(2, 0))
        assert not view.hovered.is_in(view.model().index(4, 0))
        assert view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor

    def test_the_pointer_gone_from_a_button_is_forgotten(self, view: UploadList) -> None:
        move(view, button_rect(view, 2, RowButton.COPY).center())
        move(view, in_row(view, 2))
        assert view.hovered is None
        assert view.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor

    def test_scrolling_moves_the_button_from_under_the_pointer(self, view: UploadList) -> None:
        move(view, button_rect(view, 2, RowButton.COPY).center())
        view.verticalScrollBar().setValue(30)
        assert view.hovered is None

    def test_leaving_the_list_forgets_the_button(self, view: UploadList) -> None:
        move(view, button_rect(view, 2, RowButton.COPY).center())
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
        assert view.hovered is None

    def test_a_button_looks_pressed_only_while_the_pointer_is_on_it(self, view: UploadList, qtbot: QtBot) -> None:
        where = button_rect(view, 2, RowButton.COPY).center()
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, where)
        assert view.held is not None
        move(view, in_row(view, 2))
        assert view.held is None


class TestKeys:
    @pytest.fixture(autouse=True)
    def _focus(self, view: UploadList) -> None:
        view.setFocus()
        view.setCurrentIndex(view.model().index(1, 0))

    def test_space_asks_for_details_of_the_current_row(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.waitSignal(view.details_requested) as told:
            qtbot.keyClick(view, Qt.Key.Key_Space)
        assert told.args[0].row() == 1

    def test_ctrl_space_still_takes_a_row_out_of_the_selection(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(view.details_requested):
            qtbot.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
        assert view.selected_count() == 0

    @pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
    def test_delete_asks_to_remove_the_selected_rows(self, view: UploadList, qtbot: QtBot, key: Qt.Key) -> None:
        with qtbot.waitSignal(view.remove_requested):
            qtbot.keyClick(view, key)

    def test_delete_without_a_selection_asks_nothing(self, view: UploadList, qtbot: QtBot) -> None:
        view.clearSelection()
        with qtbot.assertNotEmitted(view.remove_requested):
            qtbot.keyClick(view, Qt.Key.Key_Delete)

    def test_copying_is_left_to_the_owner(self, view: UploadList, qtbot: QtBot) -> None:
        QGuiApplication.clipboard().setText("kept")
        with qtbot.waitSignal(view.copy_requested):
            qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == "kept"

    @pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
    def test_return_does_nothing(self, view: UploadList, qtbot: QtBot, key: Qt.Key) -> None:
        with qtbot.assertNotEmitted(view.activated):
            qtbot.keyClick(view, key)
        assert view.selected_rows() == [1]

    def test_ctrl_a_selects_all_and_says_so(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.waitSignal(view.everything_selected):
            qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert view.selected_count() == ROWS

    def test_arrows_move_and_shift_extends(self, view: UploadList, qtbot: QtBot) -> None:
        qtbot.keyClick(view, Qt.Key.Key_Down)
        qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert view.selected_rows() == [2, 3]
        assert [row.key for row in view.selected_uploads()] == [2, 3]

    def test_letters_find_a_row_by_its_name(self, view: UploadList, qtbot: QtBot) -> None:
        qtbot.keyClicks(view, "castle_3")
        assert view.currentIndex().row() == 30


def test_nothing_is_said_when_there_is_nothing_to_select(
    view: UploadList, model: QStandardItemModel, qtbot: QtBot
) -> None:
    model.clear()
    with qtbot.assertNotEmitted(view.everything_selected):
        view.selectAll()


class TestMenu:
    def ask(self, view: UploadList, row: int, reason: QContextMenuEvent.Reason) -> None:
        where = in_row(view, row)
        QApplication.sendEvent(
            view.viewport(), QContextMenuEvent(reason, where, view.viewport().mapToGlobal(where), NO_KEY)
        )

    def test_it_is_for_the_row_under_the_pointer(self, view: UploadList, qtbot: QtBot) -> None:
        with qtbot.waitSignal(view.menu_requested):
            self.ask(view, 3, QContextMenuEvent.Reason.Mouse)
        assert view.selected_rows() == [3]

    def test_a_selection_stays_when_the_pointer_is_in_it(self, view: UploadList, qtbot: QtBot) -> None:
        view.selectAll()
        with qtbot.waitSignal(view.menu_requested):
            self.ask(view, 3, QContextMenuEvent.Reason.Mouse)
        assert view.selected_count() == ROWS

    def test_by_keyboard_it_opens_at_the_current_row(self, view: UploadList, qtbot: QtBot) -> None:
        view.setCurrentIndex(view.model().index(2, 0))
        with qtbot.waitSignal(view.menu_requested) as told:
            self.ask(view, 5, QContextMenuEvent.Reason.Keyboard)
        assert told.args[0] == view.viewport().mapToGlobal(in_row(view, 2))

    def test_beside_all_rows_there_is_none(self, view: UploadList, model: QStandardItemModel, qtbot: QtBot) -> None:
        model.removeRows(1, ROWS - 1)
        below = QPoint(10, view.viewport().height() - 5)
        with qtbot.assertNotEmitted(view.menu_requested):
            QApplication.sendEvent(
                view.viewport(),
                QContextMenuEvent(QContextMenuEvent.Reason.Mouse, below, view.viewport().mapToGlobal(below), NO_KEY),
            )


class TestChanges:
    def settle(self, view: UploadList, delegate: CountingDelegate, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: bool(delegate.painted))
        delegate.painted.clear()
        delegate.sizes_asked = 0

    def test_a_changed_row_is_painted_alone_and_no_size_is_asked(
        self, view: UploadList, model: QStandardItemModel, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        model.item(2).setData(upload(2, label="new.png"), UPLOAD)
        qtbot.waitUntil(lambda: bool(delegate.painted))
        assert delegate.painted == {2}
        assert delegate.sizes_asked == 0

    def test_what_stands_between_two_changed_rows_is_not_painted(
        self, view: UploadList, model: QStandardItemModel, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        model.item(1).setData(upload(1, label="new.png"), UPLOAD)
        model.item(4).setData(upload(4, label="new.png"), UPLOAD)
        qtbot.waitUntil(lambda: len(delegate.painted) > 1)
        assert delegate.painted == {1, 4}

    def test_the_picture_of_a_changed_row_is_fetched_before_it_is_painted(
        self, view: UploadList, model: QStandardItemModel, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        asked: list[str] = []
        delegate._thumbnail_of = lambda sha256: asked.append(sha256)  # type: ignore[func-returns-value]
        model.item(2).setData(upload(2, label="new.png"), UPLOAD)
        assert asked == [f"{2:064x}"]
        assert not delegate.painted

    def test_a_change_below_the_screen_costs_nothing(
        self, view: UploadList, model: QStandardItemModel, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        model.item(ROWS - 1).setData(upload(1, label="new.png"), UPLOAD)
        model.item(1).setData(upload(1, label="new.png"), UPLOAD)
        qtbot.waitUntil(lambda: bool(delegate.painted))
        assert delegate.painted == {1}

    def test_a_change_right_after_new_rows_is_shown_with_them(
        self, view: UploadList, model: QStandardItemModel, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        item = QStandardItem("first.png")
        item.setData(upload(99), UPLOAD)
        model.insertRow(0, item)
        model.item(1).setData(upload(1, label="new.png"), UPLOAD)
        qtbot.waitUntil(lambda: {0, 1, 2} <= delegate.painted)

    def test_pictures_that_arrived_are_painted_where_they_are_seen(
        self, view: UploadList, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        view.repaint_pictures({f"{3:064x}", f"{ROWS - 1:064x}"})
        qtbot.waitUntil(lambda: bool(delegate.painted))
        assert delegate.painted == {3}

    def test_pictures_that_arrive_for_a_hidden_list_lay_nothing_out(
        self, view: UploadList, model: QStandardItemModel, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        """The History is behind the other tab while thumbnails arrive for that, and a new upload at its top."""
        self.settle(view, delegate, qtbot)
        view.hide()
        item = QStandardItem("first.png")
        item.setData(upload(99), UPLOAD)
        model.insertRow(0, item)
        view.repaint_pictures({f"{3:064x}"})
        assert delegate.sizes_asked == 0

    def test_pictures_at_a_glance_are_painted_where_they_are_seen(
        self, view: UploadList, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        keys = [view.model().index(row, 0).data(UPLOAD).key for row in (2, ROWS - 1)]
        view.repaint_pictures({glance_key(key) for key in keys})
        qtbot.waitUntil(lambda: bool(delegate.painted))
        assert delegate.painted == {2}

    def test_scrolling_paints_only_the_rows_that_come_in(
        self, view: UploadList, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        self.settle(view, delegate, qtbot)
        stayed = set(range(3, view.visible_rows().stop - 1))  # 2 comes under the pointer
        view.verticalScrollBar().setValue(150)
        qtbot.waitUntil(lambda: view.visible_rows().stop - 1 in delegate.painted)
        assert stayed.isdisjoint(delegate.painted)

    def test_after_scrolling_all_looks_as_if_painted_anew(
        self, view: UploadList, model: QStandardItemModel, delegate: CountingDelegate, qtbot: QtBot
    ) -> None:
        for distance in (150, 37, 900, 400):
            self.settle(view, delegate, qtbot)
            view.verticalScrollBar().setValue(distance)
            qtbot.waitUntil(lambda: bool(delegate.painted))
            on_screen = view.screen().grabWindow(view.winId()).toImage()
            delegate.painted.clear()
            view.viewport().update()
            qtbot.waitUntil(lambda: set(view.visible_rows()) <= delegate.painted)
            assert on_screen == view.screen().grabWindow(view.winId()).toImage()

    def test_the_ground_of_a_short_list_is_that_of_its_rows(
        self,
        theme: Theme,  # noqa: F811
        view: UploadList,
        model: QStandardItemModel,
        delegate: CountingDelegate,
        qtbot: QtBot,
    ) -> None:
        self.settle(view, delegate, qtbot)
        model.removeRows(1, ROWS - 1)
        below = view.viewport().mapTo(view, QPoint(20, view.viewport().height() - 20))

        def colour() -> QColor:
            return view.screen().grabWindow(view.winId()).toImage().pixelColor(below)

        qtbot.waitUntil(lambda: colour() == theme.colours.surface)

    def test_between_whole_pixels_everything_is_painted_anew(
        self, view: UploadList, delegate: CountingDelegate, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.settle(view, delegate, qtbot)
        monkeypatch.setattr(view, "devicePixelRatioF", lambda: 1.25)
        view.verticalScrollBar().setValue(150)
        qtbot.waitUntil(lambda: set(view.visible_rows()) <= delegate.painted)

    def test_the_rows_on_the_screen_are_known(self, view: UploadList, model: QStandardItemModel) -> None:
        shown = view.visible_rows()
        assert shown.start == 0
        assert 4 < shown.stop < ROWS
        view.scrollToBottom()
        assert view.visible_rows().stop == ROWS
        model.clear()
        assert list(view.visible_rows()) == []


def test_the_selection_is_told_from_top_to_bottom(view: UploadList) -> None:
    view.selectAll()
    assert view.selected_rows() == list(range(ROWS))
    assert len(view.selected_uploads()) == ROWS

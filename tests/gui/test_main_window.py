"""The window as a whole: tabs, details, the account, its place on the screen, its keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import KeySource
from pixverse_gui.core.models import UploadState
from pixverse_gui.core.settings import Service, Settings
from pixverse_gui.ui.main_view import HISTORY_TAB, UPLOAD_TAB
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.progress_content import ProgressButton
from pixverse_gui.ui.row_actions import RowAction
from tests.helpers.windows import Shown, open_window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot) as made:
        yield made
        for dialog in made.window.findChildren(QDialog):
            dialog.reject()


def test_the_tabs_count_what_is_in_them(shown: Shown) -> None:
    tabs = shown.view.tabs
    assert [tabs.tabText(tab) for tab in (UPLOAD_TAB, HISTORY_TAB)] == ["Upload", "History"]
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.world.upload_all()
    shown.world.wait(lambda: tabs.tabText(UPLOAD_TAB) == "Upload 2")
    shown.world.wait(lambda: tabs.tabText(HISTORY_TAB) == "History 2")


def test_a_finished_picture_is_at_the_top_of_the_history(shown: Shown) -> None:
    for name in ("old.png", "new.png"):
        shown.world.stage(shown.world.files(name))
        shown.world.upload_all()
    model = shown.view.history_model
    shown.world.wait(lambda: model.rowCount() == 2)
    assert [model.index(place).data() for place in range(2)] == ["new.png", "old.png"]


def test_rows_hidden_in_the_history_are_hidden_on_disk_and_come_back(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.world.upload_all()
    key = shown.world.row("a.png").key
    shown.view.history_panel.removal_requested.emit([key])
    assert list(shown.world.on_disk()) == ["b.png"]
    shown.view.history_panel.undo_requested.emit([key])
    assert set(shown.world.on_disk()) == {"a.png", "b.png"}


def test_details_follow_the_selection_and_the_state_of_their_row(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.select("a.png")
    shown.desk.act(RowAction.DETAILS, [shown.world.row("a.png")])
    assert shown.view.details.upload == shown.world.row("a.png")
    shown.select("b.png")
    shown.world.wait(lambda: shown.view.details.upload == shown.world.row("b.png"))
    shown.world.upload_all()
    shown.world.wait(lambda: shown.view.details.upload == shown.world.row("b.png"))
    assert shown.view.details.upload is not None
    assert shown.view.details.upload.state is UploadState.DONE


def test_details_of_a_row_are_not_left_standing_beside_the_other_list(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.select("a.png")
    shown.desk.act(RowAction.DETAILS, [shown.world.row("a.png")])
    shown.view.tabs.setCurrentIndex(HISTORY_TAB)
    assert shown.view.details.upload is None


def test_details_of_a_removed_row_go_with_it(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.select("a.png")
    shown.desk.act(RowAction.DETAILS, [shown.world.row("a.png")])
    shown.desk.act(RowAction.REMOVE, [shown.world.row("b.png")])
    assert shown.view.details.upload == shown.world.row("a.png")
    shown.desk.act(RowAction.REMOVE, [shown.world.row("a.png")])
    assert shown.view.details.upload is None


def test_details_of_the_same_row_a_second_time_are_put_away(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    for is_there in (True, False, True):
        shown.desk.act(RowAction.DETAILS, [shown.world.row("a.png")])
        assert (shown.view.details.upload is not None) is is_there


def test_the_account_button_says_who_is_connected(shown: Shown) -> None:
    shown.world.wait(lambda: "1,234 credits" in shown.view.account_button.text())
    shown.view.account_button.forget_requested.emit()
    shown.world.wait(lambda: shown.view.account_button.text() == "Not connected")
    assert shown.engine.account.source is KeySource.NONE


def test_another_service_in_the_settings_is_used_at_once(shown: Shown) -> None:
    shown.wiring._settings_saved(Settings(service=Service.CHINA))
    shown.world.wait(lambda: not shown.engine.account.is_busy and shown.engine.account.key is not None)
    assert shown.engine.account.api_url == "https://app-api.pixverseai.cn"
    assert shown.engine.preferences.value.service is Service.CHINA


def test_the_window_comes_back_where_it_was_left(qtbot: QtBot) -> None:
    first, second = MainWindow(), MainWindow()
    for window in (first, second):
        qtbot.addWidget(window)
        window.may_close = True
    first.resize(QSize(700, 600))
    second.restore_place(first.place())
    assert second.size() == QSize(700, 600)
    second.restore_place("")
    second.restore_place("no geometry at all")
    assert second.size() == QSize(700, 600)


def test_the_cross_asks_before_it_closes(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.closing):
        window.close()
    assert window.isVisible()
    window.may_close = True
    window.close()
    assert not window.isVisible()


def test_the_first_paint_is_told_once(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.may_close = True
    told: list[bool] = []
    window.painted.connect(lambda: told.append(True))
    with qtbot.waitSignal(window.painted):
        window.show()
    window.repaint()
    window.repaint()
    assert told == [True]


@pytest.mark.parametrize("link", ["http://example.com/", "file:///etc/passwd", "javascript:alert(1)", "not a link"])
def test_only_https_pages_are_opened(shown: Shown, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("pixverse_gui.ui.main_view.QDesktopServices.openUrl", lambda url: opened.append(url.toString()))
    shown.view.open_page(link)
    shown.view.open_page("https://platform.pixverse.ai/")
    assert opened == ["https://platform.pixverse.ai/"]


def test_no_key_sequence_is_taken_twice(shown: Shown) -> None:
    keys = [shortcut.key().toString() for shortcut in shown.window.findChildren(QShortcut)]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+O", "Ctrl+L", "Ctrl+V", "Ctrl+P", "Ctrl+R", "Ctrl+F", "Ctrl+1", "Ctrl+2"} <= set(keys)


def test_keys_reach_tabs_and_upload(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.window.activateWindow()
    shown.qtbot.waitUntil(shown.window.isActiveWindow)
    QTest.keyClick(shown.window, Qt.Key.Key_2, CTRL)
    assert shown.view.on_history()
    QTest.keyClick(shown.window, Qt.Key.Key_1, CTRL)
    assert not shown.view.on_history()
    with shown.qtbot.waitSignal(shown.engine.queue.run_ended):
        QTest.keyClick(shown.window, Qt.Key.Key_Return, CTRL)
    assert shown.world.row("a.png").state is UploadState.DONE


def test_where_the_control_with_the_focus_goes_away_the_list_has_the_next_key(shown: Shown, qtbot: QtBot) -> None:
    """What stands next in the window is the form of copying: an arrow key would change it unseen."""
    with qtbot.waitActive(shown.window):
        shown.window.activateWindow()
    shown.world.stage(shown.world.files("a.png", "b.png"))
    upload = shown.panel.progress.button(ProgressButton.UPLOAD)
    shown.world.wait(lambda: upload.isVisible() and upload.isEnabled())
    upload.setFocus()
    QTest.keyClick(upload, Qt.Key.Key_Space)
    shown.world.wait(lambda: set(shown.world.states().values()) == {UploadState.DONE})
    shown.world.wait(lambda: not upload.isVisible())
    assert shown.panel.list.hasFocus()
    shown.panel.list.clearSelection()
    clear = shown.panel.progress.button(ProgressButton.CLEAR)
    clear.setFocus()
    QTest.keyClick(clear, Qt.Key.Key_Space)
    shown.world.wait(lambda: not clear.isVisible())
    assert shown.view.hasFocus()  # no list any more: Tab leads to the first button
    QTest.keyClick(shown.view, Qt.Key.Key_Tab)
    assert shown.window.focusWidget() is not shown.view

"""Real buttons for the selected rows, and Undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import UploadState
from pixverse_gui.ui import messages
from pixverse_gui.ui.action_strip import ActionStrip
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.row_actions import RowAction, RowActions
from tests.helpers.rows import upload


class Shown:
    """A strip on the screen, and what its actions did."""

    def __init__(self, qtbot: QtBot) -> None:
        self.holder = QWidget()
        qtbot.addWidget(self.holder)
        self.actions = RowActions((RowAction.RETRY, RowAction.COPY, RowAction.REMOVE), self.holder)
        self.strip = ActionStrip(self.actions)
        qtbot.addWidget(self.strip)
        self.strip.show()

    def buttons(self) -> list[str]:
        return [button.text() for button in self.strip.findChildren(QAbstractButton) if not button.isHidden()]

    def notes(self) -> list[str]:
        """What is said at the right; the hint at the left belongs to the empty selection."""
        labels = self.strip.findChildren(PlainLabel)
        said = [label.text() for label in labels if not label.isHidden()]
        return [text for text in said if text not in {"", messages.SELECT_FOR_MORE}]

    def press(self, text: str) -> None:
        button = next(one for one in self.strip.findChildren(QAbstractButton) if one.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


def test_the_buttons_are_those_of_the_selection(shown: Shown) -> None:
    assert shown.buttons() == []
    shown.actions.select([upload(state=UploadState.FAILED)])
    assert shown.buttons() == ["Retry", "Remove"]
    shown.actions.select([upload(state=UploadState.DONE, img_id="7")])
    assert shown.buttons() == ["Copy", "Remove"]
    shown.actions.select([])
    assert shown.buttons() == []


def test_a_button_does_what_its_action_does(shown: Shown, qtbot: QtBot) -> None:
    row = upload(state=UploadState.FAILED)
    shown.actions.select([row])
    with qtbot.waitSignal(shown.actions.triggered) as triggered:
        shown.press("Retry")
    assert triggered.args == [RowAction.RETRY, [row]]


def test_the_strip_is_as_high_without_buttons_as_with_them(shown: Shown) -> None:
    heights = [max(shown.strip.sizeHint().height(), shown.strip.minimumHeight())]
    shown.actions.select([upload(state=UploadState.FAILED)])
    heights.append(max(shown.strip.sizeHint().height(), shown.strip.minimumHeight()))
    shown.strip.say("Removed 1 image", lambda: None)
    heights.append(max(shown.strip.sizeHint().height(), shown.strip.minimumHeight()))
    assert len(set(heights)) == 1


def test_undo_works_once_and_then_goes_away(shown: Shown) -> None:
    undone: list[str] = []
    shown.strip.say("Removed 2 images from this list.", lambda: undone.append("two"))
    assert (shown.notes(), shown.buttons()) == (["Removed 2 images from this list."], ["Undo"])
    shown.press("Undo")
    assert (undone, shown.notes(), shown.buttons()) == (["two"], [], [])


def test_undo_belongs_to_the_last_note_and_then_to_the_one_before(shown: Shown) -> None:
    undone: list[str] = []
    shown.strip.say("Removed 1 image", lambda: undone.append("one"))
    shown.strip.say("Removed 2 images", lambda: undone.append("two"))
    shown.press("Undo")
    assert undone == ["two"]
    assert (shown.notes(), shown.buttons()) == (["Removed 1 image"], ["Undo"])
    shown.press("Undo")
    assert undone == ["two", "one"]
    assert (shown.notes(), shown.buttons()) == ([], [])


def test_a_mere_note_has_no_undo(shown: Shown) -> None:
    shown.strip.say("Removed 1 image", lambda: None)
    shown.strip.say("Only a note")
    assert (shown.notes(), shown.buttons()) == (["Only a note"], [])


def test_the_hint_is_there_while_something_could_be_selected(shown: Shown) -> None:
    def is_hinted() -> bool:
        labels = shown.strip.findChildren(PlainLabel)
        return any(label.text() == messages.SELECT_FOR_MORE and not label.isHidden() for label in labels)

    assert is_hinted()
    shown.actions.select([upload(state=UploadState.FAILED)])
    assert not is_hinted()
    shown.actions.select([])
    assert is_hinted()
    shown.strip.expect_rows(has_rows=False)
    assert not is_hinted()

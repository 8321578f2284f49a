"""A double click on a button whose place another takes at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pixverse_gui.ui.progress_content import ProgressButton, ProgressContent
from pixverse_gui.ui.progress_line import ProgressLine

B = ProgressButton
ANSWERS = {B.UPLOAD: B.PAUSE, B.PAUSE: B.CONTINUE, B.CONTINUE: B.PAUSE}


class Line:
    """A line on which every press brings another button, as the queue does."""

    def __init__(self, qtbot: QtBot) -> None:
        self.line = ProgressLine()
        qtbot.addWidget(self.line)
        self.line.show()
        self.pressed: list[ProgressButton] = []
        self.line.pressed.connect(self._pressed)
        self._show(B.UPLOAD)

    def click(self, at_ms: int, *, again: bool = False) -> None:
        """A click of the mouse on whatever button is there."""
        button = self.line.button(self._shown)
        press = QEvent.Type.MouseButtonDblClick if again else QEvent.Type.MouseButtonPress
        for kind, held in (
            (press, Qt.MouseButton.LeftButton),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            middle = QPointF(button.rect().center())
            where = QPointF(button.mapToGlobal(button.rect().center()))
            event = QMouseEvent(kind, middle, where, Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier)
            event.setTimestamp(at_ms)
            QApplication.sendEvent(button, event)

    def _pressed(self, which: ProgressButton) -> None:
        self.pressed.append(which)
        self._show(ANSWERS[which])

    def _show(self, which: ProgressButton) -> None:
        self._shown = which
        self.line.show_content(ProgressContent("", None, (which,)), 3)


@pytest.mark.parametrize("clicks", [2, 3, 4])
def test_it_is_one_press(qtbot: QtBot, clicks: int) -> None:
    line = Line(qtbot)
    for number in range(clicks):
        line.click(1_000 + 80 * number, again=number % 2 == 1)
    assert line.pressed == [B.UPLOAD]


def test_two_clicks_in_peace_are_two_presses(qtbot: QtBot) -> None:
    line = Line(qtbot)
    line.click(1_000)
    line.click(1_000 + QApplication.doubleClickInterval())
    assert line.pressed == [B.UPLOAD, B.PAUSE]


def test_keys_may_be_as_quick_as_they_like(qtbot: QtBot) -> None:
    line = Line(qtbot)
    for which in (B.UPLOAD, B.PAUSE, B.CONTINUE):
        qtbot.keyClick(line.line.button(which), Qt.Key.Key_Space)
    assert line.pressed == [B.UPLOAD, B.PAUSE, B.CONTINUE]

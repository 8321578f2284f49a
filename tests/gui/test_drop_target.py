"""Drops on the window: always a copy, never a move, and nothing that cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.ui.drop_overlay import DropOverlay
from pixverse_gui.ui.drop_reader import Offer
from pixverse_gui.ui.drop_target import DropTarget

ALL = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction
E = TypeVar("E", bound=QDropEvent)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Window:
    def __init__(self, qtbot: QtBot) -> None:
        self.widget = QWidget()
        self.widget.resize(300, 200)
        qtbot.addWidget(self.widget)
        self.overlay = DropOverlay(self.widget)
        self.target = DropTarget(self.widget, self.overlay, takes_link=lambda _: True)
        self.offers: list[Offer] = []
        self.target.offered.connect(self.offers.append)
        self.widget.show()

    def enter(self, data: QMimeData) -> QDragEnterEvent:
        event = QDragEnterEvent(QPoint(5, 5), ALL, data, LEFT, NONE)
        return self._sent(event)

    def move(self, data: QMimeData) -> QDragMoveEvent:
        return self._sent(QDragMoveEvent(QPoint(9, 9), ALL, data, LEFT, NONE))

    def drop(self, data: QMimeData) -> QDropEvent:
        return self._sent(QDropEvent(QPointF(9, 9), ALL, data, LEFT, NONE))

    def leave(self) -> None:
        self.target.eventFilter(self.widget, QDragLeaveEvent())

    def _sent(self, event: E) -> E:
        event.setDropAction(Qt.DropAction.MoveAction)  # what a file manager proposes
        event.ignore()
        # Not through the application: it remembers the target of the last drag, of whatever test that was.
        assert self.target.eventFilter(self.widget, event)
        return event


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    return Window(qtbot)


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def nothing() -> QMimeData:
    data = QMimeData()
    data.setData("application/x-other-program", b"x")
    return data


def test_a_drop_of_files_is_answered_with_copy_all_the_way(window: Window, tmp_path: Path) -> None:
    data = files(tmp_path / "a.png", tmp_path / "b.png")
    for event in (window.enter(data), window.move(data), window.drop(data)):
        assert event.isAccepted()
        assert event.dropAction() is Qt.DropAction.CopyAction
    assert [offer.paths for offer in window.offers] == [(str(tmp_path / "a.png"), str(tmp_path / "b.png"))]


def test_the_overlay_is_there_while_something_hovers(window: Window, tmp_path: Path) -> None:
    data = files(tmp_path / "a.png")
    assert not window.overlay.isVisible()
    window.enter(data)
    assert window.overlay.isVisible()
    window.leave()
    assert not window.overlay.isVisible()
    window.enter(data)
    window.drop(data)
    assert not window.overlay.isVisible()


def test_what_cannot_be_used_is_never_accepted(window: Window) -> None:
    data = nothing()
    assert not window.enter(data).isAccepted()
    assert window.overlay.isVisible()  # it says why
    assert not window.move(data).isAccepted()
    assert not window.drop(data).isAccepted()
    assert not any(offer.is_usable for offer in window.offers)


def test_after_something_left_a_new_drag_is_judged_anew(window: Window, tmp_path: Path) -> None:
    window.enter(files(tmp_path / "a.png"))
    window.leave()
    assert not window.enter(nothing()).isAccepted()
    window.leave()
    assert window.enter(files(tmp_path / "a.png")).isAccepted()


def test_the_window_takes_drops(window: Window) -> None:
    assert window.widget.acceptDrops()

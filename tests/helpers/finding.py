"""Finds widgets as a person does: by their kind and by what they are called."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

W = TypeVar("W", bound=QWidget)


def named(root: QWidget, kind: type[W], name: str) -> W:
    """The only widget of this kind in `root` with that accessible name, or else that text."""
    found = [widget for widget in root.findChildren(kind) if name in (widget.accessibleName(), _text_of(widget))]
    assert len(found) == 1, f"{len(found)} widgets of kind {kind.__name__} are called {name!r}"
    return found[0]


def button(root: QWidget, name: str) -> QPushButton:
    """A button that shows."""
    found = [one for one in root.findChildren(QPushButton) if one.isVisibleTo(root) and _is_called(one, name)]
    assert len(found) == 1, f"{len(found)} buttons are called {name!r}; there are {buttons(root)}"
    return found[0]


def buttons(root: QWidget) -> list[str]:
    """The accessible names of all buttons that show."""
    shown = (one for one in root.findChildren(QPushButton) if one.isVisibleTo(root))
    return [one.accessibleName() or one.text() for one in shown]


def click(qtbot: QtBot, target: QPushButton) -> None:
    """With the mouse, as soon as the layout has put the button where a click lands on it."""
    window = target.window()
    qtbot.waitUntil(lambda: window.childAt(target.mapTo(window, target.rect().center())) is target)
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton)


def texts(root: QWidget) -> str:
    """Everything that can be read in `root` now, a line for each widget."""
    shown = (widget for widget in root.findChildren(QWidget) if widget.isVisibleTo(root))
    return "\n".join(filter(None, map(_text_of, shown)))


def entries(menu: QMenu) -> list[str]:
    """What a menu shows, without separators."""
    return [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]


def entry(menu: QMenu, text: str) -> QAction:
    """The only entry of that text that shows."""
    found = [action for action in menu.actions() if action.isVisible() and action.text() == text]
    assert len(found) == 1, f"{len(found)} entries are called {text!r}; there are {entries(menu)}"
    return found[0]


def _is_called(widget: QPushButton, name: str) -> bool:
    return name == (widget.accessibleName() or widget.text())


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QLineEdit) and widget.echoMode() is QLineEdit.EchoMode.Normal:
        return widget.text()
    return ""

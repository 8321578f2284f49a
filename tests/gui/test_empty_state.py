"""The empty list and the overlay of a drag."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.ui.buttons import Button
from pixverse_gui.ui.drop_overlay import DropOverlay
from pixverse_gui.ui.empty_state import EmptyState
from pixverse_gui.ui.theme import Theme
from tests.helpers.themes import theme

__all__ = ["theme"]


def test_it_says_what_can_be_done(theme: Theme, qtbot: QtBot) -> None:
    empty = EmptyState(theme)
    qtbot.addWidget(empty)
    assert [label.text() for label in empty.findChildren(QLabel) if label.text()] == [
        "Drop images or folders here",
        "You can also paste pictures, files or links with Ctrl+V.",
        "PNG, JPG and WebP up to 20 MB and 10,000 pixels a side.",
    ]


def test_each_button_asks_for_its_own(theme: Theme, qtbot: QtBot) -> None:
    empty = EmptyState(theme)
    qtbot.addWidget(empty)
    buttons = {button.text(): button for button in empty.findChildren(Button)}
    assert buttons["Add images"].property("kind") == "primary"
    for text, signal in (
        ("Add images", empty.add_images),
        ("Add folder", empty.add_folder),
        ("Add links", empty.add_links),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(buttons[text], Qt.MouseButton.LeftButton)


def test_it_is_painted_anew_in_other_colours(theme: Theme, qtbot: QtBot) -> None:
    empty = EmptyState(theme)
    qtbot.addWidget(empty)
    empty.resize(600, 500)
    image = empty.grab().toImage()
    assert image.pixelColor(20, 250) == theme.colours.surface
    row = {image.pixelColor(x, 1).name() for x in range(100, 500)}
    assert theme.colours.rim.name() in row
    assert len(row) > 1


def test_the_overlay_says_what_letting_go_would_do(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.show()
    overlay = DropOverlay(window)
    assert overlay.isHidden()
    overlay.show_for(37, usable=True)
    assert overlay.accessibleName() == "Drop to add 37 items. Nothing is uploaded until you press Upload."
    usable = overlay.grab().toImage()
    overlay.show_for(0, usable=False)
    assert overlay.text == "This does not contain pictures or links."
    assert overlay.grab().toImage() != usable


def test_the_overlay_covers_the_window_and_stays_out_of_the_way(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.show()
    overlay = DropOverlay(window)
    overlay.show_for(1, usable=True)
    assert overlay.size() == QSize(700, 500)
    window.resize(900, 600)
    assert overlay.size() == QSize(900, 600)
    assert overlay.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert overlay.focusPolicy() is Qt.FocusPolicy.NoFocus

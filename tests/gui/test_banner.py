"""The banner above the list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.ui import announce as announce_module
from pixverse_gui.ui.banner import Banner, BannerButton
from pixverse_gui.ui.theme import Theme
from tests.helpers.themes import theme

__all__ = ["theme"]

LONG = "Paste the API key from platform.pixverse.ai. It is kept in your computer's password store, not in a file. " * 2


class Heard:
    """Stands where a screen reader listens."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def isActive(self) -> bool:
        return True

    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def updateAccessibility(self, event: QAccessibleEvent) -> None:
        assert event.type() == QAccessible.Event.Announcement
        self.texts.append(event.message())  # type: ignore[attr-defined]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    listener = Heard()
    monkeypatch.setattr(announce_module, "QAccessible", listener)
    return listener


@pytest.fixture
def banner(theme: Theme, qtbot: QtBot) -> Iterator[Banner]:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    made = Banner(theme)
    column.addWidget(made)
    column.addWidget(QLineEdit())
    column.addStretch(1)
    window.resize(1000, 400)
    window.show()
    yield made
    window.close()


def field(banner: Banner) -> QLineEdit:
    found = banner.window().findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def words(banner: Banner) -> list[str]:
    return [label.text() for label in banner.findChildren(QLabel) if label.text() and not label.isHidden()]


def test_it_is_hidden_until_it_has_something_to_say(banner: Banner) -> None:
    assert banner.isHidden()
    banner.show_message("Offline.", "3 images are waiting.")
    assert not banner.isHidden()
    assert words(banner) == ["Offline.", "3 images are waiting."]
    banner.clear()
    assert banner.isHidden()


def test_a_part_that_is_empty_takes_no_room(banner: Banner) -> None:
    banner.show_message("", "Using the key from PIXVERSE_API_KEY for this run.")
    assert words(banner) == ["Using the key from PIXVERSE_API_KEY for this run."]
    assert banner.accessibleName() == "Using the key from PIXVERSE_API_KEY for this run."


def test_its_words_are_never_markup(banner: Banner) -> None:
    banner.show_message("<b>x</b>", "<img src='http://example.com/a.png'>")
    labels = [label for label in banner.findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_buttons_do_what_they_say(banner: Banner, qtbot: QtBot) -> None:
    pressed: list[str] = []
    banner.show_message(
        "No key", "", [BannerButton("Later", lambda: pressed.append("later")),
                       BannerButton("Paste key", lambda: pressed.append("paste"), primary=True)],
    )  # fmt: skip
    assert [(button.text(), button.property("kind")) for button in banner.buttons] == [
        ("Later", "plain"),
        ("Paste key", "primary"),
    ]
    for button in banner.buttons:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == ["later", "paste"]


def test_a_button_may_take_the_banner_away(banner: Banner, qtbot: QtBot) -> None:
    banner.show_message("Done", "", [BannerButton("OK", lambda: banner.show_message("Next", ""))])
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert (words(banner), banner.buttons) == (["Next"], [])


def test_other_numbers_keep_the_buttons_and_their_focus(banner: Banner, qtbot: QtBot, heard: Heard) -> None:
    with qtbot.waitActive(banner.window()):
        banner.window().activateWindow()
    called: list[int] = []
    banner.show_message("Offline.", "Next try in 5 s.", [BannerButton("Try now", lambda: called.append(5))])
    button = banner.buttons[0]
    button.setFocus()
    banner.show_message("Offline.", "Next try in 4 s.", [BannerButton("Try now", lambda: called.append(4))])
    assert banner.buttons == [button]
    assert button.hasFocus()
    button.click()
    assert called == [4]
    assert heard.texts == ["Offline. Next try in 5 s."]


def test_it_speaks_when_it_says_something_new(banner: Banner, heard: Heard) -> None:
    banner.show_message("Offline.", "3 images are waiting.")
    banner.show_message("Key refused.", "")
    banner.clear()
    banner.show_message("Key refused.", "")
    assert heard.texts == ["Offline. 3 images are waiting.", "Key refused.", "Key refused."]


def test_it_never_takes_the_focus(banner: Banner, qtbot: QtBot) -> None:
    with qtbot.waitActive(banner.window()):
        banner.window().activateWindow()
    field(banner).setFocus()
    banner.show_message("Offline.", LONG, [BannerButton("Try now", list)])
    assert field(banner).hasFocus()
    banner.clear()
    assert field(banner).hasFocus()


def test_long_words_wrap_and_buttons_go_below_where_there_is_no_room(banner: Banner) -> None:
    steps = [BannerButton(text, list) for text in ("Try without a key", "Where do I find it?", "Paste key")]
    banner.show_message("Connect your PixVerse account first", LONG, steps)
    layout = banner.window().layout()
    layout.activate()
    banner.layout().activate()
    beside = banner.height()
    text = next(label for label in banner.findChildren(QLabel) if label.text() == LONG)
    assert banner.buttons[0].mapTo(banner, banner.buttons[0].rect().topLeft()).x() > text.geometry().right()
    banner.window().resize(480, 500)
    layout.activate()
    banner.layout().activate()
    assert banner.height() > beside
    for button in banner.buttons:
        top = button.mapTo(banner, button.rect().topLeft())
        assert top.y() >= text.geometry().bottom()
        assert top.x() + button.width() <= banner.width()
    assert text.height() >= text.heightForWidth(text.width())


@pytest.mark.parametrize("tone", ["info", "success", "warning", "danger"])
def test_every_tone_has_an_icon_and_a_ground(banner: Banner, tone: str) -> None:
    banner.show_message("Title", "Text", tone=tone)
    assert banner.property("tone") == tone
    icons = [label for label in banner.findChildren(QLabel) if not label.pixmap().isNull()]
    assert len(icons) == 1

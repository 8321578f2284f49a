"""The links dialog: good links go in, in order; bad lines stay, each with its reason."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source, SourceKind
from pixverse_gui.ui.links_dialog import LinksDialog
from tests.helpers.finding import button, click, named, texts

A, B = "https://example.com/a.png", "https://example.com/b.png"


class Desk:
    """The dialog on the screen, with what it gave away."""

    def __init__(self, qtbot: QtBot, *, allow_loopback: bool = False) -> None:
        self.qtbot = qtbot
        self.dialog = LinksDialog(Limits(), allow_loopback=allow_loopback)
        # Closing deletes the dialog; the tests look at it afterwards.
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(self.dialog)
        self.added: list[tuple[Source, ...]] = []
        self.dialog.links_added.connect(self.added.append)
        self.dialog.open()
        qtbot.waitExposed(self.dialog)
        self.box = named(self.dialog, QPlainTextEdit, "Links")

    def add(self, text: str) -> None:
        self.box.setPlainText(text)
        click(self.qtbot, button(self.dialog, "Add"))

    def wait_for(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in texts(self.dialog))

    def marked_lines(self) -> list[str]:
        return [mark.cursor.selectedText() for mark in self.box.extraSelections()]

    @property
    def locations(self) -> list[list[str]]:
        return [[source.location for source in sources] for sources in self.added]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_the_count_follows_what_is_typed(desk: Desk) -> None:
    assert "No links yet" in texts(desk.dialog)
    desk.qtbot.keyClicks(desk.box, A)
    desk.wait_for("1 link")
    desk.qtbot.keyClick(desk.box, Qt.Key.Key_Return)
    desk.qtbot.keyClicks(desk.box, B)
    desk.wait_for("2 links")


def test_good_links_go_in_as_they_were_written_and_in_order(desk: Desk) -> None:
    desk.add(f"{B}\n\n{A}?x=%2F&y=1\n{B}")
    assert desk.locations == [[B, f"{A}?x=%2F&y=1", B]]
    assert all(source.kind is SourceKind.LINK for source in desk.added[0])
    assert not desk.dialog.isVisible()


def test_bad_lines_stay_marked_with_their_reasons_while_good_ones_go_in(desk: Desk) -> None:
    desk.add(f"{A}\nftp://example.com/x.png\n{B}\nhttp://192.168.0.4/y.png\nhttps://me:pw@example.com/z.png")
    assert desk.locations == [[A, B]]
    assert desk.dialog.isVisible()
    kept = ["ftp://example.com/x.png", "http://192.168.0.4/y.png", "https://me:pw@example.com/z.png"]
    assert desk.box.toPlainText().split("\n") == kept
    assert desk.marked_lines() == kept
    words = texts(desk.dialog)
    assert "Added 2 links; 3 lines stay here." in words
    assert "Line 1: only public web links (https://…) can be used" in words
    assert "Line 2: only public web links can be used, not addresses of this computer or network" in words
    assert "Line 3: a link must not hold a user name or a password" in words
    assert "Line 1" in desk.box.accessibleDescription()


def test_a_mended_line_loses_its_mark_and_can_be_added(desk: Desk) -> None:
    desk.add("ftp://example.com/x.png")
    assert desk.added == []
    assert "Nothing was added; 1 line stays here." in texts(desk.dialog)
    desk.box.setPlainText(A)
    desk.qtbot.waitUntil(lambda: desk.marked_lines() == [])
    assert "Line 1" not in texts(desk.dialog)
    click(desk.qtbot, button(desk.dialog, "Add"))
    assert desk.locations == [[A]]
    assert not desk.dialog.isVisible()


def test_of_many_bad_lines_the_first_are_named_and_the_others_counted(desk: Desk) -> None:
    desk.add("\n".join(f"nonsense {number}" for number in range(1_000)))
    words = texts(desk.dialog)
    assert "Line 4:" in words
    assert "Line 5:" not in words
    assert "996 more lines" in words


def test_ctrl_return_adds_and_return_makes_a_line(desk: Desk) -> None:
    desk.box.setPlainText(A)
    desk.qtbot.keyClick(desk.box, Qt.Key.Key_Return)
    assert desk.dialog.isVisible()
    desk.qtbot.keyClick(desk.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.locations == [[A]]


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_box_adds_nothing_and_stays(desk: Desk, text: str) -> None:
    desk.add(text)
    assert desk.added == []
    assert desk.dialog.isVisible()


def test_esc_gives_nothing_away(desk: Desk) -> None:
    desk.box.setPlainText(A)
    desk.qtbot.keyClick(desk.box, Qt.Key.Key_Escape)
    assert desk.added == []
    assert not desk.dialog.isVisible()


def test_tab_leaves_the_box(desk: Desk) -> None:
    desk.qtbot.keyClick(desk.box, Qt.Key.Key_Tab)
    assert desk.dialog.focusWidget() is not desk.box
    assert desk.box.toPlainText() == ""


@pytest.mark.parametrize("allowed", [True, False])
def test_links_to_this_computer_only_where_the_service_is_there_too(qtbot: QtBot, allowed: bool) -> None:
    desk = Desk(qtbot, allow_loopback=allowed)
    desk.add("http://127.0.0.1:8000/a.png")
    assert bool(desk.added) is allowed


def test_lines_can_be_handed_in(desk: Desk) -> None:
    desk.dialog.set_text(f"{A}\n{B}")
    assert "2 links" in texts(desk.dialog)


def test_a_closed_dialog_is_deleted(qtbot: QtBot) -> None:
    dialog = LinksDialog(Limits())
    dialog.open()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()

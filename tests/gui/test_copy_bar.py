from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui.clipboard import ClipboardWriter
from pixverse_gui.ui.copy_bar import CopyBar, CopyScope
from pixverse_gui.ui.plain_label import PlainLabel
from tests.helpers.finished_uploads import FIRST_ID, upload, uploads

REFUSED = "Your system did not let us copy. The text is selected below: press Ctrl+C."


class RefusingClipboard:
    def setText(self, text: str, /) -> None:
        pass

    def text(self) -> str:
        return ""


@pytest.fixture
def bar(qtbot: QtBot) -> CopyBar:
    made = CopyBar(ClipboardWriter(QGuiApplication.clipboard()))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def refused_bar(qtbot: QtBot) -> CopyBar:
    made = CopyBar(ClipboardWriter(RefusingClipboard()))
    qtbot.addWidget(made)
    made.show()
    return made


def button(bar: CopyBar) -> QPushButton:
    return next(one for one in bar.findChildren(QPushButton) if one.text().startswith("Copy"))


def box(bar: CopyBar) -> QComboBox:
    return bar.findChildren(QComboBox)[0]


def texts(bar: CopyBar) -> list[str]:
    return [label.text() for label in bar.findChildren(PlainLabel) if label.text()]


def copy_and_hear(qtbot: QtBot, bar: CopyBar, rows: Sequence[Upload]) -> str:
    bar.copy_rows(rows)
    qtbot.waitUntil(lambda: any(text.startswith("Copied") for text in texts(bar)))
    return next(text for text in texts(bar) if text.startswith("Copied"))


def test_the_six_forms_are_offered_by_name_and_one_id_a_line_comes_first(bar: CopyBar) -> None:
    names = [box(bar).itemText(at) for at in range(box(bar).count())]
    assert names == [
        "One ID per line",
        "IDs with commas",
        "JSON list",
        "JSON objects",
        "Image links, one per line",
        "Table: name, ID, link",
    ]
    assert bar.copy_format is CopyFormat.ID_LINES


def test_the_box_is_named_for_those_who_do_not_see_it(bar: CopyBar) -> None:
    assert box(bar).accessibleName() == "Copy as"
    buddies = [label for label in bar.findChildren(QLabel) if label.buddy() is box(bar)]
    assert [label.accessibleName() for label in buddies] == ["Copy as"]


@pytest.mark.parametrize(
    ("scope", "said", "on_button"),
    [
        (CopyScope(), "Nothing to copy yet · ", "Copy IDs"),
        (CopyScope(with_id=14, with_link=14, total=20), "14 with an ID · ", "Copy 14 IDs"),
        (CopyScope(with_id=1, with_link=1, total=1), "1 with an ID · ", "Copy 1 ID"),
        (CopyScope(selected_count=2, with_id=2, with_link=1, total=2), "2 selected · ", "Copy 2 IDs"),
        (CopyScope(selected_count=2, with_id=0, with_link=0, total=2), "2 selected · ", "Copy IDs"),
    ],
)
def test_the_scope_is_said_and_counted_on_the_button(bar: CopyBar, scope: CopyScope, said: str, on_button: str) -> None:
    bar.set_scope(scope)
    assert texts(bar)[:2] == [said, "copy as"]
    assert button(bar).text() == on_button
    assert button(bar).isEnabled() is (scope.with_id > 0)


def test_the_button_counts_what_the_chosen_form_can_hold(bar: CopyBar) -> None:
    bar.set_scope(CopyScope(selected_count=3, with_id=3, with_link=2, total=3))
    bar.set_format(CopyFormat.TABLE)
    assert button(bar).text() == "Copy 3 rows"
    bar.set_format(CopyFormat.LINK_LINES)
    assert button(bar).text() == "Copy 2 links"


def test_a_form_chosen_by_hand_is_told_and_one_that_is_set_is_not(bar: CopyBar, qtbot: QtBot) -> None:
    told: list[object] = []
    bar.format_changed.connect(told.append)
    bar.set_format(CopyFormat.TABLE)
    bar.set_format(CopyFormat.TABLE)
    assert told == []
    qtbot.keyClick(box(bar), Qt.Key.Key_Up)
    assert told == [CopyFormat.LINK_LINES]
    assert bar.copy_format is CopyFormat.LINK_LINES


@pytest.mark.parametrize(
    ("copy_format", "text"),
    [
        (CopyFormat.ID_LINES, f"{FIRST_ID + 1}\n{FIRST_ID + 2}"),
        (CopyFormat.JSON_LIST, f"[{FIRST_ID + 1}, {FIRST_ID + 2}]"),
        (
            CopyFormat.LINK_LINES,
            "https://media.pixverse.ai/openapi/0001.png\nhttps://media.pixverse.ai/openapi/0002.png",
        ),
    ],
)
def test_the_button_copies_what_the_provider_gives_in_the_chosen_form(
    bar: CopyBar, qtbot: QtBot, copy_format: CopyFormat, text: str
) -> None:
    bar.provider = lambda: uploads(1, 2)
    bar.set_scope(CopyScope(with_id=2, with_link=2, total=2))
    bar.set_format(copy_format)
    button(bar).click()
    qtbot.waitUntil(lambda: any(one.startswith("Copied 2 ") for one in texts(bar)))
    assert QGuiApplication.clipboard().text() == text


def test_the_rows_are_asked_for_only_when_something_is_copied(bar: CopyBar) -> None:
    asked: list[None] = []

    def provide() -> list[Upload]:
        asked.append(None)
        return []

    bar.provider = provide
    bar.set_scope(CopyScope(with_id=5_000, with_link=5_000, total=5_000))
    bar.set_format(CopyFormat.TABLE)
    assert asked == []
    bar.copy()
    assert asked == [None]


def test_without_a_provider_the_owner_is_asked(bar: CopyBar, qtbot: QtBot) -> None:
    bar.set_scope(CopyScope(with_id=1, with_link=1, total=1))
    with qtbot.waitSignal(bar.copy_requested):
        button(bar).click()


def test_what_has_no_id_yet_is_said(bar: CopyBar, qtbot: QtBot) -> None:
    rows = [*uploads(1, 2), upload(3, state=UploadState.READY), upload(4, state=UploadState.FAILED)]
    assert copy_and_hear(qtbot, bar, rows) == "Copied 2 IDs. 2 images have no ID yet."
    assert QGuiApplication.clipboard().text() == f"{FIRST_ID + 1}\n{FIRST_ID + 2}"


def test_what_has_no_link_is_said_when_links_are_copied(bar: CopyBar, qtbot: QtBot) -> None:
    bar.set_format(CopyFormat.LINK_LINES)
    assert copy_and_hear(qtbot, bar, [upload(1), upload(2, link=None)]) == "Copied 1 link. 1 image has no link yet."


def test_nothing_to_copy_leaves_the_clipboard_alone(bar: CopyBar) -> None:
    QGuiApplication.clipboard().setText("kept")
    bar.copy_rows([upload(1, state=UploadState.READY)])
    assert "Nothing to copy yet." in texts(bar)
    assert QGuiApplication.clipboard().text() == "kept"


def test_rows_that_could_not_be_fetched_are_said(bar: CopyBar) -> None:
    bar.say_failed()
    assert "This could not be copied: the history cannot be read just now." in texts(bar)


def test_copied_is_never_said_before_the_clipboard_was_read_back(bar: CopyBar) -> None:
    bar.copy_rows(uploads(1))
    assert not any(text.startswith("Copied") for text in texts(bar))


def test_a_copy_made_elsewhere_says_nothing_here(qtbot: QtBot) -> None:
    writer = ClipboardWriter(QGuiApplication.clipboard())
    bar = CopyBar(writer)
    qtbot.addWidget(bar)
    with qtbot.waitSignal(writer.copied):
        writer.copy("details of an error")
    assert not any(text.startswith("Copied") for text in texts(bar))


class TestRefused:
    def text_box(self, bar: CopyBar) -> QPlainTextEdit:
        return bar.findChildren(QPlainTextEdit)[0]

    def refuse(self, bar: CopyBar, qtbot: QtBot) -> QPlainTextEdit:
        bar.copy_rows(uploads(1, 2))
        qtbot.waitUntil(lambda: REFUSED in texts(bar))
        return self.text_box(bar)

    def test_the_text_is_shown_selected_and_cannot_be_changed(self, refused_bar: CopyBar, qtbot: QtBot) -> None:
        shown = self.refuse(refused_bar, qtbot)
        assert shown.isVisible()
        assert shown.isReadOnly()
        assert shown.textCursor().selection().toPlainText() == f"{FIRST_ID + 1}\n{FIRST_ID + 2}"

    def test_ctrl_c_in_it_copies_although_the_window_has_that_key_too(self, refused_bar: CopyBar, qtbot: QtBot) -> None:
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, refused_bar)
        taken: list[None] = []
        shortcut.activated.connect(lambda: taken.append(None))
        shown = self.refuse(refused_bar, qtbot)
        refused_bar.activateWindow()
        qtbot.waitUntil(refused_bar.isActiveWindow)
        QGuiApplication.clipboard().setText("before")
        qtbot.keyClick(shown, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == f"{FIRST_ID + 1}\n{FIRST_ID + 2}"
        assert taken == []

    def test_escape_takes_it_away(self, refused_bar: CopyBar, qtbot: QtBot) -> None:
        shown = self.refuse(refused_bar, qtbot)
        qtbot.keyClick(shown, Qt.Key.Key_Escape)
        assert not shown.isVisible()
        assert REFUSED not in texts(refused_bar)

    def test_the_hide_button_takes_it_away(self, refused_bar: CopyBar, qtbot: QtBot) -> None:
        shown = self.refuse(refused_bar, qtbot)
        hide = next(one for one in refused_bar.findChildren(QPushButton) if one.text() == "Hide")
        assert hide.isVisible()
        hide.click()
        assert not shown.isVisible()
        assert not hide.isVisible()

    def test_the_next_message_takes_its_place(self, refused_bar: CopyBar, qtbot: QtBot) -> None:
        shown = self.refuse(refused_bar, qtbot)
        refused_bar.copy_rows([])
        assert not shown.isVisible()
        assert "Nothing to copy yet." in texts(refused_bar)


def test_the_button_is_the_primary_one_only_when_told_so(bar: CopyBar) -> None:
    assert button(bar).property("kind") == "plain"
    bar.set_primary(True)
    assert button(bar).property("kind") == "primary"
    bar.set_primary(False)
    assert button(bar).property("kind") == "plain"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_choosing_a_form_by_key_opens_the_box(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = CopyBar(ClipboardWriter(QGuiApplication.clipboard()))
    column = QVBoxLayout(window)
    column.addWidget(QLineEdit())
    column.addWidget(bar)
    window.show()
    qtbot.waitExposed(window)
    bar.choose_format()
    view = box(bar).view()
    assert view is not None
    qtbot.waitUntil(view.isVisible)
    box(bar).hidePopup()

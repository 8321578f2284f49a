"""The details panel: every fact of a row, whole and as plain text, and what Copy details copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListView, QScrollArea, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import (
    Attempt,
    ErrorRecord,
    ImageFacts,
    ImageFormat,
    Issue,
    IssueCode,
    Severity,
    Source,
    SourceKind,
    Upload,
    UploadState,
)
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.details_drawer import DetailsDrawer
from pixverse_gui.ui.details_panel import DetailsPanel
from pixverse_gui.ui.messages_details import details_text
from pixverse_gui.ui.preview import Preview
from pixverse_gui.ui.theme import Theme
from tests.helpers.finding import button, buttons, click, named, texts
from tests.helpers.themes import theme  # noqa: F401

WHEN = datetime(2026, 11, 22, 14, 3, 5, tzinfo=UTC)
DATES = Dates(now=lambda: WHEN, zone=UTC, locale=QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
FIRST, SECOND = "f4c5aa12-9d3e-4d0f-8a1b-1b2c3d4e5f60", "a1b2c3d4-9d3e-4d0f-8a1b-000000000000"
LINK = "https://media.pixverse.ai/openapi%2Ff4c5aa12castle_01_auto.jpg"
BIG_ID = "18446744073709551615"


def row(**changes: object) -> Upload:
    """A finished upload, apart from `changes`."""
    values: dict[str, object] = {
        "key": 1,
        "batch": 1,
        "position": 0,
        "source": Source(SourceKind.FILE, "/home/anna/secret project/castle_01.png", "castle_01.png"),
        "state": UploadState.DONE,
        "added_at": WHEN,
        "facts": ImageFacts(4_100_000, ImageFormat.PNG, 3840, 2160),
        "attempts": (Attempt(FIRST, WHEN, "done"),),
        "img_id": BIG_ID,
        "img_url": LINK,
        "account": "app-api.pixverse.ai/123452341",
        "finished_at": WHEN + timedelta(seconds=9),
    }
    return Upload(**(values | changes))  # type: ignore[arg-type]


REFUSED = row(
    state=UploadState.FAILED,
    img_id=None,
    img_url=None,
    attempts=(Attempt(FIRST, WHEN, "connection_broken", maybe_stored=True), Attempt(SECOND, WHEN, "content_refused")),
    error=ErrorRecord("content_refused", {}, 500, 500052, "图片审核未通过 <b>x</b>", SECOND),
)


@pytest.fixture
def panel(qtbot: QtBot) -> DetailsPanel:
    made = DetailsPanel(DATES)
    qtbot.addWidget(made)
    made.resize(360, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_finished_row_is_told_in_full(panel: DetailsPanel) -> None:
    panel.show_upload(row())
    words = texts(panel)
    for fact in ("castle_01.png", "Done", BIG_ID, LINK, "3840 × 2160 · PNG · 4.1 MB", "22 Nov, 14:03", FIRST):
        assert fact in words
    assert "PixVerse account 123452341 at app-api.pixverse.ai" in words
    assert "HTTP status" not in words
    assert "What to do" not in words


def test_an_error_says_our_sentence_first_and_then_the_raw_facts(panel: DetailsPanel) -> None:
    panel.show_upload(REFUSED)
    words = texts(panel)
    ours, theirs = words.index("PixVerse did not accept the content of this picture."), words.index("图片审核未通过")
    assert ours < words.index("Use another image.") < words.index("500052") < theirs
    assert "<b>x</b>" in words
    assert "HTTP status\n500\n" in words
    assert FIRST in words
    assert SECOND in words
    assert "connection_broken, a copy may exist at PixVerse" in words
    assert "a second copy may exist at PixVerse" in words
    assert "Copy ID" not in buttons(panel)


def test_issues_are_said_as_sentences(panel: DetailsPanel) -> None:
    issue = Issue(Severity.WARNING, IssueCode.LARGE_SIDE, {"width": 6000, "height": 4000, "limit": 4000})
    panel.show_upload(row(state=UploadState.READY, img_id=None, img_url=None, issues=(issue,)))
    assert "Large picture (6000 × 4000)" in texts(panel)


def test_a_row_that_took_over_an_id_says_since_when(panel: DetailsPanel) -> None:
    panel.show_upload(row(reused_from=7, reused_at=WHEN - timedelta(days=19), attempts=()))
    assert "Already uploaded on 3 Nov" in texts(panel)


def test_the_buttons_hand_over_what_they_are_for(qtbot: QtBot, panel: DetailsPanel) -> None:
    panel.show_upload(row())
    with qtbot.waitSignal(panel.copy_id) as copied_id:
        click(qtbot, button(panel, "Copy ID"))
    panel.findChild(QScrollArea).ensureWidgetVisible(button(panel, "Open link"))
    with qtbot.waitSignal(panel.open_link) as opened:
        click(qtbot, button(panel, "Open link"))
    with qtbot.waitSignal(panel.copy_details) as copied:
        click(qtbot, button(panel, "Copy details"))
    assert copied_id.args == [BIG_ID]
    assert opened.args == [LINK]
    assert copied.args == [details_text(row())]


@pytest.mark.parametrize("link", ["http://media.pixverse.ai/a.jpg", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_link_that_is_not_https_is_shown_but_not_opened(panel: DetailsPanel, link: str) -> None:
    panel.show_upload(row(img_url=link))
    assert link in texts(panel)
    assert "Open link" not in buttons(panel)


def test_the_same_row_again_keeps_what_is_selected(panel: DetailsPanel) -> None:
    panel.show_upload(row())
    shown = named(panel, QTextEdit, "ID")
    shown.selectAll()
    panel.show_upload(row(account="app-api.pixverse.ai/9"))
    assert shown.textCursor().selectedText() == BIG_ID


def test_the_id_can_be_selected_and_copied_by_keyboard(qtbot: QtBot, panel: DetailsPanel) -> None:
    panel.show_upload(row())
    shown = named(panel, QTextEdit, "ID")
    qtbot.keyClick(shown, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shown, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == BIG_ID


def test_another_row_leaves_nothing_of_the_one_before(panel: DetailsPanel) -> None:
    panel.show_upload(REFUSED)
    panel.show_upload(row(key=2, attempts=()))
    words = texts(panel)
    assert "500052" not in words
    assert FIRST not in words
    panel.show_upload(None)
    assert BIG_ID not in texts(panel)
    assert not button(panel, "Copy details").isEnabled()


def test_the_preview_is_the_one_of_the_row(panel: DetailsPanel) -> None:
    preview = panel.findChild(Preview)
    picture = QPixmap(144, 96)
    picture.fill(QColor("red"))
    panel.show_upload(row())
    panel.set_preview(picture)
    assert preview.accessibleName() == "Preview"
    assert preview.grab().toImage().pixelColor(preview.rect().center()) == QColor("red")
    panel.show_upload(row(key=2))
    assert preview.accessibleName() == "No preview"
    assert preview.picture_rect().isEmpty()


@pytest.mark.parametrize(("width", "height"), [(144, 96), (10, 144), (144, 1), (1, 1), (4000, 3000)])
def test_a_preview_is_whole_in_proportion_and_never_blown_up_more_than_twice(
    panel: DetailsPanel, width: int, height: int
) -> None:
    preview = panel.findChild(Preview)
    preview.set_pixmap(QPixmap.fromImage(QImage(width, height, QImage.Format.Format_RGB32)))
    shown = preview.picture_rect()
    assert shown.width() <= min(preview.width(), 2 * width) + 0.01
    assert shown.height() <= min(preview.height(), 2 * height) + 0.01
    assert shown.width() * height == pytest.approx(shown.height() * width, rel=0.01)
    assert preview.rect().center().x() == pytest.approx(shown.center().x(), abs=1)


@pytest.mark.parametrize("scale", [1, 2])
def test_nothing_is_cut_at_twice_the_text_size(qtbot: QtBot, panel: DetailsPanel, scale: int) -> None:
    font = panel.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    panel.setFont(font)
    name = "a_name_without_any_blank_that_goes_on_and_on" * 4 + ".png"
    panel.show_upload(row(source=Source(SourceKind.FILE, "/x", name), img_url=LINK * 4))
    shown = [field for field in panel.findChildren(QTextEdit) if field.isVisible()]
    assert len(shown) > 5
    qtbot.waitUntil(lambda: all(f.document().size().height() <= f.viewport().height() + 1 for f in shown))
    assert all(field.document().idealWidth() <= field.viewport().width() + 1 for field in shown)
    area = panel.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()


@pytest.mark.parametrize("way", ["cross", "Esc"])
def test_it_can_be_put_away(qtbot: QtBot, panel: DetailsPanel, way: str) -> None:
    panel.show_upload(row())
    with qtbot.waitSignal(panel.closed):
        if way == "cross":
            click(qtbot, button(panel, "Close details"))
        else:
            qtbot.keyClick(named(panel, QTextEdit, "ID"), Qt.Key.Key_Escape)


def test_names_that_lie_are_shown_for_what_they_are(panel: DetailsPanel) -> None:
    panel.show_upload(row(source=Source(SourceKind.FILE, "/x", "photo\u202egnp.exe\udcff")))
    words = texts(panel)
    assert "\u202e" not in words
    assert "[U+202E]" in words


def test_copied_details_hold_everything_support_needs_and_no_path() -> None:
    text = details_text(REFUSED)
    for fact in (
        "Name: castle_01.png",
        "State: Failed",
        "Message: Picture refused. PixVerse did not accept the content of this picture.",
        "Error: content_refused",
        "PixVerse code: 500052",
        "HTTP status: 500",
        "PixVerse said: 图片审核未通过 <b>x</b>",
        f"Trace id: {FIRST} (2026-11-22 14:03:05 UTC, connection_broken, a copy may exist at PixVerse)",
        f"Trace id: {SECOND} (2026-11-22 14:03:05 UTC, content_refused)",
        "Account: PixVerse account 123452341 at app-api.pixverse.ai",
        "Added: 2026-11-22 14:03:05 UTC",
        "Finished: 2026-11-22 14:03:14 UTC",
    ):
        assert fact in text.split("\n") or fact in text
    assert "secret project" not in text
    assert "ID:" not in text


def test_copied_details_of_a_finished_row_hold_id_and_link_ungrouped() -> None:
    lines = details_text(row()).split("\n")
    assert f"ID: {BIG_ID}" in lines
    assert f"Link: {LINK}" in lines
    assert not any(line.startswith(("Error", "HTTP", "Message")) for line in lines)


def test_copied_details_can_always_be_encoded_and_have_one_fact_a_line() -> None:
    odd = row(
        source=Source(SourceKind.FILE, "/x", "a\nb\udcff.png"),
        account="app-api.pixverse.ai/key:1a2b3c4d",
        error=ErrorRecord("never_heard_of", {}, None, None, "two\nlines\x00", "lonely-trace"),
        attempts=(Attempt(FIRST, WHEN),),
    )
    text = details_text(odd)
    text.encode("utf-8")
    lines = text.split("\n")
    assert "Trace id: lonely-trace" in lines
    assert f"Trace id: {FIRST} (2026-11-22 14:03:05 UTC, no answer yet)" in lines
    assert "Account: PixVerse account at app-api.pixverse.ai, key 1a2b3c4d" in lines
    assert all(": " in line for line in lines)
    assert "\x00" not in text


def test_nothing_is_cut_when_it_is_opened_for_the_first_time_in_the_themes_own_style(
    qtbot: QtBot,
    theme: Theme,  # noqa: F811
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    drawer = DetailsDrawer()
    across = QHBoxLayout(window)  # beside a list, as in the window: its width is as it wishes
    across.addWidget(QListView(), 1)
    across.addWidget(drawer)
    window.resize(1100, 700)
    window.show()
    qtbot.waitExposed(window)
    drawer.open_for(row(), None)
    shown = [field for field in drawer.findChildren(QTextEdit) if field.isVisible()]
    assert len(shown) > 5
    qtbot.waitUntil(lambda: all(f.document().size().height() <= f.viewport().height() + 1 for f in shown))

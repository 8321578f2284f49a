"""Names, links and what a server says are shown as they are: no widget takes them for markup or lets them turn text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.core import errors
from pixverse_gui.core.errors import AnswerFacts
from pixverse_gui.ui.links_dialog import LinksDialog
from tests.helpers.windows import Shown, open_window

MARKUP = '<img src="x.png" width=9><b>bold</b>'
TURNS = "\u202egnp.\u200b\u2066x"
NAME = f"{MARKUP.replace('/', ' ')}{TURNS}.png"
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    """A window full of hostile text: a failed row, a done one, the details, the History, a note."""
    with open_window(tmp_path, qtbot) as made:
        facts = AnswerFacts(200, 424242, f"{MARKUP} {TURNS}", "trace")
        made.world.service.answers = {f"bad {NAME}": [errors.UnknownApiError(facts)]}
        made.world.stage(made.world.files(f"bad {NAME}", f"good {NAME}"))
        made.world.upload_all()
        made.wiring.board.note(f"{MARKUP}")
        made.view.show_details(made.world.row(f"bad {NAME}"))
        yield made


def open_everything(shown: Shown) -> None:
    shown.wiring.keys.open()
    shown.wiring._open_settings()
    shown.wiring.adding.ask_for_links()
    links = shown.window.findChildren(LinksDialog)[0]
    links.set_text(f"https://example.com/{MARKUP}\njavascript:{MARKUP}\nhttps://user:{MARKUP}@example.com/a.png")
    links._add_links()


def texts_of(widget: QWidget) -> list[str]:
    tips = [widget.toolTip(), widget.statusTip(), widget.whatsThis()]
    actions = [text for action in widget.actions() for text in _texts_of_action(action)]
    return [*tips, *actions]


def _texts_of_action(action: QAction) -> list[str]:
    return [action.toolTip(), action.statusTip(), action.whatsThis()]


def test_no_label_and_no_tip_reads_markup(shown: Shown) -> None:
    open_everything(shown)
    widgets = [widget for top in QApplication.topLevelWidgets() for widget in (top, *top.findChildren(QWidget))]
    labels = [widget for widget in widgets if isinstance(widget, QLabel)]
    assert len(labels) > 30
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert [text for widget in widgets for text in texts_of(widget) if GuiQt.mightBeRichText(text)] == []


def said_by_rows(shown: Shown, *roles: Qt.ItemDataRole) -> list[str]:
    shown.world.wait(lambda: shown.view.history_model.rowCount() > 0)
    models = (shown.panel.filter, shown.view.history_model)
    indexes = [model.index(row, 0) for model in models for row in range(model.rowCount())]
    return [str(index.data(role) or "") for index in indexes for role in roles]


def test_rows_say_names_with_visible_marks(shown: Shown) -> None:
    said = said_by_rows(shown, *ROLES)
    assert sum("bold" in text for text in said) >= 4
    assert [text for text in said if any(mark in text for mark in "\u202e\u2066\u200b")] == []


def test_tips_of_rows_read_no_markup(shown: Shown) -> None:
    tips = said_by_rows(shown, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.WhatsThisRole)
    assert [text for text in tips if GuiQt.mightBeRichText(text)] == []


def test_labels_show_what_turns_text_as_marks(shown: Shown) -> None:
    open_everything(shown)
    widgets = [widget for top in QApplication.topLevelWidgets() for widget in (top, *top.findChildren(QWidget))]
    texts = [widget.text() for widget in widgets if isinstance(widget, QLabel)]
    texts += [widget.accessibleName() for widget in widgets] + [widget.windowTitle() for widget in widgets]
    assert [text for text in texts if any(mark in text for mark in "\u202e\u2066\u200b")] == []

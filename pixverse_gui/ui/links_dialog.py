"""The links dialog: one link a line; good ones go in, the others stay, marked with the reason."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from pixverse_gui.core.intake import LinkIntake, read_links
from pixverse_gui.core.limits import Limits
from pixverse_gui.ui import messages_dialogs as words
from pixverse_gui.ui.announce import announce
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.fitted_dialog import FittedDialog
from pixverse_gui.ui.plain_label import PlainLabel

SPACING_PX = 8
LINES_SHOWN = 8
LINES_MARKED = 200
"""More marks would make each key stroke slow; the next ones come up as the first are mended."""
COUNT_AFTER_MS = 80
"""Ten thousand pasted lines take a moment to read; typing must not wait for that."""


class LinksDialog(FittedDialog):
    """`links_added(tuple[Source, ...])`: the good links, in the order of their lines.

    Made anew for each time; closing deletes it.
    """

    links_added = Signal(object)

    def __init__(self, limits: Limits, allow_loopback: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(words.LINKS_TITLE, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._limits, self._allow_loopback = limits, allow_loopback
        self._marks_lines = False
        self._box = QPlainTextEdit()
        self._count = PlainLabel(words.LINKS_NONE, look="muted")
        self._told = PlainLabel()
        self._problems = PlainLabel(look="danger")
        self._cancel = Button(words.CANCEL)
        self._add = Button(words.LINKS_ADD, kind=ButtonKind.PRIMARY)
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(COUNT_AFTER_MS)
        self._build()
        self._connect()

    def set_text(self, text: str) -> None:
        """Start with these lines, for instance out of the clipboard."""
        self._box.setPlainText(text)
        self._refresh()

    def open(self) -> None:
        super().open()
        self._box.setFocus()

    def done(self, result: int) -> None:
        self._recount.stop()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recount.start()

    def _build(self) -> None:
        label = PlainLabel(words.LINKS_FIELD)
        label.setBuddy(self._box)
        intro = PlainLabel(words.LINKS_INTRO, look="muted")
        self._box.setAccessibleName(words.LINKS_FIELD)
        self._box.setPlaceholderText(words.LINKS_PLACEHOLDER)
        self._box.setTabChangesFocus(True)
        self._box.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._box.setMinimumHeight(self._box.fontMetrics().lineSpacing() * LINES_SHOWN)
        for wrapped in (intro, self._told, self._problems):
            wrapped.setWordWrap(True)
        self._told.hide()
        self._problems.hide()
        for button in (self._cancel, self._add):
            button.setAutoDefault(True)
        steps = QHBoxLayout()
        steps.setSpacing(SPACING_PX)
        steps.addWidget(self._count)
        steps.addStretch(1)
        steps.addWidget(self._cancel)
        steps.addWidget(self._add)
        self.column.addWidget(PlainLabel(words.LINKS_TITLE, look="title"))
        self.column.addWidget(intro)
        field = QVBoxLayout()
        field.setSpacing(SPACING_PX)
        field.addWidget(label)
        field.addWidget(self._box, 1)
        self.column.addLayout(field, 1)
        self.column.addWidget(self._told)
        self.column.addWidget(self._problems)
        self.column.addLayout(steps)

    def _connect(self) -> None:
        self._box.textChanged.connect(self._recount.start)
        self._recount.timeout.connect(self._refresh)
        self._cancel.clicked.connect(self.reject)
        self._add.clicked.connect(self._add_links)
        # Return makes a new line here.
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._add_links)

    def _read(self) -> LinkIntake:
        return read_links(self._box.toPlainText(), self._limits, allow_loopback=self._allow_loopback)

    def _add_links(self) -> None:
        found = self._read()
        if not found.sources and not found.rejected:
            self._box.setFocus()
            return
        if not found.rejected:
            self._box.clear()
            self.accept()
        else:
            self._keep(found)
        if found.sources:
            self.links_added.emit(found.sources)

    def _keep(self, found: LinkIntake) -> None:
        self._marks_lines = True
        self._box.setPlainText("\n".join(line.text for line in found.rejected))
        self._told.setText(words.links_left(len(found.sources), len(found.rejected)))
        self._told.show()
        self._refresh()
        self._box.setFocus()
        announce(self._box, f"{self._told.text()} {self._problems.text()}")

    def _refresh(self) -> None:
        """Count the links; once something was refused, keep its marks true while it is being mended."""
        self._recount.stop()
        found = self._read()
        self._count.setText(words.links_count(len(found.sources)))
        if self._marks_lines:
            self._mark(found)

    def _mark(self, found: LinkIntake) -> None:
        self._box.setExtraSelections([self._marked_line(line.line_number) for line in found.rejected[:LINES_MARKED]])
        shown = [
            words.link_problem(line.line_number, line.reason) for line in found.rejected[: words.LINKS_PROBLEMS_SHOWN]
        ]
        more = len(found.rejected) - len(shown)
        if more:
            shown.append(words.more_link_problems(more))
        self._problems.setText("\n".join(shown))
        self._problems.setVisible(bool(shown))
        self._box.setAccessibleDescription("\n".join(shown))

    def _marked_line(self, line_number: int) -> QTextEdit.ExtraSelection:
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        danger = self.palette().brightText().color()
        look.setUnderlineColor(danger)
        look.setForeground(danger)
        mark = QTextEdit.ExtraSelection()
        mark.format = look
        cursor = QTextCursor(self._box.document().findBlockByNumber(line_number - 1))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        return mark

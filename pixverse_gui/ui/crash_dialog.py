"""The one dialog that tells of a fault of the program itself: calm, beside the work, with details to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from pixverse_gui.ui import messages_crash as words
from pixverse_gui.ui.announce import announce
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.fitted_dialog import FittedDialog
from pixverse_gui.ui.plain_label import PlainLabel

SPACING_PX = 8
LINES_SHOWN = 8


class CrashDialog(FittedDialog):
    """`copy_wanted(str)`: the details. `log_wanted`: the operator wants to see the log folder. Blocks no window."""

    copy_wanted = Signal(str)
    log_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(words.TITLE, parent)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self._meaning = PlainLabel(words.SAVED)
        self._count = PlainLabel(look="muted")
        self._details = QPlainTextEdit()
        self._copied = PlainLabel(look="muted")
        self._copy = Button(words.COPY)
        self._log = Button(words.OPEN_LOG)
        self._close = Button(words.CLOSE, kind=ButtonKind.PRIMARY)
        self._build()
        self._copy.clicked.connect(lambda: self.copy_wanted.emit(self.details))
        self._log.clicked.connect(self.log_wanted)
        self._close.clicked.connect(self.accept)

    @property
    def details(self) -> str:
        """What Copy takes."""
        return self._details.toPlainText()

    def show_crash(self, details: str, *, count: int, is_saved: bool) -> None:
        """Show this, or bring it up to date where it is shown already."""
        self._meaning.setText(words.SAVED if is_saved else words.NOT_SAVED)
        self._count.setText(words.happened(count))
        self._count.setVisible(bool(self._count.text()))
        if details != self.details:
            self._details.setPlainText(details)
        self._copied.setText("")

    def say_copied(self, *, worked: bool) -> None:
        self._copied.setText(words.COPIED if worked else words.NOT_COPIED)
        announce(self._copy, self._copied.text())

    def _build(self) -> None:
        next_step = PlainLabel(words.NEXT_STEP)
        label = PlainLabel(words.DETAILS)
        label.setBuddy(self._details)
        self._details.setReadOnly(True)
        self._details.setAccessibleName(words.DETAILS)
        self._details.setTabChangesFocus(True)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.setMinimumHeight(self._details.fontMetrics().lineSpacing() * LINES_SHOWN)
        private = PlainLabel(words.PRIVATE, look="muted")
        self.column.addWidget(PlainLabel(words.TITLE, look="title"))
        for text in (self._meaning, next_step, self._count):
            text.setWordWrap(True)
            self.column.addWidget(text)
        field = QVBoxLayout()
        field.setSpacing(SPACING_PX)
        field.addWidget(label)
        field.addWidget(self._details, 1)
        field.addWidget(private)
        self.column.addLayout(field, 1)
        self.column.addLayout(self._steps())

    def _steps(self) -> QHBoxLayout:
        steps = QHBoxLayout()
        steps.setSpacing(SPACING_PX)
        for button in (self._copy, self._log, self._close):
            button.setAutoDefault(True)
        steps.addWidget(self._copy)
        steps.addWidget(self._log)
        self._copied.setWordWrap(True)
        steps.addWidget(self._copied, 1)
        steps.addWidget(self._close)
        self._close.setDefault(True)
        self._close.setFocus()
        return steps

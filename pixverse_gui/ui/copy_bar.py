"""The bar at the bottom of both tabs: how much can be copied, in which form, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from pixverse_gui.core.copy_formats import CopyFormat, copyable, render
from pixverse_gui.core.models import Upload
from pixverse_gui.ui import messages_history as words
from pixverse_gui.ui.announce import announce
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.clipboard import ClipboardWriter
from pixverse_gui.ui.plain_label import PlainLabel

_SPACING_PX = 12
_NOTE_SHOWN_MS = 8_000
_REFUSED_LINES = 4
_KEYS_OF_TEXT = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)


@dataclass(frozen=True, slots=True)
class CopyScope:
    """What Copy would take: the selection if there is one, else all that the list shows.

    `total` counts the rows in the scope, `with_id` those with an id, `with_link` those with a link.
    """

    selected_count: int = 0
    with_id: int = 0
    with_link: int = 0
    total: int = 0

    def countable(self, copy_format: CopyFormat) -> int:
        """How many rows would appear in this form."""
        return self.with_link if copy_format is CopyFormat.LINK_LINES else self.with_id


class CopyBar(QWidget):
    """`format_changed(object)`: a CopyFormat. `copy_requested`: no provider is set, so the owner calls `copy_rows`.

    A provider gives the rows of the scope in list order, finished or not; it is called only when something is copied.
    """

    format_changed = Signal(object)
    copy_requested = Signal()

    def __init__(self, writer: ClipboardWriter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.provider: Callable[[], Sequence[Upload]] | None = None
        self._writer = writer
        self._scope = CopyScope()
        self._pending: tuple[str, str] | None = None
        self._count = PlainLabel(look="muted")
        self._label = PlainLabel(words.COPY_AS_IN_LINE, look="muted")
        self._formats = QComboBox()
        self._button = Button("")
        self._note = PlainLabel(look="muted")
        self._refused = RefusedText()
        self._hide = Button(words.HIDE, kind=ButtonKind.QUIET)
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.setInterval(_NOTE_SHOWN_MS)
        self._build()
        self._connect()
        self._show_scope()

    @property
    def copy_format(self) -> CopyFormat:
        return CopyFormat(self._formats.currentData())

    def set_format(self, copy_format: CopyFormat) -> None:
        """Choose a form without telling anybody, for instance the one of the last run."""
        if copy_format is not self.copy_format:
            blocked = self._formats.blockSignals(True)
            self._formats.setCurrentIndex(self._formats.findData(copy_format.value))
            self._formats.blockSignals(blocked)
            self._show_scope()

    def set_scope(self, scope: CopyScope) -> None:
        """What Copy would take now; cheap, may come with every change of a row."""
        if scope != self._scope:
            self._scope = scope
            self._show_scope()

    def set_primary(self, is_primary: bool) -> None:
        """Whether copying is the one next step of the window."""
        kind = (ButtonKind.PRIMARY if is_primary else ButtonKind.PLAIN).value
        if self._button.property("kind") != kind:
            self._button.setProperty("kind", kind)
            self._button.style().unpolish(self._button)
            self._button.style().polish(self._button)

    def choose_format(self) -> None:
        """Open the box with the forms (Ctrl+Shift+C)."""
        self._formats.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._formats.showPopup()

    def copy(self) -> None:
        """Copy what the scope holds: the button, and Ctrl+C."""
        if self.provider is None:
            self.copy_requested.emit()
        else:
            self.copy_rows(self.provider())

    def copy_rows(self, uploads: Sequence[Upload]) -> None:
        """Copy these rows in the chosen form; says how many of them have nothing to copy yet."""
        taken = copyable(uploads, self.copy_format)
        if not taken:
            self._say(f"{words.NOTHING_TO_COPY}.")
            return
        text = render(taken, self.copy_format)
        self._pending = text, words.copied(len(taken), len(uploads) - len(taken), self.copy_format)
        self._writer.copy(text)

    def copy_text(self, text: str) -> None:
        """Copy something else, with the same care."""
        self._pending = text, words.COPIED
        self._writer.copy(text)

    def say_failed(self) -> None:
        """The rows of the scope could not be fetched."""
        self._say(words.COPY_FAILED)

    def _build(self) -> None:
        for copy_format, name in words.FORMAT_NAMES.items():
            self._formats.addItem(name, copy_format.value)
        self._formats.setAccessibleName(words.COPY_AS)
        self._formats.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        # On Linux a combo box is named by its buddy, and the name must not change with the count beside it.
        self._label.setAccessibleName(words.COPY_AS)
        self._label.setBuddy(self._formats)
        self._note.setWordWrap(True)
        self._hide.hide()
        self._refused.hide()
        said = QHBoxLayout()
        said.setSpacing(0)
        said.addWidget(self._count)
        said.addWidget(self._label)
        row = QHBoxLayout()
        row.setSpacing(_SPACING_PX)
        row.addLayout(said)
        row.addWidget(self._formats)
        row.addWidget(self._button)
        row.addWidget(self._note, 1)
        row.addWidget(self._hide)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_SPACING_PX)
        column.addLayout(row)
        column.addWidget(self._refused)

    def _connect(self) -> None:
        self._formats.currentIndexChanged.connect(self._format_chosen)
        self._button.clicked.connect(self.copy)
        self._hide.clicked.connect(self._forget)
        self._refused.closed.connect(self._forget)
        self._fading.timeout.connect(self._forget)
        self._writer.copied.connect(self._copied)
        self._writer.refused.connect(self._not_copied)

    def _show_scope(self) -> None:
        scope = self._scope
        count = scope.countable(self.copy_format)
        if scope.selected_count:
            said = words.selected(scope.selected_count)
        else:
            said = words.with_an_id(scope.with_id) if scope.with_id else words.NOTHING_TO_COPY
        self._count.setText(f"{said} · ")
        self._button.setText(words.copy_button(count, self.copy_format))
        self._button.setEnabled(count > 0)

    def _format_chosen(self) -> None:
        self._show_scope()
        self.format_changed.emit(self.copy_format)

    def _copied(self, text: str) -> None:
        if self._pending is not None and self._pending[0] == text:
            self._say(self._pending[1])
            self._fading.start()

    def _not_copied(self, text: str) -> None:
        if self._pending is not None and self._pending[0] == text:
            self._say(words.COPY_REFUSED)
            self._hide.show()
            self._refused.offer(text)

    def _say(self, text: str) -> None:
        self._forget()
        self._note.setText(text)
        announce(self, text)

    def _forget(self) -> None:
        self._pending = None
        self._fading.stop()
        self._note.setText("")
        self._hide.hide()
        self._refused.hide()


class RefusedText(QPlainTextEdit):
    """Text that the system did not let us copy, all of it selected. `closed`: Escape was pressed."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(words.REFUSED_TEXT_NAME)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFixedHeight(self.fontMetrics().lineSpacing() * (_REFUSED_LINES + 1))

    def offer(self, text: str) -> None:
        """Show it with everything selected and the keyboard in it: Ctrl+C is all that is left to do."""
        self.setPlainText(text)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Qt leaves Ctrl+C to the window's own shortcut where a text is read-only."""
        is_ours = isinstance(event, QKeyEvent) and any(event.matches(key) for key in _KEYS_OF_TEXT)
        if is_ours and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

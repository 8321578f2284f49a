"""Real buttons for the selected rows, and the place where "Undo" appears.

A list item has no accessible children, so what is painted inside a row is a mouse shortcut to one of these.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pixverse_gui.ui import messages
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.row_actions import RowActions


class ActionStrip(QWidget):
    """Mirrors the QActions of a list; its height stays the same with and without buttons."""

    def __init__(self, actions: RowActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._buttons: list[Button] = []
        for action in actions.actions.values():
            button = Button(action.text(), kind=ButtonKind.QUIET)
            button.clicked.connect(action.trigger)
            action.changed.connect(lambda action=action, button=button: self._mirror(action, button))
            button.setVisible(action.isVisible())
            row.addWidget(button)
            self._buttons.append(button)
        self._hint = PlainLabel(messages.SELECT_FOR_MORE, look="muted")
        row.insertWidget(0, self._hint)
        self._has_rows = True
        self._show_hint()
        row.addStretch(1)
        self._said = PlainLabel(look="muted")
        self._undo = Button(messages.UNDO, kind=ButtonKind.QUIET)
        self._undo.hide()
        self._undos: list[tuple[str, Callable[[], None]]] = []
        self._undo.clicked.connect(self._undo_it)
        row.addWidget(self._said)
        row.addWidget(self._undo)
        self.setMinimumHeight(self._undo.sizeHint().height())

    def say(self, text: str, on_undo: Callable[[], None] | None = None) -> None:
        """A quiet note; with `on_undo` the Undo button stands beside it until the next note.

        What was told before it can be undone after it: nothing is taken away without a way back.
        """
        if on_undo is not None:
            self._undos.append((text, on_undo))
        self._show_note(text, has_undo=on_undo is not None)

    def expect_rows(self, *, has_rows: bool) -> None:
        """Whether the list shows anything that could be selected."""
        self._has_rows = has_rows
        self._show_hint()

    @property
    def offers_undo(self) -> bool:
        """Something can be taken back; the list may be empty by now."""
        return bool(self._undos)

    def _mirror(self, action: QAction, button: Button) -> None:
        button.setVisible(action.isVisible())
        self._show_hint()

    def _show_hint(self) -> None:
        """Where no row is selected, the strip says what it is for."""
        self._hint.setVisible(self._has_rows and all(button.isHidden() for button in self._buttons))

    def _undo_it(self) -> None:
        if not self._undos:
            return
        _, undo = self._undos.pop()
        undo()
        self._show_note(self._undos[-1][0] if self._undos else "", has_undo=bool(self._undos))

    def _show_note(self, text: str, *, has_undo: bool) -> None:
        self._said.setText(text)
        self._undo.setVisible(has_undo)

"""A framed notice inside a dialog: what is the case, what it means, and buttons for the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.plain_label import PlainLabel

PADDING_PX = 16
SPACING_PX = 8


class DialogTone(StrEnum):
    """A hook for the style sheet; the title says the same in words."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a notice and what it does."""

    text: str
    on_click: Callable[[], object]
    is_primary: bool = False


class DialogNotice(QFrame):
    """Hidden while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("tone", DialogTone.INFO.value)
        self._shown: list[Button] = []
        self._title = PlainLabel(look="heading")
        self._text = PlainLabel()
        self._small_print = PlainLabel(look="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        column.setSpacing(SPACING_PX)
        for label in (self._title, self._text, self._small_print):
            label.setWordWrap(True)
            column.addWidget(label)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACING_PX)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        self.hide()

    def show_notice(
        self, tone: DialogTone, title: str, text: str, *, small_print: str = "", choices: Sequence[Choice] = ()
    ) -> None:
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        for label, words in ((self._title, title), (self._text, text), (self._small_print, small_print)):
            label.setText(words)
            label.setVisible(bool(words))
        self._show_choices(choices)
        self.setAccessibleName(title)
        self.show()

    def add_text(self, text: str) -> None:
        """Say more, below what stands there."""
        self._text.setText(f"{self._text.text()}\n\n{text}")

    @property
    def spoken(self) -> str:
        """All words of the notice, one line each."""
        labels = (self._title, self._text, self._small_print)
        return "\n".join(label.text() for label in labels if label.text())

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The present buttons, in order."""
        return tuple(self._shown)

    def focus_next_step(self) -> None:
        """Give the focus to the primary button, else to the first one."""
        primary = [button for button in self._shown if button.property("kind") == ButtonKind.PRIMARY.value]
        for button in (primary or self._shown)[:1]:
            button.setFocus()

    def _show_choices(self, choices: Sequence[Choice]) -> None:
        for button in self._shown:
            self._buttons.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._shown = [self._button(choice) for choice in choices]

    def _button(self, choice: Choice) -> Button:
        button = Button(choice.text, kind=ButtonKind.PRIMARY if choice.is_primary else ButtonKind.PLAIN)
        button.setAutoDefault(True)
        # Whoever lands on the button by a focus change hears why it is there.
        button.setAccessibleDescription(self.spoken)
        button.clicked.connect(lambda: choice.on_click())
        self._buttons.addWidget(button)
        # A layout shows what is added to it later; the focus may be wanted now.
        button.show()
        return button

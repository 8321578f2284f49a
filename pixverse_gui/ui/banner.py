"""The banner above the list: a title, what it means, and buttons for the next step."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pixverse_gui.ui.announce import announce
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.flow_layout import FlowLayout
from pixverse_gui.ui.icons import pixmap
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.theme import Theme

PADDING_PX, SPACING_PX, BESIDE_PX = 12, 4, 12
# With less room than this for the text, the buttons go below it.
MIN_TEXT_CHARS = 36
_ICONS = {"info": "info", "success": "check", "warning": "warning", "danger": "error"}
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class BannerButton:
    """One next step. At most one of a banner is `primary`."""

    text: str
    callback: Callable[[], object]
    primary: bool = False


class Banner(QFrame):
    """Hidden while it has nothing to say. Everything is plain text. It never takes or moves the focus: a message that
    comes again with other numbers keeps its buttons, and is not announced again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: list[BannerButton] = []
        self._widgets: list[Button] = []
        self._announced = ""
        self._tone = "info"
        # There from the start: the frame of the style sheet must be known before anything is laid out in it.
        self.setProperty("tone", self._tone)
        self._icon = PlainLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._title = PlainLabel(look="heading")
        self._text = PlainLabel(look="muted")
        for label in (self._title, self._text):
            label.setWordWrap(True)
        self._step_box = QWidget()
        self._step_row = FlowLayout(self._step_box)
        self._build()
        theme.changed.connect(self._tint)
        self.hide()

    def show_message(self, title: str, text: str, buttons: Sequence[BannerButton] = (), tone: str = "info") -> None:
        """Say this. `tone`: info, success, warning or danger; the words must say the same."""
        self._tone = str(tone)
        self.setProperty("tone", self._tone)
        self.style().unpolish(self)
        self.style().polish(self)
        for label, words in ((self._title, title), (self._text, text)):
            label.setText(words)
            label.setVisible(bool(words))
        self._show_steps(list(buttons))
        self._tint()
        self._turn()
        spoken = " ".join(part for part in (title, text) if part)
        self.setAccessibleName(title or text)
        self.setAccessibleDescription(text if title else "")
        self.show()
        gist = _NUMBERS.sub("0", spoken)
        if gist != self._announced:
            self._announced = gist
            announce(self, spoken)

    def clear(self) -> None:
        """Nothing to say any more."""
        self._announced = ""
        self.hide()

    @property
    def buttons(self) -> list[Button]:
        """The present buttons, in order."""
        return list(self._widgets)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACING_PX)
        words.addWidget(self._title)
        words.addWidget(self._text)
        said = QHBoxLayout()
        said.setSpacing(BESIDE_PX)
        said.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        said.addLayout(words, 1)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addLayout(said)
        middle.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(PADDING_PX + 4, PADDING_PX, PADDING_PX + 4, PADDING_PX)
        self._row.setSpacing(BESIDE_PX)
        self._row.addLayout(middle, 1)
        self._row.addWidget(self._step_box, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _show_steps(self, steps: list[BannerButton]) -> None:
        is_same = [(step.text, step.primary) for step in steps] == [(step.text, step.primary) for step in self._steps]
        self._steps = steps
        self._step_box.setVisible(bool(steps))
        if is_same:
            return
        for button in self._widgets:
            self._step_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._widgets = []
        for place, step in enumerate(steps):
            button = Button(step.text, kind=ButtonKind.PRIMARY if step.primary else ButtonKind.PLAIN)
            button.clicked.connect(lambda _=False, place=place: self._steps[place].callback())
            self._step_row.addWidget(button)
            self._widgets.append(button)

    def _turn(self) -> None:
        """Buttons beside the text, or below it where that leaves the text too little room."""
        steps_px = self._step_row.sizeHint().width() if self._steps else 0
        text_px = self.fontMetrics().averageCharWidth() * MIN_TEXT_CHARS
        around_px = 2 * (PADDING_PX + 4) + self._theme.fonts.icon_px + 2 * BESIDE_PX
        is_wide = self.width() >= steps_px + text_px + around_px
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._step_box.setMinimumWidth(steps_px if is_wide else 0)
        if self._row.direction() is not direction:
            self._row.setDirection(direction)

    def _tint(self) -> None:
        colours = self._theme.colours
        tones = {"success": colours.success, "warning": colours.warning, "danger": colours.danger}
        side = self._theme.fonts.icon_px + 2
        colour = tones.get(self._tone, colours.accent)
        self._icon.setPixmap(pixmap(_ICONS.get(self._tone, "info"), colour, side, self.devicePixelRatioF()))

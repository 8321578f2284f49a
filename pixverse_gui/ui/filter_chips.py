"""The chips above the list: which rows it shows, and how many there are of each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from pixverse_gui.ui import messages
from pixverse_gui.ui.flow_layout import FlowLayout
from pixverse_gui.ui.messages_rows import FILTER_WORDS
from pixverse_gui.ui.theme import Theme


class FilterChips(QWidget):
    """One of them is always chosen; arrow keys move between them. `chosen(str)`: the name of the chip, as in
    `FILTER_WORDS`, when the operator chose it."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowLayout(self)
        self._group = QButtonGroup(self)
        self._chips: dict[str, QPushButton] = {}
        for name in FILTER_WORDS:
            chip = QPushButton(self)
            chip.setProperty("kind", "chip")
            chip.setCheckable(True)
            chip.setAutoDefault(False)
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            # `toggled`, not `clicked`: arrow keys choose as well, and send no click.
            chip.toggled.connect(lambda is_on, name=name: self._toggled(name, is_on=is_on))
            self._group.addButton(chip)
            self._chips[name] = chip
            row.addWidget(chip)
        self._is_told = False
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_counts({})
        self.choose("all")
        theme.changed.connect(self._forget_widths)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Numbers behind the words; what is missing is 0. A chip only ever grows, so that nothing beside it jumps."""
        for name, chip in self._chips.items():
            text = f"{FILTER_WORDS[name]} {messages.number(counts.get(name, 0))}"
            if chip.text() == text:
                continue
            chip.setText(text)
            chip.setAccessibleName(text)
            width = chip.sizeHint().width()
            if width > chip.minimumWidth():
                chip.setMinimumWidth(width)

    def choose(self, name: str) -> None:
        """Mark a chip without telling anybody."""
        self._is_told = True
        self._chips[name].setChecked(True)
        self._is_told = False

    def chip(self, name: str) -> QPushButton:
        """For keys and for tests."""
        return self._chips[name]

    def _toggled(self, name: str, *, is_on: bool) -> None:
        if is_on and not self._is_told:
            self.chosen.emit(name)

    def _forget_widths(self) -> None:
        for chip in self._chips.values():
            chip.setMinimumWidth(0)
            chip.setMinimumWidth(chip.sizeHint().width())

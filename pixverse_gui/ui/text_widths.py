"""Font metrics that remember: rows are painted dozens of times a second, and their words repeat."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics

_KEPT = 4_096


class TextWidths(QFontMetrics):
    """GUI thread only. Use `width` for text of rows; what it has measured once costs no call of Qt any more."""

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self._widths: dict[str, int] = {}

    def width(self, text: str) -> int:
        """How wide the text is in one line, in device-independent pixels."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) >= _KEPT:
                self._widths.clear()
            found = self._widths[text] = self.horizontalAdvance(text)
        return found

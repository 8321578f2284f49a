"""The fonts of the window and the sizes that follow from them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from math import ceil

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

# The smallest body text that the rows read well with. A point is 1/72 inch on macOS, and there a pixel as well.
MIN_BODY_PT = 13.0 if sys.platform == "darwin" else 10.5
SMALL, TITLE = 0.92, 1.55
MIN_CONTROL_PX, CONTROL_PADDING_PX = 36, 8
MIN_TARGET_PX = 32


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Fonts made from the system's own, all with figures of one width. `px` values are device-independent pixels."""

    body: QFont
    bold: QFont
    small: QFont
    small_bold: QFont
    title: QFont
    mono: QFont

    @classmethod
    def of(cls, system: QFont) -> TypeScale:
        """Larger text in the system's settings makes all of it larger; smaller than readable it never gets."""
        size = max(system.pointSizeF(), MIN_BODY_PT)
        body = _sized(system, size)
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mono.setStyleHint(QFont.StyleHint.Monospace)
        return cls(
            body=body,
            bold=_sized(body, size, bold=True),
            small=_sized(body, size * SMALL),
            small_bold=_sized(body, size * SMALL, bold=True),
            title=_sized(body, size * TITLE, bold=True),
            mono=_sized(mono, size),
        )

    @property
    def line_px(self) -> int:
        """Height of one line of body text."""
        return _height_px(self.body)

    @property
    def small_line_px(self) -> int:
        """Height of one line of small text."""
        return _height_px(self.small)

    @property
    def control_px(self) -> int:
        """Height of a button, a field or a box."""
        return max(MIN_CONTROL_PX, self.line_px + 2 * CONTROL_PADDING_PX)

    @property
    def icon_px(self) -> int:
        """Side of an icon beside text."""
        return max(18, self.line_px)


def _height_px(font: QFont) -> int:
    return ceil(QFontMetricsF(font).height())


def _sized(font: QFont, points: float, *, bold: bool = False) -> QFont:
    made = QFont(font)
    made.setPointSizeF(points)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    # Qt 6.8 still counts setFeature as preview; where it is missing, figures are as the font has them.
    if hasattr(made, "setFeature") and hasattr(QFont, "Tag"):
        made.setFeature(QFont.Tag("tnum"), 1)
    return made

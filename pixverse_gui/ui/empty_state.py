"""The empty working list: a place to drop on, and three buttons that do the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pixverse_gui.ui import messages
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.icons import pixmap
from pixverse_gui.ui.messages_empty import EMPTY_LIMITS, EMPTY_PASTE, EMPTY_TITLE
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.theme import Theme

MARGIN_PX, SPACING_PX, BUTTON_GAP_PX = 24, 8, 12
PICTURE_LINES = 4
LINE_PX, RADIUS_PX = 2, 14


class EmptyState(QFrame):
    """Signals say what was asked for; nothing is done here."""

    add_images = Signal()
    add_folder = Signal()
    add_links = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = PlainLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        column.setSpacing(SPACING_PX)
        column.addStretch(1)
        column.addWidget(self._picture)
        for words, look in ((EMPTY_TITLE, "title"), (EMPTY_PASTE, "muted"), (EMPTY_LIMITS, "muted")):
            label = PlainLabel(words, look=look)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(SPACING_PX)
        column.addLayout(self._buttons())
        column.addStretch(1)
        theme.changed.connect(self._tint)
        self._tint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        # A style sheet draws dashes side by side: they collide at round corners.
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colours.rim, LINE_PX)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(colours.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)
        painter.end()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(BUTTON_GAP_PX)
        row.addStretch(1)
        for words, asked, kind in (
            (messages.ADD_IMAGES, self.add_images, ButtonKind.PRIMARY),
            (messages.ADD_FOLDER, self.add_folder, ButtonKind.PLAIN),
            (messages.ADD_LINKS, self.add_links, ButtonKind.PLAIN),
        ):
            button = Button(words, kind=kind)
            button.clicked.connect(asked)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _tint(self) -> None:
        side = self._theme.fonts.line_px * PICTURE_LINES
        self._picture.setPixmap(pixmap("picture-upload", self._theme.colours.accent, side, self.devicePixelRatioF()))

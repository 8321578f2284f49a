"""The overlay on the whole window while something is dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from pixverse_gui.ui.announce import announce
from pixverse_gui.ui.icons import pixmap
from pixverse_gui.ui.messages import NOTHING_USABLE
from pixverse_gui.ui.messages_history import drop_to_add

VEIL_OPACITY = 0.97
INSET_PX, RADIUS_PX, LINE_PX, GAP_PX = 16, 16, 3, 16
PICTURE_LINES, TEXT_SCALE = 4, 1.2


class DropOverlay(QWidget):
    """Covers `window`, lets every event through to it, and takes its colours from the palette."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._text = ""
        self._is_usable = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        self.hide()

    def show_for(self, count: int, *, usable: bool) -> None:
        """Say what letting go would do. `count` of items, 0 where it cannot be known before."""
        self._text = drop_to_add(count) if usable else NOTHING_USABLE
        self._is_usable = usable
        self.setAccessibleName(self._text)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.update()
        announce(self, self._text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = self.palette()
        veil = QColor(palette.color(QPalette.ColorRole.Window))
        veil.setAlphaF(VEIL_OPACITY)
        role = QPalette.ColorRole.Highlight if self._is_usable else QPalette.ColorRole.PlaceholderText
        colour = palette.color(role)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(colour, LINE_PX, Qt.PenStyle.DashLine))
        frame = self.rect().adjusted(INSET_PX, INSET_PX, -INSET_PX, -INSET_PX)
        painter.drawRoundedRect(QRectF(frame), RADIUS_PX, RADIUS_PX)
        self._paint_words(painter, frame.adjusted(INSET_PX, 0, -INSET_PX, 0), colour)
        painter.end()

    def _paint_words(self, painter: QPainter, frame: QRect, colour: QColor) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * TEXT_SCALE)
        font.setBold(True)
        metrics = QFontMetrics(font)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        words = metrics.boundingRect(frame, int(flags), self._text)
        side = self.fontMetrics().height() * PICTURE_LINES
        top = frame.center().y() - (side + GAP_PX + words.height()) // 2
        name = "picture-upload" if self._is_usable else "error"
        picture = pixmap(name, colour, side, self.devicePixelRatioF())
        painter.drawPixmap(frame.center().x() - side // 2, top, picture)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        place = QRect(frame.left(), top + side + GAP_PX, frame.width(), words.height())
        painter.drawText(place, int(flags), self._text)

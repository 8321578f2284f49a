"""The big preview of the details panel."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from pixverse_gui.ui import messages_details as words

HEIGHT_PX = 200
GROWS_AT_MOST = 2.0
"""A thumbnail may be drawn larger than it is, but not so large that it is only blur."""


class Preview(QWidget):
    """The whole picture, never cropped; a word in its place while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self.setAccessibleName(words.NO_PREVIEW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_pixmap(self, pixmap: QPixmap | None) -> None:
        """None or an empty pixmap: there is no picture to show."""
        self._pixmap = pixmap if pixmap is not None and not pixmap.isNull() else None
        self.setAccessibleName(words.PREVIEW if self._pixmap is not None else words.NO_PREVIEW)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(HEIGHT_PX, HEIGHT_PX)

    def picture_rect(self) -> QRectF:
        """Where the picture stands, in logical pixels; empty without one."""
        if self._pixmap is None:
            return QRectF()
        own = self._pixmap.deviceIndependentSize()
        size = own.scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() > own.width() * GROWS_AT_MOST:
            size = own * GROWS_AT_MOST
        area = QRectF(self.rect())
        return QRectF(
            area.x() + (area.width() - size.width()) / 2,
            area.y() + (area.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixmap is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self.picture_rect(), self._pixmap, QRectF(self._pixmap.rect()))
            return
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words.NO_PREVIEW)

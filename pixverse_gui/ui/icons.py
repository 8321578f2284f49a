"""Icons: our SVG files in any colour, sharp on every screen."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

SIDES_PX = (18, 36)
RATIOS = (1.0, 2.0)
DISABLED_OPACITY = 0.4


def pixmap(name: str, colour: QColor, size: int, ratio: float, room_px: int = 0) -> QPixmap:
    """`name` without its ending, drawn `size` device-independent pixels high for a screen of that `ratio`, with
    `room_px` of nothing at its right.

    Raises FileNotFoundError for a name that no file has.
    """
    text = _svg(name).replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(text.encode()))
    wanted = renderer.defaultSize().scaled(size, size, Qt.AspectRatioMode.KeepAspectRatio)
    image = QPixmap((wanted + QSize(room_px, 0)) * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF(0, 0, wanted.width(), wanted.height()))
    painter.end()
    return image


def icon(name: str, colour: QColor, room_px: int = 0) -> QIcon:
    """For buttons and menus; `room_px` keeps what follows at a distance.

    Drawn ahead in the sizes that these use: an icon engine of our own would be drawn on demand, but PySide6 frees it
    twice (seen with 6.11.3).
    """
    faint = QColor(colour)
    faint.setAlphaF(colour.alphaF() * DISABLED_OPACITY)
    made = QIcon()
    for side in SIDES_PX:
        for ratio in RATIOS:
            made.addPixmap(pixmap(name, colour, side, ratio, room_px), QIcon.Mode.Normal)
            made.addPixmap(pixmap(name, faint, side, ratio, room_px), QIcon.Mode.Disabled)
    return made


def app_icon() -> QIcon:
    """The sign of the program itself, in its own colours."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("app", QColor("black"), side, 1.0))
    return made


def dimensions(name: str) -> QSize:
    """The grid that an icon was drawn on."""
    return QSvgRenderer(QByteArray(_svg(name).encode())).defaultSize()


@cache
def _svg(name: str) -> str:
    return files("pixverse_gui.resources.icons").joinpath(f"{name}.svg").read_text("utf-8")

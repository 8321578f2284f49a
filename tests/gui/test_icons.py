"""Icons from our SVG files."""

from __future__ import annotations

from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from pixverse_gui.ui.icons import app_icon, dimensions, icon, pixmap

NAMES = sorted(
    entry.name.removesuffix(".svg")
    for entry in files("pixverse_gui.resources.icons").iterdir()
    if entry.name.endswith(".svg")
)
TINTED = [name for name in NAMES if name != "app" and not name.startswith("style-")]
NEEDED = {
    "account", "add", "app", "check", "chevron-down", "clock", "close", "copy", "error", "folder", "info", "link",
    "open-external", "paste", "pause", "picture", "picture-upload", "play", "retry", "reuse", "search", "settings",
    "stop", "trash", "warning",
}  # fmt: skip


def inked(image: QImage) -> int:
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height()))


def strongest(image: QImage) -> QColor:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=QColor.alpha)


def test_every_icon_that_the_window_needs_is_there() -> None:
    assert set(NAMES) >= NEEDED


@pytest.mark.parametrize("name", TINTED)
def test_an_icon_is_of_the_family(name: str) -> None:
    root = ET.fromstring(files("pixverse_gui.resources.icons").joinpath(f"{name}.svg").read_text("utf-8"))
    side = 48 if name == "picture-upload" else 24
    assert root.get("viewBox") == f"0 0 {side} {side}"
    assert (root.get("stroke"), root.get("stroke-width"), root.get("fill")) == ("currentColor", "2", "none")
    assert dimensions(name) == QSize(side, side)


@pytest.mark.parametrize("name", TINTED)
def test_an_icon_is_drawn_in_the_colour_asked_for(name: str, qapp: QApplication) -> None:
    drawn = pixmap(name, QColor("#3366cc"), 24, 2.0).toImage()
    assert inked(drawn) > 40
    colour = strongest(drawn)
    assert (colour.red(), colour.green(), colour.blue()) == pytest.approx((0x33, 0x66, 0xCC), abs=2)


def test_an_icon_has_the_pixels_of_its_screen(qapp: QApplication) -> None:
    drawn = pixmap("copy", QColor("black"), 18, 2.0)
    assert drawn.size() == QSize(36, 36)
    assert drawn.deviceIndependentSize().toSize() == QSize(18, 18)
    for ratio in (1.0, 2.0):
        assert icon("copy", QColor("black")).pixmap(QSize(18, 18), ratio).size() == QSize(18, 18) * ratio


def test_a_disabled_icon_is_fainter(qapp: QApplication) -> None:
    made = icon("copy", QColor("black"))
    usual = made.pixmap(QSize(18, 18), 1.0, QIcon.Mode.Normal).toImage()
    faint = made.pixmap(QSize(18, 18), 1.0, QIcon.Mode.Disabled).toImage()
    assert 0 < strongest(faint).alpha() < 0.6 * strongest(usual).alpha()


def test_the_sign_of_the_program_comes_in_every_usual_size(qapp: QApplication) -> None:
    assert {size.width() for size in app_icon().availableSizes()} >= {16, 32, 48, 256}


def test_an_unknown_name_is_a_mistake(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        pixmap("no-such-icon", QColor("black"), 18, 1.0)

"""Colours, fonts and the style sheet."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.colours import DARK, LIGHT, Colours
from pixverse_gui.ui.icons import pixmap
from pixverse_gui.ui.style_sheet import style_sheet
from pixverse_gui.ui.theme import Scheme, Theme
from pixverse_gui.ui.type_scale import MIN_CONTROL_PX, TypeScale
from tests.helpers.themes import theme

__all__ = ["theme"]

TEXT_RATIO, SHAPE_RATIO = 4.5, 3.0

TEXT_ON_GROUNDS = {
    "text": ("window", "surface", "selection", "hover", "pressed", "chip", "info_back", "warning_back", "danger_back",
             "success_back", "track"),
    "muted": ("window", "surface", "selection", "hover", "chip", "tile", "info_back", "warning_back", "danger_back",
              "success_back"),
    "success": ("success_back",),
    "warning": ("surface", "selection", "hover"),
    "danger": ("danger_back", "surface", "selection", "hover"),
    "accent_text": ("accent", "accent_hover"),
}  # fmt: skip
SHAPES_ON_GROUNDS = {
    "focus": ("window", "surface", "selection", "hover", "info_back", "chip"),
    "accent": ("window", "surface", "info_back"),
    "field_border": ("window", "surface"),
    "ring": ("accent",),
    "warning": ("warning_back",),
    "success": ("success_back",),
}


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def too_faint(colours: Colours, pairs: dict[str, tuple[str, ...]], least: float) -> list[str]:
    return [
        f"{front} on {ground}: {ratio:.2f}"
        for front, grounds in pairs.items()
        for ground in grounds
        if (ratio := contrast(getattr(colours, front), getattr(colours, ground))) < least
    ]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_every_ground_it_stands_on(colours: Colours) -> None:
    assert too_faint(colours, TEXT_ON_GROUNDS, TEXT_RATIO) == []


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_rings_bars_and_frames_stand_out(colours: Colours) -> None:
    assert too_faint(colours, SHAPES_ON_GROUNDS, SHAPE_RATIO) == []


def test_palette_and_style_sheet_are_set(theme: Theme, qapp: QApplication) -> None:
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.colours.window
    assert qapp.styleSheet() == style_sheet(theme.colours, theme.scheme, theme.fonts)
    assert "$" not in qapp.styleSheet()


def test_a_forced_scheme_stays_whatever_the_system_says(theme: Theme, qapp: QApplication) -> None:
    before = theme.scheme
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.scheme is before
    assert theme.is_dark is (before is Scheme.DARK)


@pytest.mark.parametrize("theme", [None], indirect=True)
def test_the_scheme_follows_the_system_while_the_program_runs(theme: Theme, qtbot: QtBot, qapp: QApplication) -> None:
    for told in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
        # The offscreen platform has no scheme that could be switched; this is what others say when theirs is.
        qapp.styleHints().colorSchemeChanged.emit(told)
        assert theme.is_dark is (told is Qt.ColorScheme.Dark)
        assert qapp.palette().color(QPalette.ColorRole.Window) == theme.colours.window
    with qtbot.assertNotEmitted(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    with qtbot.waitSignal(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)


def controls() -> list[QWidget]:
    box = QComboBox()
    box.addItem("One ID per line")
    buttons = [Button("Copy", kind=kind) for kind in ButtonKind]
    return [*buttons, QLineEdit(), box, QSpinBox()]


def test_controls_are_tall_enough(theme: Theme, qtbot: QtBot) -> None:
    for control in controls():
        qtbot.addWidget(control)
        control.ensurePolished()
        assert control.sizeHint().height() >= MIN_CONTROL_PX


def test_focus_moves_nothing(theme: Theme, qtbot: QtBot) -> None:
    for control in [*controls(), QCheckBox("Look at links")]:
        qtbot.addWidget(control)
        control.show()
        before = control.sizeHint()
        control.setFocus()
        control.ensurePolished()
        assert control.sizeHint() == before


def test_focus_is_visible_on_every_control(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for control in [*controls(), QCheckBox("Look at links")]:
        control.setParent(window)
        control.resize(control.sizeHint())
        control.show()
        control.clearFocus()
        before = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        assert control.hasFocus()
        assert control.grab().toImage() != before


def test_a_hint_in_an_empty_field_can_be_read(theme: Theme, qtbot: QtBot) -> None:
    for field in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(field)
        field.setPlaceholderText("Search name, ID or link")
        field.ensurePolished()
        assert field.palette().color(QPalette.ColorRole.PlaceholderText) == theme.colours.muted


def test_twice_the_text_makes_taller_controls(qapp: QApplication) -> None:
    system = qapp.font()
    small = TypeScale.of(system)
    system.setPointSizeF(small.body.pointSizeF() * 2)
    large = TypeScale.of(system)
    assert large.line_px > 1.8 * small.line_px
    assert large.control_px >= large.line_px + 16
    sheet = style_sheet(LIGHT, Scheme.LIGHT, large)
    assert f"min-height: {large.control_px - 12}px" in sheet


def test_text_is_never_smaller_than_readable(qapp: QApplication) -> None:
    tiny = qapp.font()
    tiny.setPointSizeF(4)
    assert TypeScale.of(tiny).body.pointSizeF() > 10


def test_ids_stand_in_figures_of_one_width(theme: Theme) -> None:
    metrics = QFontMetrics(theme.fonts.mono)
    assert QFontInfo(theme.fonts.mono).fixedPitch()
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_marks_of_the_style_sheet_are_there_in_the_colours_of_the_scheme(theme: Theme) -> None:
    colours = theme.colours
    for name, colour in (
        ("chevron-down", colours.muted),
        ("chevron-up", colours.muted),
        ("check", colours.accent_text),
        ("dot", colours.accent_text),
    ):
        drawn = pixmap(f"style-{name}-{theme.scheme.value}", QColor("red"), 24, 4.0).toImage()
        found = {
            drawn.pixelColor(x, y).name() for x in range(96) for y in range(96) if drawn.pixelColor(x, y).alpha() == 255
        }
        assert colour.name() in found
        assert "#ff0000" not in found
        assert f"style-{name}-{theme.scheme.value}.svg" in style_sheet(colours, theme.scheme, theme.fonts)


def test_both_schemes_name_every_colour() -> None:
    assert all(getattr(scheme, field.name).isValid() for scheme in (LIGHT, DARK) for field in fields(Colours))

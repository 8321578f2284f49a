"""The style sheet: one text, filled with the colours and sizes of the day."""

from __future__ import annotations

from dataclasses import fields
from string import Template

from PySide6.QtGui import QColor

from pixverse_gui.ui.colours import Colours, Scheme
from pixverse_gui.ui.type_scale import MIN_TARGET_PX, TypeScale

ICON_PATHS = "icons"
"""Search path (QDir) of the folder with our icons; `theme` sets it."""

# A focused control has a border of two pixels instead of one and a pixel less of padding, so nothing moves.
_TEXT = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 6px 8px; }
QLabel { background: transparent; }
QLabel[look="muted"] { color: $muted; font-size: $small; }
QLabel[look="heading"] { font-weight: bold; }
QLabel[look="title"] { font-size: $title; font-weight: bold; }
QLabel[look="mono"] { font-family: "$mono"; }
QLabel[look="danger"] { color: $danger; }
QTextEdit[look] { background: transparent; border: 2px solid transparent; border-radius: 4px; padding: 0; }
QTextEdit[look]:focus { border-color: $focus; }
QTextEdit[look="muted"] { color: $muted; font-size: $small; }
QTextEdit[look="mono"] { font-family: "$mono"; }
QLabel:disabled { color: $disabled; }
QFrame#hairline { background: $border; border: none; }
QFrame[tone] { border: 1px solid $border; border-radius: 10px; background: $info_back; }
QFrame[tone="success"] { background: $success_back; }
QFrame[tone="warning"] { background: $warning_back; }
QFrame[tone="danger"] { background: $danger_back; }
QFrame[panel="details"] { background: $surface; border: 1px solid $border; border-radius: 12px; }
""")

_BUTTONS = Template("""
QPushButton, QToolButton {
    background: $surface; color: $text; border: 1px solid $border; border-radius: 8px;
    padding: 5px 14px; min-height: $control_inner; icon-size: $icon;
}
QToolButton { padding: 5px 8px; }
QPushButton:hover, QToolButton:hover { background: $hover; border-color: $rim; }
QPushButton:pressed, QToolButton:pressed, QToolButton:open, QPushButton:open { background: $pressed; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; padding: 4px 13px; }
QToolButton:focus { padding: 4px 7px; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; background: $surface; border-color: $border; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton::menu-indicator {
    image: url($icons:style-chevron-down-$scheme.svg); width: $mark; height: $mark;
    subcontrol-origin: border; subcontrol-position: center right; right: 10px;
}
QLineEdit QToolButton { background: transparent; border: none; padding: 0; min-height: 0; }
QLineEdit QToolButton:hover, QLineEdit QToolButton:focus { background: transparent; border: none; padding: 0; }
QPushButton[kind="primary"] {
    background: $accent; color: $accent_text; border-color: $accent; font-weight: bold;
}
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent; }
QPushButton[kind="primary"]:focus { border: 2px solid $ring; }
QPushButton[kind="primary"]:disabled { background: $track; border-color: $track; color: $disabled; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: 5px 10px; }
QPushButton[kind="quiet"]:hover { background: $pressed; border-color: transparent; }
QPushButton[kind="quiet"]:pressed { background: $track; }
QPushButton[kind="quiet"]:focus { border: 2px solid $focus; padding: 4px 9px; }
QPushButton[kind="quiet"]:disabled { color: $disabled; background: transparent; border-color: transparent; }
QPushButton[kind="chip"] {
    background: $chip; color: $muted; border: 1px solid $chip; border-radius: $chip_radius;
    padding: 0 11px; min-height: $chip_inner; font-size: $small;
}
QPushButton[kind="chip"]:hover { background: $track; color: $text; }
QPushButton[kind="chip"]:checked { background: $accent; color: $accent_text; border-color: $accent; }
QPushButton[kind="chip"]:checked:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="chip"]:focus { border: 2px solid $focus; padding: 0 10px; min-height: $chip_focused; }
QPushButton[kind="chip"]:checked:focus { border-color: $ring; }
""")

_FIELDS = Template("""
QLineEdit, QSpinBox, QComboBox {
    background: $surface; color: $text; border: 1px solid $rim; border-radius: 8px; padding: 5px 11px;
    min-height: $control_inner; selection-background-color: $accent; selection-color: $accent_text;
}
QPlainTextEdit, QTextEdit {
    background: $surface; color: $text; border: 1px solid $rim; border-radius: 8px; padding: 7px 9px;
    selection-background-color: $accent; selection-color: $accent_text;
}
QLineEdit, QPlainTextEdit { placeholder-text-color: $muted; }
QLineEdit:hover, QSpinBox:hover, QComboBox:hover, QPlainTextEdit:hover { border-color: $field_border; }
QLineEdit:focus, QSpinBox:focus, QComboBox:focus { border: 2px solid $focus; padding: 4px 10px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: 6px 8px; }
QTextEdit[look] { background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 1px; }
QTextEdit[look]:focus { border-color: $focus; padding: 1px; }
QTextEdit[look="heading"] { font-weight: bold; }
QTextEdit[look="mono"] { font-family: "$mono"; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled {
    color: $disabled; background: $window; border-color: $border;
}
QComboBox { combobox-popup: 0; padding-right: $menu_room; }
QComboBox:focus { padding-right: $menu_room_focused; }
QComboBox::drop-down {
    subcontrol-origin: border; subcontrol-position: center right; width: $menu_room; border: none;
    background: transparent;
}
QComboBox::down-arrow { image: url($icons:style-chevron-down-$scheme.svg); width: $mark; height: $mark; }
QComboBox QAbstractItemView {
    background: $surface; border: 1px solid $rim; border-radius: 0; padding: 4px; outline: 0;
    selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView:focus { border-color: $rim; }
QComboBox QAbstractItemView::item { min-height: $target; padding: 0 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:selected { background: $selection; color: $text; }
QSpinBox { padding-right: $menu_room; qproperty-alignment: AlignCenter; }
QSpinBox:focus { padding-right: $menu_room_focused; }
QSpinBox::up-button, QSpinBox::down-button {
    subcontrol-origin: border; width: $spin_button; border: none; background: transparent; margin: 2px;
}
QSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-button:hover, QSpinBox::down-button:hover { background: $pressed; border-radius: 5px; }
QSpinBox::up-arrow { image: url($icons:style-chevron-up-$scheme.svg); width: $mark; height: $mark; }
QSpinBox::down-arrow { image: url($icons:style-chevron-down-$scheme.svg); width: $mark; height: $mark; }
""")

_CHOICES = Template("""
QCheckBox, QRadioButton { color: $text; background: transparent; spacing: 10px; min-height: $target; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator {
    width: $indicator; height: $indicator; border: 1px solid $field_border; background: $surface; margin: 1px;
}
QCheckBox::indicator { border-radius: 5px; }
QRadioButton::indicator { border-radius: $indicator_radius; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:checked { image: url($icons:style-check-$scheme.svg); }
QRadioButton::indicator:checked { image: url($icons:style-dot-$scheme.svg); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $focus; margin: 0; }
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus { border-color: $ring; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $border; background: $window; }
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled { background: $disabled; }
""")

_VIEWS = Template("""
QListView { background: $surface; border: 1px solid $border; border-radius: 12px; padding: 4px; outline: 0; }
QListView:focus { border-color: $focus; }
QScrollArea { border: none; background: transparent; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { background: transparent; border: none; font-weight: bold; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; border: 2px solid transparent; border-bottom: 3px solid transparent;
    padding: 8px 6px 7px 6px; margin-right: 14px; min-height: $line;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:selected:focus { border-color: $focus; border-radius: 6px; }
QMenu { background: $surface; color: $text; border: 1px solid $rim; padding: 5px; }
QMenu::item { padding: 0 20px 0 12px; min-height: $target; border-radius: 6px; background: transparent; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::icon { padding-left: 10px; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QProgressBar {
    background: $track; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QScrollBar:vertical { background: transparent; width: 14px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 14px; margin: 0; }
QScrollBar::handle { background: $rim; border-radius: 4px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 40px; }
QScrollBar::handle:horizontal { min-width: 40px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $field_border; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
""")

_MARK_PX, _INDICATOR_PX = 16, 18
# What stands around the content of a control: a border of one pixel and five of padding, above and below.
_FRAME_PX = 2 * (1 + 5)


def style_sheet(colours: Colours, scheme: Scheme, fonts: TypeScale) -> str:
    """All rules, for `QApplication.setStyleSheet`. Heights follow the font, so larger text is never cut."""
    chip = max(MIN_TARGET_PX, fonts.small_line_px + 12)
    mark = max(_MARK_PX, round(fonts.line_px * 0.9))
    indicator = max(_INDICATOR_PX, fonts.line_px)
    values = {field.name: _css(getattr(colours, field.name)) for field in fields(colours)}
    values |= {
        "icons": ICON_PATHS,
        "scheme": scheme.value,
        "small": f"{fonts.small.pointSizeF():.2f}pt",
        "title": f"{fonts.title.pointSizeF():.2f}pt",
        "mono": fonts.mono.family(),
        "control_inner": f"{fonts.control_px - _FRAME_PX}px",
        "icon": f"{fonts.icon_px}px",
        "line": f"{fonts.line_px}px",
        "target": f"{max(MIN_TARGET_PX, fonts.line_px + 12)}px",
        "mark": f"{mark}px",
        "indicator": f"{indicator}px",
        "indicator_radius": f"{indicator // 2 + 1}px",
        "menu_room": f"{mark + 18}px",
        "menu_room_focused": f"{mark + 17}px",
        "spin_button": f"{mark + 12}px",
        "chip_inner": f"{chip - 2}px",
        "chip_focused": f"{chip - 4}px",
        "chip_radius": f"{chip // 2}px",
    }
    return "".join(part.substitute(values) for part in (_BUTTONS, _FIELDS, _CHOICES, _VIEWS, _TEXT))


def _css(colour: QColor) -> str:
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {colour.alpha()})"

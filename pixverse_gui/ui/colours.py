"""Colours: the light and the dark scheme, as values.

The first window needs them. Nothing here may touch the `Qt` namespace: PySide6 builds all its enums at the first touch,
which takes as long as a tenth of the whole start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QGuiApplication, QPalette

_HALF_LIGHT = 128


class Scheme(StrEnum):
    """Which of the two sets of colours is on."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme. `*_back` is the ground under text of the same name; `text`, `muted` and the tones are for
    text; `ring` is the focus ring of what is filled with the accent.

    Every text colour has a contrast of at least 4.5:1 on each ground that it is used on (WCAG 2.2, 1.4.3), borders of
    fields and the focus ring at least 3:1 (1.4.11); the tests compute both.
    """

    window: QColor
    surface: QColor
    border: QColor
    rim: QColor
    field_border: QColor
    text: QColor
    muted: QColor
    accent: QColor
    accent_hover: QColor
    accent_text: QColor
    selection: QColor
    hover: QColor
    pressed: QColor
    success: QColor
    success_back: QColor
    warning: QColor
    warning_back: QColor
    danger: QColor
    danger_back: QColor
    info_back: QColor
    track: QColor
    focus: QColor
    ring: QColor
    chip: QColor
    tile: QColor
    disabled: QColor


LIGHT = Colours(
    window=QColor("#f5f6f8"),
    surface=QColor("#ffffff"),
    border=QColor("#e1e4ea"),
    rim=QColor("#c3c9d4"),
    field_border=QColor("#868e9c"),
    text=QColor("#171a20"),
    muted=QColor("#596273"),
    accent=QColor("#2f61ec"),
    accent_hover=QColor("#2452d6"),
    accent_text=QColor("#ffffff"),
    selection=QColor("#e8eeff"),
    hover=QColor("#f6f8fb"),
    pressed=QColor("#e9ecf2"),
    success=QColor("#0a6b45"),
    success_back=QColor("#e0f4ea"),
    warning=QColor("#855100"),
    warning_back=QColor("#fff4dc"),
    danger=QColor("#ab1f24"),
    danger_back=QColor("#fde8e8"),
    info_back=QColor("#eaf0ff"),
    track=QColor("#e6e9ef"),
    focus=QColor("#2f61ec"),
    ring=QColor("#171a20"),
    chip=QColor("#e9ecf2"),
    tile=QColor("#eef0f4"),
    disabled=QColor("#9aa1ae"),
)

DARK = Colours(
    window=QColor("#16181d"),
    surface=QColor("#1e2127"),
    border=QColor("#2f343d"),
    rim=QColor("#464d59"),
    field_border=QColor("#7c8594"),
    text=QColor("#eceef2"),
    muted=QColor("#a3abb9"),
    accent=QColor("#6a8efb"),
    accent_hover=QColor("#86a4ff"),
    accent_text=QColor("#0d1222"),
    selection=QColor("#232e49"),
    hover=QColor("#242830"),
    pressed=QColor("#2f343d"),
    success=QColor("#58d6a4"),
    success_back=QColor("#17352a"),
    warning=QColor("#f2c25f"),
    warning_back=QColor("#3a2f17"),
    danger=QColor("#ff9a94"),
    danger_back=QColor("#452422"),
    info_back=QColor("#222b42"),
    track=QColor("#313640"),
    focus=QColor("#7598ff"),
    ring=QColor("#ffffff"),
    chip=QColor("#2a2e36"),
    tile=QColor("#292d35"),
    disabled=QColor("#676e7b"),
)


def colours_of(scheme: Scheme) -> Colours:
    """The set of a scheme."""
    return DARK if scheme is Scheme.DARK else LIGHT


def system_colours(app: QGuiApplication) -> Colours:
    """Those of the scheme that the system wants now, as its palette has it: asking for its name touches `Qt`."""
    is_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < _HALF_LIGHT
    return DARK if is_dark else LIGHT


def palette_of(colours: Colours) -> QPalette:
    """The same colours for what Qt draws by itself: dialogs of the style, selections in text, links."""
    roles = QPalette.ColorRole
    palette = QPalette()  # made of a colour it would touch `Qt`; every role that has a colour is set here
    for role, colour in {
        roles.Window: colours.window,
        roles.WindowText: colours.text,
        roles.Base: colours.surface,
        roles.AlternateBase: colours.hover,
        roles.Text: colours.text,
        roles.PlaceholderText: colours.muted,
        roles.Button: colours.surface,
        roles.ButtonText: colours.text,
        roles.BrightText: colours.danger,
        roles.ToolTipBase: colours.surface,
        roles.ToolTipText: colours.text,
        roles.Highlight: colours.accent,
        roles.HighlightedText: colours.accent_text,
        roles.Accent: colours.accent,
        roles.Link: colours.accent,
        roles.LinkVisited: colours.accent,
        roles.Light: colours.surface,
        roles.Midlight: colours.hover,
        roles.Mid: colours.border,
        roles.Dark: colours.field_border,
        roles.Shadow: colours.field_border,
    }.items():
        palette.setColor(role, colour)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, colours.disabled)
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, colours.pressed)
    palette.setColor(QPalette.ColorGroup.Disabled, roles.HighlightedText, colours.disabled)
    return palette

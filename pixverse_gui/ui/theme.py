"""The look of the program: colours, fonts and the style sheet, following the system."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from pixverse_gui.ui.colours import Colours, Scheme, colours_of, palette_of
from pixverse_gui.ui.style_sheet import ICON_PATHS, style_sheet
from pixverse_gui.ui.type_scale import TypeScale

__all__ = ["Colours", "Scheme", "Theme"]


class Theme(QObject):
    """Made once, before the first widget. `forced` keeps to one scheme whatever the system says.

    `changed`: colours are other ones now; palette and style sheet are set already, painters fetch theirs anew.
    """

    changed = Signal()

    def __init__(self, app: QApplication, forced: Scheme | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._forced = forced
        # Some desktops tell no scheme but do have a palette; asked before ours is set.
        self._was_dark = _is_dark(app.palette())
        self._scheme = self._wanted(app.styleHints().colorScheme())
        self.fonts = TypeScale.of(app.font())
        # A plain folder: the package is never run from inside an archive.
        QDir.setSearchPaths(ICON_PATHS, [str(files("pixverse_gui.resources.icons"))])
        app.setStyle("Fusion")
        app.setFont(self.fonts.body)
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def colours(self) -> Colours:
        return colours_of(self._scheme)

    @property
    def scheme(self) -> Scheme:
        return self._scheme

    @property
    def is_dark(self) -> bool:
        return self._scheme is Scheme.DARK

    def _follow(self, told: Qt.ColorScheme) -> None:
        scheme = self._wanted(told)
        if scheme is not self._scheme:
            self._scheme = scheme
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        self._app.setPalette(palette_of(self.colours))
        self._app.setStyleSheet(style_sheet(self.colours, self._scheme, self.fonts))

    def _wanted(self, told: Qt.ColorScheme) -> Scheme:
        is_dark = self._was_dark if told is Qt.ColorScheme.Unknown else told is Qt.ColorScheme.Dark
        return self._forced or (Scheme.DARK if is_dark else Scheme.LIGHT)


def _is_dark(palette: QPalette) -> bool:
    text = palette.color(QPalette.ColorRole.WindowText)
    return text.lightness() > palette.color(QPalette.ColorRole.Window).lightness()

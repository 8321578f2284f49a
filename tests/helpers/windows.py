"""The whole window over an engine of its own: what the operator presses, and what she reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.background.history_source import HistorySource
from pixverse_gui.core.history_reader import HistoryReader
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.secret import Secret
from pixverse_gui.ui.banner import Banner
from pixverse_gui.ui.main_view import MainView
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.progress_content import ProgressButton
from pixverse_gui.ui.theme import Scheme, Theme
from pixverse_gui.ui.thumbnail_store import ThumbnailStore
from pixverse_gui.ui.window_wiring import WindowWiring
from tests.helpers.engines import KEY, QUICK, World, open_world


class Shown:
    """A window on the (offscreen) screen and everything under it."""

    def __init__(self, world: World, theme: Theme) -> None:
        self.world, self.engine, self.qtbot = world, world.engine, world.qtbot
        self.history = HistorySource(world.tasks, world.engine)
        thumbnails = ThumbnailStore(lambda _: None, world.tasks, world.engine)
        self.window = MainWindow()
        self.view = MainView(world.engine, self.history, thumbnails, theme)
        self.wiring = WindowWiring(self.view, world.engine, self.window)
        self.window.show_view(self.view)
        self.panel, self.desk = self.view.upload_panel, self.view.desk

    def open(self) -> None:
        """Show the window, open the journal and its History."""
        self.window.show()
        self.world.open()
        readers: list[HistoryReader] = []
        self.engine.writer.run(lambda journal: journal.history_reader(), done=readers.append, failed=lambda _: None)
        self.world.wait(lambda: bool(readers))
        self.history.attach(readers[0])
        self.view.history_model.load()

    def close(self) -> None:
        self.history.close()
        self.window.may_close = True
        self.window.close()

    @property
    def line(self) -> str:
        """What the line under the list says."""
        return self.panel.progress.text

    def wait_line(self, text: str) -> None:
        self.world.wait(lambda: self.line == text)

    def press(self, which: ProgressButton) -> None:
        """A button of that line, once it is there."""
        button = self.panel.progress.button(which)
        self.world.wait(lambda: not button.isHidden() and button.isEnabled())
        button.click()

    @property
    def banner(self) -> str:
        """Title and text of the banner; "" while there is none."""
        return said(self.view.state_banner)

    def press_banner(self, text: str) -> None:
        """A button of the banner, once it is there."""
        self.world.wait(lambda: any(one.text() == text for one in self.banner_buttons()))
        next(one for one in self.banner_buttons() if one.text() == text).click()

    def banner_buttons(self) -> list[QAbstractButton]:
        banner = self.view.state_banner
        return [] if banner.isHidden() else list(banner.buttons)

    def select(self, *labels: str) -> None:
        """Select the rows of these names."""
        view = self.panel.list
        view.clearSelection()
        flag = view.selectionModel().SelectionFlag.Select
        for place in range(self.panel.filter.rowCount()):
            index = self.panel.filter.index(place, 0)
            if index.data() in labels:
                view.selectionModel().select(index, flag)


def said(widget: Banner) -> str:
    """What a banner says; "" while it is hidden."""
    if widget.isHidden():
        return ""
    return " ".join(label.text() for label in widget.findChildren(PlainLabel) if label.text())


def button_named(widget: QWidget, text: str) -> QAbstractButton:
    """The visible button with this text."""
    return next(one for one in widget.findChildren(QAbstractButton) if one.text() == text and not one.isHidden())


@contextmanager
def open_window(
    folder: Path, qtbot: QtBot, *, limits: Limits = QUICK, key: Secret | None = KEY, opened: bool = True
) -> Iterator[Shown]:
    """A window that is taken down at the end; afterwards the application looks as before."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    palette, font, style, locale = app.palette(), app.font(), app.style().objectName(), QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    theme = Theme(app, Scheme.LIGHT)
    try:
        with open_world(folder, qtbot, limits=limits, key=key, opened=False) as world:
            shown = Shown(world, theme)
            if opened:
                shown.open()
            try:
                yield shown
            finally:
                shown.close()
        # Not before the engine has ended: what is on its way still tells the window.
        shown.window.deleteLater()
    finally:
        theme.deleteLater()
        QLocale.setDefault(locale)
        app.setStyleSheet("")
        app.setStyle(style)
        app.setFont(font)
        app.setPalette(palette)

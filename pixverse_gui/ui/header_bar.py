"""The top row: ways in at the left, account and settings at the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from pixverse_gui.ui import messages
from pixverse_gui.ui.account_menu import AccountButton
from pixverse_gui.ui.buttons import Button
from pixverse_gui.ui.icons import icon
from pixverse_gui.ui.theme import Theme


class HeaderBar(QWidget):
    """Signals say what was asked for; nothing is done here."""

    add_images = Signal()
    add_folder = Signal()
    add_links = Signal()
    paste = Signal()
    settings = Signal()

    def __init__(self, account: AccountButton, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._images = Button(messages.ADD_IMAGES)
        self._images.clicked.connect(self.add_images)
        self._more = QToolButton()
        self._more.setAccessibleName(messages.MORE_WAYS_NAME)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._more)
        folder = QAction(messages.ADD_FOLDER, menu)
        folder.triggered.connect(self.add_folder)
        menu.addAction(folder)
        self._more.setMenu(menu)
        self._links = Button(messages.ADD_LINKS)
        self._links.clicked.connect(self.add_links)
        self._paste = Button(messages.PASTE)
        self._paste.clicked.connect(self.paste)
        self._settings = Button(messages.SETTINGS)
        self._settings.clicked.connect(self.settings)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        pair = QHBoxLayout()
        pair.setSpacing(2)
        pair.addWidget(self._images)
        pair.addWidget(self._more)
        row.addLayout(pair)
        row.addWidget(self._links)
        row.addWidget(self._paste)
        row.addStretch(1)
        row.addWidget(account)
        row.addWidget(self._settings)
        theme.changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        text = self._theme.colours.text
        self._images.show_icon("add", text)
        self._more.setIcon(icon("chevron-down", text))
        self._links.show_icon("link", text)
        self._paste.show_icon("paste", text)
        self._settings.show_icon("settings", text)

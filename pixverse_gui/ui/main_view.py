"""What stands in the window: header, tabs, banners, the two panels, details, copy bar."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from pixverse_gui.background.account import KeySource
from pixverse_gui.background.engine import Engine
from pixverse_gui.background.history_source import HistorySource
from pixverse_gui.core.errors import AccountRefusedError
from pixverse_gui.core.models import Upload
from pixverse_gui.ui import messages
from pixverse_gui.ui.account_menu import AccountButton, AccountView
from pixverse_gui.ui.banner import Banner
from pixverse_gui.ui.clipboard import ClipboardWriter
from pixverse_gui.ui.copy_bar import CopyBar
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.details_drawer import DetailsDrawer
from pixverse_gui.ui.drop_overlay import DropOverlay
from pixverse_gui.ui.header_bar import HeaderBar
from pixverse_gui.ui.history_model import HistoryModel
from pixverse_gui.ui.history_panel import HistoryPanel
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.thumbnail_store import ThumbnailStore
from pixverse_gui.ui.upload_desk import UploadDesk
from pixverse_gui.ui.upload_model import UploadModel
from pixverse_gui.ui.upload_panel import UploadPanel

UPLOAD_TAB, HISTORY_TAB = range(2)
_MARGIN = 16


class MainView(QWidget):
    """Lays the parts out. What they do to each other is wired in `window_wiring`."""

    def __init__(self, engine: Engine, history: HistorySource, thumbnails: ThumbnailStore, theme: Theme) -> None:
        super().__init__()
        self.engine, self.theme, self.thumbnails = engine, theme, thumbnails
        self.account_button = AccountButton()
        self.header = HeaderBar(self.account_button, theme)
        self.tabs = QTabBar()
        self.state_banner, self.mode_banner = Banner(theme), Banner(theme)
        self.model = UploadModel(engine.rows, self._live, self)
        self.delegate = RowDelegate(theme, thumbnails.pixmap, glance_of=thumbnails.glance)
        self.upload_panel = UploadPanel(self.model, self.delegate, theme)
        self.history_model = HistoryModel(history, Dates(), self)
        self.history_panel = HistoryPanel(
            self.history_model, history, RowDelegate(theme, thumbnails.pixmap, for_history=True), theme
        )
        self.details = DetailsDrawer()
        self.clipboard = ClipboardWriter(QGuiApplication.clipboard(), self)
        self.copy_bar = CopyBar(self.clipboard)
        self.pages = QStackedWidget()
        self._build()
        self.overlay = DropOverlay(self)
        self.desk = UploadDesk(engine, self.upload_panel, self.model)
        engine.account.changed.connect(self._show_account)
        self._show_account()

    def show_counts(self) -> None:
        """Numbers in the tabs."""
        self.tabs.setTabText(UPLOAD_TAB, messages.upload_tab(len(self.engine.rows)))
        self.tabs.setTabText(HISTORY_TAB, messages.history_tab(self.history_model.total))

    def show_details(self, upload: Upload | None) -> None:
        """The panel at the right, or None to put it away."""
        if upload is None:
            self.details.close_it()
        else:
            sha256 = upload.facts.sha256 if upload.facts else None
            self.details.open_for(upload, self.thumbnails.pixmap(sha256) if sha256 else None)

    def open_page(self, link: str) -> None:
        """In the browser; https only, whatever a server or a file asked for."""
        url = QUrl(link, QUrl.ParsingMode.StrictMode)
        if url.isValid() and url.scheme() == "https":
            QDesktopServices.openUrl(url)

    def on_history(self) -> bool:
        """Whether the History tab is in front."""
        return self.tabs.currentIndex() == HISTORY_TAB

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Qt asks here for the next control on Tab, and also when the one that has the focus goes away.

        Then the list gets it: what happens to stand next is the form of copying, and an arrow key would change that.
        """
        leaving = QApplication.focusWidget()
        if leaving is None or (leaving.isVisible() and leaving.isEnabled()):
            return super().focusNextPrevChild(is_next)
        shown = (self.history_panel if self.on_history() else self.upload_panel).list
        (shown if shown.isVisible() else self).setFocus()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.details.isVisible():
            self.details.closed.emit()
        else:
            super().keyPressEvent(event)

    def _live(self, key: int) -> LiveProgress | None:
        return self.desk.live(key)

    def _show_account(self) -> None:
        account = self.engine.account
        self.account_button.set_state(
            AccountView(
                connected=account.source not in {KeySource.NONE, KeySource.PRACTICE},
                credits=account.credits,
                last4=account.key.last4 if account.key else None,
                source=account.source,
                busy=account.is_busy,
                refused=isinstance(account.problem, AccountRefusedError),
            )
        )

    def _build(self) -> None:
        self.tabs.setAccessibleName(messages.TABS_NAME)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab(messages.upload_tab(0))
        self.tabs.addTab(messages.history_tab(0))
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.pages.addWidget(self.upload_panel)
        self.pages.addWidget(self.history_panel)
        self.mode_banner.hide()
        self.state_banner.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_inset(self.header, top=12, bottom=8))
        column.addWidget(_inset(self.tabs, top=4, bottom=0))
        column.addWidget(_hairline())
        column.addLayout(self._middle(), 1)
        column.addWidget(_inset(self.copy_bar, top=4, bottom=12))

    def _middle(self) -> QVBoxLayout:
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(self.pages, 1)
        across.addWidget(self.details)
        middle = QVBoxLayout()
        middle.setContentsMargins(_MARGIN, 12, _MARGIN, 8)
        middle.setSpacing(12)
        middle.addWidget(self.mode_banner)
        middle.addWidget(self.state_banner)
        middle.addLayout(across, 1)
        return middle


def _inset(widget: QWidget, *, top: int, bottom: int) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(_MARGIN, top, _MARGIN, bottom)
    row.addWidget(widget)
    return holder


def _hairline() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    return line

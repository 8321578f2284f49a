"""Which part of the window tells which: built once beside a MainWindow, holds no state of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from pixverse_gui.background.engine import Engine
from pixverse_gui.background.queue_state import Phase
from pixverse_gui.core.intake import PathIntake
from pixverse_gui.core.models import Upload
from pixverse_gui.core.service_address import is_loopback
from pixverse_gui.core.settings import Settings
from pixverse_gui.ui.adding import Adding
from pixverse_gui.ui.closing import Closing
from pixverse_gui.ui.copying import Copying
from pixverse_gui.ui.drop_reader import Offer
from pixverse_gui.ui.drop_target import DropTarget
from pixverse_gui.ui.key_desk import KeyDesk
from pixverse_gui.ui.main_view import HISTORY_TAB, UPLOAD_TAB, MainView
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.messages_adding import gathered_line
from pixverse_gui.ui.messages_dialogs import KEY_PAGE
from pixverse_gui.ui.notice_board import NoticeBoard
from pixverse_gui.ui.notices import NoticeAction
from pixverse_gui.ui.row_actions import link_of
from pixverse_gui.ui.settings_dialog import SettingsDialog
from pixverse_gui.ui.shortcuts import install_shortcuts


class WindowWiring(QObject):
    """`practice_wanted`, `real_wanted`: the other kind of program is asked for. `samples_wanted`: add the samples."""

    practice_wanted = Signal()
    real_wanted = Signal()
    samples_wanted = Signal()

    def __init__(self, view: MainView, engine: Engine, frame: MainWindow) -> None:
        super().__init__(view)
        self._window, self._engine, self._frame = view, engine, frame
        window = view
        self.adding = Adding(
            window,
            engine.intake,
            engine.preferences,
            engine.limits,
            allow_loopback=lambda: is_loopback(engine.account.api_url),
            say=self._say,
        )
        self.keys = KeyDesk(window, engine.account, window.open_page)
        self.closing = Closing(engine, window.desk, self._keep_place)
        self.board = NoticeBoard(
            engine, state=window.state_banner, mode=window.mode_banner, actions=self._notice_actions()
        )
        self.closing.board = self.board
        self.copying = Copying(
            window.copy_bar,
            window.upload_panel,
            window.history_panel,
            counts=engine.rows.counts,
            preferences=engine.preferences,
        )
        self._drops = DropTarget(window, window.overlay, self.adding.takes_link)
        self._connect()
        install_shortcuts(window, self._keys())
        self.board.refresh()

    def _connect(self) -> None:
        window, engine = self._window, self._engine
        header, panel, desk = window.header, window.upload_panel, window.desk
        header.add_images.connect(self.adding.pick_images)
        header.add_folder.connect(self.adding.pick_folder)
        header.add_links.connect(self.adding.ask_for_links)
        header.paste.connect(self.adding.paste)
        header.settings.connect(self._open_settings)
        panel.empty.add_images.connect(self.adding.pick_images)
        panel.empty.add_folder.connect(self.adding.pick_folder)
        panel.empty.add_links.connect(self.adding.ask_for_links)
        self._drops.offered.connect(self._dropped)
        desk.refreshed.connect(self._refreshed)
        desk.started.connect(lambda: self._say(""))
        desk.copy_wanted.connect(self.copying.copy_rows)
        desk.link_wanted.connect(self._open_link)
        desk.details_wanted.connect(self._toggle_details)
        engine.staging.staged.connect(lambda _: window.tabs.setCurrentIndex(UPLOAD_TAB))
        engine.intake.gathered.connect(self._say_left_out)
        window.thumbnails.arrived.connect(window.upload_panel.list.repaint_pictures)
        self._frame.closing.connect(self.closing.ask)
        window.tabs.currentChanged.connect(self._tab_changed)
        self._connect_details()
        self._connect_account()
        self._connect_history()

    def _connect_details(self) -> None:
        details, window = self._window.details, self._window
        details.closed.connect(self._close_details)
        details.copy_wanted.connect(window.copy_bar.copy_text)
        details.link_wanted.connect(window.open_page)
        window.upload_panel.selection_changed.connect(self._follow_selection)
        window.thumbnails.arrived.connect(lambda _: self._follow_selection())
        self._engine.rows.changed.connect(self._follow_row)

    def _connect_account(self) -> None:
        button = self._window.account_button
        button.connect_requested.connect(self.keys.open)
        button.check_requested.connect(self._engine.account.refresh)
        button.forget_requested.connect(self._forget_key)
        button.leave_practice_requested.connect(self.real_wanted)

    def _connect_history(self) -> None:
        """The History tab listens to the sender: new results appear at its top."""
        window = self._window
        panel, model = window.history_panel, window.history_model
        self._engine.flights.arrived.connect(lambda row: model.prepend([row]))
        panel.copy_requested.connect(self.copying.copy_rows)
        panel.open_link.connect(window.open_page)
        panel.details_requested.connect(self._toggle_details)
        panel.removal_requested.connect(partial(self._hide, hidden=True))
        panel.undo_requested.connect(partial(self._hide, hidden=False))
        panel.selection_changed.connect(self._follow_selection)
        model.counted.connect(window.show_counts)
        window.thumbnails.arrived.connect(panel.list.repaint_pictures)

    def _keys(self) -> dict[str, Callable[[], object]]:
        window, desk = self._window, self._window.desk
        return {
            "Ctrl+O": self.adding.pick_images,
            "Ctrl+Shift+O": self.adding.pick_folder,
            "Ctrl+L": self.adding.ask_for_links,
            "Ctrl+V": self.adding.paste,
            "Ctrl+Return|Ctrl+Enter": desk.upload,
            "Ctrl+P": desk.pause_or_continue,
            "Ctrl+R": desk.retry_failed,
            "Ctrl+C": window.copy_bar.copy,
            "Ctrl+Shift+C": window.copy_bar.choose_format,
            "Ctrl+F": self._search,
            "Ctrl+1": lambda: window.tabs.setCurrentIndex(UPLOAD_TAB),
            "Ctrl+2": lambda: window.tabs.setCurrentIndex(HISTORY_TAB),
        }

    def _notice_actions(self) -> dict[NoticeAction, Callable[[], object]]:
        queue, account = self._engine.queue, self._engine.account
        return {
            NoticeAction.ENTER_KEY: self.keys.open,
            NoticeAction.FIND_KEY: partial(self._window.open_page, KEY_PAGE),
            NoticeAction.PRACTISE: self.practice_wanted.emit,
            NoticeAction.LEAVE_PRACTICE: self.real_wanted.emit,
            NoticeAction.ADD_SAMPLES: self.samples_wanted.emit,
            NoticeAction.LOAD_KEY: account.load,
            NoticeAction.CONTINUE: queue.resume,
            NoticeAction.REVIEW: queue.stop,
            NoticeAction.STOP: queue.stop,
            NoticeAction.SAVE_AGAIN: queue.resume,
            NoticeAction.FINISH_THEN_CLOSE: self.closing.finish_first,
            NoticeAction.CLOSE_NOW: self.closing.close_now,
            NoticeAction.KEEP_OPEN: self.closing.keep_open,
        }

    def _say(self, text: str) -> None:
        self.board.note(text)

    def _dropped(self, offer: Offer) -> None:
        self.adding.take(offer)

    def _say_left_out(self, found: PathIntake) -> None:
        line = gathered_line(
            len(found.sources),
            left_out=len(found.left_out),
            unreadable=[Path(folder).name for folder in found.unreadable],
            empty=[Path(folder).name for folder in found.folders],
            is_cut_short=found.is_cut_short,
        )
        if line:
            self._say(line)

    def _refreshed(self) -> None:
        window = self._window
        window.show_counts()
        self.copying.show_scope()
        # One next step at a time: while something is ready and nothing is on its way, that is Upload.
        upload_is_next = self._engine.rows.counts().ready > 0 and self._engine.queue.phase is Phase.IDLE
        window.copy_bar.set_primary(window.on_history() or not upload_is_next)

    def _tab_changed(self, _: int) -> None:
        self.copying.switch(to_history=self._window.on_history())
        self._refreshed()
        self._follow_selection()

    def _search(self) -> None:
        self._window.tabs.setCurrentIndex(HISTORY_TAB)
        self._window.history_panel.focus_search()

    def _current(self) -> Upload | None:
        window = self._window
        rows = window.history_panel.list.selected_uploads() if window.on_history() else window.upload_panel.selected()
        return rows[0] if len(rows) == 1 else None

    def _toggle_details(self, upload: Upload) -> None:
        shown = self._window.details.upload
        same = self._window.details.isVisible() and shown is not None and shown.key == upload.key
        self._window.show_details(None if same else upload)

    def _close_details(self) -> None:
        window = self._window
        focused = QApplication.focusWidget()
        window.show_details(None)
        if focused is not None and window.details.isAncestorOf(focused):
            (window.history_panel if window.on_history() else window.upload_panel).list.setFocus()

    def _follow_selection(self) -> None:
        current = self._current()
        if self._window.details.isVisible() and current is not None:
            self._window.show_details(current)

    def _follow_row(self, row: Upload) -> None:
        shown = self._window.details.upload
        if self._window.details.isVisible() and shown is not None and shown.key == row.key:
            self._window.show_details(row)

    def _open_link(self, upload: Upload) -> None:
        link = link_of(upload)
        if link is not None:
            self._window.open_page(link)

    def _hide(self, keys: list[int], *, hidden: bool) -> None:
        self._engine.writer.run(
            lambda journal: journal.set_hidden(keys, hidden),
            done=lambda _: None,
            failed=lambda _: self._window.history_model.load(),
        )

    def _forget_key(self) -> None:
        self._engine.account.forget(lambda _: None)

    def _open_settings(self) -> None:
        folder = self._engine.given.folder.path
        dialog = SettingsDialog(self._engine.preferences.value, str(folder), parent=self._window)
        dialog.settings_saved.connect(self._settings_saved)
        dialog.open_folder_requested.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _settings_saved(self, settings: Settings) -> None:
        self._engine.preferences.set(settings)
        if self._engine.given.api_url is None and settings.api_url != self._engine.account.api_url:
            self._engine.account.change_service(settings.api_url)

    def _keep_place(self) -> None:
        self._engine.preferences.update(window_geometry=self._frame.place())

"""Which part of the window tells which: built once beside a MainWindow, holds no state of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from pixverse_gui.background.engine import Engine
from pixverse_gui.background.queue_state import Phase
from pixverse_gui.core.models import Upload
from pixverse_gui.core.service_address import is_loopback
from pixverse_gui.core.settings import Settings
from pixverse_gui.ui import messages
from pixverse_gui.ui.adding import Adding
from pixverse_gui.ui.closing import Closing
from pixverse_gui.ui.copying import Copying
from pixverse_gui.ui.details_desk import DetailsDesk
from pixverse_gui.ui.drop_reader import Offer
from pixverse_gui.ui.drop_target import DropTarget
from pixverse_gui.ui.folders import open_folder
from pixverse_gui.ui.key_desk import KeyDesk
from pixverse_gui.ui.left_out_desk import LeftOutDesk
from pixverse_gui.ui.main_view import HISTORY_TAB, UPLOAD_TAB, MainView
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.messages_dialogs import KEY_PAGE
from pixverse_gui.ui.notice_board import NoticeBoard
from pixverse_gui.ui.notices import NoticeAction, Tone
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
        self._view, self._engine, self._frame = view, engine, frame
        self.adding = Adding(
            view,
            engine.intake,
            engine.preferences,
            engine.limits,
            allow_loopback=lambda: is_loopback(engine.account.api_url),
            say=self._say,
        )
        self.keys = KeyDesk(view, engine.account, view.open_page)
        self.closing = Closing(engine, view.desk, self._keep_place)
        self.left_out = LeftOutDesk(engine, view.desk.removing, view)
        self.board = NoticeBoard(engine, state=view.state_banner, mode=view.mode_banner, actions=self._notice_actions())
        self.closing.board = self.left_out.board = self.board
        self.copying = Copying(
            view.copy_bar,
            view.upload_panel,
            view.history_panel,
            counts=engine.rows.counts,
            preferences=engine.preferences,
        )
        self.details = DetailsDesk(view, engine)
        self._drops = DropTarget(view, view.overlay, self.adding.takes_link)
        self._connect()
        install_shortcuts(view, self._keys())
        self.board.refresh()

    def _connect(self) -> None:
        view, engine = self._view, self._engine
        header, panel, desk = view.header, view.upload_panel, view.desk
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
        desk.refreshed.connect(self.board.refresh)  # its sentences have counts and countdowns in them
        desk.started.connect(lambda: self._say(""))
        desk.copy_wanted.connect(self.copying.copy_rows)
        desk.link_wanted.connect(self._open_link)
        desk.details_wanted.connect(self.details.toggle)
        self.adding.began.connect(partial(view.tabs.setCurrentIndex, UPLOAD_TAB))
        view.thumbnails.arrived.connect(view.upload_panel.list.repaint_pictures)
        engine.staging.glanced.connect(view.thumbnails.take_glances)
        self._frame.closing.connect(self.closing.ask)
        engine.preferences.not_saved.connect(lambda _: self.board.note(messages.SETTINGS_NOT_SAVED, tone=Tone.WARNING))
        view.tabs.currentChanged.connect(self._tab_changed)
        self._connect_account()
        self._connect_history()

    def _connect_account(self) -> None:
        button = self._view.account_button
        button.connect_requested.connect(self.keys.open)
        button.check_requested.connect(self._engine.account.refresh)
        button.forget_requested.connect(self._forget_key)
        button.leave_practice_requested.connect(self.real_wanted)
        button.log_requested.connect(partial(open_folder, self._engine.given.folder.log))

    def _connect_history(self) -> None:
        """The History tab listens to the sender: new results appear at its top."""
        view = self._view
        panel, model = view.history_panel, view.history_model
        for arrived in (self._engine.flights.arrived, self._engine.flights.arrived_late):
            arrived.connect(lambda row: model.prepend([row]))
        panel.copy_requested.connect(self.copying.copy_rows)
        panel.open_link.connect(view.open_page)
        panel.details_requested.connect(self.details.toggle)
        panel.removal_requested.connect(partial(self._hide, hidden=True))
        panel.undo_requested.connect(partial(self._hide, hidden=False))
        model.counted.connect(view.show_counts)
        view.thumbnails.arrived.connect(panel.list.repaint_pictures)

    def _keys(self) -> dict[str, Callable[[], object]]:
        view, desk = self._view, self._view.desk
        return {
            "Ctrl+O": self.adding.pick_images,
            "Ctrl+Shift+O": self.adding.pick_folder,
            "Ctrl+L": self.adding.ask_for_links,
            "Ctrl+V": self.adding.paste,
            "Ctrl+Return|Ctrl+Enter": desk.upload,
            "Ctrl+P": desk.pause_or_continue,
            "Ctrl+R": desk.retry_failed,
            "Ctrl+C": view.copy_bar.copy,
            "Ctrl+Shift+C": view.copy_bar.choose_format,
            "Ctrl+F": self._search,
            "Ctrl+1": lambda: view.tabs.setCurrentIndex(UPLOAD_TAB),
            "Ctrl+2": lambda: view.tabs.setCurrentIndex(HISTORY_TAB),
        }

    def _notice_actions(self) -> dict[NoticeAction, Callable[[], object]]:
        queue, account = self._engine.queue, self._engine.account
        return {
            NoticeAction.ENTER_KEY: self.keys.open,
            NoticeAction.FIND_KEY: partial(self._view.open_page, KEY_PAGE),
            NoticeAction.PRACTISE: self.practice_wanted.emit,
            NoticeAction.LEAVE_PRACTICE: self.real_wanted.emit,
            NoticeAction.ADD_SAMPLES: self._want_samples,
            NoticeAction.LOAD_KEY: account.load,
            NoticeAction.CONTINUE: queue.resume,
            NoticeAction.REVIEW: queue.stop,
            NoticeAction.STOP: queue.stop,
            NoticeAction.DISCARD: self._view.desk.discard_waiting,
            NoticeAction.SHOW_LIST: self.left_out.show_list,
            NoticeAction.UNDO: self.left_out.undo,
            NoticeAction.SHOW_FILE: partial(open_folder, self._engine.given.folder.path),
            NoticeAction.SAVE_AGAIN: self._engine.writer.retry_now,
            NoticeAction.FINISH_THEN_CLOSE: self.closing.finish_first,
            NoticeAction.CLOSE_NOW: self.closing.close_now,
            NoticeAction.KEEP_OPEN: self.closing.keep_open,
        }

    def _want_samples(self) -> None:
        self._view.tabs.setCurrentIndex(UPLOAD_TAB)
        self.samples_wanted.emit()

    def _say(self, text: str) -> None:
        self.board.note(text)

    def _dropped(self, offer: Offer) -> None:
        self.adding.take(offer)

    def _refreshed(self) -> None:
        view = self._view
        view.show_counts()
        self.copying.show_scope()
        # One next step at a time: while something is ready and nothing is on its way, that is Upload.
        upload_is_next = self._engine.rows.counts().ready > 0 and self._engine.queue.phase is Phase.IDLE
        view.copy_bar.set_primary(view.on_history() or not upload_is_next)

    def _tab_changed(self, _: int) -> None:
        self.copying.switch(to_history=self._view.on_history())
        self._refreshed()
        self.details.follow_tab()

    def _search(self) -> None:
        self._view.tabs.setCurrentIndex(HISTORY_TAB)
        self._view.history_panel.focus_search()

    def _open_link(self, upload: Upload) -> None:
        link = link_of(upload)
        if link is not None:
            self._view.open_page(link)

    def _hide(self, keys: list[int], *, hidden: bool) -> None:
        self._engine.writer.run(
            lambda journal: journal.set_hidden(keys, hidden),
            done=lambda _: None,
            failed=lambda _: self._view.history_model.load(),
        )

    def _forget_key(self) -> None:
        self._engine.account.forget(lambda _: None)  # what went wrong is a problem of the account, which is shown

    def _open_settings(self) -> None:
        folder = self._engine.given.folder.path
        dialog = SettingsDialog(self._engine.preferences.value, str(folder), parent=self._view)
        dialog.settings_saved.connect(self._settings_saved)
        dialog.open_folder_requested.connect(partial(open_folder, folder))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _settings_saved(self, settings: Settings) -> None:
        self._engine.preferences.set(settings)
        if self._engine.given.api_url is None and settings.api_url != self._engine.account.api_url:
            self._engine.account.change_service(settings.api_url)

    def _keep_place(self) -> None:
        self._engine.preferences.update(window_geometry=self._frame.place())

"""The composition root: builds each long-lived object once, wires, runs, shuts down.

What goes in: a `CommandLine`. What comes out: an exit code. `Program` is one window over one data folder; `_Switch`
replaces it by its practice twin and back. Everything heavy is built by workers through the callables made here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from importlib.resources import as_file, files

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from pixverse_gui.background.account import KeySource
from pixverse_gui.background.data_place import default_folder
from pixverse_gui.background.doors import Client, Doors, KeyStore
from pixverse_gui.background.engine import Engine, Given
from pixverse_gui.background.history_source import HistorySource
from pixverse_gui.background.preferences import Preferences
from pixverse_gui.background.program_log import describe_system
from pixverse_gui.background.tasks import Tasks
from pixverse_gui.background.watch import Watch
from pixverse_gui.command_line import CommandLine
from pixverse_gui.core.checking import CheckOptions, SourceChecker
from pixverse_gui.core.collector import set_aside
from pixverse_gui.core.data_folder import DataFolder
from pixverse_gui.core.environment_key import GivenKey
from pixverse_gui.core.errors import FolderInUseError, MalformedApiKeyError
from pixverse_gui.core.heavy_imports import HeavyImports
from pixverse_gui.core.history_reader import HistoryReader
from pixverse_gui.core.journal import Opening
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.scrubbing import Scrubber
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.service_address import is_loopback
from pixverse_gui.core.thumbnail_cache import ThumbnailCache
from pixverse_gui.ui.crash_desk import CrashDesk
from pixverse_gui.ui.icons import app_icon
from pixverse_gui.ui.main_view import MainView
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.second_start import SecondStart
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.thumbnail_store import ThumbnailStore
from pixverse_gui.ui.window_wiring import WindowWiring

SAMPLES = (
    "castle_01.png",
    "castle_02.jpg",
    "cut_off.jpg",
    "harbour at dusk.webp",
    "mountain_final_v2.png",
    "old_logo.png",
    "panorama_12400.png",
    "scan_0007.jpg",
)


class Program(QObject):
    """One window and everything under it. `ended`: it has shut down.

    `is_held_up`: one of its workers sits in a call that nobody can end (a key store, a dead drive). Such a program must
    not be destroyed, as that would wait for its threads.
    """

    ended = Signal()

    def __init__(
        self, given: Given, theme: Theme, named: tuple[str, ...] = (), window: MainWindow | None = None
    ) -> None:
        super().__init__()
        self._named = named
        self.window = window or MainWindow()
        self.is_held_up = False
        self._tasks = Tasks(parent=self)
        self._limits = given.limits
        cache = ThumbnailCache(given.folder.thumbnails, given.limits)
        self._cache = cache
        self.engine = Engine(given, self._tasks, self)
        self._history = HistorySource(self._tasks, self)
        thumbnails = ThumbnailStore(cache.get, self._tasks, self)
        self.view = MainView(self.engine, self._history, thumbnails, theme)
        self.wiring = WindowWiring(self.view, self.engine, self.window)
        self.window.setPalette(QPalette())  # from here on the theme's
        self.window.show_view(self.view)
        self.engine.settings_ready.connect(self._show)
        self.engine.journal_ready.connect(self._opened)
        self._second_start = SecondStart(self.engine, self.window, self.wiring.adding.take_named)
        self.engine.journal_failed.connect(self._not_opened)
        self.engine.stopped.connect(self._stopped)
        self.wiring.samples_wanted.connect(self.add_samples)
        self.wiring.closing.decided.connect(self._second_start.close)
        self.wiring.closing.decided.connect(self.engine.shut_down)
        self.engine.start()

    def add_samples(self) -> None:
        """Put our own pictures into the list."""
        with as_file(files("pixverse_gui.resources.samples")) as folder:
            self.engine.intake.take_paths([str(folder / name) for name in SAMPLES])

    def close(self) -> None:
        """Shut down without asking."""
        self.wiring.closing.close_now()

    def _show(self) -> None:
        value = self.engine.preferences.value
        self.view.copy_bar.set_format(value.copy_format)
        self.window.restore_place(value.window_geometry)
        self.window.show()
        set_aside()
        # After the first paint: the window must not wait for the journal, nor the journal for the key store.
        QTimer.singleShot(0, self, self.engine.open_journal)

    def _opened(self, _: Opening) -> None:
        self.engine.writer.run(
            lambda journal: journal.history_reader(), done=self._history_opened, failed=lambda _: None
        )
        self._take_named()

    def _not_opened(self, error: Exception) -> None:
        if isinstance(error, FolderInUseError):
            self._second_start.hand_over(self._named, taken=self.close, refused=self._take_named)
        else:
            self._take_named()

    def _history_opened(self, reader: HistoryReader) -> None:
        self._history.attach(reader)
        self.view.history_model.load()

    def _take_named(self) -> None:
        named, self._named = self._named, ()
        self.wiring.adding.take_named(named)

    def _stopped(self) -> None:
        self._history.close()
        self.window.may_close = True
        self.window.close()
        self.is_held_up = not self._tasks.close(self._limits.quit_timeout_s, self._limits.quit_readers_timeout_s)
        if not self.is_held_up:
            self._cache.close()
        self.ended.emit()


class _Switch(QObject):
    """The real program or its practice twin: one at a time."""

    def __init__(
        self,
        command_line: CommandLine,
        theme: Theme,
        limits: Limits,
        window: MainWindow | None = None,
        key: GivenKey = None,
    ) -> None:
        super().__init__()
        self._line, self._theme, self._limits, self._window = command_line, theme, limits, window
        self._key = key
        self._imports = HeavyImports()
        self._folder = DataFolder(command_line.data_dir or default_folder())
        self._watch = Watch(self._folder.log, self)
        self._watch.open()
        self._crashes = CrashDesk(describe_system(), self._watch.log.folder, self._is_saved, self)
        self._watch.crashes.crashed.connect(self._crashes.tell)
        self._program: Program | None = None
        self._held_up: list[Program] = []
        self._next: Callable[[], None] | None = None
        (self._open_practice if command_line.practice else self._open_real)(command_line.named)

    def _open_real(self, named: tuple[str, ...] = ()) -> None:
        limits = self._limits
        doors = Doors(
            key_store=partial(_key_store, self._imports),
            client=partial(_client, self._imports, limits, self._watch.scrub),
        )
        key = self._key
        given = Given(
            folder=self._folder,
            doors=doors,
            checker=partial(_checker, self._imports, self._folder, limits),
            limits=limits,
            imports=self._imports,
            api_url=self._line.api_url,
            fixed_key=(key, KeySource.ENVIRONMENT) if isinstance(key, Secret) else None,
            key_problem=key if isinstance(key, MalformedApiKeyError) else None,
        )
        program = self._open(given, named)
        program.wiring.practice_wanted.connect(partial(self._replace_by, self._open_practice))

    def _open_practice(self, named: tuple[str, ...] = ()) -> None:
        from pixverse_gui.core.practice_account import PRACTICE_API_URL, PRACTICE_KEY

        limits, folder = self._limits, self._folder.practice
        given = Given(
            folder=folder,
            doors=Doors(
                key_store=partial(_key_store, self._imports),
                client=lambda _url, _key: _practice_client(self._imports, limits),
            ),
            checker=partial(_practice_checker, self._imports, folder, limits),
            limits=limits,
            imports=self._imports,
            api_url=PRACTICE_API_URL,
            fixed_key=(PRACTICE_KEY, KeySource.PRACTICE),
        )
        program = self._open(given, named)
        program.wiring.real_wanted.connect(partial(self._replace_by, self._open_real))

    def _open(self, given: Given, named: tuple[str, ...]) -> Program:
        window, self._window = self._window, None  # the first one is there already; a later program makes its own
        self._program = Program(given, self._theme, named, window)
        self._program.ended.connect(self._ended)
        return self._program

    def _is_saved(self) -> bool:
        return self._program is None or not self._program.engine.flights.unsaved_ids()

    def _replace_by(self, opener: Callable[[], None]) -> None:
        self._next = opener
        if self._program is not None:
            self._program.close()

    def _ended(self) -> None:
        opener, self._next = self._next, None
        over = self._program
        if over is not None and over.is_held_up:
            self._held_up.append(over)
        if opener is None:
            self._watch.close(self._limits.log_flush_s)
            if self._held_up:
                _leave_at_once()
            QApplication.quit()
            return
        if over is not None:
            over.window.deleteLater()
            if not over.is_held_up:
                over.deleteLater()
        opener()


def fill_window(command_line: CommandLine, window: MainWindow, key: GivenKey = None) -> QObject:
    """Build everything behind a window that is on the screen already. Keep what is returned until the end.

    `key`: the one that the environment had.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("first_window makes the application")
    app.setWindowIcon(app_icon())
    return _Switch(command_line, Theme(app), Limits(), window, key)


def _leave_at_once() -> None:
    """Everything is saved; what is still running would keep the process for as long as it likes."""
    os._exit(0)


def _key_store(imports: HeavyImports, host: str) -> KeyStore:
    with imports.turn():
        from pixverse_gui.core.credentials import ApiKeyStore

    return ApiKeyStore(host)


def _client(imports: HeavyImports, limits: Limits, scrub: Scrubber, api_url: str, key: Secret) -> Client:
    scrub.register(key.reveal())  # here, as no key is used for anything before it has its client
    with imports.turn():
        from pixverse_gui.core.client import PixVerseClient, system_proxies

    return PixVerseClient(api_url, key, limits, proxies=system_proxies(api_url))


def _practice_client(imports: HeavyImports, limits: Limits) -> Client:
    with imports.turn():
        from pixverse_gui.core.practice import practice_client

    return practice_client(limits)


def _checker(
    imports: HeavyImports, folder: DataFolder, limits: Limits, preferences: Preferences, api_url: Callable[[], str]
) -> SourceChecker:
    def options() -> CheckOptions:
        return CheckOptions(preferences.value.look_at_links, is_loopback(api_url()))

    return SourceChecker(limits, ThumbnailCache(folder.thumbnails, limits), options, imports)


def _practice_checker(
    imports: HeavyImports, folder: DataFolder, limits: Limits, _preferences: Preferences, _api_url: Callable[[], str]
) -> SourceChecker:
    """In practice mode nothing at all is fetched."""
    cache = ThumbnailCache(folder.thumbnails, limits)
    options = CheckOptions(look_at_links=False)
    return SourceChecker(limits, cache, lambda: options, imports)

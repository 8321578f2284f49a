"""All long-lived objects below the window for one data folder: built once, started after the first paint, shut down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.account import Account, KeySource
from pixverse_gui.background.doors import Doors
from pixverse_gui.background.earlier_ids import ReusePolicy
from pixverse_gui.background.flight import in_short, utc_now
from pixverse_gui.background.intake_runner import IntakeRunner
from pixverse_gui.background.journal_writer import JournalWriter
from pixverse_gui.background.looks import Looks
from pixverse_gui.background.preferences import Preferences
from pixverse_gui.background.sender import Sender
from pixverse_gui.background.staging import Inspecting, Staging
from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.background.upload_queue import UploadQueue
from pixverse_gui.background.working_list import WorkingList
from pixverse_gui.core.data_folder import DataFolder
from pixverse_gui.core.data_folder_lock import FolderLock
from pixverse_gui.core.drives import SilentDrives, drive_of
from pixverse_gui.core.errors import CredentialError, FolderInUseError
from pixverse_gui.core.heavy_imports import HeavyImports
from pixverse_gui.core.journal import Journal, Opening, Restored
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import UploadState
from pixverse_gui.core.pasted import forget_unused, keep_all
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.settings import Settings, SettingsFile
from pixverse_gui.core.sleep_watch import running_clock

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Given:
    """What this run was started with. `api_url`: consent for this run to another address than the settings have.

    `key_problem`: a key was given for this run that cannot be one; then none is looked for elsewhere.
    """

    folder: DataFolder
    doors: Doors
    checker: Callable[[Preferences, Callable[[], str]], Inspecting]
    limits: Limits
    api_url: str | None = None
    fixed_key: tuple[Secret, KeySource] | None = None
    key_problem: CredentialError | None = None
    running: Callable[[], float] = running_clock
    drive_of: Callable[[str], str | None] = drive_of
    imports: HeavyImports = field(default_factory=HeavyImports)


class Engine(QObject):
    """GUI thread only.

    `settings_ready`: the window can be shown as it was left. `journal_ready(object)`: Opening; the rows are in the
    list, unless `rows_unread(object)` says why not. `journal_failed(object)`: nothing can be kept. `stopped`:
    everything has ended, the process may go.
    """

    settings_ready = Signal()
    journal_ready = Signal(object)
    rows_unread = Signal(object)
    journal_failed = Signal(object)
    stopped = Signal()

    def __init__(self, given: Given, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        limits, folder = given.limits, given.folder
        self.given, self.tasks, self.limits = given, tasks, limits
        self._lock = FolderLock(folder.path)
        self._settings_file = SettingsFile(folder.settings)
        self.preferences = Preferences(self._settings_file, tasks, self)
        self.rows = WorkingList(self)
        self.writer = JournalWriter(tasks, limits, self)
        self.account = Account(given.api_url or Settings().api_url, given.doors, tasks, limits, self)
        self._checker = given.checker(self.preferences, lambda: self.account.api_url)
        self.drives = SilentDrives(limits.drive_rest_s, given.drive_of)
        looks = Looks(tasks, limits, self.drives, given.running, self)
        self.staging = Staging(
            self.rows, self.writer, looks, inspecting=self._checker, reuse_policy=self._reuse_policy, parent=self
        )
        self.flights = Sender(
            self.rows, self.writer, tasks, limits=limits, drives=self.drives, running=given.running, parent=self
        )
        self.queue = UploadQueue(
            self.rows,
            self.writer,
            self.flights,
            self.account,
            at_once=lambda: self.preferences.value.uploads_at_once,
            limits=limits,
            parent=self,
        )
        self.intake = IntakeRunner(self.staging, tasks, limits, folder.pasted, self)
        self._end = QTimer(self)
        self._end.setInterval(50)
        self._end.timeout.connect(self._end_when_quiet)
        self._patience_ms = 0
        self._is_volatile = False
        self._connect()

    @property
    def ids_in_memory(self) -> int:
        """How many ids are in no file, because none could be written in this run."""
        return self.rows.counts().done if self._is_volatile else 0

    def start(self) -> None:
        """Read the settings; everything else waits for `open_journal`."""
        self.tasks.run(
            Pool.SETTINGS,
            self._settings_file.load,
            done=self._settings_loaded,
            failed=lambda _: self.settings_ready.emit(),
        )

    def open_journal(self) -> None:
        """After the first paint: the journal, the rows of last time, the key, and what looking at pictures takes."""
        folder, lock = self.given.folder, self._lock
        expected = self.preferences.value.had_journal

        def opener() -> Journal:
            folder.make()
            if not lock.acquire(self.limits.folder_patience_s):
                raise FolderInUseError
            return Journal.open(folder.journal, expected=expected, clock=utc_now)

        self.writer.open(opener, done=self._journal_opened, failed=self._journal_failed)
        self.tasks.run(Pool.INSPECTION, self._checker.prepare, done=lambda _: None, failed=lambda _: None)
        if self.given.fixed_key is not None:
            self.account.use(*self.given.fixed_key)
        elif self.given.key_problem is not None:
            self.account.refused(self.given.key_problem)
        else:
            self.account.load()

    def shut_down(self) -> None:
        """Refuse new work, end what is in flight, write what is left; `stopped` within a bound."""
        self.intake.close()
        self.queue.halt()
        self._patience_ms = round(self.limits.quit_timeout_s * 1000)
        self._end.start()

    def _connect(self) -> None:
        self.account.identity_known.connect(self._rename_account)
        self.account.changed.connect(self.staging.look_up_earlier)
        self.queue.check_wanted.connect(self.staging.check_changed)
        self.queue.account_refused.connect(self.account.refused)
        self.preferences.changed.connect(self._settings_changed)

    def _reuse_policy(self) -> ReusePolicy:
        return ReusePolicy(self.account.identity if self.preferences.value.reuse_ids else None)

    def _settings_loaded(self, settings: Settings) -> None:
        self.preferences.loaded(settings)
        if self.given.api_url is None:
            self.account.api_url = settings.api_url
        self.settings_ready.emit()

    def _settings_changed(self, old: Settings, new: Settings) -> None:
        if old.reuse_ids != new.reuse_ids:
            self.staging.look_up_earlier()
        if old.uploads_at_once != new.uploads_at_once:
            self.queue.look_again()

    def _journal_opened(self, journal: Journal) -> None:
        opening = journal.opening
        self._is_volatile = opening.volatile_reason is not None
        _log.info("The journal is open: %s", opening)
        if not self.preferences.value.had_journal and opening.volatile_reason is None:
            self.preferences.update(had_journal=True)
        self.writer.run(
            lambda opened: opened.restore_working_list(),
            done=lambda restored: self._restored(restored, opening),
            failed=lambda error: self._not_restored(error, opening),
        )
        self.writer.run(lambda opened: opened.tidy_up(), done=lambda _: None, failed=lambda _: None)

    def _not_restored(self, error: Exception, opening: Opening) -> None:
        """The rows of last time stay on disk; nobody knows which pasted pictures they need, so all are kept."""
        _log.info("The rows of last time could not be read: %s", in_short(error))
        self.journal_ready.emit(opening)
        self.rows_unread.emit(error)

    def _restored(self, restored: Restored, opening: Opening) -> None:
        rows = restored.rows
        self.rows.insert(rows)
        self.writer.save(restored.changed)
        self.staging.take_up(rows)
        self.queue.offer(rows)
        self.journal_ready.emit(opening)
        self._tidy_pasted({row.source.location for row in rows}, opening)
        self.writer.run(lambda journal: journal.back_up(), done=lambda _: None, failed=lambda _: None)

    def _tidy_pasted(self, used: set[str], opening: Opening) -> None:
        """A picture goes when no row names it, but only where all rows are known: it may be the only one there is."""
        pasted: Path = self.given.folder.pasted

        def tidy() -> None:
            if opening.has_every_row:
                forget_unused(pasted, used)
            elif opening.volatile_reason is None:
                keep_all(pasted)

        self.tasks.run(Pool.INTAKE, tidy, done=lambda _: None, failed=lambda _: None)

    def _journal_failed(self, error: Exception) -> None:
        _log.info("The journal could not be opened: %s", in_short(error))
        self.journal_failed.emit(error)

    def _rename_account(self, old: str, new: str) -> None:
        self.flights.rename_account(old, new)
        # At once, for whoever asks the journal next; and again behind what is being saved under the old name.
        self._rename_saved(old, new)
        self.writer.save([], then=partial(self._rename_saved, old, new))

    def _rename_saved(self, old: str, new: str) -> None:
        for row in self.rows.in_state(UploadState.DONE):
            if row.account == old:
                self.rows.replace(replace(row, account=new))
        self.writer.run(lambda journal: journal.rename_account(old, new), done=lambda _: None, failed=lambda _: None)

    def _end_when_quiet(self) -> None:
        self._patience_ms -= self._end.interval()
        if (len(self.flights) == 0 and self.writer.is_idle) or self._patience_ms <= 0:
            self._end.stop()
            # Behind whatever the journal worker does: a window closed at once is one whose journal is being opened.
            self.writer.close(then=self._lock.release)
            self.stopped.emit()

"""The journal, from the GUI thread: values go out, news comes back, and what could not be saved is tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.errors import StorageError, WriteError
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source, Upload

T = TypeVar("T")
_log = logging.getLogger(__name__)


class JournalWriter(QObject):
    """Owns the journal's one writing connection, which only ever runs on the journal worker.

    Rows given to `save` while a commit is under way go together in the next one. `saving_failed(object)` carries the
    WriteError of a commit that did not hold; the rows stay here, the newest value of each, and are tried again until
    they are on disk, which `saving_recovered` tells.
    """

    saving_failed = Signal(object)
    saving_recovered = Signal()

    def __init__(self, tasks: Tasks, limits: Limits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._journal: Journal | None = None
        self._made: Journal | None = None  # the same for the journal worker alone, which knows it earlier
        self._rows: dict[int, Upload] = {}
        self._in_commit: dict[int, Upload] = {}  # what comes back into `_rows` should the commit fail
        self._thens: list[Callable[[], None]] = []
        self._early: list[Callable[[], None]] = []
        self._has_failed_to_open = False
        self._is_saving = False
        self._failing: WriteError | None = None
        self._logged: set[int] = set()  # rows whose ids the log has already, in this stretch of failures
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(round(limits.save_retry_s * 1000))
        self._retry.timeout.connect(self._flush)

    @property
    def problem(self) -> WriteError | None:
        """Why results cannot be saved at the moment; None while they can."""
        return self._failing

    @property
    def is_idle(self) -> bool:
        """Everything given to `save` is on disk."""
        return not self._rows and not self._is_saving

    def open(
        self, opener: Callable[[], Journal], *, done: Callable[[Journal], None], failed: Callable[[Exception], None]
    ) -> None:
        """Open the file on the journal worker. What was asked for before that follows what `done` asks for."""

        def opened(journal: Journal) -> None:
            self._journal = journal
            done(journal)
            self._catch_up()
            self._flush()

        def not_opened(error: Exception) -> None:
            self._has_failed_to_open = True
            failed(error)
            self._catch_up()

        def opening() -> Journal:
            self._made = opener()
            return self._made

        self._tasks.run(Pool.JOURNAL, opening, done=opened, failed=not_opened)

    def run(
        self, work: Callable[[Journal], T], *, done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Anything else that needs the writing connection, in its turn; a paste may be quicker than the file."""
        journal = self._journal
        if journal is not None:
            self._tasks.run(Pool.JOURNAL, lambda: work(journal), done=done, failed=failed)
        elif self._has_failed_to_open:
            failed(StorageError())
        else:
            self._early.append(lambda: self.run(work, done=done, failed=failed))

    def add(
        self,
        sources: Sequence[Source],
        *,
        done: Callable[[list[Upload]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """New rows, in one transaction; `done` gets them once they are on disk."""
        self.run(lambda journal: journal.add(sources), done=done, failed=failed)

    def save(self, uploads: Iterable[Upload], then: Callable[[], None] | None = None) -> None:
        """Write these values; `then` is called after the commit that holds them."""
        for upload in uploads:
            self._rows[upload.key] = upload
        if then is not None:
            self._thens.append(then)
        self._flush()

    def take_out(self, keys: Sequence[int]) -> None:
        """Take rows out of the working list.

        A mark that could not be written costs nothing but the tidiness of the list at the next start.
        """
        self._mark_waiting(keys, listed=False)
        self.run(lambda journal: journal.set_listed(keys, listed=False), done=_ignore, failed=_ignore)

    def bring_back(self, keys: Sequence[int], done: Callable[[list[Upload]], None]) -> None:
        """Put rows back into the working list. `done` gets their newest values; none where they cannot be read."""
        self._mark_waiting(keys, listed=True)
        self.run(
            lambda journal: journal.bring_back(keys),
            done=lambda rows: done([self._unsaved(row.key) or row for row in rows]),
            failed=lambda _: done([]),
        )

    def retry_now(self) -> None:
        """The operator does not want to wait for the next try."""
        self._retry.stop()
        self._flush()

    def close(self, then: Callable[[], None] | None = None) -> None:
        """Close the file on its worker, and do `then` there; call when idle or when time is up.

        A file that is only just being opened is closed as soon as it is open.
        """
        self._journal = None

        def closing() -> None:
            if self._made is not None:
                self._made.close()
            if then is not None:
                then()

        self._tasks.run(Pool.JOURNAL, closing, done=_ignore, failed=_ignore)

    def _mark_waiting(self, keys: Sequence[int], *, listed: bool) -> None:
        for rows in (self._rows, self._in_commit):
            for key in keys:
                if key in rows:  # it is saved after the mark on disk, and must not undo it
                    rows[key] = replace(rows[key], listed=listed)

    def _unsaved(self, key: int) -> Upload | None:
        return self._rows.get(key) or self._in_commit.get(key)

    def _catch_up(self) -> None:
        early, self._early = self._early, []
        for ask in early:
            ask()

    def _flush(self) -> None:
        journal = self._journal
        if journal is None or self._is_saving or self._retry.isActive() or not (self._rows or self._thens):
            return
        thens = self._thens
        self._in_commit, self._rows, self._thens = self._rows, {}, []
        self._is_saving = True
        batch = list(self._in_commit.values())
        self._tasks.run(
            Pool.JOURNAL,
            lambda: journal.save(batch),
            done=lambda refused: self._saved(thens, refused),
            failed=lambda error: self._not_saved(thens, error),
        )

    def _saved(self, thens: list[Callable[[], None]], refused: Sequence[int]) -> None:
        self._is_saving = False
        self._in_commit = {}
        for key in refused:  # a bug of ours, which cost nothing
            _log.warning("Row %d was to be saved without the id it has on disk; it keeps that", key)
        if self._failing is not None:
            self._failing = None
            self._logged.clear()
            _log.info("The journal can be written again")
            self.saving_recovered.emit()
        try:
            self._tell(thens)
        finally:
            self._flush()

    def _tell(self, thens: list[Callable[[], None]]) -> None:
        """One that raises is a bug of ours, which the crash watch logs and shows; the others must hear all the same."""
        try:
            while thens:
                thens.pop(0)()
        finally:
            if thens:
                QTimer.singleShot(0, self, partial(self._tell, thens))

    def _not_saved(self, thens: list[Callable[[], None]], error: Exception) -> None:
        self._is_saving = False
        self._rows = {**self._in_commit, **self._rows}  # a newer value given meanwhile wins
        self._in_commit = {}
        self._thens = [*thens, *self._thens]
        self._failing = error if isinstance(error, WriteError) else WriteError(reason="other")
        self._log_ids(self._failing)
        self._retry.start()
        self.saving_failed.emit(self._failing)

    def _log_ids(self, error: WriteError) -> None:
        """An id that is not on disk must be found somewhere, should the program not live to save it."""
        for key, row in self._rows.items():
            if row.img_id is not None and key not in self._logged:
                self._logged.add(key)
                trace_id = row.attempts[-1].trace_id if row.attempts else "-"
                reason = error.params.get("reason")
                _log.info("Not saved (%s): row %d, id %s, attempt %s", reason, key, row.img_id, trace_id)


def _ignore(_: object) -> None:
    """Nobody needs to be told: the program is closing, or what went wrong costs nothing."""

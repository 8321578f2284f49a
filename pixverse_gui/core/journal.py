"""The SQLite file: every upload, from added to done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.history_reader import Cursor, HistoryPage, HistoryReader
from pixverse_gui.core.journal_connection import BUSY_TIMEOUT_S, Connection, JournalDatabase
from pixverse_gui.core.journal_copies import make_copy
from pixverse_gui.core.journal_opening import Opening, open_database
from pixverse_gui.core.journal_rows import Cell, cell_of_text
from pixverse_gui.core.journal_statements import insert_upload, put_uploads, read_uploads
from pixverse_gui.core.models import Attempt, EarlierUpload, Source, Upload, UploadState

__all__ = ["Cursor", "HistoryPage", "HistoryReader", "Journal", "Opening", "Restored"]

KILLED = "killed"
"""Outcome of an attempt that was in flight when the program ended without saying goodbye."""

_EARLIER = (
    "WHERE sha256 = :sha256 AND account = :account"
    " AND state = 'done' AND hidden = 0 AND reused_from IS NULL AND img_id IS NOT NULL AND key <> :key"
    " AND kind = :kind AND (kind = 'file' OR location = :location) ORDER BY finished_us DESC, key DESC LIMIT 1"
)

_OPEN_BATCHES = "SELECT batch FROM upload WHERE listed = 1 AND state <> 'done'"


@dataclass(frozen=True, slots=True)
class Restored:
    """The working list of the last run, in order of position.

    `changed`: those of `rows` that the disk has otherwise. They were UPLOADING, and are WAITING now, with the attempt
    that was in flight marked.
    """

    rows: list[Upload]
    changed: list[Upload]


class Journal:
    """The one writer. Made, called and closed on the journal worker, one call at a time; every call blocks.

    A commit has reached the disk when the call returns. What raises WriteError changed nothing and may be tried
    again as it is. `history_reader()` gives the reading side, for another worker.
    """

    def __init__(self, database: JournalDatabase, opening: Opening, path: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._path = path
        self._clock = clock
        self.opening = opening

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        expected: bool = False,
        clock: Callable[[], datetime],
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> Self:
        """Opens or makes the file, whatever state it is in; `opening` says what was found and done.

        `expected`: a history has been here before, so a missing or empty file is a loss and not a first start.
        `clock` gives aware times. Raises NewerFileError, and nothing else: where no file can be used, the journal
        is kept in memory, with every upload that could be read.
        """
        day = clock().astimezone().date()
        database, opening = open_database(path, expected=expected, day=day, busy_timeout_s=busy_timeout_s)
        return cls(database, opening, path, clock)

    def history_reader(self) -> HistoryReader:
        """A reader of this journal's History; any number of them. Close it before the journal."""
        if self._database.path is None:
            return HistoryReader(self._path, self._database)
        return HistoryReader(self._path)

    def add(self, sources: Sequence[Source], state: UploadState = UploadState.CHECKING) -> list[Upload]:
        """One new batch behind everything there is, in one transaction. Returns the rows. Raises WriteError."""
        if not sources:
            return []
        added_at = self._clock().astimezone(UTC)
        with self._database.writing() as connection:
            # Keys, batches and positions are given here only and grow together, so the last row has the highest.
            last = connection.execute("SELECT batch, position FROM upload ORDER BY key DESC LIMIT 1").fetchone()
            batch, position = last or (0, 0)
            uploads = []
            for offset, source in enumerate(sources, 1):
                upload = Upload(0, batch + 1, position + offset, source, state, added_at)
                uploads.append(replace(upload, key=insert_upload(connection, upload)))
        return uploads

    def save(self, uploads: Sequence[Upload]) -> list[int]:
        """Writes whole rows, `listed` and `hidden` too, and their attempts, in one transaction. Raises WriteError.

        Returns the keys of rows that were not written: they came without the id that they have on disk.
        """
        with self._database.writing() as connection:
            return put_uploads(connection, uploads)

    def restore_working_list(self) -> Restored:
        """The working list as a new run begins with it. Once, before anything else is saved. Raises StorageError.

        Reading and nothing else, so that a disk that is full hides no row: `changed` is to be saved afterwards, and
        `tidy_up` may be called. Batches in which everything is done have left the list.
        """
        with self._database.reading() as connection:
            uploads = read_uploads(
                connection, f"WHERE listed = 1 AND batch IN ({_OPEN_BATCHES}) ORDER BY position, key"
            )
        rows = [_after_a_kill(upload) for upload in uploads]
        return Restored(rows, [new for old, new in zip(uploads, rows, strict=True) if new != old])

    def tidy_up(self) -> None:
        """What earlier runs have left: finished batches leave the list, removed rows go for good. Raises WriteError.

        Once, before any row is taken out of the list in this run. Where it fails, the next start does it as well.
        """
        with self._database.writing() as connection:
            _purge(connection)
            finished = f"listed = 1 AND batch NOT IN ({_OPEN_BATCHES})"
            connection.execute(f"UPDATE upload SET listed = 0 WHERE {finished}")  # noqa: S608 - our own words

    def set_listed(self, keys: Iterable[int], listed: bool) -> None:
        """Takes rows out of the working list, or puts them back. Raises WriteError."""
        with self._database.writing() as connection:
            connection.executemany("UPDATE upload SET listed = ? WHERE key = ?", [(int(listed), key) for key in keys])

    def bring_back(self, keys: Sequence[int]) -> list[Upload]:
        """Puts rows back into the working list and gives them as they are by now. Raises StorageError.

        A mark that cannot be written costs nothing but the tidiness of the list at the next start.
        """
        with suppress(WriteError):
            self.set_listed(keys, listed=True)
        with self._database.reading() as connection:
            rows = [row for key in keys for row in read_uploads(connection, "WHERE key = ?", (key,))]
        return [replace(row, listed=True) for row in rows]

    def set_hidden(self, keys: Iterable[int], hidden: bool) -> None:
        """Takes rows out of the History, or puts them back. Raises WriteError."""
        with self._database.writing() as connection:
            connection.executemany("UPDATE upload SET hidden = ? WHERE key = ?", [(int(hidden), key) for key in keys])

    def find_earlier(self, wanted: Sequence[Upload], account: str) -> dict[int, EarlierUpload]:
        """The newest finished upload of the same bytes under this account, by key of the wanted row.

        A file's row takes over from files only, a link's row from the same link only. Whether a row wants an
        earlier id at all (`resend`) is the caller's to ask. Raises StorageError.
        """
        found = {}
        with self._database.reading() as connection:
            for upload in wanted:
                earlier = _earlier(connection, upload, account)
                if earlier is not None:
                    found[upload.key] = earlier
        return found

    def rename_account(self, old: str, new: str) -> int:
        """Gives all rows of one account another name, once its id is known. Returns how many. Raises WriteError."""
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE upload SET account = ? WHERE account = ?", (cell_of_text(new), cell_of_text(old))
            )
            return changed.rowcount

    def back_up(self, folder: Path | None = None) -> Path | None:
        """Today's copy beside the journal (or in `folder`), checked, the newest three kept.

        None where today has one, the journal is empty, or is in memory. Blocks for some 0.3 s with 100,000
        uploads, so after the first paint. Raises WriteError.
        """
        if self._database.path is None:
            return None
        day = self._clock().astimezone().date()
        with self._database.standing_alone() as connection:
            return make_copy(connection, self._path, folder or self._path.parent, day)

    def close(self) -> None:
        """Commits are on disk already; this folds them into the one file. Never raises."""
        self._database.close()


def _purge(connection: Connection) -> None:
    """Unfinished rows that were taken out of the list in an earlier run: Undo ended with that run."""
    removed = "SELECT key FROM upload WHERE listed = 0 AND state <> 'done'"
    connection.execute(f"DELETE FROM attempt WHERE upload_key IN ({removed})")  # noqa: S608 - our own words
    connection.execute("DELETE FROM upload WHERE listed = 0 AND state <> 'done'")


def _after_a_kill(upload: Upload) -> Upload:
    """The row as a new run finds it: nobody knows what became of an attempt that was in flight."""
    if upload.state is not UploadState.UPLOADING:
        return upload
    return upload.moved_to(UploadState.WAITING, attempts=tuple(_ended(attempt) for attempt in upload.attempts))


def _ended(attempt: Attempt) -> Attempt:
    return attempt if attempt.outcome else replace(attempt, outcome=KILLED, maybe_stored=True)


def _earlier(connection: Connection, upload: Upload, account: str) -> EarlierUpload | None:
    if upload.facts is None or upload.facts.sha256 is None:
        return None
    values: dict[str, Cell] = {
        "sha256": upload.facts.sha256,
        "account": cell_of_text(account),
        "key": upload.key,
        "kind": upload.source.kind.value,
        "location": cell_of_text(upload.source.location),
    }
    for found in read_uploads(connection, _EARLIER, values):
        if found.img_id is not None:
            return EarlierUpload(found.key, found.img_id, found.img_url, found.finished_at or found.added_at)
    return None

"""What can still be read of a damaged journal, and what the daily copies have of the rest."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from pixverse_gui.core.errors import IdLostError
from pixverse_gui.core.journal_connection import Connection, connect_read_only
from pixverse_gui.core.journal_image import connect_to_image, has_header, image_of, with_our_first_page
from pixverse_gui.core.journal_readable_rows import EVERY_KEY, ReadableRows, Span
from pixverse_gui.core.journal_rows import ATTEMPT_COLUMNS, Row, row_of_upload, upload_of_row
from pixverse_gui.core.journal_statements import INSERT_NEW_ATTEMPT, INSERT_NEW_UPLOAD
from pixverse_gui.core.models import SourceKind, UploadState

_KINDS = frozenset(SourceKind)
_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)


def salvage(journal: Path, copies: Sequence[Path], target: Connection) -> int:
    """Copies what can be read of a damaged file into `target`, then what it lacks from the newest readable copy.

    Runs inside the caller's transaction; returns the number of uploads. A file that cannot be read at all counts as
    empty. Raises sqlite3.Error if `target` fails.
    """
    found = _Salvage(target)
    found.take_damaged(journal)
    # Older copies have rows that were removed on purpose since: only the newest one that can be read counts.
    readable = next((number for number, copy in enumerate(copies) if found.take_copy(copy)), len(copies))
    for copy in copies[readable + 1 :]:
        found.take_ids(copy)
    found.finish()
    return int(target.execute("SELECT count(*) FROM upload").fetchone()[0])


class _Salvage:
    """Fills `target` from one file after the other; what it has already stays as it is.

    `spoilt` are rows of the damaged file whose id cannot be an id: they are worth less than any copy's good one.
    """

    def __init__(self, target: Connection) -> None:
        self._target = target
        self._unread: list[Span] = [EVERY_KEY]
        self._spoilt: dict[int, Row] = {}

    def take_damaged(self, file: Path) -> None:
        """The file itself: all of its rows but those that are spoilt."""

        def take(row: Row) -> bool:
            if not _has_sound_id(row):
                self._spoilt[row["key"]] = row
            return row["key"] not in self._spoilt

        self._take(file, take, unread=self._unread)

    def take_copy(self, copy: Path) -> bool:
        """Rows that the damaged file lost, from the copy of a day; whether it had any that can be read.

        A row that the file lacks though it could be read where the row would stand was removed by the operator. What
        is done is never removed, so it is taken in any case.
        """
        known = {key for (key,) in self._target.execute("SELECT key FROM upload")}

        def take(row: Row) -> bool:
            key = row["key"]
            if key in self._spoilt:
                return _has_id(row)
            is_lost = row.get("state") == UploadState.DONE or any(low < key < high for low, high in self._unread)
            return key not in known and is_lost

        return self._take(copy, take)

    def take_ids(self, copy: Path) -> None:
        """From an older copy, nothing but the ids of rows that are spoilt in all the newer files."""
        if self._spoilt:
            self._take(copy, lambda row: row["key"] in self._spoilt and _has_id(row))

    def finish(self) -> None:
        """Rows whose ids are lost, and what no longer fits together."""
        for key, row in self._spoilt.items():
            if not self._put({**row, **_AS_LOST}):
                continue
            # Sent again it is stored a second time.
            self._target.execute(
                "UPDATE attempt SET maybe_stored = 1 WHERE upload_key = ? AND outcome = 'done'", (key,)
            )
        self._target.execute("DELETE FROM attempt WHERE upload_key NOT IN (SELECT key FROM upload)")
        # A row whose id came from an earlier upload that is lost now is the only one left that has that id.
        self._target.execute(
            "UPDATE upload SET reused_from = NULL, reused_us = NULL"
            " WHERE reused_from IS NOT NULL AND reused_from NOT IN (SELECT key FROM upload WHERE state = 'done')"
        )

    def _take(self, file: Path, is_wanted: Callable[[Row], bool], *, unread: list[Span] | None = None) -> bool:
        """Whether the file had any readable upload; `unread` becomes what may have been missed of it."""
        try:
            source = connect_to_damaged(file)
        except (OSError, sqlite3.Error):
            return False
        has_uploads = False
        with closing(source):
            rows = ReadableRows(source, "upload")
            for row in rows:
                if row.get("kind") in _KINDS and row.get("location"):
                    has_uploads = True
                    if is_wanted(row):
                        self._put(row)
            for row in ReadableRows(source, "attempt"):
                self._target.execute(INSERT_NEW_ATTEMPT, [row.get(name) for name in ATTEMPT_COLUMNS])
        if unread is not None:
            unread[:] = rows.unread
        return has_uploads

    def _put(self, row: Row) -> bool:
        return self._target.execute(INSERT_NEW_UPLOAD, row_of_upload(upload_of_row(row))).rowcount > 0


_AS_LOST = {
    "state": UploadState.FAILED.value,
    "img_id": None,
    "finished_us": None,
    "reused_from": None,
    "reused_us": None,
    "error": json.dumps({"code": IdLostError.code}),
    "listed": 1,  # whatever it was, the operator must see it
    "hidden": 0,
}
"""What a row becomes whose id cannot be read anywhere."""


def _has_sound_id(row: Row) -> bool:
    """Whether the id is one, or there is none and need not be."""
    return _has_id(row) or (not row.get("img_id") and row.get("state") != UploadState.DONE)


def _has_id(row: Row) -> bool:
    img_id = row.get("img_id")
    return isinstance(img_id, str) and _ID.fullmatch(img_id) is not None


def connect_to_damaged(file: Path) -> Connection:
    """A connection that reads what is left of a database with its -wal, and writes nothing.

    Where SQLite cannot open it (no room or no permission for a -shm, a lock that lasts), or must not, it is put
    together in memory. Raises OSError, sqlite3.Error.
    """
    if not file.exists() or not has_header(file):
        return _connect_to_image(file)
    source = connect_read_only(file, busy_timeout_s=0)
    if _can_be_read(source):
        return source
    source.close()
    return _connect_to_image(file)


def _connect_to_image(file: Path) -> Connection:
    image = image_of(file)
    source = connect_to_image(image)
    if _can_be_read(source):
        return source
    source.close()
    source = connect_to_image(with_our_first_page(image))
    _can_be_read(source)
    return source


def _can_be_read(source: Connection) -> bool:
    # A file shorter than its header says is refused as a whole, unless this is set.
    source.execute("PRAGMA writable_schema = ON")
    try:
        source.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except (sqlite3.DatabaseError, UnicodeError):
        return False
    return True

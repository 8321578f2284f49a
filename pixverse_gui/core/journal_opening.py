"""Opening the journal whatever is found in its place: sound, missing, damaged, or not writable."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pixverse_gui.core.journal_connection import (
    APPLICATION_ID,
    Connection,
    JournalDatabase,
    connect,
    connect_in_memory,
    failure_reason,
    pragma_number,
    primary_code,
)
from pixverse_gui.core.journal_copies import copies_by_trust, copies_of
from pixverse_gui.core.journal_image import has_header, read_wal
from pixverse_gui.core.journal_migrations import SCHEMA_VERSION, apply_steps, has_our_schema, migrate, refuse_newer
from pixverse_gui.core.journal_rescue import finish_interrupted_rescue, rescue
from pixverse_gui.core.journal_salvage import salvage

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""SQLITE_ERROR: a migration met a table it did not expect. A full disk, a lock and the like have codes of their own."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How the journal was found.

    `kept_at`: where a damaged file is now. `recovered`: uploads saved from it and from the newest daily copy.
    `volatile_reason`: read_only, locked, full or other where this run keeps its journal in memory only; then
    `recovered` counts the uploads that could be read all the same. `is_new`: there had been no journal.
    `was_lost`: there had been one, and this is what could be saved of it.
    """

    kept_at: str | None = None
    recovered: int = 0
    volatile_reason: str | None = None
    is_new: bool = False
    was_lost: bool = False

    @property
    def has_every_row(self) -> bool:
        """Whether what no row names is surely not needed by any."""
        return not (self.is_new or self.was_lost) and self.volatile_reason is None


class _DamagedError(Exception):
    """The file is not a sound journal."""


def open_database(path: Path, *, expected: bool, day: date, busy_timeout_s: float) -> tuple[JournalDatabase, Opening]:
    """The journal's database and how it was found. Raises NewerFileError; anything else ends in memory."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        was_lost = finish_interrupted_rescue(path, day)
        is_new = not path.exists()
        try:
            if _is_gone(path, expected=expected):
                raise _DamagedError
            return _open_sound(path, busy_timeout_s), Opening(is_new=is_new, was_lost=was_lost)
        except _DamagedError:
            rescued = rescue(path, copies_by_trust(path, day), day)
            kept_at = None if rescued.kept_at is None else str(rescued.kept_at)
            opening = Opening(kept_at=kept_at, recovered=rescued.recovered, was_lost=True)
            return _open_sound(path, busy_timeout_s), opening
    except (sqlite3.Error, OSError, _DamagedError) as error:
        connection = connect_in_memory()
        recovered = _fill_from_unwritable(path, day, connection)
        opening = Opening(recovered=recovered, volatile_reason=failure_reason(error))
        return JournalDatabase(connection, None), opening


def _is_gone(path: Path, *, expected: bool) -> bool:
    """Whether a history had been here and is not, or not where SQLite looks for it.

    SQLite would open an empty file as a new journal, and first of all delete the -wal that has its rows.
    """
    if path.exists() and not path.is_file():
        return False
    if path.exists() and path.stat().st_size:
        return not has_header(path)
    had_rows = expected or read_wal(path.with_name(f"{path.name}-wal")) is not None
    return had_rows or (path.exists() and bool(copies_of(path)))


def _open_sound(path: Path, busy_timeout_s: float) -> JournalDatabase:
    connection = connect(path, busy_timeout_s=busy_timeout_s)
    try:
        _examine(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # An id that is lost here cannot be asked for again, so each commit reaches the disk.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS alone: its plain fsync stops in the drive's own memory
        migrate(connection)
        if not has_our_schema(connection):
            raise _DamagedError
        # A file without write permission opens all the same, and even begins a transaction: only a write shows it.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("ROLLBACK")
        return JournalDatabase(connection, path)
    except sqlite3.DatabaseError as error:
        connection.close()
        if primary_code(error) in _DAMAGE:
            raise _DamagedError from error
        raise
    except UnicodeError as error:  # SQLite's message quotes a name in the file that is spoilt
        connection.close()
        raise _DamagedError from error
    except BaseException:
        connection.close()
        raise


def _examine(connection: Connection) -> None:
    """Raises _DamagedError, NewerFileError, sqlite3.Error. Takes some 0.2 s with 100,000 uploads."""
    refuse_newer(connection)
    has_tables = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
    if has_tables and pragma_number(connection, "application_id") != APPLICATION_ID:
        raise _DamagedError
    # quick_check is four times faster and misses rows that an index lacks: each later save of them would fail.
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise _DamagedError


def _fill_from_unwritable(path: Path, day: date, connection: Connection) -> int:
    """Loads what an unwritable journal holds, so that its ids can still be seen and copied. Returns its uploads."""
    connection.execute("BEGIN IMMEDIATE")
    apply_steps(connection)
    try:
        copies = copies_by_trust(path, day)
    except OSError:
        copies = []
    recovered = salvage(path, copies, connection)
    connection.execute("COMMIT")
    return recovered

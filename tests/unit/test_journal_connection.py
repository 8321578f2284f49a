from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from pixverse_gui.core.errors import StorageError, WriteError
from pixverse_gui.core.journal_connection import (
    JournalDatabase,
    connect,
    connect_in_memory,
    failure_reason,
    primary_code,
)


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("made for the test")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), "full"),
        (sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), "read_only"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN_FULLPATH), "read_only"),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), "locked"),
        (sqlite_error(sqlite3.SQLITE_LOCKED), "locked"),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), "other"),
        (sqlite3.ProgrammingError("closed"), "other"),
        (OSError(errno.ENOSPC, "full"), "full"),
        (OSError(errno.EROFS, "read-only"), "read_only"),
        (PermissionError(errno.EACCES, "denied"), "read_only"),
        (OSError("no number"), "other"),
        (OverflowError("too large"), "other"),
    ],
)
def test_foreign_errors_have_one_of_four_reasons(error: Exception, reason: str) -> None:
    assert failure_reason(error) == reason


def test_codes_lose_their_extension() -> None:
    assert primary_code(sqlite_error(sqlite3.SQLITE_CORRUPT_INDEX)) == sqlite3.SQLITE_CORRUPT


@pytest.mark.parametrize("value", [2**63, "\ud800"])
def test_values_sqlite_cannot_hold_are_translated_and_undone(value: object) -> None:
    database = JournalDatabase(connect_in_memory(), None)
    with database.writing() as connection:
        connection.execute("CREATE TABLE t (v)")
    with pytest.raises(WriteError), database.writing() as connection:
        connection.executemany("INSERT INTO t VALUES (?)", [(1,), (value,)])
    with pytest.raises(StorageError), database.reading() as connection:
        connection.execute("SELECT ?", (value,))
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
        assert not connection.in_transaction
    database.close()


def test_an_error_of_the_caller_passes_untranslated() -> None:
    database = JournalDatabase(connect_in_memory(), None)
    with database.writing() as connection:
        connection.execute("CREATE TABLE t (v)")
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute("INSERT INTO t VALUES (?)", (1 / int(connection.in_transaction is False),))
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    database.close()


def test_closing_never_raises_even_in_the_middle_of_something(tmp_path: Path) -> None:
    database = JournalDatabase(connect(tmp_path / "x.sqlite"), tmp_path / "x.sqlite")
    with database.writing() as connection:
        connection.execute("CREATE TABLE t (v)")
    database.close()
    database.close()

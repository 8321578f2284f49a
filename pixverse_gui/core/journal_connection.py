"""The journal's border to SQLite: connections, transactions, and every foreign exception translated."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from pixverse_gui.core.errors import StorageError, WriteError

Connection = sqlite3.Connection
"""Named here so that a module which only passes a connection on need not import sqlite3."""

BUSY_TIMEOUT_S = 5.0
APPLICATION_ID = 0x50585655
"""`PXVU` in the file header marks the file as ours (https://www.sqlite.org/pragma.html#pragma_application_id)."""

_PRIMARY_CODE = 0xFF
"""The low byte of a result code is the primary one (https://www.sqlite.org/rescode.html)."""
_SQLITE_REASONS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_CANTOPEN: "read_only",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
}
_OS_REASONS = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}


def failure_reason(error: Exception) -> str:
    """What WriteError says of a foreign error: full, read_only, locked or other."""
    if isinstance(error, sqlite3.Error):
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE:
            return "full"  # the file beside the -wal could not be made as large as it must be
        return _SQLITE_REASONS.get(primary_code(error), "other")
    return _OS_REASONS.get(error.errno or 0, "other") if isinstance(error, OSError) else "other"


def primary_code(error: Exception) -> int:
    """SQLite's result code without its extension; 0 where the Python module itself complains."""
    return int(getattr(error, "sqlite_errorcode", 0)) & _PRIMARY_CODE


def connect(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Connection:
    """A connection that may write and creates the file. Raises sqlite3.Error."""
    return _prepared(sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False))


def connect_in_memory() -> Connection:
    """A database that lives as long as its connection."""
    return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def connect_read_only(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Connection:
    """A connection that never writes.

    Raises sqlite3.Error; a missing file shows at the first statement or at once, as SQLite likes.
    """
    location = quote(os.fsencode(path.absolute().as_posix()))
    # SQLite takes no host in a file: address, so //server/share needs its slashes doubled.
    uri = f"file://{'' if location.startswith('/') else '/'}{location}?mode=ro"
    return _prepared(
        sqlite3.connect(uri, uri=True, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
    )


def _prepared(connection: Connection) -> Connection:
    # A flipped bit in one text must not make the rows around it unreadable: strict decoding fails the whole query.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    return connection


def pragma_number(connection: Connection, name: str) -> int:
    """A whole-number setting of the file header, such as user_version."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


class JournalDatabase:
    """One connection with its lock: a journal in memory has but one, which writer and History reader share.

    Any thread may call. `path` is None in memory.
    """

    def __init__(self, connection: Connection, path: Path | None) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._path = path
        self._file = None if path is None else path.stat()

    @property
    def path(self) -> Path | None:
        return self._path

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One BEGIN IMMEDIATE transaction, committed at the end or undone as a whole. Raises WriteError."""
        with self._lock, _write_errors():
            self._refuse_lost_file()
            # Not a plain BEGIN: reading first and writing later fails at once, without the busy timeout, when
            # someone else wrote in between (https://www.sqlite.org/rescode.html#busy_snapshot).
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def standing_alone(self) -> Iterator[Connection]:
        """The connection outside a transaction, for VACUUM. Raises WriteError."""
        with self._lock, _write_errors():
            self._refuse_lost_file()
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection for questions only. Raises StorageError."""
        with self._lock, read_errors():
            yield self._connection

    def close(self) -> None:
        """Folds the -wal back into the file. Never raises: what was committed is in one of the two."""
        with self._lock:
            self._connection.close()

    def _refuse_lost_file(self) -> None:
        # Commits into a file that was deleted or replaced succeed on POSIX, and vanish when the program ends.
        if self._path is None or self._file is None:
            return
        if not os.path.samestat(self._path.stat(), self._file):
            raise WriteError(reason="other")


@contextmanager
def _write_errors() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, OverflowError, UnicodeError) as error:
        raise WriteError(reason=failure_reason(error)) from error


@contextmanager
def read_errors() -> Iterator[None]:
    """Translates what a question can raise. Raises StorageError."""
    try:
        yield
    except (sqlite3.Error, OSError, OverflowError, UnicodeError) as error:
        raise StorageError from error

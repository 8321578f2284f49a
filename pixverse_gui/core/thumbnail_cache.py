"""The cache file of thumbnails, keyed by the sha256 of the picture: the History shows pictures that are long gone."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pixverse_gui.core.limits import Limits

_Found = TypeVar("_Found")

_SCHEMA = "CREATE TABLE IF NOT EXISTS thumbnails (sha256 TEXT NOT NULL UNIQUE, data BLOB NOT NULL)"
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY_CODE = 0xFF
_REMOVED_AT_ONCE = 256


class ThumbnailCache:
    """Any thread, worker threads above all. Never raises: whatever is wrong with the file, a picture is just not there.

    The file is opened at the first use, and replaced where it is damaged: it holds nothing that cannot be made again.
    When it is larger than `limits.thumbnail_file_max_bytes` the thumbnails that came first go.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._max_bytes = path, limits.thumbnail_file_max_bytes
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._is_closed = False

    def get(self, sha256: str) -> bytes | None:
        """The thumbnail that was put there, or None."""
        with self._lock:
            return self._guarded(lambda connection: _read(connection, sha256))

    def put(self, sha256: str, data: bytes) -> None:
        """Keep a thumbnail, in place of an earlier one of the same picture."""
        with self._lock:
            self._guarded(lambda connection: self._write(connection, sha256, data))

    def close(self) -> None:
        """Nothing is found or kept from now on."""
        with self._lock:
            self._is_closed = True
            self._drop_connection()

    def _guarded(self, work: Callable[[sqlite3.Connection], _Found]) -> _Found | None:
        for _ in range(2):
            if self._is_closed:
                return None
            try:
                return work(self._opened())
            # ValueError: text or a path that SQLite cannot take, such as half a character.
            except (sqlite3.Error, OSError, ValueError) as error:
                if getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE not in _DAMAGED:
                    return None
                self._replace_file()
        return None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            # The lock takes the place of SQLite's own check for threads.
            connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None, timeout=1.0)
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                # A power loss may take the last thumbnails, which does no harm.
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.execute(_SCHEMA)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _write(self, connection: sqlite3.Connection, sha256: str, data: bytes) -> None:
        connection.execute("INSERT OR REPLACE INTO thumbnails (sha256, data) VALUES (?, ?)", (sha256, data))
        while _used_bytes(connection) > self._max_bytes:
            oldest = "DELETE FROM thumbnails WHERE rowid IN (SELECT rowid FROM thumbnails ORDER BY rowid LIMIT ?)"
            if connection.execute(oldest, (_REMOVED_AT_ONCE,)).rowcount < _REMOVED_AT_ONCE:
                return

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _replace_file(self) -> None:
        self._drop_connection()
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + ending).unlink()


def _read(connection: sqlite3.Connection, sha256: str) -> bytes | None:
    row = connection.execute("SELECT data FROM thumbnails WHERE sha256 = ?", (sha256,)).fetchone()
    return row[0] if row and isinstance(row[0], bytes) else None


def _used_bytes(connection: sqlite3.Connection) -> int:
    """Of the file, without the pages that are free again. Costs the same however many rows there are."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)

"""A damaged journal is set aside under a new name, and every row that can still be read goes into a fresh one."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pixverse_gui.core.journal_connection import (
    APPLICATION_ID,
    Connection,
    connect,
    connect_read_only,
    pragma_number,
    primary_code,
)
from pixverse_gui.core.journal_migrations import apply_steps
from pixverse_gui.core.journal_rows import ATTEMPT_COLUMNS, Row, row_of_upload, upload_of_row
from pixverse_gui.core.journal_statements import INSERT_NEW_ATTEMPT, INSERT_NEW_UPLOAD
from pixverse_gui.core.models import SourceKind

SIDECARS = ("-shm", "-wal")
_LOCAL_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR})
_NEEDS_IMMUTABLE = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY})
"""In a folder that cannot be written no -shm can be made; a lock that lasts says nothing against looking."""
_LARGEST_KEY = 2**63 - 1
_FAILED_READS_MAX = 20_000
"""Bound on the search between damaged pages: each failed read costs some 20 µs, a page holds about ten rows."""
_KINDS = frozenset(SourceKind)
_KEYS_WITHOUT_SEQUENCE = 2**20
"""Where the search ends if the file does not say which key it gave last."""


@dataclass(frozen=True, slots=True)
class Rescue:
    """Where the damaged file is now (None: there was none), and how many uploads the fresh one begins with."""

    kept_at: Path | None
    recovered: int


def rescue(journal: Path, copies: Sequence[Path], day: date) -> Rescue:
    """Puts a sound journal in the place of a damaged or lost one. `copies` are newest first.

    The fresh file is complete on disk before the damaged one is renamed, so a kill at any point loses nothing:
    `finish_interrupted_rescue` does the last step. Raises sqlite3.Error, OSError; then nothing was renamed, or
    only companions of the damaged file.
    """
    fresh = _fresh_name(journal)
    _remove(fresh)
    try:
        recovered = _build(fresh, journal, copies)
    except BaseException:
        _remove(fresh)
        raise
    kept_at = set_aside(journal, day)
    fresh.replace(journal)
    return Rescue(kept_at, recovered)


def _build(fresh: Path, journal: Path, copies: Sequence[Path]) -> int:
    with closing(connect(fresh)) as target:
        target.execute("BEGIN IMMEDIATE")
        apply_steps(target)
        recovered = salvage(journal, copies, target)
        target.execute("COMMIT")
    return recovered


def finish_interrupted_rescue(journal: Path) -> None:
    """Takes up a rescue that was killed between its two renames. Raises sqlite3.Error, OSError."""
    fresh = _fresh_name(journal)
    if journal.exists() or not fresh.exists():
        return
    with closing(connect(fresh)) as connection:
        # All of the fresh file is one transaction: it is complete if it has anything.
        is_complete = pragma_number(connection, "application_id") == APPLICATION_ID
    if is_complete:
        fresh.replace(journal)
    else:
        _remove(fresh)


def set_aside(journal: Path, day: date) -> Path | None:
    """Renames the file and its companions to a name nobody has yet; the new place, None without a file."""
    if not journal.exists():
        return None
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        place = journal.with_name(f"{journal.stem}-damaged-{day.isoformat()}{suffix}{journal.suffix}")
        if not any(_companion(place, end).exists() for end in ("", *SIDECARS)):
            break
        number += 1
    # The companions first: a -wal left behind would be applied to, or deleted with, the file that comes next.
    for end in (*SIDECARS, ""):
        if _companion(journal, end).exists():
            _companion(journal, end).rename(_companion(place, end))
    return place


def salvage(journal: Path, copies: Sequence[Path], target: Connection) -> int:
    """Copies what can be read of a damaged file into `target`, then what it lacks from the newest readable copy.

    Runs inside the caller's transaction; returns the number of uploads. Raises sqlite3.Error if `target` fails.
    """
    _salvage_file(journal, target)
    # Older copies have rows that were removed on purpose since: only the newest one that can be read counts.
    any(_salvage_file(copy, target) for copy in copies)
    # A row whose id came from an earlier upload that is lost now is the only one left that has that id.
    target.execute(
        "UPDATE upload SET reused_from = NULL, reused_us = NULL"
        " WHERE reused_from IS NOT NULL AND reused_from NOT IN (SELECT key FROM upload)"
    )
    return int(target.execute("SELECT count(*) FROM upload").fetchone()[0])


def _salvage_file(file: Path, target: Connection) -> bool:
    """Whether the file had any readable upload. What `target` has already stays as it is."""
    if not file.exists():
        return False
    has_uploads = False
    known = {key for (key,) in target.execute("SELECT key FROM upload")}
    with closing(_connect_to_damaged(file)) as source:
        for row in readable_rows(source, "upload"):
            if _is_plausible(row):
                has_uploads = True
                if row["key"] not in known:
                    target.execute(INSERT_NEW_UPLOAD, row_of_upload(upload_of_row(row)))
        for row in readable_rows(source, "attempt"):
            cells = [row.get(name) for name in ATTEMPT_COLUMNS]
            target.execute(INSERT_NEW_ATTEMPT, cells)
    target.execute("DELETE FROM attempt WHERE upload_key NOT IN (SELECT key FROM upload)")
    return has_uploads


def _is_plausible(row: Row) -> bool:
    return row.get("kind") in _KINDS and bool(row.get("location"))


def _connect_to_damaged(file: Path) -> Connection:
    source = connect_read_only(file, busy_timeout_s=0)
    try:
        source.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except (sqlite3.DatabaseError, UnicodeError) as error:
        if primary_code(error) in _NEEDS_IMMUTABLE:
            source.close()
            source = connect_read_only(file, immutable=True)
    # A file shorter than its header says is refused as a whole, unless this is set.
    source.execute("PRAGMA writable_schema = ON")
    return source


def readable_rows(source: Connection, table: str) -> Iterator[Row]:
    """Every row that can be read: from both ends up to a damaged page, then between damaged pages by halving."""
    spans = deque([(0, _LARGEST_KEY)])  # keys strictly between
    failed_reads = 0
    while spans and failed_reads < _FAILED_READS_MAX:
        low, high = spans.popleft()
        reached = yield from _read_span(source, table, (low, high), "ASC")
        if reached is None:
            continue
        from_above = yield from _read_span(source, table, (reached, high), "DESC")
        failed_reads += 2
        if from_above == _LARGEST_KEY:
            from_above = max(_highest_key(source, table), reached) + 1
        if from_above is not None and from_above - reached > 2:
            middle = (reached + from_above) // 2
            spans += [(reached, middle + 1), (middle, from_above)]


def _read_span(source: Connection, table: str, span: tuple[int, int], order: str) -> Generator[Row, None, int | None]:
    """Rows of a span until damage; returns the last key before it, None where the span was read to its end."""
    low, high = span
    last = low if order == "ASC" else high
    try:
        cursor = source.execute(
            f"SELECT * FROM {table} WHERE key > ? AND key < ? ORDER BY key {order}",  # noqa: S608 - our own words
            span,
        )
        names = [column[0] for column in cursor.description]
        for cells in cursor:
            row = dict(zip(names, cells, strict=True))
            # SQLite trusts the order of its tree; a damaged page gives keys that do not belong there.
            if not low < row["key"] < high:
                return last
            last = row["key"]
            low, high = (last, high) if order == "ASC" else (low, last)
            yield row
    except sqlite3.DatabaseError as error:
        # Anything else, such as a missing table, is the same at every key.
        return last if primary_code(error) in _LOCAL_DAMAGE else None
    except UnicodeError:  # the name of a column, or a message that quotes one, is spoilt
        return None
    return None


def _highest_key(source: Connection, table: str) -> int:
    """No key is above this, or hardly: where the end of a table is damaged, halving needs an end."""
    try:
        found = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    except (sqlite3.DatabaseError, UnicodeError):
        found = None
    return found[0] if found is not None and isinstance(found[0], int) else _KEYS_WITHOUT_SEQUENCE


def _fresh_name(journal: Path) -> Path:
    return journal.with_name(f"{journal.stem}-rescue{journal.suffix}")


def _companion(journal: Path, end: str) -> Path:
    return journal.with_name(journal.name + end)


def _remove(file: Path) -> None:
    for end in ("", "-journal", *SIDECARS):
        _companion(file, end).unlink(missing_ok=True)

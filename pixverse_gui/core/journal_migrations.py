"""The journal's schema, and the steps that bring an older file to it: forward only.

A step that renames or moves a column must teach `journal_rows` the old name too: the rescue of a damaged file
reads rows of whatever version they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from pixverse_gui.core.errors import NewerFileError
from pixverse_gui.core.journal_connection import APPLICATION_ID, Connection, connect_in_memory, pragma_number

Step = tuple[str, ...]
"""Statements that bring a file from one version to the next."""

# Text holds numbers that come from files and servers: INTEGER ends at 2^63, and so does the signed time of a file in
# nanoseconds. Text with a lone surrogate is stored as bytes in the same column, see journal_rows. Times are whole
# microseconds since 1970 in UTC: exact, short, and in order.
_VERSION_1: Step = (
    """
    CREATE TABLE upload (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        batch INTEGER NOT NULL,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        location TEXT NOT NULL,
        label TEXT NOT NULL,
        search_text TEXT NOT NULL,
        state TEXT NOT NULL,
        added_us INTEGER NOT NULL,
        byte_size TEXT,
        format TEXT,
        width TEXT,
        height TEXT,
        modified_ns TEXT,
        sha256 TEXT,
        issues TEXT NOT NULL DEFAULT '[]',
        error TEXT,
        img_id TEXT,
        img_url TEXT,
        account TEXT,
        finished_us INTEGER,
        reused_from INTEGER,
        reused_us INTEGER,
        resend INTEGER NOT NULL DEFAULT 0,
        listed INTEGER NOT NULL DEFAULT 1,
        hidden INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE attempt (
        key INTEGER PRIMARY KEY,
        upload_key INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        trace_id TEXT NOT NULL UNIQUE,
        started_us INTEGER NOT NULL,
        outcome TEXT NOT NULL DEFAULT '',
        maybe_stored INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX attempt_upload ON attempt (upload_key, sequence)",
    "CREATE INDEX upload_listed ON upload (position) WHERE listed = 1",
    """
    CREATE INDEX upload_finished ON upload (finished_us DESC, key DESC)
    WHERE state = 'done' AND hidden = 0 AND reused_from IS NULL
    """,
    "CREATE INDEX upload_sha256 ON upload (sha256) WHERE sha256 IS NOT NULL",
    "CREATE INDEX upload_reused_from ON upload (reused_from) WHERE reused_from IS NOT NULL",
    f"PRAGMA application_id = {APPLICATION_ID}",
)

# A search reads what it compares, and not the rows around it: a third of the time. Paging and counting without a search
# keep the narrow index.
_VERSION_2: Step = (
    """
    CREATE INDEX upload_search ON upload (finished_us DESC, key DESC, search_text)
    WHERE state = 'done' AND hidden = 0 AND reused_from IS NULL
    """,
)

STEPS: tuple[Step, ...] = (_VERSION_1, _VERSION_2)
SCHEMA_VERSION = len(STEPS)


def apply_steps(connection: Connection, steps: Sequence[Step] = STEPS) -> None:
    """Brings the file to the newest version, inside a transaction the caller has begun.

    Raises NewerFileError for a file of a newer program, sqlite3.Error.
    """
    version = refuse_newer(connection, steps)
    for number, step in enumerate(steps[version:], version + 1):
        for statement in step:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")


def migrate(connection: Connection, steps: Sequence[Step] = STEPS) -> None:
    """`apply_steps` in a transaction of its own: all steps hold, or none. Raises as that does."""
    if refuse_newer(connection, steps) == len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        apply_steps(connection, steps)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def has_our_schema(connection: Connection) -> bool:
    """Whether all tables and indexes of the newest version are there as they should be; others may be besides."""
    question = "SELECT type, name, sql FROM sqlite_schema"
    with closing(connect_in_memory()) as fresh:
        migrate(fresh)
        return set(fresh.execute(question)) <= set(connection.execute(question))


def refuse_newer(connection: Connection, steps: Sequence[Step] = STEPS) -> int:
    """Version of the file, 0 for an empty one. Raises NewerFileError."""
    version = pragma_number(connection, "user_version")
    if version > len(steps):
        raise NewerFileError
    return version

"""The statements that writer, reader and rescue of the journal share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pixverse_gui.core.journal_connection import Connection
from pixverse_gui.core.journal_rows import (
    ATTEMPT_COLUMNS,
    UPLOAD_COLUMNS,
    Cell,
    Row,
    row_of_upload,
    rows_of_attempts,
    upload_of_row,
)
from pixverse_gui.core.models import Upload

# Only constants of journal_rows ever stand inside these statements; every value is bound.
_INTO_UPLOAD = f"INTO upload ({', '.join(UPLOAD_COLUMNS)}) VALUES ({', '.join('?' * len(UPLOAD_COLUMNS))})"
_INTO_ATTEMPT = f"INTO attempt ({', '.join(ATTEMPT_COLUMNS)}) VALUES ({', '.join('?' * len(ATTEMPT_COLUMNS))})"
_NEW_UPLOAD_CELLS = ", ".join(f"{name} = excluded.{name}" for name in UPLOAD_COLUMNS if name != "key")
_NEW_ATTEMPT_CELLS = ", ".join(f"{name} = excluded.{name}" for name in ATTEMPT_COLUMNS)

INSERT_NEW_UPLOAD = f"INSERT OR IGNORE {_INTO_UPLOAD}"
INSERT_NEW_ATTEMPT = f"INSERT OR IGNORE {_INTO_ATTEMPT}"
_PUT_UPLOAD = (
    f"INSERT {_INTO_UPLOAD} ON CONFLICT (key) DO UPDATE SET {_NEW_UPLOAD_CELLS}"
    " WHERE coalesce(upload.img_id, '') = '' OR coalesce(excluded.img_id, '') <> ''"
    # "Upload again": the id that goes stands with the row that it was taken from.
    " OR (excluded.resend = 1 AND upload.reused_from IS NOT NULL)"
)
_PUT_ATTEMPT = f"INSERT {_INTO_ATTEMPT} ON CONFLICT (trace_id) DO UPDATE SET {_NEW_ATTEMPT_CELLS}"
_SELECT_UPLOADS = f"SELECT {', '.join(UPLOAD_COLUMNS)} FROM upload "  # noqa: S608
_SELECT_ATTEMPTS = f"SELECT {', '.join(ATTEMPT_COLUMNS)} FROM attempt WHERE upload_key IN ("  # noqa: S608

_KEYS_A_STATEMENT = 500
"""Older builds of SQLite take at most 999 bound values."""


def put_uploads(connection: Connection, uploads: Iterable[Upload]) -> list[int]:
    """Writes whole rows with their attempts; the same again changes nothing. An attempt on disk is never removed.

    Nothing about an attempt can keep its row, and the id in it, from being stored: a trace id that stands with
    another row already moves to this one. A row without an id never takes the place of one that has its id, whoever
    asks for it: such rows stay as they are, but for attempts that were not known, and their keys are returned.
    """
    refused = []
    for upload in uploads:
        is_put = connection.execute(_PUT_UPLOAD, row_of_upload(upload)).rowcount > 0
        if not is_put:
            refused.append(upload.key)
        connection.executemany(_PUT_ATTEMPT if is_put else INSERT_NEW_ATTEMPT, rows_of_attempts(upload))
    return refused


def insert_upload(connection: Connection, upload: Upload) -> int:
    """A new row without attempts; `upload.key` is ignored. Returns its key, which no row ever had before."""
    cells = row_of_upload(upload)
    return int(connection.execute(f"INSERT {_INTO_UPLOAD}", (None, *cells[1:])).lastrowid or 0)


def read_uploads(
    connection: Connection, condition: str, values: Sequence[Cell] | Mapping[str, Cell] = ()
) -> list[Upload]:
    """The uploads that `condition` (from WHERE on, with placeholders) chooses, in its order."""
    rows: list[Row] = [
        dict(zip(UPLOAD_COLUMNS, cells, strict=True))
        for cells in connection.execute(_SELECT_UPLOADS + condition, values)
    ]
    attempts = _attempts_of(connection, [row["key"] for row in rows])
    return [upload_of_row(row, attempts.get(row["key"], ())) for row in rows]


def _attempts_of(connection: Connection, keys: Sequence[int]) -> Mapping[int, Sequence[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for start in range(0, len(keys), _KEYS_A_STATEMENT):
        some = keys[start : start + _KEYS_A_STATEMENT]
        statement = f"{_SELECT_ATTEMPTS}{', '.join('?' * len(some))}) ORDER BY upload_key, sequence, key"
        for cells in connection.execute(statement, some):
            found[cells[0]].append(dict(zip(ATTEMPT_COLUMNS, cells, strict=True)))
    return found

"""Every row of a table that can be read, around the pages of a file that are damaged."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Generator, Iterator

from pixverse_gui.core.journal_connection import Connection, primary_code
from pixverse_gui.core.journal_rows import Row

Span = tuple[int, int]
"""Keys strictly between these two."""

_LOCAL_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR})
_LARGEST_KEY = 2**63 - 1
EVERY_KEY: Span = (0, _LARGEST_KEY)
_FAILED_READS_MAX = 20_000
"""Bound on the search between damaged pages: each failed read costs some 20 µs, a page holds about ten rows."""
_KEYS_WITHOUT_SEQUENCE = 2**20
"""Where the search ends if the file does not say which key it gave last."""


class ReadableRows:
    """Iterate once: from both ends up to a damaged page, then between damaged pages by halving.

    `unread` are then the spans in which rows may have been missed; a row with a key outside of them, and not among
    those that were read, is not in the file.
    """

    def __init__(self, source: Connection, table: str) -> None:
        self._source, self._table = source, table
        self.unread: list[Span] = []

    def __iter__(self) -> Iterator[Row]:
        spans = deque([EVERY_KEY])
        failed_reads = 0
        while spans and failed_reads < _FAILED_READS_MAX:
            low, high = spans.popleft()
            reached = yield from self._read((low, high), "ASC")
            if reached is None:
                continue
            from_above = yield from self._read((reached, high), "DESC")
            failed_reads += 2
            if (low, high) == EVERY_KEY:
                self.unread.append((reached, high if from_above is None else from_above))
            if from_above == _LARGEST_KEY:
                from_above = max(self._highest_key(), reached) + 1
            if from_above is not None and from_above - reached > 2:
                middle = (reached + from_above) // 2
                spans += [(reached, middle + 1), (middle, from_above)]

    def _read(self, span: Span, order: str) -> Generator[Row, None, int | None]:
        """Rows of a span until damage; returns the last key before it, None where the span was read to its end."""
        low, high = span
        last = low if order == "ASC" else high
        try:
            cursor = self._source.execute(
                f"SELECT * FROM {self._table} WHERE key > ? AND key < ? ORDER BY key {order}",  # noqa: S608 - our own
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
            if primary_code(error) in _LOCAL_DAMAGE:
                return last
            self.unread.append(span)  # anything else, such as a missing table, is the same at every key
        except UnicodeError:  # the name of a column, or a message that quotes one, is spoilt
            self.unread.append(span)
        return None

    def _highest_key(self) -> int:
        """No key is above this, or hardly: where the end of a table is damaged, halving needs an end."""
        try:
            found = self._source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (self._table,)).fetchone()
        except (sqlite3.DatabaseError, UnicodeError):
            found = None
        return found[0] if found is not None and isinstance(found[0], int) else _KEYS_WITHOUT_SEQUENCE

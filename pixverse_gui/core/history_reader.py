"""The History's questions to the journal: pages, counts and days, newest first, over a connection that never writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pixverse_gui.core.journal_connection import (
    Connection,
    JournalDatabase,
    connect_read_only,
    pragma_number,
    read_errors,
)
from pixverse_gui.core.journal_migrations import SCHEMA_VERSION
from pixverse_gui.core.journal_rows import Cell, searchable
from pixverse_gui.core.journal_statements import read_uploads
from pixverse_gui.core.models import Upload

PAGE_SIZE = 256
_SEARCH_CHARS_MAX = 1_000
"""More than any name, id or link has; SQLite refuses LIKE patterns of 50,000 bytes."""

# Word for word the condition of the indexes upload_finished and upload_search, without which SQLite uses neither.
_IN_HISTORY = "WHERE state = 'done' AND hidden = 0 AND reused_from IS NULL"
# Named, as SQLite without statistics takes the narrow index and then reads every row of the table.
_BY_TEXT = "INDEXED BY upload_search "
_MATCHES = "search_text LIKE :pattern ESCAPE '\\'"
# Asked first, as looking each of a hundred thousand keys up takes half as long as the search, and few are ever here.
_REUSED = f"SELECT reused_from FROM upload WHERE reused_from IS NOT NULL AND state = 'done' AND {_MATCHES}"  # noqa: S608
_AFTER = " AND (finished_us, key) < (:finished_us, :key)"
_UNTIL = " AND (finished_us, key) >= (:until_us, :until_key)"
_ORDER = " ORDER BY finished_us DESC, key DESC LIMIT :limit"
_FEW = 10_000
"""Among so many a search takes a few milliseconds."""
# A time that damage put outside of the calendar has no day.
_GROUPED = "GROUP BY day HAVING day BETWEEN '0001-01-01' AND '9999-12-31' ORDER BY day DESC"
_DAY = "date(finished_us / 1000000, 'unixepoch', 'localtime')"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next page begins behind it, whatever was added at the top meanwhile."""

    finished_us: int
    key: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page. `next` is None at the end."""

    uploads: tuple[Upload, ...]
    next: Cursor | None


class HistoryReader:
    """Reads what is DONE, not hidden, and has an id of its own. Blocks: for one worker, not the GUI thread.

    The connection is opened by the first question, and as long as there is no journal yet the answers are empty.
    A search finds names, ids and links, and the names of later rows that took over the id; without case, as one
    piece of text. Every question raises StorageError where the file cannot be read.
    """

    def __init__(self, path: Path, shared: JournalDatabase | None = None) -> None:
        """`shared`: the only connection a journal in memory has. It stays open when the reader is closed."""
        self._path = path
        self._shared = shared
        self._own: JournalDatabase | None = None

    def another(self) -> HistoryReader:
        """With a connection of its own, for another worker; over a journal in memory with the same one."""
        return HistoryReader(self._path, self._shared)

    def page(
        self, search: str = "", after: Cursor | None = None, limit: int = PAGE_SIZE, *, until: Cursor | None = None
    ) -> HistoryPage:
        """Up to `limit` uploads, newest first, behind `after` (`HistoryPage.next` of the page before).

        With `until` none that is older than that.
        """
        with self._reading() as connection:
            if connection is None:
                return HistoryPage((), None)
            condition, values = _condition(connection, search, after, until)
            return _page(
                connection, read_uploads(connection, condition + _ORDER, {**values, "limit": limit + 1}), limit
            )

    def keys(self, search: str, after: Cursor, limit: int = PAGE_SIZE) -> list[int]:
        """Of the uploads of a page behind `after`, and of one more where there is one."""
        with self._reading() as connection:
            if connection is None:
                return []
            condition, values = _condition(connection, search, after)
            question = f"SELECT key FROM upload {condition}{_ORDER}"  # noqa: S608
            return [row[0] for row in connection.execute(question, {**values, "limit": limit + 1})]

    def page_of(self, keys: Sequence[int], limit: int = PAGE_SIZE) -> HistoryPage:
        """The page of `limit` that `keys` said, without what has gone since."""
        with self._reading() as connection:
            if connection is None or not keys:
                return HistoryPage((), None)
            condition = f"{_IN_HISTORY} AND key IN ({', '.join('?' * len(keys))}) ORDER BY finished_us DESC, key DESC"
            return _page(connection, read_uploads(connection, condition, keys), limit)

    def count(self, search: str = "") -> int:
        """How many uploads all pages of this search have together."""
        with self._reading() as connection:
            if connection is None:
                return 0
            condition, values = _condition(connection, search)
            return int(connection.execute(f"SELECT count(*) FROM upload {condition}", values).fetchone()[0])  # noqa: S608

    def middle(self) -> Cursor | None:
        """Half of all uploads are newer, half are older. None where there are few."""
        with self._reading() as connection:
            if connection is None:
                return None
            number = connection.execute(f"SELECT count(*) FROM upload {_IN_HISTORY}").fetchone()[0]  # noqa: S608
            if number < _FEW:
                return None
            in_order = f"{_IN_HISTORY} ORDER BY finished_us DESC, key DESC"
            question = f"SELECT finished_us, key FROM upload {in_order} LIMIT 1 OFFSET ?"  # noqa: S608
            finished_us, key = connection.execute(question, (number // 2,)).fetchone()
            return Cursor(finished_us, key) if isinstance(finished_us, int) else None  # damage is no time

    def day_counts(self, search: str = "") -> dict[date, int]:
        """How many uploads were finished on each day of this computer's time zone; newest day first."""
        with self._reading() as connection:
            if connection is None:
                return {}
            condition, values = _condition(connection, search)
            question = f"SELECT {_DAY} AS day, count(*) FROM upload {condition} {_GROUPED}"  # noqa: S608
            days = connection.execute(question, values).fetchall()
        return {date.fromisoformat(day): number for day, number in days}

    def close(self) -> None:
        """Never raises; a later question opens the file again."""
        if self._own is not None:
            self._own.close()
            self._own = None

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """The connection, None while there is no journal to read."""
        if self._shared is None and self._own is None:
            with read_errors():
                self._own = self._open()
        database = self._shared or self._own
        if database is None:
            yield None
            return
        with database.reading() as connection:
            yield connection

    def _open(self) -> JournalDatabase | None:
        if not self._path.exists():
            return None
        connection = connect_read_only(self._path)
        try:
            if pragma_number(connection, "user_version") == SCHEMA_VERSION:
                return JournalDatabase(connection, self._path)
        except BaseException:
            connection.close()
            raise
        connection.close()  # just being made or brought up to date
        return None


def _page(connection: Connection, found: Sequence[Upload], limit: int) -> HistoryPage:
    uploads = tuple(found[:limit])
    return HistoryPage(uploads, _cursor(connection, uploads[-1]) if len(found) > limit else None)


def _cursor(connection: Connection, last: Upload) -> Cursor:
    # The number as it is on disk: a damaged one may be no time at all, and must not make the paging jump.
    return Cursor(
        connection.execute("SELECT finished_us FROM upload WHERE key = ?", (last.key,)).fetchone()[0], last.key
    )


def _condition(
    connection: Connection, search: str, after: Cursor | None = None, until: Cursor | None = None
) -> tuple[str, dict[str, Cell]]:
    condition, values = _search_condition(connection, search)
    if after is not None:
        condition += _AFTER
        values |= {"finished_us": after.finished_us, "key": after.key}
    if until is not None:
        condition += _UNTIL
        values |= {"until_us": until.finished_us, "until_key": until.key}
    return condition, values


def _search_condition(connection: Connection, search: str) -> tuple[str, dict[str, Cell]]:
    wanted = searchable(search.strip())[:_SEARCH_CHARS_MAX]
    if not wanted:
        return _IN_HISTORY, {}
    for special in "\\%_":
        wanted = wanted.replace(special, f"\\{special}")
    values: dict[str, Cell] = {"pattern": f"%{wanted}%"}
    is_reused = connection.execute(f"SELECT EXISTS ({_REUSED})", values).fetchone()[0]
    matches = f"({_MATCHES} OR key IN ({_REUSED}))" if is_reused else _MATCHES
    return f"{_BY_TEXT}{_IN_HISTORY} AND {matches}", values

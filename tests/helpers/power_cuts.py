"""What a power cut could leave of a folder: taken at each fsync of SQLite, while the journal's own code runs.

The standard library's SQLite tells nobody when it syncs. apsw has an SQLite of its own that does; `Connection` gives
it the face of the other, as far as the journal uses that.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

_SECTOR = 512
_NOT_KEPT = ("-shm",)
"""Memory that the processes share; after a power cut nobody trusts it."""


@dataclass(frozen=True)
class Cut:
    """`files`: what is on the disk. `promised`: how much had been reported as committed when the sync began."""

    files: Mapping[str, bytes]
    promised: int
    kind: str

    def lay_out(self, folder: Path) -> Path:
        """As the next start finds it."""
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder


class PowerCuts:
    """Records cuts of `folder`, for which `connect` stands in for the journal's own. `promised` is the test's to count.

    At each sync: everything that was written, nothing since each file's last sync, and some sectors of it. Renames and
    deletions hold at once, as in a file system with a journal.
    """

    def __init__(self, folder: Path) -> None:
        self.promised = 0
        self.cuts: list[Cut] = []
        self._folder, self._dice = folder, random.Random(11)
        self._synced = {path.stat().st_ino: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        self._vfs = _Vfs(self, f"power-cuts-{id(self)}")

    def connect(self, path: Path, **_: object) -> Connection:
        return Connection(apsw.Connection(str(path), vfs=self._vfs.name))

    def cut(self) -> None:
        """The power goes now."""
        files = [path for path in self._folder.iterdir() if path.is_file() and not path.name.endswith(_NOT_KEPT)]
        written = {path.name: path.read_bytes() for path in files}
        synced = {path.name: self._synced.get(path.stat().st_ino, b"") for path in files}
        mixed = {name: self._mixed(synced[name], written[name]) for name in written}
        for kind, found in (("written", written), ("synced", synced), ("mixed", mixed)):
            self.cuts.append(Cut(found, self.promised, kind))

    def has_synced(self, path: Path) -> None:
        self._synced[path.stat().st_ino] = path.read_bytes()

    def will_delete(self, path: Path) -> None:
        """The power goes just before; and whatever gets the place on the disk afterwards is another file."""
        self.cut()
        if path.exists():
            self._synced.pop(path.stat().st_ino, None)

    def _mixed(self, old: bytes, new: bytes) -> bytes:
        sectors = range(0, max(len(old), len(new)), _SECTOR)
        pieces = [self._dice.choice((old, new))[start : start + _SECTOR] for start in sectors]
        return b"".join(piece.ljust(_SECTOR, b"\0") for piece in pieces)


class Connection:
    """apsw with the face of sqlite3.Connection."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Cursor:
        with _errors_of_sqlite3():
            return Cursor(self._connection, self._connection.execute(statement, values))

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with _errors_of_sqlite3():
            self._connection.executemany(statement, rows)

    def close(self) -> None:
        self._connection.close()


class Cursor:
    """What `execute` gives."""

    def __init__(self, connection: apsw.Connection, cursor: apsw.Cursor) -> None:
        self._cursor = cursor
        self.lastrowid, self.rowcount = connection.last_insert_rowid(), connection.changes()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def fetchone(self) -> Any:
        with _errors_of_sqlite3():
            return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        with _errors_of_sqlite3():
            return list(self._cursor)


@contextmanager
def _errors_of_sqlite3() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        translated = sqlite3.DatabaseError(str(error))
        translated.sqlite_errorcode = getattr(error, "extendedresult", 0)
        raise translated from error


class _Vfs(apsw.VFS):
    def __init__(self, cuts: PowerCuts, name: str) -> None:
        super().__init__(name, "")
        self.name, self._cuts = name, cuts

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return _File(name, flags, self._cuts)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._cuts.will_delete(Path(filename))
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int], cuts: PowerCuts) -> None:
        super().__init__("", name, flags)  # type: ignore[arg-type]
        self._path = None if name is None else Path(name if isinstance(name, str) else name.filename())
        self._cuts = cuts

    def xSync(self, flags: int) -> None:
        if self._path is None:  # a file without a name
            return
        self._cuts.cut()
        super().xSync(flags)
        self._cuts.has_synced(self._path)


def use(cuts: PowerCuts, put: Callable[[str, object], None]) -> None:
    """Let the journal's code connect through these; `put` is monkeypatch.setattr."""
    for module in ("journal_opening", "journal_rescue"):
        put(f"pixverse_gui.core.{module}.connect", cuts.connect)

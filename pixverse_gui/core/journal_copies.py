"""Daily copies of the journal: made whole and checked, the newest three kept beside it."""

from __future__ import annotations

import glob
import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from pixverse_gui.core.durable_file import sync_file
from pixverse_gui.core.journal_connection import Connection, connect_read_only

COPIES_KEPT = 3


def copies_of(journal: Path, folder: Path | None = None) -> list[Path]:
    """The daily copies of a journal, newest first. `folder`: where they are, if not beside it. Raises OSError."""
    name = re.compile(re.escape(journal.stem) + r"-\d{4}-\d\d-\d\d" + re.escape(journal.suffix))
    folder = folder or journal.parent
    return sorted((path for path in folder.iterdir() if name.fullmatch(path.name)), reverse=True)


def copies_by_trust(journal: Path, day: date) -> list[Path]:
    """The daily copies, newest first, and then those of days to come, made by a wrong clock. Raises OSError."""
    today = _copy_of_day(journal, journal.parent, day).name
    return sorted(copies_of(journal), key=lambda copy: copy.name <= today, reverse=True)


def make_copy(connection: Connection, journal: Path, folder: Path, day: date) -> Path | None:
    """Today's copy, or None where there is one already or nothing to keep.

    A journal without uploads is not copied: after a loss, three empty copies would push out the good ones.
    Raises sqlite3.Error (also where the copy fails its check, and then there is none) and OSError.
    """
    copy = _copy_of_day(journal, folder, day)
    for unfinished in folder.glob(f"{glob.escape(journal.stem)}-*{glob.escape(journal.suffix)}.part"):
        unfinished.unlink()  # of any day: its program was killed
    if copy.exists() or connection.execute("SELECT 1 FROM upload LIMIT 1").fetchone() is None:
        return None
    unfinished = copy.with_name(f"{copy.name}.part")
    try:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
        _check(unfinished)
        sync_file(unfinished)  # VACUUM INTO does not, and a copy of the day is made but once
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    # A copy with a date in the future, from a day when the clock was wrong, must not push out the one just made.
    for old in [path for path in copies_of(journal, folder) if path != copy][COPIES_KEPT - 1 :]:
        old.unlink()
    return copy


def _copy_of_day(journal: Path, folder: Path, day: date) -> Path:
    return folder / f"{journal.stem}-{day.isoformat()}{journal.suffix}"


def _check(copy: Path) -> None:
    with closing(connect_read_only(copy)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {found}")

"""A damaged journal is set aside under a new name, and every row that can still be read goes into a fresh one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pixverse_gui.core.durable_file import sync_folder
from pixverse_gui.core.journal_connection import APPLICATION_ID, connect, pragma_number
from pixverse_gui.core.journal_migrations import apply_steps
from pixverse_gui.core.journal_salvage import salvage

SIDECARS = ("-wal", "-journal", "-shm")


@dataclass(frozen=True, slots=True)
class Rescue:
    """Where the damaged file is now (None: there was none), and how many uploads the fresh one begins with."""

    kept_at: Path | None
    recovered: int


def rescue(journal: Path, copies: Sequence[Path], day: date) -> Rescue:
    """Puts a sound journal in the place of a damaged or lost one. `copies` are newest first.

    The fresh file is complete on disk before the damaged one is renamed, so a kill at any point loses nothing:
    `finish_interrupted_rescue` does the last steps. Raises sqlite3.Error, OSError; then nothing was renamed, or the
    next start finishes it.
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
    with suppress(OSError):  # what is committed next must not be in a file that a power cut takes the name from
        sync_folder(journal.parent)
    return Rescue(kept_at, recovered)


def _build(fresh: Path, journal: Path, copies: Sequence[Path]) -> int:
    with closing(connect(fresh)) as target:
        target.execute("BEGIN IMMEDIATE")
        apply_steps(target)
        recovered = salvage(journal, copies, target)
        target.execute("COMMIT")
    return recovered


def finish_interrupted_rescue(journal: Path, day: date) -> bool:
    """Takes up a rescue that was killed between its renames; whether there was one. Raises sqlite3.Error, OSError."""
    fresh = _fresh_name(journal)
    if journal.exists() or not fresh.exists():
        return False
    with closing(connect(fresh)) as connection:
        # All of the fresh file is one transaction: it is complete if it has anything.
        is_complete = pragma_number(connection, "application_id") == APPLICATION_ID
    if is_complete:
        set_aside(journal, day)
        fresh.replace(journal)
    else:
        _remove(fresh)
    return is_complete


def set_aside(journal: Path, day: date) -> Path | None:
    """Renames the file and its companions to a name nobody has yet; the new place, None where nothing had rows.

    A companion whose file is lost is set aside too: a -wal left behind would be applied to, or deleted with, the file
    that comes next. The file itself goes first. A kill in between leaves none in its place, and so it shows that the
    fresh one has all there is; a damaged file without its -wal would be salvaged once more, and without those rows.
    """
    ends = [end for end in ("", *SIDECARS) if _companion(journal, end).exists()]
    if not ends:
        return None
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        place = journal.with_name(f"{journal.stem}-damaged-{day.isoformat()}{suffix}{journal.suffix}")
        if not any(_companion(place, end).exists() for end in ("", *SIDECARS)):
            break
        number += 1
    for end in ends:
        _companion(journal, end).rename(_companion(place, end))
    kept = [end for end in ends if end != "-shm"]
    return _companion(place, kept[0]) if kept else None


def _fresh_name(journal: Path) -> Path:
    return journal.with_name(f"{journal.stem}-rescue{journal.suffix}")


def _companion(journal: Path, end: str) -> Path:
    return journal.with_name(journal.name + end)


def _remove(file: Path) -> None:
    for end in ("", *SIDECARS):
        _companion(file, end).unlink(missing_ok=True)

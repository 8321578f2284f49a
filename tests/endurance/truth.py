"""The journal of a program that has ended, beside what the server wrote down before it answered."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.scripted_server import Stored


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of the journal. `is_flagged`: it says that a second copy may exist."""

    label: str
    state: str
    sha256: str | None
    img_id: str | None
    trace_ids: tuple[str, ...]
    is_flagged: bool


def kept_rows(data_dir: Path) -> list[Kept]:
    """Every row in the order of the list; none where there is no journal yet. Read as any other program would."""
    path = data_dir / "journal.sqlite"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as journal:
        if journal.execute("SELECT 1 FROM sqlite_master WHERE name = 'upload'").fetchone() is None:
            return []
        attempts: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for key, trace_id, flag in journal.execute(
            "SELECT upload_key, trace_id, maybe_stored FROM attempt ORDER BY sequence"
        ):
            attempts[key].append((trace_id, flag))
        rows = journal.execute("SELECT key, label, state, sha256, img_id FROM upload ORDER BY position").fetchall()
    return [
        Kept(
            label, state, sha256, img_id, tuple(one for one, _ in attempts[key]), any(flag for _, flag in attempts[key])
        )
        for key, label, state, sha256, img_id in rows
    ]


def wrong_ids(rows: Iterable[Kept], stored: Iterable[Stored]) -> list[str]:
    """Rows whose id is none that the server gave for the very bytes of their picture."""
    given: dict[str | None, set[str]] = defaultdict(set)
    for one in stored:
        given[one.sha256].add(one.img_id)
    return [
        f"{row.label} has {row.img_id}"
        for row in rows
        if row.img_id is not None and row.img_id not in given[row.sha256]
    ]


def lost_ids(before: Iterable[Kept], after: Iterable[Kept]) -> list[str]:
    """Ids that stood in the journal and do not any more."""
    now = {row.label: row.img_id for row in after}
    return [f"{row.label} had {row.img_id}" for row in before if row.img_id and now.get(row.label) != row.img_id]


def unflagged_copies(rows: Sequence[Kept], stored: Iterable[Stored]) -> list[str]:
    """Pictures that the server has more than once, and whose row does not say so."""
    copies: dict[str | None, int] = defaultdict(int)
    for one in stored:
        copies[one.sha256] += 1
    return [row.label for row in rows if copies[row.sha256] > 1 and not row.is_flagged]


def used_twice(rows: Iterable[Kept]) -> list[str]:
    """Trace ids that were sent more than once."""
    seen: set[str] = set()
    again = []
    for row in rows:
        for trace_id in row.trace_ids:
            (again.append if trace_id in seen else seen.add)(trace_id)
    return again


def told(found: Sequence[str]) -> str:
    """How many, and the first of them."""
    return f"{len(found)} ({', '.join(found[:5])})" if found else "0"

"""The same picture more than once in the list: the first row says nothing, every later one names it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pixverse_gui.background.working_list import WorkingList, place_of
from pixverse_gui.core.models import Issue, IssueCode, Severity, Upload, UploadState


class Twins:
    """GUI thread only. Knows which rows of the list have the same bytes; changes no row, but says how it should be.

    A note is about what will be sent, so only READY rows (and the one that is just being looked at) get one.
    """

    def __init__(self, rows: WorkingList) -> None:
        self._rows = rows
        self._first: dict[str, int] = {}
        self._members: dict[str, set[int]] = {}
        self._sha: dict[int, str] = {}

    def meet(self, row: Upload) -> tuple[Upload, list[Upload]]:
        """A row whose bytes are known, on its way into the list or in it: as it should be, and others that change."""
        sha = row.facts.sha256 if row.facts else None
        orphans = self._moved_on(row.key, sha)  # its file may have been another one before
        if sha is None:
            return row, orphans
        self._sha[row.key] = sha
        self._members.setdefault(sha, set()).add(row.key)
        first = self._rows.get(self._first.get(sha, row.key))
        if first is None or first.key == row.key:
            self._first[sha] = row.key
            return _beside(row, None), orphans
        if place_of(first) < place_of(row):
            return _beside(row, first), orphans
        self._first[sha] = row.key
        return _beside(row, None), [*orphans, *([_beside(first, row)] if first.state is UploadState.READY else [])]

    def part(self, keys: Iterable[int]) -> list[Upload]:
        """These rows left the list: the rows that change."""
        orphaned = {self._sha[key] for key in keys if key in self._sha and self._first.get(self._sha[key]) == key}
        for key in keys:
            self._leave(key)
        return [row for sha in orphaned for row in self._choose_first(sha)]

    def _choose_first(self, sha: str) -> list[Upload]:
        rows = sorted(filter(None, map(self._rows.get, self._members.get(sha, ()))), key=place_of)
        if not rows:
            return []
        first = rows[0]
        self._first[sha] = first.key
        told = [_beside(row, None if row is first else first) for row in rows if row.state is UploadState.READY]
        return [row for row in told if row != self._rows.get(row.key)]

    def _moved_on(self, key: int, sha: str | None) -> list[Upload]:
        """The rows that change because this one does not have its old bytes any more."""
        old = self._sha.get(key)
        was_first = old is not None and old != sha and self._first.get(old) == key
        self._leave(key)
        return self._choose_first(old) if was_first and old is not None else []

    def _leave(self, key: int) -> None:
        sha = self._sha.pop(key, None)
        if sha is None:
            return
        members = self._members[sha]
        members.discard(key)
        if not members:
            del self._members[sha]
        if self._first.get(sha) == key:
            del self._first[sha]


def _beside(row: Upload, first: Upload | None) -> Upload:
    others = tuple(issue for issue in row.issues if issue.code is not IssueCode.SAME_PICTURE)
    if first is None:
        return replace(row, issues=others)
    note = Issue(Severity.WARNING, IssueCode.SAME_PICTURE, {"other": first.source.label})
    return replace(row, issues=(*others, note))

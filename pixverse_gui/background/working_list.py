"""The rows of the Upload tab, in their order: the one place where their present state stands in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from pixverse_gui.core.models import IssueCode, Upload, UploadState


@dataclass(frozen=True, slots=True)
class ListCounts:
    """What the chips, the tabs and the big button show."""

    total: int = 0
    checking: int = 0
    ready: int = 0
    attention: int = 0
    on_the_way: int = 0
    done: int = 0
    failed: int = 0
    blocked: int = 0
    reused: int = 0
    with_link: int = 0
    problems: Mapping[ProblemGroup, int] = field(default_factory=dict)


class ProblemGroup(StrEnum):
    """Kinds of problems as one line above the list tells them, in that order."""

    LARGE = "large"
    NOT_OPENED = "not_opened"
    UNREADABLE = "unreadable"
    LINK = "link"
    WARNING = "warning"


_TOO_LARGE = {IssueCode.TOO_MANY_BYTES, IssueCode.TOO_MANY_PIXELS}
_UNREADABLE = {IssueCode.FILE_MISSING, IssueCode.NO_PERMISSION, IssueCode.NOT_A_FILE, IssueCode.DRIVE_SILENT}


def problem_group(upload: Upload) -> ProblemGroup | None:
    """What the operator should look at before sending; None where there is nothing."""
    if upload.state is UploadState.READY:
        return ProblemGroup.WARNING if upload.has_warning else None
    if upload.state is not UploadState.BLOCKED:
        return None
    codes = {issue.code for issue in upload.issues if issue.is_blocker}
    if codes & _TOO_LARGE:
        return ProblemGroup.LARGE
    if IssueCode.LINK_NOT_PUBLIC in codes:
        return ProblemGroup.LINK
    return ProblemGroup.UNREADABLE if codes & _UNREADABLE else ProblemGroup.NOT_OPENED


def needs_attention(upload: Upload) -> bool:
    """It cannot be sent, or it goes with a warning."""
    return problem_group(upload) is not None


class WorkingList(QObject):
    """Rows by key, kept in journal order. GUI thread only.

    `inserted(int, object)`: index of the first, list of rows that now stand there.
    `changed(object)`: one row has another value. `removed(object)`: keys that are gone.
    """

    inserted = Signal(int, object)
    changed = Signal(object)
    removed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[int, Upload] = {}
        self._order: list[int] = []
        self._states: Counter[UploadState] = Counter()
        self._problems: Counter[ProblemGroup] = Counter()
        self._reused = 0
        self._with_link = 0

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, key: int) -> bool:
        return key in self._rows

    def get(self, key: int) -> Upload | None:
        return self._rows.get(key)

    def uploads(self) -> list[Upload]:
        """All rows in list order."""
        return [self._rows[key] for key in self._order]

    def in_state(self, *states: UploadState) -> list[Upload]:
        """Rows in any of these states, in list order; cheap where there are none."""
        if not any(self._states[state] for state in states):
            return []
        return [row for row in self.uploads() if row.state in states]

    def counts(self) -> ListCounts:
        states = self._states
        return ListCounts(
            total=len(self._order),
            checking=states[UploadState.CHECKING],
            ready=states[UploadState.READY],
            attention=self._problems.total(),
            on_the_way=states[UploadState.WAITING] + states[UploadState.UPLOADING],
            done=states[UploadState.DONE],
            failed=states[UploadState.FAILED],
            blocked=states[UploadState.BLOCKED],
            reused=self._reused,
            with_link=self._with_link,
            problems={group: count for group, count in self._problems.items() if count},
        )

    def insert(self, uploads: Sequence[Upload]) -> None:
        """Put rows where their position says: new ones at the end, brought-back ones where they stood."""
        fresh = sorted((row for row in uploads if row.key not in self._rows), key=place_of)
        while fresh:
            index = self._index_for(fresh[0])
            limit = place_of(self._rows[self._order[index]]) if index < len(self._order) else None
            run = [row for row in fresh if limit is None or place_of(row) < limit]
            fresh = fresh[len(run) :]
            self._rows |= {row.key: row for row in run}
            self._order[index:index] = [row.key for row in run]
            self._count(run, 1)
            self.inserted.emit(index, run)

    def replace(self, upload: Upload) -> None:
        """Give a row its new value; a row that is not here any more is left alone."""
        old = self._rows.get(upload.key)
        if old is None or old == upload:
            return
        self._count([old], -1)
        self._count([upload], 1)
        self._rows[upload.key] = upload
        self.changed.emit(upload)

    def remove(self, keys: Iterable[int]) -> list[Upload]:
        """Take rows out; returns them so that they can be brought back."""
        gone = [self._rows.pop(key) for key in dict.fromkeys(keys) if key in self._rows]
        self._count(gone, -1)
        if gone:
            taken = {row.key for row in gone}
            self._order = [key for key in self._order if key not in taken]
            self.removed.emit([row.key for row in gone])
        return gone

    def _index_for(self, upload: Upload) -> int:
        if not self._order or place_of(self._rows[self._order[-1]]) < place_of(upload):
            return len(self._order)
        low, high = 0, len(self._order)
        while low < high:
            middle = (low + high) // 2
            if place_of(self._rows[self._order[middle]]) < place_of(upload):
                low = middle + 1
            else:
                high = middle
        return low

    def _count(self, rows: Iterable[Upload], step: int) -> None:
        for row in rows:
            self._states[row.state] += step
            if row.state is UploadState.DONE:
                self._with_link += step if row.img_url else 0
                self._reused += step if row.reused_from is not None else 0
            elif row.state is not UploadState.CHECKING and (problem := problem_group(row)) is not None:
                self._problems[problem] += step


def place_of(upload: Upload) -> tuple[int, int]:
    """What the order of the list goes by."""
    return upload.position, upload.key

"""Sources on their way to READY, BLOCKED or DONE: rows on disk, two passes of inspection, ids we have already."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal

from pixverse_gui.background.earlier_ids import EarlierIds, EarlierIdSearch, ReusePolicy
from pixverse_gui.background.journal_writer import JournalWriter
from pixverse_gui.background.looks import Looks
from pixverse_gui.background.tasks import DeadlineExceededError, Pool
from pixverse_gui.background.twins import Twins
from pixverse_gui.background.waiting_line import Turn, WaitingLine
from pixverse_gui.background.working_list import WorkingList
from pixverse_gui.core.models import (
    Glance,
    Inspection,
    Issue,
    IssueCode,
    Severity,
    Source,
    SourceKind,
    Upload,
    UploadState,
)
from pixverse_gui.core.read_watch import ReadWatch

_HEADERS_A_TASK = 32
_GLANCES_A_TASK, _GLANCE_TASKS = 16, 2
"""Of a drop the first ones, which are what is on the screen mostly: two workers, half of them each."""
_NAMES_ITS_TWIN = {UploadState.CHECKING, UploadState.READY}
_HEADER_TASKS = 2
_CALLED = {SourceKind.FILE: 4, SourceKind.LINK: 4}
"""So many workers are called to the line at most: more than there are for files, as a busy window calls late."""
_POOLS = {SourceKind.FILE: Pool.INSPECTION, SourceKind.LINK: Pool.LINKS}
_BROKEN = Issue(Severity.BLOCKER, IssueCode.UNREADABLE)
_TOO_SLOW = Issue(Severity.WARNING, IssueCode.PREVIEW_FAILED, {"reason": "timeout"})
_NOT_READ = Inspection(None, (Issue(Severity.BLOCKER, IssueCode.DRIVE_SILENT),))
"""Not READY with a warning: nobody has looked at the picture, so it might be anything."""
_NOBODY = Inspection(None)


class Inspecting(Protocol):
    """The two passes, as `app` wires them to `core`; called on workers, never raises for a bad picture."""

    def prepare(self) -> None: ...
    def read_headers(self, sources: Sequence[Source], watch: ReadWatch, /, *, glance: bool) -> list[Inspection]: ...
    def inspect(self, source: Source, watch: ReadWatch, /) -> Inspection: ...


class _HeaderTask(NamedTuple):
    rows: list[Upload]
    glances: bool


class Staging(QObject):
    """GUI thread only. `staged(object)`: rows that just appeared. `not_staged(object)`: the error that kept them out.

    `glanced(object)`: small pictures from inside of camera files, a Glance by row, before these were read whole.
    `progressed(int, int)`: rows still being checked, rows of this round. `looks` knows whose drive does not answer.
    """

    staged = Signal(object)
    glanced = Signal(object)
    not_staged = Signal(object)
    progressed = Signal(int, int)

    def __init__(
        self,
        rows: WorkingList,
        writer: JournalWriter,
        looks: Looks,
        *,
        inspecting: Inspecting,
        reuse_policy: Callable[[], ReusePolicy],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows, self._writer, self.looks = rows, writer, looks
        self._inspecting = inspecting
        self._headers: deque[_HeaderTask] = deque()
        self._header_tasks = 0
        self._earlier = EarlierIdSearch(writer, reuse_policy)
        self._lines = {kind: WaitingLine() for kind in SourceKind}
        self._called = dict.fromkeys(SourceKind, 0)
        self._notes: dict[int, Issue] = {}
        self._settling: list[tuple[int, Inspection]] = []
        self._is_settling = False
        self._twins = Twins(rows)
        self._round = 0
        self._looked_up: str | None = None

    def stage(self, sources: Sequence[Source]) -> None:
        """New rows for these, in this order, as one batch."""
        if sources:
            self._writer.add(sources, done=self._added, failed=self.not_staged.emit)

    def take_up(self, uploads: Iterable[Upload]) -> None:
        """Rows that are in the list already: after a restart, or brought back by Undo. What was checked stays so."""
        present = list(uploads)
        told = [change for row in present if row.state is not UploadState.CHECKING for change in self._met(row)]
        self._keep([row for row in told if row != self._rows.get(row.key)])
        self._enqueue([row.key for row in present if row.state is UploadState.CHECKING])

    def check_again(self, key: int, note: Issue | None = None) -> None:
        """Inspect a row anew; `note` is added to what is found."""
        row = self._rows.get(key)
        if row is None:
            return
        if row.state is not UploadState.CHECKING:
            notes = tuple(issue for issue in row.issues if not issue.is_blocker)
            row = row.moved_to(UploadState.CHECKING, error=None, issues=notes)
            self._rows.replace(row)
            self._writer.save([row])
        if note is not None:
            self._notes[key] = note
        self._enqueue([key])

    def check_changed(self, key: int) -> None:
        """The file of a row is not what was inspected; it is said in the row that it was checked again."""
        self.check_again(key, Issue(Severity.WARNING, IssueCode.CHANGED_SINCE_ADDED))

    def look_up_earlier(self) -> None:
        """The account became known, or the setting changed: READY rows may turn out to be uploaded already."""
        account = self._earlier.account
        if account != self._looked_up:
            self._looked_up = account
            self._earlier.ask(self._rows.in_state(UploadState.READY), self._reuse_ready)

    def put_first(self, keys: Iterable[int]) -> None:
        """These rows are on the screen: inspect them before the others."""
        wanted = list(keys)
        for line in self._lines.values():
            line.put_first(wanted)

    def forget(self, keys: Iterable[int]) -> None:
        """Rows that were removed need no inspection any more, and are no twins."""
        gone = list(keys)
        for line in self._lines.values():
            line.leave_out(gone)
        for key in gone:
            self._notes.pop(key, None)
        self._keep(self._twins.part(gone))
        self._tell()

    @property
    def remaining(self) -> int:
        return sum(map(len, self._lines.values())) + len(self._settling)

    def _added(self, uploads: list[Upload]) -> None:
        self._rows.insert(uploads)
        self.staged.emit(uploads)
        files = [row for row in uploads if row.source.kind is SourceKind.FILE]
        at_a_glance = _GLANCES_A_TASK * _GLANCE_TASKS
        for start in range(0, min(len(files), at_a_glance), _GLANCES_A_TASK):
            self._headers.append(_HeaderTask(files[start : start + _GLANCES_A_TASK], glances=True))
        for start in range(at_a_glance, len(files), _HEADERS_A_TASK):
            self._headers.append(_HeaderTask(files[start : start + _HEADERS_A_TASK], glances=False))
        self._enqueue([row.key for row in uploads])

    def _read_headers(self, uploads: list[Upload], *, glance: bool) -> None:
        sources = [row.source for row in uploads]

        def ended(found: list[Inspection]) -> None:
            self._header_tasks -= 1
            seen: dict[int, Glance] = {}
            for row, inspection in zip(uploads, found, strict=False):
                present = self._rows.get(row.key)
                if present is not None and present.state is UploadState.CHECKING and inspection.facts:
                    self._rows.replace(replace(present, facts=inspection.facts, issues=inspection.issues))
                    seen |= {row.key: inspection.glance} if inspection.glance else {}
            if seen:
                self.glanced.emit(seen)
            self._go_on()

        def silent(key: int | None) -> None:  # the others of this task are looked at in the second pass
            if key is not None and self._lines[SourceKind.FILE].leave_out([key]):
                self._settling.append((key, _NOT_READ))
                self._settle()
            ended([])

        self._header_tasks += 1
        self.looks.run(
            Pool.INSPECTION,
            uploads,
            lambda watch: self._inspecting.read_headers(sources, watch, glance=glance),
            done=ended,
            failed=lambda _: ended([]),  # this costs nothing: the second pass says what is wrong
            silent=silent,
        )

    def _enqueue(self, keys: Iterable[int]) -> None:
        rows = [row for row in map(self._rows.get, keys) if row is not None]
        for kind, line in self._lines.items():
            line.add(row for row in rows if row.source.kind is kind)
        self._round += len(rows)
        self._tell()
        self._go_on()

    def _go_on(self) -> None:
        while self._headers and self._header_tasks < _HEADER_TASKS:
            task = self._headers.popleft()
            uploads = [row for row in task.rows if not self._is_on_silent_drive(row)]
            if uploads:
                self._read_headers(uploads, glance=task.glances)
        for kind, line in self._lines.items():
            others = len(self._headers) + self._header_tasks if kind is SourceKind.FILE else 0
            while self._called[kind] + others < min(_CALLED[kind], len(line)):
                self._call_worker(kind)

    def _is_on_silent_drive(self, row: Upload) -> bool:
        return row.source.kind is SourceKind.FILE and self.looks.drives.is_silent(row.source.location)

    def _call_worker(self, kind: SourceKind) -> None:
        """It takes who is first in the line when it comes there; there may be nobody any more."""
        line, turn = self._lines[kind], Turn()
        self._called[kind] += 1

        def look(watch: ReadWatch) -> Inspection:
            row = line.take(turn)
            if row is None:
                return _NOBODY
            return _NOT_READ if self._is_on_silent_drive(row) else self._inspecting.inspect(row.source, watch)

        def ended(inspection: Inspection) -> None:
            self._called[kind] -= 1
            self._settling += [(row.key, inspection) for row in line.end(turn)]
            self._settle()
            self._go_on()

        def failed(error: Exception) -> None:
            # Anything but the deadline is a bug of ours, already logged: this row must not stay CHECKING for ever.
            ended(Inspection(None, (_TOO_SLOW if isinstance(error, DeadlineExceededError) else _BROKEN,)))

        self.looks.run(_POOLS[kind], turn.rows, look, done=ended, failed=failed, silent=lambda _: ended(_NOT_READ))

    def _settle(self) -> None:
        """Ask the journal for all that came in meanwhile in one go, then move the rows."""
        if self._is_settling or not self._settling:
            return
        found, self._settling = self._settling, []
        rows = [row for row in (self._looked_at(key, inspection) for key, inspection in found) if row is not None]
        self._is_settling = True

        def known(earlier: EarlierIds) -> None:
            self._is_settling = False
            self._land(rows, earlier)
            self._settle()

        self._earlier.ask([row for row in rows if not row.has_blocker], known)

    def _looked_at(self, key: int, inspection: Inspection) -> Upload | None:
        row = self._rows.get(key)
        if row is None or row.state is not UploadState.CHECKING:
            return None
        issues = list(inspection.issues)
        note = self._notes.pop(key, None)
        if note is not None:
            issues.append(note)
        return replace(row, facts=inspection.facts or row.facts, issues=tuple(issues))

    def _land(self, rows: Sequence[Upload], earlier: EarlierIds) -> None:
        for looked_at in rows:
            present = self._rows.get(looked_at.key)
            if present is None or present.state is not UploadState.CHECKING:
                continue
            looked_at, *others = self._met(looked_at)  # noqa: PLW2901 - the same row, told more
            self._keep(others)
            row = earlier.taken_over(looked_at)
            if row is None:
                row = looked_at.moved_to(UploadState.BLOCKED if looked_at.has_blocker else UploadState.READY)
            self._keep([row])
        self._tell()

    def _met(self, row: Upload) -> list[Upload]:
        """The row as it should be, and then others that change with it."""
        told, others = self._twins.meet(row)
        return [told if row.state in _NAMES_ITS_TWIN else row, *others]

    def _reuse_ready(self, earlier: EarlierIds) -> None:
        ready = (row for row in map(self._rows.get, earlier.by_key) if row and row.state is UploadState.READY)
        self._keep([row for row in map(earlier.taken_over, ready) if row is not None])

    def _keep(self, rows: Sequence[Upload]) -> None:
        """An id that is taken over is on disk already, in its first row; so these rows need not wait for the commit."""
        self._writer.save(rows)
        for row in rows:
            self._rows.replace(row)

    def _tell(self) -> None:
        remaining = self.remaining
        if not remaining:
            self._round = 0
        self.progressed.emit(remaining, max(self._round, remaining))

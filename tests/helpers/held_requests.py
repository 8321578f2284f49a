"""A journal whose answers come when the test says so, and not before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.history_reader import Cursor, HistoryPage
from pixverse_gui.core.models import Upload

Failed = Callable[[Exception], None]


@dataclass(frozen=True)
class Question:
    """One question that was asked; `kind` is page, days or everything."""

    kind: str
    search: str
    after: Cursor | None
    done: Callable[[Any], None]
    failed: Failed


class HeldRequests:
    """Keeps every question until it is answered from `rows`, the rows of the journal, newest first."""

    def __init__(self, rows: Sequence[Upload] = (), page_size: int = 256) -> None:
        self.rows = list(rows)
        self.page_size = page_size
        self.open: list[Question] = []
        self.asked: list[Question] = []

    def page(self, search: str, after: Cursor | None, *, done: Callable[[HistoryPage], None], failed: Failed) -> None:
        self._ask(Question("page", search, after, done, failed))

    def days(self, search: str, *, done: Callable[[Any], None], failed: Failed) -> None:
        self._ask(Question("days", search, None, done, failed))

    def everything(self, search: str, *, done: Callable[[list[Upload]], None], failed: Failed) -> None:
        self._ask(Question("everything", search, None, done, failed))

    def answer_all(self) -> None:
        """Answer what is open and what is asked meanwhile."""
        while self.open:
            self.answer()

    def answer(self, kind: str = "") -> None:
        """Answer the oldest open question, or the oldest of a kind, from the rows as they are now."""
        question = self.take(kind)
        question.done(self.result(question))

    def fail(self, kind: str = "") -> None:
        self.take(kind).failed(StorageError())

    def take(self, kind: str = "") -> Question:
        """The oldest open question, for a test that answers it later."""
        question = next(one for one in self.open if not kind or one.kind == kind)
        self.open.remove(question)
        return question

    def result(self, question: Question) -> Any:
        """What the journal would say now."""
        found = [row for row in self.rows if question.search.lower() in row.source.label.lower()]
        if question.kind == "everything":
            return found
        if question.kind == "days":
            return Counter(day_of(row) for row in found)
        start = 0 if question.after is None else question.after.key
        end = start + self.page_size
        more = Cursor(0, end) if end < len(found) else None  # the model hands a cursor back as it came
        return HistoryPage(tuple(found[start:end]), more)

    def _ask(self, question: Question) -> None:
        self.open.append(question)
        self.asked.append(question)


def day_of(row: Upload) -> date:
    assert row.finished_at is not None
    return row.finished_at.astimezone(UTC).date()

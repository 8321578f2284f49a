"""The History from the GUI thread: pages, all of it, days, and what happens before and after it is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.history_source import HistorySource
from pixverse_gui.core import history_reader
from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.history_reader import Cursor, HistoryPage, HistoryReader
from tests.helpers.engines import World, open_world


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(tmp_path, qtbot) as made:
        made.stage(made.files("castle.png", "boat.png", "castle_2.png"))
        made.upload_all()
        made.wait(lambda: made.engine.writer.is_idle)
        yield made


@pytest.fixture
def source(world: World) -> Iterator[HistorySource]:
    made = HistorySource(world.tasks)
    readers: list[HistoryReader] = []
    world.engine.writer.run(
        lambda journal: journal.history_reader(), done=readers.append, failed=lambda error: pytest.fail(repr(error))
    )
    world.wait(lambda: bool(readers))
    made.attach(readers[0])
    yield made
    made.close()
    world.wait(lambda: world.tasks.is_idle)


class Answers:
    def __init__(self) -> None:
        self.values: list[object] = []
        self.errors: list[Exception] = []

    def __bool__(self) -> bool:
        return bool(self.values or self.errors)


def test_a_page_has_the_newest_first_and_can_be_searched(world: World, source: HistorySource) -> None:
    pages: list[list[str]] = []
    for search in ("", "castle"):
        source.page(
            search,
            None,
            done=lambda page: pages.append([row.source.label for row in page.uploads]),
            failed=lambda error: pytest.fail(repr(error)),
        )
    world.wait(lambda: len(pages) == 2)
    assert sorted(pages[0]) == ["boat.png", "castle.png", "castle_2.png"]
    assert sorted(pages[1]) == ["castle.png", "castle_2.png"]


def test_everything_that_matches_comes_in_one_piece(world: World, source: HistorySource) -> None:
    answers = Answers()
    source.everything("castle", done=answers.values.append, failed=answers.errors.append)
    source.days("", done=answers.values.append, failed=answers.errors.append)
    world.wait(lambda: len(answers.values) == 2)
    found, days = answers.values
    assert isinstance(found, list)
    assert {row.img_id for row in found} == {world.service.ids["castle.png"], world.service.ids["castle_2.png"]}
    assert sum(days.values()) == 3  # type: ignore[attr-defined]


def test_before_it_is_open_and_after_it_is_closed_questions_fail(world: World) -> None:
    source, answers = HistorySource(world.tasks), Answers()
    source.close()
    source.page("", None, done=answers.values.append, failed=answers.errors.append)
    source.days("", done=answers.values.append, failed=answers.errors.append)
    assert [type(error) for error in answers.errors] == [StorageError, StorageError]
    assert answers.values == []


def test_a_closed_history_can_be_opened_anew(world: World, source: HistorySource) -> None:
    answers = Answers()
    source.close()
    source.everything("", done=answers.values.append, failed=answers.errors.append)
    assert [type(error) for error in answers.errors] == [StorageError]
    source.attach(HistoryReader(world.given.folder.journal))
    source.everything("", done=answers.values.append, failed=answers.errors.append)
    world.wait(lambda: bool(answers.values))
    found = answers.values[0]
    assert isinstance(found, list)
    assert len(found) == 3


def test_readers_of_a_journal_before_are_closed(world: World, source: HistorySource) -> None:
    closed = list[HistoryReader]()

    class Watched(HistoryReader):
        def close(self) -> None:
            closed.append(self)
            super().close()

        def another(self) -> HistoryReader:
            return Watched(world.given.folder.journal)

    source.attach(Watched(world.given.folder.journal))
    source.attach(HistoryReader(world.given.folder.journal))
    world.wait(lambda: world.tasks.is_idle)
    assert len(closed) == 2


@pytest.fixture
def halved(world: World, source: HistorySource, monkeypatch: pytest.MonkeyPatch) -> HistorySource:
    """A History that is searched in two halves, as one of many uploads is."""
    monkeypatch.setattr(history_reader, "_FEW", 1)
    source.attach(HistoryReader(world.given.folder.journal))
    world.wait(lambda: world.tasks.is_idle)
    return source


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("castle", ["castle.png", "castle_2.png"]),
        ("boat", ["boat.png"]),
        ("PNG", ["boat.png", "castle.png", "castle_2.png"]),
    ],
)
def test_two_halves_make_one_answer(world: World, halved: HistorySource, search: str, expected: list[str]) -> None:
    pages, answers = list[HistoryPage](), Answers()
    halved.page(search, None, done=pages.append, failed=answers.errors.append)
    halved.days(search, done=answers.values.append, failed=answers.errors.append)
    world.wait(lambda: bool(answers) and world.tasks.is_idle)
    assert [sorted(row.source.label for row in page.uploads) for page in pages] == [expected]
    times = [row.finished_at for row in pages[0].uploads]
    assert times == sorted(times, reverse=True)  # type: ignore[type-var]
    assert [sum(days.values()) for days in answers.values] == [len(expected)]  # type: ignore[attr-defined]
    assert answers.errors == []


def test_the_page_comes_before_the_days_that_were_asked_for_after_it(world: World, halved: HistorySource) -> None:
    told, errors = list[tuple[str, int]](), list[Exception]()
    for number in range(20):
        halved.page("png", None, done=lambda _, number=number: told.append(("page", number)), failed=errors.append)
        halved.days("png", done=lambda _, number=number: told.append(("days", number)), failed=errors.append)
    world.wait(lambda: len(told) + len(errors) == 40)
    assert errors == []
    assert all(told.index(("page", number)) < told.index(("days", number)) for number in range(20))


class Half(HistoryReader):
    """Answers as told: with a page and the keys that tell of it, or with an error."""

    def __init__(self, world: World, answer: HistoryPage | None, older: Half | None = None) -> None:
        super().__init__(world.given.folder.journal)
        self.answer, self.older = answer, older
        self.made = 0

    def another(self) -> HistoryReader:
        return self.older or self

    def middle(self) -> Cursor:
        return Cursor(1, 1)

    def page(self, *_: object, **__: object) -> HistoryPage:
        self.made += 1
        if self.answer is None:
            raise StorageError
        return self.answer

    def keys(self, *_: object) -> list[int]:
        if self.answer is None:
            raise StorageError
        return [1, 2] if self.answer.next else []

    def page_of(self, keys: Sequence[int], limit: int = 0) -> HistoryPage:
        assert list(keys) == [1, 2]
        return self.page()


FULL, EMPTY = HistoryPage((), Cursor(5, 5)), HistoryPage((), None)


@pytest.mark.parametrize(
    ("newer", "older", "expected", "rows_of_older"),
    [
        (FULL, FULL, FULL, 0),
        (FULL, None, FULL, 0),  # nobody needs the older half then, nor hears of its end
        (EMPTY, FULL, FULL, 1),
        (EMPTY, EMPTY, EMPTY, 0),
        (EMPTY, None, StorageError, 0),
        (None, EMPTY, StorageError, 0),
        (None, None, StorageError, 0),
    ],
)
def test_of_two_halves_there_is_one_answer_or_one_error(
    world: World, newer: HistoryPage | None, older: HistoryPage | None, expected: object, rows_of_older: int
) -> None:
    half = Half(world, older)
    source, told = HistorySource(world.tasks), list[object]()
    source.attach(Half(world, newer, half))
    world.wait(lambda: world.tasks.is_idle)
    source.page("png", None, done=told.append, failed=lambda error: told.append(type(error)))
    world.wait(lambda: world.tasks.is_idle and bool(told))
    assert told == [expected]
    assert half.made == rows_of_older
    source.close()
    world.wait(lambda: world.tasks.is_idle)


def test_days_are_asked_for_even_where_the_page_before_them_failed(world: World) -> None:
    source, told = HistorySource(world.tasks), list[str]()
    source.attach(Half(world, None))
    world.wait(lambda: world.tasks.is_idle)
    source.page("png", None, done=lambda _: told.append("page"), failed=lambda _: told.append("failed"))
    source.days("png", done=lambda days: told.append(f"{sum(days.values())} on all days"), failed=pytest.fail)
    world.wait(lambda: len(told) == 2)
    assert told == ["failed", "3 on all days"]
    source.close()
    world.wait(lambda: world.tasks.is_idle)


def test_a_search_goes_on_where_the_middle_cannot_be_found(world: World) -> None:
    class Broken(Half):
        def middle(self) -> Cursor:
            raise StorageError

    source, told = HistorySource(world.tasks), list[object]()
    source.attach(Broken(world, EMPTY))
    world.wait(lambda: world.tasks.is_idle)
    source.page("png", None, done=told.append, failed=lambda error: pytest.fail(repr(error)))
    world.wait(lambda: bool(told))
    assert told == [EMPTY]
    source.close()
    world.wait(lambda: world.tasks.is_idle)

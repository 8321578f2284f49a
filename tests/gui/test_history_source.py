"""The History from the GUI thread: pages, all of it, days, and what happens before and after it is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.history_source import HistorySource
from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.history_reader import HistoryReader
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

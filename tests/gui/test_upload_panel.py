"""The Upload tab: empty or full, chips, the selection, and what its buttons ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import Inspection, Issue, IssueCode, Severity, UploadState
from pixverse_gui.ui.row_actions import RowAction
from pixverse_gui.ui.upload_model import RowFilter
from tests.helpers.windows import Shown, open_window


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot) as made:
        yield made


def visible(shown: Shown) -> set[RowAction]:
    return {which for which, action in shown.panel.row_actions.actions.items() if action.isVisible()}


def test_an_empty_list_invites_and_a_full_one_shows_its_rows(shown: Shown) -> None:
    assert shown.panel.empty.isVisible()
    assert not shown.panel.progress.isVisible()
    shown.world.stage(shown.world.files("a.png"))
    shown.world.wait(lambda: shown.panel.list.isVisible())
    assert not shown.panel.empty.isVisible()
    assert shown.panel.chips.isVisible()
    shown.desk.removing.clear()
    shown.world.wait(lambda: shown.panel.empty.isVisible())


def test_undo_is_still_there_when_the_list_became_empty(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.world.wait(lambda: shown.panel.list.isVisible())
    shown.desk.removing.clear()
    shown.world.wait(lambda: shown.panel.empty.isVisible())
    assert shown.panel.strip._undo.isVisible()


def test_a_chip_filters_the_list_and_the_list_says_so(shown: Shown) -> None:
    shown.world.checker.found = {"bad.png": Inspection(None, (Issue(Severity.BLOCKER, IssueCode.CUT_OFF),))}
    shown.world.stage(shown.world.files("good.png", "bad.png"))
    shown.panel.chips.chosen.emit(RowFilter.ATTENTION.value)
    assert [row.source.label for row in shown.panel.filter.uploads()] == ["bad.png"]
    assert shown.panel.filter.chosen is RowFilter.ATTENTION


def test_the_selection_comes_in_list_order_with_its_actions(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png", "c.png"))
    with shown.qtbot.waitSignal(shown.panel.selection_changed):
        shown.select("c.png", "a.png")
    assert [row.source.label for row in shown.panel.selected()] == ["a.png", "c.png"]
    assert visible(shown) == {RowAction.REMOVE}
    shown.select("b.png")
    assert visible(shown) == {RowAction.REMOVE, RowAction.DETAILS}


def test_the_actions_follow_the_state_of_the_selected_row(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png"))
    shown.select("a.png")
    shown.world.service.hold()
    shown.engine.queue.start()
    shown.world.wait(lambda: RowAction.CANCEL in visible(shown))
    assert RowAction.REMOVE not in visible(shown)
    shown.world.service.release()
    shown.world.wait(lambda: RowAction.COPY in visible(shown))
    assert RowAction.CANCEL not in visible(shown)


def test_a_row_that_is_removed_takes_its_actions_with_it(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.select("a.png")
    shown.panel.row_actions.trigger(RowAction.REMOVE)
    assert list(shown.world.states()) == ["b.png"]
    assert (shown.panel.selected(), visible(shown)) == ([], set())
    shown.panel.row_actions.trigger(RowAction.REMOVE)
    assert list(shown.world.states()) == ["b.png"]


def test_the_cross_of_a_row_removes_it_or_cancels_what_is_on_its_way(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.world.service.hold()
    shown.engine.queue.start([shown.world.row("a.png").key])
    shown.world.wait(lambda: bool(shown.world.service.sent))
    shown.panel.list.close_clicked.emit(shown.panel.filter.index(1, 0))
    assert list(shown.world.states()) == ["a.png"]
    shown.panel.list.close_clicked.emit(shown.panel.filter.index(0, 0))
    shown.world.wait(lambda: shown.world.row("a.png").state is UploadState.READY)


def test_rows_that_are_hidden_by_a_chip_are_not_selected_any_more(shown: Shown) -> None:
    shown.world.stage(shown.world.files("a.png", "b.png"))
    shown.select("a.png")
    shown.panel.choose(RowFilter.FAILED)
    assert shown.panel.selected() == []
    assert visible(shown) == set()

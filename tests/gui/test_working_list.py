"""The rows of the Upload tab in their order, and what is counted of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.working_list import ListCounts, ProblemGroup, WorkingList, needs_attention, problem_group
from pixverse_gui.core.models import IssueCode, Upload, UploadState
from tests.helpers.rows import blocker, upload, warning


def row(key: int, state: UploadState = UploadState.READY, **changes: object) -> Upload:
    """Row number `key` at position `key`."""
    return replace(upload(f"{key}.png", state), **{"key": key, "position": key, **changes})  # type: ignore[arg-type]


class Told:
    """What a list told its views."""

    def __init__(self, rows: WorkingList) -> None:
        self.inserted: list[tuple[int, list[int]]] = []
        self.changed: list[int] = []
        self.removed: list[list[int]] = []
        rows.inserted.connect(lambda first, new: self.inserted.append((first, [one.key for one in new])))
        rows.changed.connect(lambda one: self.changed.append(one.key))
        rows.removed.connect(self.removed.append)


@pytest.fixture
def rows(qapp: object) -> WorkingList:
    return WorkingList()


@pytest.fixture
def told(rows: WorkingList) -> Told:
    return Told(rows)


def keys(rows: WorkingList) -> list[int]:
    return [one.key for one in rows.uploads()]


def test_a_batch_is_appended_in_one_piece(rows: WorkingList, told: Told) -> None:
    rows.insert([row(1), row(2)])
    rows.insert([row(3), row(4), row(5)])
    assert keys(rows) == [1, 2, 3, 4, 5]
    assert told.inserted == [(0, [1, 2]), (2, [3, 4, 5])]


def test_rows_that_come_back_stand_where_they_stood(rows: WorkingList, told: Told) -> None:
    rows.insert([row(key) for key in range(1, 9)])
    gone = rows.remove([2, 3, 6, 8])
    told.inserted.clear()
    rows.insert(gone)
    assert keys(rows) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert told.inserted == [(1, [2, 3]), (5, [6]), (7, [8])]


def test_rows_come_back_before_the_first_one_whatever_their_order(rows: WorkingList, told: Told) -> None:
    rows.insert([row(5)])
    told.inserted.clear()
    rows.insert([row(4), row(1), row(9), row(2)])
    assert keys(rows) == [1, 2, 4, 5, 9]
    assert told.inserted == [(0, [1, 2, 4]), (4, [9])]


def test_a_row_is_inserted_only_once(rows: WorkingList, told: Told) -> None:
    rows.insert([row(1)])
    rows.insert([row(1), row(2)])
    assert keys(rows) == [1, 2]
    assert rows.counts().total == 2


def test_a_change_is_told_once_and_an_equal_value_never(rows: WorkingList, told: Told) -> None:
    rows.insert([row(1)])
    rows.replace(row(1, UploadState.WAITING))
    rows.replace(row(1, UploadState.WAITING))
    assert told.changed == [1]
    assert rows.get(1) == row(1, UploadState.WAITING)


def test_a_row_that_left_cannot_be_changed(rows: WorkingList, told: Told) -> None:
    rows.insert([row(1)])
    rows.remove([1])
    rows.replace(row(1, UploadState.DONE))
    assert (keys(rows), told.changed, rows.get(1), 1 in rows) == ([], [], None, False)
    assert rows.counts() == ListCounts()


def test_removing_returns_what_was_there_and_ignores_the_rest(rows: WorkingList, told: Told) -> None:
    rows.insert([row(1), row(2), row(3)])
    assert [one.key for one in rows.remove([3, 1, 3, 99])] == [3, 1]
    assert keys(rows) == [2]
    assert told.removed == [[3, 1]]
    assert rows.remove([99]) == []
    assert len(told.removed) == 1


def test_rows_in_a_state_come_in_list_order(rows: WorkingList) -> None:
    rows.insert([row(1, UploadState.DONE), row(2), row(3, UploadState.FAILED), row(4)])
    assert [one.key for one in rows.in_state(UploadState.READY)] == [2, 4]
    assert [one.key for one in rows.in_state(UploadState.FAILED, UploadState.DONE)] == [1, 3]
    assert rows.in_state(UploadState.CHECKING) == []


def test_the_counts_follow_every_change(rows: WorkingList) -> None:
    warned = (warning(IssueCode.ANIMATED),)
    rows.insert(
        [
            row(1, UploadState.CHECKING),
            row(2),
            row(3, issues=warned),
            row(4, UploadState.BLOCKED, issues=(blocker(IssueCode.EMPTY),)),
            row(5, UploadState.WAITING),
            row(6, UploadState.UPLOADING),
            row(7, UploadState.DONE),
            row(8, UploadState.DONE, reused_from=1),
            row(9, UploadState.FAILED),
        ]
    )
    assert rows.counts() == ListCounts(
        total=9,
        checking=1,
        ready=2,
        attention=2,
        on_the_way=2,
        done=2,
        failed=1,
        blocked=1,
        reused=1,
        problems={ProblemGroup.WARNING: 1, ProblemGroup.NOT_OPENED: 1},
    )
    rows.replace(row(3, UploadState.WAITING, issues=warned))
    rows.replace(row(8, UploadState.READY))
    assert rows.counts() == ListCounts(
        total=9,
        checking=1,
        ready=2,
        attention=1,
        on_the_way=3,
        done=1,
        failed=1,
        blocked=1,
        problems={ProblemGroup.NOT_OPENED: 1},
    )
    rows.remove(range(1, 10))
    assert rows.counts() == ListCounts()


@pytest.mark.parametrize(
    ("state", "issues", "expected"),
    [
        (UploadState.READY, (), False),
        (UploadState.READY, (warning(IssueCode.ANIMATED),), True),
        (UploadState.BLOCKED, (blocker(IssueCode.EMPTY),), True),
        (UploadState.CHECKING, (blocker(IssueCode.EMPTY),), False),
        (UploadState.DONE, (warning(IssueCode.ANIMATED),), False),
    ],
)
def test_attention_is_for_what_can_still_be_changed(
    qtbot: QtBot, state: UploadState, issues: tuple[object, ...], expected: bool
) -> None:
    assert needs_attention(row(1, state, issues=issues)) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (IssueCode.TOO_MANY_BYTES, ProblemGroup.LARGE),
        (IssueCode.TOO_MANY_PIXELS, ProblemGroup.LARGE),
        (IssueCode.LINK_NOT_PUBLIC, ProblemGroup.LINK),
        (IssueCode.FILE_MISSING, ProblemGroup.UNREADABLE),
        (IssueCode.NO_PERMISSION, ProblemGroup.UNREADABLE),
        (IssueCode.NOT_A_FILE, ProblemGroup.UNREADABLE),
        (IssueCode.CUT_OFF, ProblemGroup.NOT_OPENED),
        (IssueCode.NOT_AN_IMAGE, ProblemGroup.NOT_OPENED),
    ],
)
def test_problems_are_grouped_by_what_can_be_done_about_them(code: IssueCode, expected: ProblemGroup) -> None:
    assert problem_group(row(1, UploadState.BLOCKED, issues=(blocker(code),))) is expected


def test_rows_with_a_link_are_counted_as_they_come_change_and_go(rows: WorkingList) -> None:
    link = "https://media.example.com/1.png"
    rows.insert([row(1, UploadState.DONE, img_id="1", img_url=link), row(2, UploadState.DONE, img_id="2"), row(3)])
    assert rows.counts().with_link == 1
    rows.replace(row(3, UploadState.DONE, img_id="3", img_url=link))
    assert rows.counts().with_link == 2
    rows.remove([1])
    assert rows.counts().with_link == 1

"""The working list as views see it: through inserts, removals, changes and the chips."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from pixverse_gui.background.working_list import WorkingList
from pixverse_gui.core.models import IssueCode, Upload, UploadState
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.roles import HEADING, LIVE, UPLOAD
from pixverse_gui.ui.upload_model import RowFilter, UploadFilter, UploadModel
from tests.helpers.rows import upload, warning

LIVE_ROW = LiveProgress(fraction=0.5, phase="sending")


def row(key: int, state: UploadState = UploadState.READY) -> Upload:
    return replace(upload(f"{key}.png", state), key=key, position=key)


def watched(model: QAbstractItemModel) -> QAbstractItemModelTester:
    """Ends the program at the first thing a model does wrong."""
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)


@pytest.fixture
def rows(qtbot: QtBot) -> WorkingList:
    return WorkingList()


@pytest.fixture
def model(rows: WorkingList) -> UploadModel:
    made = UploadModel(rows, lambda key: LIVE_ROW if key == 2 else None, rows)
    watched(made)
    return made


@pytest.fixture
def shown(model: UploadModel) -> UploadFilter:
    made = UploadFilter(model, model)
    watched(made)
    return made


def keys(model: QAbstractItemModel) -> list[int]:
    return [model.index(place, 0).data(UPLOAD).key for place in range(model.rowCount())]


class Changes:
    """Which rows a model said to have changed, one entry a signal."""

    def __init__(self, model: QAbstractItemModel) -> None:
        self.ranges: list[tuple[int, int]] = []
        model.dataChanged.connect(lambda first, last: self.ranges.append((first.row(), last.row())))


def test_rows_that_were_there_before_the_model_are_shown(rows: WorkingList) -> None:
    rows.insert([row(1), row(2)])
    assert keys(UploadModel(rows, lambda _: None, rows)) == [1, 2]


def test_rows_in_the_middle_come_and_go(rows: WorkingList, model: UploadModel) -> None:
    rows.insert([row(key) for key in range(1, 11)])
    gone = rows.remove([2, 3, 7, 10])
    assert keys(model) == [1, 4, 5, 6, 8, 9]
    rows.insert(gone)
    assert keys(model) == list(range(1, 11))
    assert [model.index_of(key).row() for key in range(1, 11)] == list(range(10))


def test_a_row_that_is_not_here_has_no_index(rows: WorkingList, model: UploadModel) -> None:
    rows.insert([row(1)])
    assert not model.index_of(99).isValid()
    rows.remove([1])
    assert not model.index_of(1).isValid()
    assert model.data(QModelIndex(), UPLOAD) is None


def test_a_row_tells_its_name_state_and_progress(rows: WorkingList, model: UploadModel) -> None:
    rows.insert([row(1), row(2, UploadState.UPLOADING)])
    first, second = model.index(0), model.index(1)
    assert first.data(Qt.ItemDataRole.DisplayRole) == "1.png"
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "1.png, ready"
    assert (first.data(LIVE), second.data(LIVE)) == (None, LIVE_ROW)
    assert (first.data(HEADING), first.data(Qt.ItemDataRole.ToolTipRole)) == ("", None)


def test_changes_are_told_together_and_as_narrowly_as_they_are(
    rows: WorkingList, model: UploadModel, qtbot: QtBot
) -> None:
    rows.insert([row(key) for key in range(1, 10)])
    changes = Changes(model)
    for key in (2, 3, 4, 8):
        rows.replace(row(key, UploadState.WAITING))
    assert changes.ranges == []
    qtbot.waitUntil(lambda: bool(changes.ranges))
    assert sorted(changes.ranges) == [(1, 3), (7, 7)]


def test_a_row_that_changed_and_left_is_not_told(rows: WorkingList, model: UploadModel, qtbot: QtBot) -> None:
    rows.insert([row(1), row(2), row(3)])
    changes = Changes(model)
    rows.replace(row(1, UploadState.WAITING))
    rows.replace(row(3, UploadState.WAITING))
    rows.remove([1])
    qtbot.waitUntil(lambda: bool(changes.ranges))
    assert changes.ranges == [(1, 1)]


def test_a_chip_shows_its_rows_in_list_order(rows: WorkingList, shown: UploadFilter) -> None:
    warned = replace(row(2), issues=(warning(IssueCode.ANIMATED),))
    rows.insert(
        [
            row(1),
            warned,
            row(3, UploadState.BLOCKED),
            row(4, UploadState.WAITING),
            row(5, UploadState.UPLOADING),
            row(6, UploadState.DONE),
            row(7, UploadState.FAILED),
            row(8, UploadState.CHECKING),
            row(9),
        ]
    )
    wanted = {
        RowFilter.ALL: [1, 2, 3, 4, 5, 6, 7, 8, 9],
        RowFilter.READY: [1, 2, 9],
        RowFilter.ATTENTION: [2, 3],
        RowFilter.UPLOADING: [4, 5],
        RowFilter.DONE: [6],
        RowFilter.FAILED: [7],
    }
    found = {}
    for chip in RowFilter:
        shown.choose(chip)
        assert shown.chosen is chip
        found[chip] = [one.key for one in shown.uploads()]
    assert found == wanted


def test_a_row_moves_between_chips_when_its_state_changes(rows: WorkingList, shown: UploadFilter, qtbot: QtBot) -> None:
    rows.insert([row(key) for key in range(1, 6)])
    shown.choose(RowFilter.DONE)
    assert keys(shown) == []
    for key in (4, 2):
        rows.replace(row(key, UploadState.DONE))
    qtbot.waitUntil(lambda: shown.rowCount() == 2)
    assert keys(shown) == [2, 4]
    rows.remove([2])
    assert keys(shown) == [4]


def test_a_long_random_evening_leaves_model_and_list_alike(
    rows: WorkingList, model: UploadModel, shown: UploadFilter, qtbot: QtBot
) -> None:
    chance, gone, next_key = Random(20261122), list[Upload](), 1
    states = [UploadState.READY, UploadState.WAITING, UploadState.DONE, UploadState.FAILED]
    for step in range(100):
        what = chance.randrange(5)
        present = keys(model)
        if what == 0 or not present:
            count = chance.randrange(1, 8)
            rows.insert([row(key) for key in range(next_key, next_key + count)])
            next_key += count
        elif what == 1:
            gone += rows.remove(chance.sample(present, chance.randrange(1, len(present) + 1)))
        elif what == 2 and gone:
            rows.insert(gone)
            gone = []
        elif what == 3:
            shown.choose(chance.choice(list(RowFilter)))
        else:
            for key in chance.sample(present, min(3, len(present))):
                rows.replace(row(key, chance.choice(states)))
        if step % 10 == 0:
            model._tell()
        assert keys(model) == [one.key for one in rows.uploads()]
    model._tell()
    assert [one.key for one in shown.uploads()] == [one.key for one in rows.uploads() if takes(shown.chosen, one)]


def takes(chip: RowFilter, upload: Upload) -> bool:
    states = {
        RowFilter.ALL: set(UploadState),
        RowFilter.READY: {UploadState.READY},
        RowFilter.ATTENTION: {UploadState.BLOCKED},
        RowFilter.UPLOADING: {UploadState.WAITING, UploadState.UPLOADING},
        RowFilter.DONE: {UploadState.DONE},
        RowFilter.FAILED: {UploadState.FAILED},
    }
    return upload.state in states[chip]

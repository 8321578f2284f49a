from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from pixverse_gui.background.history_source import HistorySource
from pixverse_gui.background.tasks import Tasks
from pixverse_gui.core.history_reader import PAGE_SIZE
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.models import Source, SourceKind, UploadState
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.history_model import HistoryModel, HistoryState
from pixverse_gui.ui.roles import HEADING, LIVE, UPLOAD
from tests.helpers.finished_uploads import NOON, upload
from tests.helpers.held_requests import HeldRequests

YESTERDAY = NOON - timedelta(days=1)
LONG_AGO = NOON - timedelta(days=19)


class Clock:
    def __init__(self) -> None:
        self.now = NOON + timedelta(hours=2)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def requests() -> HeldRequests:
    """Newest first: keys 5 and 4 today, 3 yesterday, 2 and 1 nineteen days ago."""
    times = {5: NOON, 4: NOON - timedelta(hours=1), 3: YESTERDAY, 2: LONG_AGO, 1: LONG_AGO - timedelta(hours=1)}
    return HeldRequests([upload(key, finished_at=at) for key, at in times.items()])


@pytest.fixture
def model(requests: HeldRequests, clock: Clock, qapp: object) -> Iterator[HistoryModel]:
    """Watched by Qt's own tester: what breaks the rules of a model ends the test run."""
    made = HistoryModel(requests, Dates(clock, UTC, QLocale("en_GB")))
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    tester.setUseFetchMore(False)
    yield made
    tester.deleteLater()


@pytest.fixture
def loaded(model: HistoryModel, requests: HeldRequests) -> HistoryModel:
    model.load()
    requests.answer_all()
    return model


def keys(model: HistoryModel) -> list[int]:
    return [row.key for row in model.uploads()]


def headings(model: HistoryModel) -> list[str]:
    return [model.index(place).data(HEADING) for place in range(model.rowCount())]


class TestLoading:
    def test_nothing_is_asked_before_it_is_wanted(self, model: HistoryModel, requests: HeldRequests) -> None:
        assert requests.asked == []
        assert model.state is HistoryState.LOADING
        assert model.rowCount() == 0

    def test_the_first_page_and_the_days_are_asked_at_once(self, model: HistoryModel, requests: HeldRequests) -> None:
        model.load()
        assert [(one.kind, one.search, one.after) for one in requests.open] == [("page", "", None), ("days", "", None)]

    def test_rows_come_newest_first(self, loaded: HistoryModel) -> None:
        assert keys(loaded) == [5, 4, 3, 2, 1]
        assert loaded.state is HistoryState.ROWS
        assert (loaded.found, loaded.total, loaded.is_complete) == (5, 5, True)

    def test_an_empty_history_says_so(self, model: HistoryModel, requests: HeldRequests) -> None:
        requests.rows = []
        model.load()
        requests.answer_all()
        assert model.state is HistoryState.EMPTY

    def test_a_journal_that_cannot_be_read_says_so_and_can_be_asked_again(
        self, model: HistoryModel, requests: HeldRequests
    ) -> None:
        model.load()
        requests.fail("page")
        requests.fail("days")
        assert model.state is HistoryState.UNREADABLE
        assert not model.is_complete
        model.load()
        requests.answer_all()
        assert model.state is HistoryState.ROWS

    def test_an_answer_that_was_overtaken_is_dropped(self, model: HistoryModel, requests: HeldRequests) -> None:
        model.load()
        old_page, old_days = requests.take("page"), requests.take("days")
        requests.rows = requests.rows[:1]
        model.load()
        requests.answer_all()
        old_page.done(requests.result(old_page))
        old_page.failed(ValueError())
        old_days.done({NOON.date(): 77})
        old_days.failed(ValueError())
        assert keys(model) == [5]
        assert model.found == 1

    def test_counts_that_do_not_come_only_shorten_the_headings(
        self, model: HistoryModel, requests: HeldRequests
    ) -> None:
        model.load()
        requests.fail("days")
        requests.answer_all()
        assert headings(model)[0] == "Today"
        assert model.found == 5


class TestRows:
    def test_roles(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        index = loaded.index(0)
        assert index.data(UPLOAD) == requests.rows[0]
        assert index.data() == "castle_05.png"
        assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "castle_05.png, done, ID 302325299692613"
        assert index.data(LIVE) is None
        assert index.data(Qt.ItemDataRole.DecorationRole) is None

    def test_no_row_has_no_data(self, loaded: HistoryModel) -> None:
        assert loaded.data(QModelIndex()) is None
        assert loaded.rowCount(loaded.index(0)) == 0

    def test_the_first_row_of_each_day_has_a_heading(self, loaded: HistoryModel) -> None:
        assert headings(loaded) == ["Today · 2 images", "", "Yesterday · 1 image", "3 November · 2 images", ""]

    def test_midnight_changes_the_headings(self, loaded: HistoryModel, clock: Clock, qtbot: QtBot) -> None:
        clock.now += timedelta(days=1)
        with qtbot.waitSignal(loaded.dataChanged):
            loaded.refresh_days()
        assert headings(loaded)[0] == "Yesterday · 2 images"


class TestPages:
    @pytest.fixture(autouse=True)
    def _small_pages(self, requests: HeldRequests) -> None:
        requests.page_size = 2

    def test_more_is_there_until_the_end(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        assert keys(loaded) == [5, 4]
        assert not loaded.is_complete
        assert loaded.found == 5
        while loaded.canFetchMore(QModelIndex()):
            loaded.fetchMore(QModelIndex())
            requests.answer_all()
        assert keys(loaded) == [5, 4, 3, 2, 1]
        assert loaded.is_complete

    def test_a_page_is_asked_for_once_at_a_time(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.fetchMore(QModelIndex())
        loaded.fetchMore(QModelIndex())
        assert not loaded.canFetchMore(QModelIndex())
        assert len(requests.open) == 1

    def test_a_row_has_no_more(self, loaded: HistoryModel) -> None:
        assert not loaded.canFetchMore(loaded.index(0))

    def test_a_page_that_fails_keeps_the_rows_and_stops_asking(
        self, loaded: HistoryModel, requests: HeldRequests
    ) -> None:
        loaded.fetchMore(QModelIndex())
        requests.fail("page")
        assert keys(loaded) == [5, 4]
        assert loaded.state is HistoryState.ROWS
        assert not loaded.canFetchMore(QModelIndex())

    def test_a_day_that_goes_on_on_the_next_page_has_one_heading(
        self, loaded: HistoryModel, requests: HeldRequests
    ) -> None:
        requests.page_size = 4
        loaded.load()
        requests.answer_all()
        loaded.fetchMore(QModelIndex())
        requests.answer_all()
        assert headings(loaded)[3:] == ["3 November · 2 images", ""]

    def test_a_page_asked_for_an_old_search_is_dropped(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.fetchMore(QModelIndex())
        late = requests.take("page")
        loaded.search("castle_01")
        requests.answer_all()
        late.done(requests.result(late))
        assert keys(loaded) == [1]

    def test_a_row_older_than_what_is_here_waits_for_its_page(
        self, loaded: HistoryModel, requests: HeldRequests
    ) -> None:
        gone = requests.rows.pop()
        loaded.remove([gone])
        requests.rows.append(gone)
        loaded.prepend([gone])
        assert keys(loaded) == [5, 4]
        while loaded.canFetchMore(QModelIndex()):
            loaded.fetchMore(QModelIndex())
            requests.answer_all()
        assert keys(loaded) == [5, 4, 3, 2, 1]
        assert loaded.found == 5


class TestSearch:
    def test_only_what_matches_is_shown(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.search(" castle_03 ")
        assert keys(loaded) == [5, 4, 3, 2, 1], "the rows stay until the answer is here"
        requests.answer_all()
        assert keys(loaded) == [3]
        assert loaded.search_text == "castle_03"
        assert (loaded.found, loaded.total) == (1, 5)
        assert headings(loaded) == ["Yesterday · 1 image"]

    def test_nothing_found_is_not_the_same_as_empty(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.search("zebra")
        requests.answer_all()
        assert loaded.state is HistoryState.NOTHING_FOUND
        loaded.search("")
        requests.answer_all()
        assert loaded.state is HistoryState.ROWS

    def test_the_same_search_is_not_asked_again(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.search("  ")
        assert requests.open == []

    def test_of_searches_typed_quickly_only_the_last_one_counts(
        self, loaded: HistoryModel, requests: HeldRequests
    ) -> None:
        loaded.search("castle_03")
        loaded.search("castle_02")
        requests.answer_all()
        assert keys(loaded) == [2]


class TestNewUploads:
    def test_they_appear_at_the_top_of_their_day(self, loaded: HistoryModel) -> None:
        loaded.prepend([upload(7, finished_at=NOON + timedelta(minutes=2))])
        assert keys(loaded) == [7, 5, 4, 3, 2, 1]
        assert headings(loaded)[:2] == ["Today · 3 images", ""]
        assert (loaded.found, loaded.total) == (6, 6)

    def test_the_first_one_ever_ends_the_empty_state(self, model: HistoryModel, requests: HeldRequests) -> None:
        requests.rows = []
        model.load()
        requests.answer_all()
        model.prepend([upload(1, finished_at=NOON)])
        assert model.state is HistoryState.ROWS
        assert headings(model) == ["Today · 1 image"]

    def test_each_goes_where_its_time_says(self, loaded: HistoryModel) -> None:
        loaded.prepend([upload(8, finished_at=NOON - timedelta(minutes=5)), upload(9, finished_at=YESTERDAY)])
        assert keys(loaded) == [5, 8, 4, 9, 3, 2, 1]

    def test_one_that_took_over_an_id_is_no_upload_of_its_own(self, loaded: HistoryModel) -> None:
        loaded.prepend([upload(7, reused_from=3), upload(8, state=UploadState.READY)])
        assert keys(loaded) == [5, 4, 3, 2, 1]
        assert loaded.total == 5

    @pytest.mark.parametrize("search", ["CASTLE_07", "302325299692615", "openapi/0007"])
    def test_while_searching_it_appears_where_it_matches(
        self, loaded: HistoryModel, requests: HeldRequests, search: str
    ) -> None:
        loaded.search(search)
        requests.answer_all()
        loaded.prepend([upload(7), upload(8)])
        assert keys(loaded) == [7]
        assert (loaded.found, loaded.total) == (1, 7)

    def test_one_that_finished_while_the_first_page_was_read_is_not_lost(
        self, model: HistoryModel, requests: HeldRequests
    ) -> None:
        model.load()
        page = requests.take("page")
        before = requests.result(page)
        fresh = upload(7, finished_at=NOON + timedelta(minutes=1))
        requests.rows.insert(0, fresh)
        model.prepend([fresh])
        page.done(before)
        requests.answer_all()
        assert keys(model) == [7, 5, 4, 3, 2, 1]
        assert (model.found, model.total) == (6, 6)

    def test_one_that_the_page_has_already_is_not_shown_twice(
        self, model: HistoryModel, requests: HeldRequests
    ) -> None:
        model.load()
        fresh = upload(7, finished_at=NOON + timedelta(minutes=1))
        requests.rows.insert(0, fresh)
        model.prepend([fresh])
        requests.answer_all()
        assert keys(model) == [7, 5, 4, 3, 2, 1]
        assert (model.found, model.total) == (6, 6)


class TestRemoving:
    def test_rows_go_and_come_back_where_they_stood(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        gone = [requests.rows[0], requests.rows[2], requests.rows[3]]
        loaded.remove(gone)
        assert keys(loaded) == [4, 1]
        assert headings(loaded) == ["Today · 1 image", "3 November · 1 image"]
        assert (loaded.found, loaded.total) == (2, 2)
        loaded.prepend(gone)
        assert keys(loaded) == [5, 4, 3, 2, 1]
        assert headings(loaded) == ["Today · 2 images", "", "Yesterday · 1 image", "3 November · 2 images", ""]
        assert (loaded.found, loaded.total) == (5, 5)

    def test_the_last_one_gone_is_the_empty_state(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.remove(requests.rows)
        assert loaded.state is HistoryState.EMPTY

    def test_a_page_that_was_read_before_does_not_bring_them_back(
        self, loaded: HistoryModel, requests: HeldRequests
    ) -> None:
        requests.page_size = 3
        loaded.load()
        requests.answer_all()
        loaded.fetchMore(QModelIndex())
        loaded.remove([requests.rows[3]])
        requests.answer_all()
        assert keys(loaded) == [5, 4, 3, 1]

    def test_removing_twice_counts_once(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.remove([requests.rows[0]])
        loaded.remove([requests.rows[0]])
        assert (loaded.found, loaded.total) == (4, 4)

    def test_what_could_not_be_hidden_is_back_after_a_load(self, loaded: HistoryModel, requests: HeldRequests) -> None:
        loaded.remove([requests.rows[0]])
        loaded.load()
        requests.answer_all()
        assert keys(loaded) == [5, 4, 3, 2, 1]


def test_thousands_that_come_back_at_once_are_one_page_and_the_way_to_the_next(
    model: HistoryModel, requests: HeldRequests
) -> None:
    rows = [upload(key, finished_at=NOON - timedelta(minutes=1_000 - key)) for key in range(1_000, 0, -1)]
    requests.rows = rows
    model.load()
    requests.answer_all()
    model.remove(rows)
    requests.answer_all()
    assert model.state is HistoryState.EMPTY
    model.prepend(rows)
    assert keys(model) == list(range(1_000, 1_000 - PAGE_SIZE, -1))
    assert model.found == model.total == 1_000
    model.fetchMore(QModelIndex())
    asked = requests.take("page").after
    assert asked is not None
    assert asked.key == keys(model)[-1]


def test_over_a_real_journal_pages_search_and_removal_agree(tmp_path: Path, qtbot: QtBot) -> None:
    clock = Clock()
    journal = Journal.open(tmp_path / "journal.sqlite", clock=clock)
    names = [f"picture_{number:03}.png" for number in range(600)]
    added = journal.add([Source(SourceKind.FILE, f"/pictures/{name}", name) for name in names], UploadState.DONE)
    done = [
        upload(row.key, label=row.source.label, finished_at=NOON - timedelta(minutes=10 * place))
        for place, row in enumerate(added)
    ]
    journal.save(done)
    tasks = Tasks()
    source = HistorySource(tasks)
    source.attach(journal.history_reader())
    model = HistoryModel(source, Dates(clock, None, QLocale("en_GB")))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.load()

    def fetched_all() -> bool:
        model.fetchMore(QModelIndex())
        return model.is_complete and tasks.is_idle

    qtbot.waitUntil(fetched_all)
    assert keys(model) == [row.key for row in done]
    counted = [int(text.split(" · ")[1].split()[0]) for text in headings(model) if text]
    assert sum(counted) == model.found == 600

    model.search("PICTURE_59")
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert [row.source.label for row in model.uploads()] == [f"picture_59{last}.png" for last in range(10)]

    everything: list[int] = []
    source.everything("picture_5", done=lambda rows: everything.extend(row.key for row in rows), failed=pytest.fail)
    qtbot.waitUntil(lambda: bool(everything))
    assert everything == [row.key for row in done[500:]]

    tester.deleteLater()
    source.close()
    assert tasks.close(5)
    journal.close()

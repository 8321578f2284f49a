from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pixverse_gui.core import history_reader
from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.history_reader import PAGE_SIZE, Cursor, HistoryPage, HistoryReader, _condition
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.journal_connection import Connection, connect_read_only
from pixverse_gui.core.models import Source, SourceKind, Upload, UploadState
from tests.unit.journal_samples import START, add_finished, file_source, finished, link_source, open_journal


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = open_journal(tmp_path / "journal.sqlite")
    yield journal
    journal.close()


@pytest.fixture
def reader(journal: Journal) -> Iterator[HistoryReader]:
    reader = journal.history_reader()
    yield reader
    reader.close()


def labels(reader: HistoryReader, search: str = "") -> list[str]:
    return [upload.source.label for upload in reader.page(search).uploads]


def test_without_a_journal_the_history_is_empty_and_fills_as_soon_as_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(HistoryReader(path)) as reader:
        assert reader.page() == HistoryPage((), None)
        assert reader.count() == 0
        assert reader.day_counts() == {}
        assert not path.exists()
        path.write_bytes(b"")  # SQLite has made the file, the schema is not there yet
        assert reader.count() == 0
        with closing(open_journal(path)) as journal:
            add_finished(journal, ["a.png"])
            assert reader.count() == 1


def test_newest_first_with_everything_a_row_has(journal: Journal, reader: HistoryReader) -> None:
    uploads = add_finished(journal, ["a.png", "b.png", "c.png"])
    assert reader.page() == HistoryPage(tuple(reversed(uploads)), None)


def test_only_finished_rows_with_an_id_of_their_own_and_not_hidden(journal: Journal, reader: HistoryReader) -> None:
    original, hidden, reusing, failed = journal.add([file_source(f"{number}.png") for number in range(4)])
    journal.save(
        [
            finished(original),
            finished(hidden),
            finished(reusing, reused_from=original.key),
            replace(failed, state=UploadState.FAILED),
        ]
    )
    journal.set_hidden([hidden.key], True)
    assert labels(reader) == ["0.png"]
    assert reader.count() == 1
    journal.set_hidden([hidden.key], False)
    assert labels(reader) == ["1.png", "0.png"]


def test_a_done_row_without_a_time_is_not_missing(journal: Journal, reader: HistoryReader) -> None:
    (upload,) = journal.add([file_source("a.png")])
    journal.save([finished(upload, finished_at=None)])
    assert reader.page().uploads[0].finished_at == upload.added_at


@pytest.mark.parametrize(
    "search",
    ["castle", "CASTLE_01", "  castle_01.png ", "8000001", "00000", "PIXVERSE.ai/1.png"],
)
def test_a_search_finds_names_ids_and_links_without_case(journal: Journal, reader: HistoryReader, search: str) -> None:
    add_finished(journal, ["Castle_01.PNG"])
    assert labels(reader, search) == ["Castle_01.PNG"]
    assert reader.count(search) == 1
    assert sum(reader.day_counts(search).values()) == 1


@pytest.mark.parametrize(
    ("name", "search"),
    [
        ("100%.png", "0%."),
        ("a_b.png", "a_b"),
        ("back\\slash.png", "k\\s"),
        ("城堡🏰.png", "堡🏰"),
        ("straße.png", "STRASSE"),
        ("cafe\u0301.png", "caf\u00e9"),
        ("ПРИВЕТ.png", "привет"),
        ("（１）.png", "(1)"),
        ("bad\udcffname.png", "name"),
        ('it\'s "quoted".png', "'s \""),
    ],
)
def test_a_search_takes_every_letter_as_itself(journal: Journal, reader: HistoryReader, name: str, search: str) -> None:
    add_finished(journal, [name, "axb 100x backXslash.png"])
    assert labels(reader, search) == [name]


def test_a_search_does_not_run_over_from_the_name_into_the_id(journal: Journal, reader: HistoryReader) -> None:
    add_finished(journal, ["a.png"])
    assert labels(reader, "png8000001") == []


def test_a_search_reads_the_texts_alone_and_not_the_rows_around_them(tmp_path: Path) -> None:
    open_journal(tmp_path / "journal.sqlite").close()
    with closing(connect_read_only(tmp_path / "journal.sqlite")) as connection:
        condition, values = _condition(connection, "castle")
        plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT key FROM upload {condition}", values).fetchall()
    assert "USING INDEX upload_search" in plan[0][3].replace("COVERING ", "")


def test_half_of_all_uploads_are_newer_than_the_middle(
    journal: Journal, reader: HistoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_reader, "_FEW", 10)
    add_finished(journal, [f"{number}.png" for number in range(9)])
    assert reader.middle() is None  # among few a search takes no time
    add_finished(journal, ["9.png"])
    middle = reader.middle()
    assert middle is not None
    newer, older = reader.page(until=middle), reader.page(after=middle)
    assert len(newer.uploads) == 6
    assert newer.uploads + older.uploads == reader.page().uploads
    assert newer.uploads[-1].key == middle.key


@pytest.mark.parametrize("search", ["", "castle", "7", "nowhere", "renamed"])
def test_what_both_halves_find_is_what_all_of_it_has(
    journal: Journal, reader: HistoryReader, search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_reader, "_FEW", 1)
    names = [f"{'castle' if number % 3 else 'boat'}_{number}.png" for number in range(40)]
    uploads = add_finished(journal, names)
    (later,) = journal.add([file_source("renamed.png")])
    journal.save([finished(later, reused_from=uploads[3].key)])
    middle = reader.middle()
    whole = reader.page(search).uploads
    assert bool(whole) is (search != "nowhere")
    assert middle is not None
    older = reader.page(search, middle)
    assert reader.page(search, until=middle).uploads + older.uploads == whole
    keys = reader.keys(search, middle)
    assert keys == [upload.key for upload in older.uploads]
    assert reader.page_of(keys) == older


def test_keys_of_a_full_page_make_that_page_and_its_next(journal: Journal, reader: HistoryReader) -> None:
    uploads = add_finished(journal, [f"{number}.png" for number in range(PAGE_SIZE + 3)])
    newest = reader.page(limit=1).next
    assert newest is not None
    keys = reader.keys("png", newest)
    assert len(keys) == PAGE_SIZE + 1
    assert reader.page_of(keys) == reader.page("png", newest)
    journal.set_hidden([uploads[40].key], True)
    assert [row.key for row in reader.page_of(keys).uploads] == [key for key in keys if key != uploads[40].key]


def test_without_keys_or_a_journal_there_is_no_page(journal: Journal, reader: HistoryReader, tmp_path: Path) -> None:
    add_finished(journal, ["a.png"])
    assert reader.page_of([]) == HistoryPage((), None)
    with closing(HistoryReader(tmp_path / "nowhere.sqlite")) as other:
        assert other.keys("a", Cursor(1, 1)) == []
        assert other.page_of([1]) == HistoryPage((), None)
        assert other.middle() is None


def test_rows_of_keys_are_looked_up_and_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()

    def read(connection: Connection, condition: str, values: Sequence[int]) -> list[Upload]:
        asked.append(connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM upload {condition}", values).fetchone()[3])
        return []

    open_journal(tmp_path / "journal.sqlite").close()
    monkeypatch.setattr(history_reader, "read_uploads", read)
    with closing(HistoryReader(tmp_path / "journal.sqlite")) as reader:
        reader.page_of([5, 7])
    assert asked == ["SEARCH upload USING INTEGER PRIMARY KEY (rowid=?)"]


def test_pages_go_on_within_the_half_where_they_began(
    journal: Journal, reader: HistoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_reader, "_FEW", 1)
    uploads = add_finished(journal, [f"{number}.png" for number in range(40)])
    middle = reader.middle()
    first = reader.page("png", limit=4, until=middle)
    second = reader.page("png", first.next, limit=4, until=middle)
    assert first.uploads + second.uploads == tuple(reversed(uploads))[:8]


def test_a_middle_that_damage_made_no_time_divides_nothing(
    journal: Journal, reader: HistoryReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_reader, "_FEW", 1)
    add_finished(journal, ["a.png", "b.png"])
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as connection, connection:
        connection.execute("UPDATE upload SET finished_us = 'soon'")
    assert reader.middle() is None


def test_a_half_is_found_by_the_index_and_not_by_going_through_all(tmp_path: Path) -> None:
    path, middle = tmp_path / "journal.sqlite", Cursor(1, 1)
    open_journal(path).close()
    with closing(connect_read_only(path)) as connection:
        for after, until in ((middle, None), (None, middle)):
            condition, values = _condition(connection, "castle", after, until)
            plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT key FROM upload {condition}", values).fetchall()
            assert "SEARCH upload USING INDEX upload_search (finished_us" in plan[0][3].replace("COVERING ", "")


def test_two_readers_answer_at_the_same_time(journal: Journal, reader: HistoryReader) -> None:
    add_finished(journal, ["a.png"])
    with closing(reader.another()) as other, reader._reading() as busy:
        assert busy is not None
        assert labels(other) == ["a.png"]


def test_another_reader_of_a_journal_in_memory_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").mkdir()
    with closing(open_journal(tmp_path / "journal.sqlite")) as journal:
        add_finished(journal, ["a.png"])
        assert labels(journal.history_reader().another()) == ["a.png"]


def test_a_search_of_any_length_is_answered(journal: Journal, reader: HistoryReader) -> None:
    add_finished(journal, ["a.png"])
    assert labels(reader, "x" * 100_000) == []


def test_a_search_finds_an_upload_by_the_name_of_a_row_that_reused_it(journal: Journal, reader: HistoryReader) -> None:
    names = ("castle.png", "renamed.png", "sent_again.png")
    original, later, again = journal.add([file_source(name) for name in names])
    ready_again = replace(again, state=UploadState.READY, reused_from=original.key)
    journal.save([finished(original), finished(later, reused_from=original.key), ready_again])
    assert labels(reader, "renamed") == ["castle.png"]
    assert labels(reader, "sent_again") == []


def test_the_largest_ids_and_names_of_any_bytes_come_back_exactly(journal: Journal, reader: HistoryReader) -> None:
    name = "caf\udce9 \ud83c 城堡 🏰\n\t.png"
    (upload,) = journal.add([Source(SourceKind.FILE, f"/p/{name}", name)])
    done = finished(upload, img_id=str(2**64 - 1))
    journal.save([done])
    assert reader.page().uploads == (done,)
    assert reader.page(str(2**64 - 1)).uploads == (done,)


def test_10_000_rows_page_without_gap_or_repeat_while_rows_are_added(journal: Journal, reader: HistoryReader) -> None:
    names = [f"{number:05}.png" for number in range(10_000)]
    uploads = journal.add([file_source(name) for name in names])
    # Ten rows share each moment, so the order within it has to hold too.
    journal.save([finished(upload, finished_at=START + timedelta(seconds=upload.key // 10)) for upload in uploads])

    seen: list[str] = []
    after: Cursor | None = None
    while True:
        page = reader.page(after=after, limit=999)
        seen += [upload.source.label for upload in page.uploads]
        (added,) = journal.add([file_source("new.png")])
        journal.save([finished(added, finished_at=START + timedelta(days=1))])
        if page.next is None:
            break
        after = page.next
    assert seen == names[::-1]


def test_a_last_page_that_is_just_full_has_no_next(journal: Journal, reader: HistoryReader) -> None:
    add_finished(journal, ["a.png", "b.png"])
    assert reader.page(limit=2).next is None
    assert reader.page(limit=1).next is not None


@pytest.mark.skipif(sys.platform == "win32", reason="the time zone of a process cannot be set on Windows")
def test_days_are_those_of_this_computer(
    journal: Journal, reader: HistoryReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "CST-8")  # eight hours ahead of UTC, as in China
    time.tzset()
    try:
        evening, night = journal.add([file_source("a.png"), link_source("https://example.com/b.png")])
        day = START.replace(hour=15, minute=59, second=59)
        journal.save([finished(evening, finished_at=day), finished(night, finished_at=day + timedelta(seconds=1))])
        assert list(reader.day_counts().items()) == [(date(2026, 3, 15), 1), (date(2026, 3, 14), 1)]
        assert reader.day_counts("example") == {date(2026, 3, 15): 1}
    finally:
        monkeypatch.undo()
        time.tzset()


def test_impossible_times_hide_no_other_row(journal: Journal, reader: HistoryReader, tmp_path: Path) -> None:
    uploads = add_finished(journal, [f"{number}.png" for number in range(6)])
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as connection:
        connection.execute("UPDATE upload SET finished_us = ? WHERE key = ?", (2**62, uploads[2].key))
        connection.execute("UPDATE upload SET finished_us = ? WHERE key = ?", (-(2**62), uploads[4].key))
        connection.commit()
    seen = []
    after = None
    while True:
        page = reader.page(after=after, limit=1)
        seen += [upload.key for upload in page.uploads]
        if page.next is None:
            break
        after = page.next
    assert seen == [uploads[index].key for index in (2, 5, 3, 1, 0, 4)]
    assert sum(reader.day_counts().values()) == 4


def test_the_reader_never_writes(tmp_path: Path, journal: Journal) -> None:
    with (
        closing(connect_read_only(tmp_path / "journal.sqlite")) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("DELETE FROM upload")


def test_reading_goes_on_while_a_writer_holds_the_lock(journal: Journal, reader: HistoryReader) -> None:
    add_finished(journal, ["a.png"])
    with journal._database.writing():
        assert reader.count() == 1


def test_a_broken_file_is_a_storage_error_and_the_reader_can_be_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"no database at all" * 500)
    with closing(HistoryReader(path)) as reader:
        for _ in range(2):
            with pytest.raises(StorageError):
                reader.page()


def test_a_closed_reader_opens_again_when_asked(journal: Journal, reader: HistoryReader) -> None:
    add_finished(journal, ["a.png"])
    assert reader.count() == 1
    reader.close()
    reader.close()
    assert reader.count() == 1


def test_a_folder_with_signs_that_mean_something_in_addresses(tmp_path: Path) -> None:
    path = tmp_path / "50% #1? 城堡 & co" / "journal.sqlite"
    with closing(open_journal(path)) as journal, closing(journal.history_reader()) as reader:
        add_finished(journal, ["a.png"])
        assert reader.count() == 1

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pixverse_gui.core.journal_connection import connect_in_memory, connect_read_only
from pixverse_gui.core.journal_migrations import apply_steps
from pixverse_gui.core.journal_readable_rows import ReadableRows
from pixverse_gui.core.journal_rescue import finish_interrupted_rescue, rescue, set_aside
from pixverse_gui.core.models import Attempt, Upload, UploadState
from tests.unit.journal_samples import (
    START,
    Clock,
    add_finished,
    file_source,
    finished,
    history,
    open_journal,
    uploads_of_every_kind,
)

PAGE = 4096
TABLE_LEAF, TABLE_INTERIOR = 13, 5
ROWS_A_PAGE_MAX = 16
DAY = START.date()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def filled(path: Path, number: int, *, copied: bool = False) -> list[Upload]:
    """A closed journal with this many finished uploads."""
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, [f"picture_{index:05}.png" for index in range(number)])
        if copied:
            assert journal.back_up() is not None
    return uploads


def spoil_pages(path: Path, chosen: Callable[[int, bytes], bool]) -> int:
    """Overwrites the pages that `chosen` (page type, content) picks; returns how many."""
    data = bytearray(path.read_bytes())
    spoilt = 0
    for start in range(PAGE, len(data), PAGE):
        if chosen(data[start], bytes(data[start : start + PAGE])):
            data[start : start + PAGE] = b"\xa5" * PAGE
            spoilt += 1
    path.write_bytes(data)
    return spoilt


def leaf_with(name: str) -> Callable[[int, bytes], bool]:
    return lambda kind, content: kind == TABLE_LEAF and f"/pictures/{name}".encode() in content


def damaged_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if "damaged" in path.name)


@pytest.mark.parametrize("names", [(700,), (100, 700, 701, 1300), (0,), (1499,)])
def test_all_rows_outside_of_damaged_pages_are_recovered(path: Path, names: tuple[int, ...]) -> None:
    uploads = filled(path, 1_500)
    spoilt = sum(spoil_pages(path, leaf_with(f"picture_{name:05}.png")) for name in names)
    assert spoilt >= 1

    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered >= len(uploads) - spoilt * ROWS_A_PAGE_MAX
        assert journal.opening.kept_at == str(path.with_name("journal-damaged-2026-03-14.sqlite"))
        rows = history(journal)
        assert len(rows) == journal.opening.recovered < len(uploads)
        # An attempt may have been in a page of its own, but no row is changed.
        assert all(
            replace(rows[upload.key], attempts=()) == replace(upload, attempts=())
            for upload in uploads
            if upload.key in rows
        )
        lost = [number for number, upload in enumerate(uploads) if upload.key not in rows]
        assert all(min(abs(number - name) for name in names) < ROWS_A_PAGE_MAX for number in lost)


def test_the_search_ends_where_the_file_does_not_say_which_key_it_gave_last(path: Path) -> None:
    uploads = filled(path, 300)
    assert spoil_pages(path, leaf_with("picture_00299.png")) == 1
    assert spoil_pages(path, lambda kind, content: kind == TABLE_LEAF and content[-10:].find(b"upload") >= 0) == 1
    with closing(open_journal(path)) as journal:
        assert len(uploads) > journal.opening.recovered > len(uploads) - ROWS_A_PAGE_MAX


def test_rows_that_cannot_be_read_come_from_the_newest_daily_copy(path: Path) -> None:
    uploads = filled(path, 800, copied=True)
    assert spoil_pages(path, leaf_with("picture_00400.png"))
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == len(uploads)
        assert list(history(journal).values()) == uploads[::-1]


def test_newer_rows_of_the_damaged_file_win_over_the_copy(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        add_finished(journal, [f"picture_{number:05}.png" for number in range(400)])
        (upload,) = journal.add([file_source("late.png")])
        journal.back_up()
        journal.save([finished(upload)])
    assert spoil_pages(path, leaf_with("picture_00100.png"))
    with closing(open_journal(path)) as journal:
        assert history(journal)[upload.key] == finished(upload)
        assert journal.opening.recovered == 401


def test_a_damaged_root_page_leaves_the_copy(path: Path) -> None:
    uploads = filled(path, 1_000, copied=True)
    assert spoil_pages(path, lambda kind, content: kind == TABLE_INTERIOR)
    with closing(open_journal(path)) as journal:
        assert len(history(journal)) == len(uploads)


def test_a_cut_off_file_gives_what_is_left_of_it(path: Path) -> None:
    filled(path, 1_000)
    size = path.stat().st_size
    os.truncate(path, size // 2)
    with closing(open_journal(path)) as journal:
        assert journal.opening.kept_at is not None
        assert Path(journal.opening.kept_at).stat().st_size == size // 2
        assert 100 < journal.opening.recovered < 1_000
        # The row across the cut may have lost its id.
        without_id = [row for row in journal.restore_working_list().rows if row.state is UploadState.FAILED]
        assert len(history(journal)) + len(without_id) == journal.opening.recovered
        assert len(without_id) <= 1


@pytest.mark.parametrize("content", [b"not a database" * 1_000, b"\0" * 40_960, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_garbage_is_set_aside_and_the_copy_read(path: Path, content: bytes) -> None:
    uploads = filled(path, 20, copied=True)
    path.write_bytes(content)
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 20
        assert journal.opening.kept_at is not None
        assert Path(journal.opening.kept_at).read_bytes() == content
        assert list(history(journal).values()) == uploads[::-1]


def test_garbage_without_a_copy_is_a_fresh_start_that_says_where_the_old_file_is(path: Path) -> None:
    path.write_bytes(b"not a database" * 1_000)
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 0
        assert journal.opening.kept_at is not None
        assert not journal.opening.is_new
        assert journal.add([file_source("a.png")])
    with closing(open_journal(path)) as journal:
        assert journal.opening.kept_at is None
        assert len(journal.restore_working_list().rows) == 1


def test_another_programs_database_is_set_aside_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE upload (key INTEGER PRIMARY KEY, title TEXT)")
        connection.execute("INSERT INTO upload VALUES (1, 'theirs')")
        connection.commit()
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 0
        assert journal.opening.kept_at is not None
        with closing(sqlite3.connect(journal.opening.kept_at)) as connection:
            assert connection.execute("SELECT title FROM upload").fetchone() == ("theirs",)


def test_an_empty_file_where_a_history_had_been_is_a_loss(path: Path) -> None:
    uploads = filled(path, 5, copied=True)
    path.write_bytes(b"")
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == len(uploads)
        assert damaged_files(path.parent) == ["journal-damaged-2026-03-14.sqlite"]


def test_an_empty_file_is_a_loss_where_a_history_is_expected_and_else_a_first_start(path: Path) -> None:
    path.write_bytes(b"")
    with closing(open_journal(path)) as journal:
        assert journal.opening.kept_at is None
    path.write_bytes(b"")
    with closing(open_journal(path, expected=True)) as journal:
        assert journal.opening.kept_at is not None


def test_a_missing_file_is_a_loss_only_where_a_history_is_expected(path: Path) -> None:
    uploads = filled(path, 5, copied=True)
    path.unlink()
    with closing(open_journal(path)) as journal:
        assert journal.opening.is_new
        assert journal.opening.recovered == 0
    path.unlink()
    with closing(open_journal(path, expected=True)) as journal:
        assert not journal.opening.is_new
        assert journal.opening.kept_at is None
        assert journal.opening.recovered == len(uploads)


def test_an_older_copy_counts_only_where_the_newest_cannot_be_read(path: Path) -> None:
    clock = Clock()
    with closing(open_journal(path, clock)) as journal:
        (removed,) = journal.add([file_source("removed.png")])
        add_finished(journal, ["a.png"])
        oldest = journal.back_up()
        clock.advance(days=1)
        journal.set_listed([removed.key], False)
        journal.tidy_up()
        newest = journal.back_up()
    assert oldest is not None
    assert newest is not None
    path.write_bytes(b"")
    with closing(open_journal(path, clock)) as journal:
        assert journal.opening.recovered == 1
    path.write_bytes(b"")
    newest.write_bytes(b"garbage" * 1_000)
    with closing(open_journal(path, clock)) as journal:
        assert journal.opening.recovered == 2


def test_nothing_that_was_set_aside_is_ever_overwritten(path: Path) -> None:
    contents = [bytes([number]) * 9_000 for number in (1, 2, 3)]
    for content in contents:
        path.write_bytes(content)
        open_journal(path).close()
    assert damaged_files(path.parent) == [
        "journal-damaged-2026-03-14-2.sqlite",
        "journal-damaged-2026-03-14-3.sqlite",
        "journal-damaged-2026-03-14.sqlite",
    ]
    assert sorted(path.with_name(name).read_bytes() for name in damaged_files(path.parent)) == contents


def test_companions_move_along_and_a_name_is_taken_if_any_of_them_is(path: Path) -> None:
    path.with_name("journal-damaged-2026-03-14.sqlite-wal").write_bytes(b"older")
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{end}").write_bytes(end.encode())
    place = set_aside(path, DAY)
    assert place == path.with_name("journal-damaged-2026-03-14-2.sqlite")
    ends = ("", "-wal", "-shm", "-journal")
    assert [Path(f"{place}{end}").read_bytes() for end in ends] == [end.encode() for end in ends]
    assert set_aside(path, DAY) is None


def test_rows_that_are_only_in_the_wal_are_recovered_too(path: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed" / "journal.sqlite"
    crashed.parent.mkdir()
    filled(path, 400)
    with closing(open_journal(path)) as journal:
        (late,) = add_finished(journal, ["late.png"])
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", f"{crashed}{end}")
    assert spoil_pages(crashed, leaf_with("picture_00100.png"))
    with closing(open_journal(crashed)) as journal:
        assert history(journal)[late.key] == late


def test_every_kind_of_row_with_its_attempts_is_recovered_unchanged(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        journal.save(uploads_of_every_kind())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")  # no longer taken for a sound journal
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 8
        journal.set_listed([8], True)
        stored = {upload.key: upload for upload in journal.restore_working_list().rows}
    for upload in uploads_of_every_kind():
        if upload.state is not UploadState.UPLOADING:
            assert stored[upload.key] == replace(upload, listed=True)


def test_a_row_that_took_its_id_from_a_lost_one_stands_in_the_history_itself(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, [f"picture_{number:05}.png" for number in range(400)])
        (reusing,) = journal.add([file_source("reusing.png")])
        journal.save([finished(reusing, uploads[100].img_id, reused_from=uploads[100].key, reused_at=START)])
    assert spoil_pages(path, leaf_with("picture_00100.png"))
    with closing(open_journal(path)) as journal:
        rows = history(journal)
        assert uploads[100].key not in rows
        assert rows[reusing.key].img_id == uploads[100].img_id
        assert rows[reusing.key].reused_from is None


def test_a_row_of_nonsense_and_attempts_of_nobody_are_left_out(path: Path) -> None:
    filled(path, 3)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE upload SET kind = 'nonsense' WHERE key = 2")
        connection.execute("PRAGMA application_id = 7")
        connection.commit()
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 2
        with journal._database.reading() as connection:
            assert connection.execute("SELECT upload_key FROM attempt ORDER BY 1").fetchall() == [(1,), (3,)]


def test_text_with_flipped_bits_hides_no_row(path: Path) -> None:
    uploads = filled(path, 3)
    path.write_bytes(path.read_bytes().replace(b"picture_00001", b"pic\xff\xfere_00001"))
    with closing(open_journal(path)) as journal:
        assert [upload.img_id for upload in history(journal).values()] == [upload.img_id for upload in uploads[::-1]]


def test_keys_of_lost_rows_that_others_know_are_not_given_again(path: Path) -> None:
    uploads = filled(path, 400)
    assert spoil_pages(path, leaf_with("picture_00100.png"))
    with closing(open_journal(path)) as journal:
        assert journal.add([file_source("new.png")])[0].key > uploads[-1].key


def test_a_rescue_killed_before_the_first_rename_starts_over(path: Path) -> None:
    filled(path, 20, copied=True)
    path.write_bytes(b"garbage" * 1_000)
    path.with_name("journal-rescue.sqlite").write_bytes(b"half written")
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 20
    assert not path.with_name("journal-rescue.sqlite").exists()


def test_a_rescue_killed_between_its_renames_is_finished(path: Path) -> None:
    uploads = filled(path, 20, copied=True)
    path.write_bytes(b"garbage" * 1_000)
    rescue(path, [path.with_name("journal-2026-03-14.sqlite")], DAY)
    path.rename(path.with_name("journal-rescue.sqlite"))
    with closing(open_journal(path, expected=True)) as journal:
        assert list(history(journal).values()) == uploads[::-1]


def test_a_fresh_file_that_was_never_completed_is_dropped(path: Path) -> None:
    fresh = path.with_name("journal-rescue.sqlite")
    sqlite3.connect(fresh).close()
    fresh.touch()
    finish_interrupted_rescue(path, DAY)
    assert not fresh.exists()
    assert not path.exists()


def test_keys_out_of_order_end_a_reading_instead_of_repeating_it(path: Path) -> None:
    filled(path, 300)
    data = path.read_bytes()
    middle = data.index(b"/pictures/picture_00150.png") // PAGE * PAGE
    # Zeros are what a cut page is filled up with: its lower cells are rows with the key 0.
    path.write_bytes(data[: middle + 400] + bytes(PAGE - 400) + data[middle + PAGE :])
    with closing(connect_read_only(path)) as connection:
        keys = [row["key"] for row in ReadableRows(connection, "upload")]
    assert len(keys) == len(set(keys)) > 300 - 2 * ROWS_A_PAGE_MAX


def test_a_table_that_is_not_there_has_no_rows() -> None:
    with closing(connect_in_memory()) as connection:
        assert list(ReadableRows(connection, "upload")) == []


def test_an_upload_in_flight_in_the_copy_is_flagged_when_it_comes_back(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        (upload,) = journal.add([file_source("a.png")])
        attempt = Attempt("t-1", START + timedelta(seconds=1))
        journal.save([replace(upload, state=UploadState.UPLOADING, attempts=(attempt,))])
        journal.back_up()
    path.write_bytes(b"")
    with closing(open_journal(path)) as journal:
        (restored,) = journal.restore_working_list().rows
        assert restored.state is UploadState.WAITING
        assert restored.may_have_second_copy


def test_a_full_disk_during_the_rescue_leaves_the_damaged_file_where_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 400)
    assert spoil_pages(path, leaf_with("picture_00100.png"))
    before = path.read_bytes()

    def short_of_room(connection: sqlite3.Connection) -> None:
        apply_steps(connection)
        connection.execute("PRAGMA max_page_count = 20")

    monkeypatch.setattr("pixverse_gui.core.journal_rescue.apply_steps", short_of_room)
    with closing(open_journal(path)) as journal:
        assert journal.opening.volatile_reason == "full"
        assert journal.opening.recovered == len(history(journal)) > 300
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir() if entry.suffix == ".sqlite"] == ["journal.sqlite"]

"""Which of several files is believed when the journal is damaged: the newest one that has an id that can be one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_gui.core.journal import Journal
from pixverse_gui.core.models import Upload, UploadState
from tests.unit.journal_samples import Clock, add_finished, file_source, finished, history, open_journal

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def damage(path: Path, *statements: str) -> None:
    """Changes cells as flipped bits do, and makes the file one that has to be rescued."""
    execute(path, *statements, "PRAGMA application_id = 7")


def listed(journal: Journal) -> dict[int, Upload]:
    return {row.key: row for row in journal.restore_working_list().rows}


def labels(rows: Sequence[Upload]) -> list[str]:
    return [row.source.label for row in rows]


SPOILT = [
    "img_id = '80 0001'",
    "img_id = '8000p01'",
    "img_id = '08000001'",
    "img_id = x'38ff30'",
    "img_id = ''",
    "img_id = NULL",
    "img_id = '123456789012345678901'",
]


@pytest.mark.parametrize("cell", SPOILT)
def test_a_spoilt_id_gives_way_to_the_good_one_of_a_copy(path: Path, cell: str) -> None:
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, ["a.png", "b.png"])
        journal.back_up()
    damage(path, f"UPDATE upload SET {cell} WHERE key = 1")
    with closing(open_journal(path)) as journal:
        assert list(history(journal).values()) == uploads[::-1]
        assert listed(journal) == {}


@pytest.mark.parametrize("cell", SPOILT)
def test_without_a_copy_a_row_that_lost_its_id_has_failed_and_says_why(path: Path, cell: str) -> None:
    with closing(open_journal(path)) as journal:
        first, second = add_finished(journal, ["a.png", "b.png"])
        journal.set_listed([first.key, second.key], False)
    damage(path, f"UPDATE upload SET {cell}, hidden = 1 WHERE key = 1")
    with closing(open_journal(path)) as journal:
        assert list(history(journal).values()) == [replace(second, listed=False)]
        row = listed(journal)[first.key]
        assert (row.state, row.img_id, row.source, row.facts) == (
            UploadState.FAILED,
            None,
            first.source,
            first.facts,
        )
        assert row.error is not None
        assert row.error.code == "id_lost"
        assert row.may_have_second_copy  # should it be sent once more
        journal.tidy_up()
        assert first.key in listed(journal)


def test_an_older_copy_gives_the_id_where_the_newer_ones_have_it_spoilt_too(path: Path) -> None:
    clock = Clock()
    with closing(open_journal(path, clock)) as journal:
        uploads = add_finished(journal, ["a.png"])
        removed = journal.add([file_source("removed.png")])
        journal.back_up()
        clock.advance(days=1)
        journal.set_listed([removed[0].key], False)
        journal.tidy_up()
    execute(path, "UPDATE upload SET img_id = 'p' WHERE key = 1")
    with closing(open_journal(path, clock)) as journal:
        journal.back_up()
    damage(path)
    with closing(open_journal(path, clock)) as journal:
        assert list(history(journal).values()) == uploads
        assert listed(journal) == {}


def test_a_copy_in_which_the_row_was_not_done_yet_is_no_reason_to_send_it_again(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        (row,) = journal.add([file_source("a.png")], UploadState.READY)
        journal.back_up()
        journal.save([finished(row)])
    damage(path, "UPDATE upload SET img_id = 'p'")
    with closing(open_journal(path)) as journal:
        assert listed(journal)[row.key].state is UploadState.FAILED


def test_a_row_that_was_removed_does_not_come_back_from_a_copy(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        removed, kept = journal.add([file_source("removed.png"), file_source("kept.png")], UploadState.READY)
        journal.back_up()
        journal.set_listed([removed.key], False)
        journal.tidy_up()
    damage(path)
    with closing(open_journal(path)) as journal:
        assert labels(list(listed(journal).values())) == [kept.source.label]


def test_rows_in_a_damaged_page_come_back_though_they_are_not_done(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        rows = journal.add([file_source(f"{number:03}.png") for number in range(200)], UploadState.READY)
        journal.back_up()
        journal.set_listed([rows[0].key, rows[-1].key], False)
        journal.tidy_up()
    content = path.read_bytes()
    middle = content.index(b"/pictures/100.png") // PAGE * PAGE
    path.write_bytes(content[:middle] + b"\xa5" * PAGE + content[middle + PAGE :])
    with closing(open_journal(path)) as journal:
        assert list(listed(journal).values()) == rows[1:-1]


def test_what_is_done_comes_back_from_a_copy_whatever_became_of_it(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, ["a.png", "b.png"])
        journal.back_up()
    damage(path, "DELETE FROM upload WHERE key = 1")
    with closing(open_journal(path)) as journal:
        assert list(history(journal).values()) == uploads[::-1]


def test_a_copy_of_a_day_to_come_is_not_taken_for_the_newest(path: Path) -> None:
    clock = Clock()
    clock.advance(days=400)
    with closing(open_journal(path, clock)) as journal:
        removed, kept = journal.add([file_source("removed.png"), file_source("kept.png")], UploadState.READY)
        journal.back_up()  # the clock was wrong that day
        clock.advance(days=-400)
        journal.set_listed([removed.key], False)
        journal.tidy_up()
        journal.save([finished(kept)])
        journal.back_up()
    path.write_bytes(b"")
    with closing(open_journal(path, clock)) as journal:
        assert listed(journal) == {}
        assert list(history(journal).values()) == [finished(kept)]
    for today in path.parent.glob("journal-2026-03-14.sqlite"):
        today.unlink()
    path.write_bytes(b"")
    clock.advance(days=1)
    with closing(open_journal(path, clock)) as journal:
        assert len(listed(journal)) == 2  # better than nothing


def test_a_copy_that_cannot_be_opened_is_passed_over(path: Path) -> None:
    clock = Clock()
    with closing(open_journal(path, clock)) as journal:
        uploads = add_finished(journal, ["a.png"])
        journal.back_up()
    path.with_name("journal-2026-03-13.sqlite").write_bytes(b"")
    path.with_name("journal-2026-03-14.sqlite").rename(path.with_name("journal-2026-03-12.sqlite"))
    path.with_name("journal-2026-03-14.sqlite").mkdir()
    path.write_bytes(b"")
    with closing(open_journal(path, clock)) as journal:
        assert list(history(journal).values()) == uploads


def test_a_kill_between_the_renames_of_a_rescue_loses_nothing(path: Path) -> None:
    """The damaged file has been renamed and its -wal has not: the fresh one has the rows of both."""
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, ["a.png"])
        wal = path.with_name("journal.sqlite-wal").read_bytes()
    path.rename(path.with_name("journal-rescue.sqlite"))
    path.with_name("journal-damaged-2026-03-14.sqlite").write_bytes(b"damaged")
    path.with_name("journal.sqlite-wal").write_bytes(wal)
    with closing(open_journal(path, expected=True)) as journal:
        assert journal.opening.was_lost
        assert list(history(journal).values()) == uploads
    assert path.with_name("journal-damaged-2026-03-14-2.sqlite-wal").read_bytes() == wal


def test_a_row_that_took_its_id_from_a_spoilt_one_stands_in_the_history_itself(path: Path) -> None:
    with closing(open_journal(path)) as journal:
        (first,) = add_finished(journal, ["a.png"])
        (again,) = journal.add([file_source("a.png")])
        journal.save([finished(again, first.img_id, reused_from=first.key)])
    damage(path, "UPDATE upload SET img_id = 'p' WHERE key = 1")
    with closing(open_journal(path)) as journal:
        assert [row.img_id for row in history(journal).values()] == [first.img_id]
        assert listed(journal)[first.key].state is UploadState.FAILED

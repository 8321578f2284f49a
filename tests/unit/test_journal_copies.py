from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.journal_copies import copies_by_trust, copies_of, make_copy
from tests.unit.journal_samples import Clock, add_finished, open_journal

DAY = date(2026, 3, 14)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    journal = open_journal(tmp_path / "journal.sqlite", clock)
    yield journal
    journal.close()


def copies(folder: Path) -> list[str]:
    return [path.name for path in copies_of(folder / "journal.sqlite")]


def test_the_copy_of_the_day_is_a_whole_journal(journal: Journal, tmp_path: Path) -> None:
    uploads = add_finished(journal, ["a.png", "b.png"])
    copy = journal.back_up()
    assert copy == tmp_path / "journal-2026-03-14.sqlite"
    assert copy is not None
    with closing(open_journal(copy)) as copied, closing(copied.history_reader()) as reader:
        assert copied.opening.kept_at is None
        assert reader.page().uploads == tuple(reversed(uploads))


def test_one_copy_a_day_and_the_newest_three_are_kept(journal: Journal, tmp_path: Path, clock: Clock) -> None:
    add_finished(journal, ["a.png"])
    for _ in range(5):
        assert journal.back_up() is not None
        assert journal.back_up() is None
        clock.advance(days=1)
    assert copies(tmp_path) == [f"journal-2026-03-{day}.sqlite" for day in (18, 17, 16)]


def test_copies_dated_in_the_future_do_not_push_out_the_new_one(journal: Journal, tmp_path: Path) -> None:
    add_finished(journal, ["a.png"])
    for year in range(2030, 2034):
        (tmp_path / f"journal-{year}-01-01.sqlite").write_bytes(b"")
    assert journal.back_up() is not None
    assert copies(tmp_path) == [f"journal-{day}.sqlite" for day in ("2033-01-01", "2032-01-01", "2026-03-14")]


def test_an_empty_journal_is_not_copied(journal: Journal, tmp_path: Path) -> None:
    assert journal.back_up() is None
    assert copies(tmp_path) == []


def test_copies_can_go_to_another_folder(journal: Journal, tmp_path: Path) -> None:
    add_finished(journal, ["a.png"])
    (tmp_path / "elsewhere").mkdir()
    assert journal.back_up(tmp_path / "elsewhere") == tmp_path / "elsewhere" / "journal-2026-03-14.sqlite"
    assert copies(tmp_path) == []


def test_only_files_named_like_copies_count(tmp_path: Path) -> None:
    for name in ("journal.sqlite", "journal-damaged-2026-03-14.sqlite", "journal-2026-03-14.sqlite.part"):
        (tmp_path / name).write_bytes(b"")
    assert copies(tmp_path) == []


def test_a_copy_that_was_cut_short_by_a_kill_is_made_again(journal: Journal, tmp_path: Path) -> None:
    add_finished(journal, ["a.png"])
    (tmp_path / "journal-2026-03-14.sqlite.part").write_bytes(b"half a copy")
    assert journal.back_up() is not None
    assert not (tmp_path / "journal-2026-03-14.sqlite.part").exists()


def test_a_folder_that_cannot_be_written_is_a_write_error(journal: Journal, tmp_path: Path) -> None:
    add_finished(journal, ["a.png"])
    with pytest.raises(WriteError):
        journal.back_up(tmp_path / "missing")
    assert add_finished(journal, ["b.png"])


def test_a_copy_that_fails_its_check_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        add_finished(journal, ["a.png"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'error TEXT', 'error TEXT NOT NULL')")
        connection.commit()
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.DatabaseError, match=r"the copy is damaged: NULL value in upload.error"),
    ):
        make_copy(connection, path, tmp_path, DAY)
    assert [entry.name for entry in tmp_path.iterdir() if "-2026" in entry.name] == []


def test_a_damaged_journal_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        add_finished(journal, [f"{number}.png" for number in range(200)])
    data = path.read_bytes()
    middle = data.index(b"/pictures/100.png") // 4096 * 4096
    path.write_bytes(data[:middle] + b"\xa5" * 4096 + data[middle + 4096 :])
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.DatabaseError, match="malformed"):
        make_copy(connection, path, tmp_path, DAY)
    assert [entry.name for entry in tmp_path.iterdir() if "-2026" in entry.name] == []


def test_half_a_copy_of_an_earlier_day_is_removed_at_the_next(journal: Journal, tmp_path: Path) -> None:
    add_finished(journal, ["a.png"])
    names = ["journal-2026-03-01.sqlite.part", "journal-2026-03-14.sqlite.part"]
    for name in [*names, "other-2026-03-01.sqlite.part"]:
        (tmp_path / name).write_bytes(b"half a copy")
    assert journal.back_up() is not None
    (tmp_path / names[0]).write_bytes(b"half a copy")
    assert journal.back_up() is None  # today has one already
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix == ".part"] == ["other-2026-03-01.sqlite.part"]


def test_copies_of_days_to_come_are_trusted_least(tmp_path: Path) -> None:
    for name in ("2026-03-13", "2026-03-14", "2026-03-15", "2033-01-01"):
        (tmp_path / f"journal-{name}.sqlite").write_bytes(b"")
    trusted = [copy.stem for copy in copies_by_trust(tmp_path / "journal.sqlite", DAY)]
    assert trusted == ["journal-2026-03-14", "journal-2026-03-13", "journal-2033-01-01", "journal-2026-03-15"]

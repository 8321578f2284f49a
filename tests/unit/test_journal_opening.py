from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pixverse_gui.core.journal import Opening
from tests.unit.journal_samples import add_finished, file_source, open_journal

NOBODY = 65_534
INDEX_LEAF = 10


@pytest.fixture
def write_protected(tmp_path: Path) -> Iterator[Path]:
    """A folder with a journal in it that this process may read and not write."""
    if sys.platform == "win32":
        pytest.skip("folders are not write-protected by mode bits on Windows")
    folder = Path(tempfile.mkdtemp())  # root's own tmp_path is closed to others
    with closing(open_journal(folder / "journal.sqlite")) as journal:
        add_finished(journal, ["a.png", "b.png"])
    folder.chmod(0o555)
    (folder / "journal.sqlite").chmod(0o444)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)  # mode bits do not bind root
    yield folder
    os.seteuid(user)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_first_start_makes_the_folder_and_an_empty_journal(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        assert journal.opening == Opening(is_new=True)
        assert journal.restore_working_list().rows == []
    with closing(open_journal(path, expected=True)) as journal:
        assert journal.opening == Opening()


def test_each_commit_is_made_to_reach_the_disk(tmp_path: Path) -> None:
    with closing(open_journal(tmp_path / "journal.sqlite")) as journal, journal._database.reading() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (50,)


def test_where_no_file_can_be_made_the_run_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with closing(open_journal(tmp_path / "file" / "journal.sqlite")) as journal:
        assert journal.opening.volatile_reason is not None
        uploads = add_finished(journal, ["a.png"])
        with closing(journal.history_reader()) as reader:
            assert reader.page().uploads == tuple(uploads)
            reader.close()
            assert reader.count() == 1
        assert journal.back_up() is None
    assert (tmp_path / "file").read_bytes() == b""


def test_a_folder_in_the_place_of_the_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.mkdir()
    with closing(open_journal(path)) as journal:
        assert journal.opening.volatile_reason == "read_only"
        assert journal.add([file_source("a.png")])
    assert list(path.iterdir()) == []


def test_a_write_protected_journal_is_shown_from_memory(write_protected: Path) -> None:
    before = (write_protected / "journal.sqlite").read_bytes()
    with closing(open_journal(write_protected / "journal.sqlite")) as journal:
        assert journal.opening == Opening(recovered=2, volatile_reason="read_only")
        add_finished(journal, ["c.png"])
        with closing(journal.history_reader()) as reader:
            assert [upload.source.label for upload in reader.page().uploads] == ["c.png", "b.png", "a.png"]
    assert (write_protected / "journal.sqlite").read_bytes() == before
    assert [path.name for path in write_protected.iterdir()] == ["journal.sqlite"]


def test_a_damaged_journal_that_cannot_be_set_aside_is_read_into_memory(write_protected: Path) -> None:
    path = write_protected / "journal.sqlite"
    user = os.geteuid()
    os.seteuid(os.getuid())
    data = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(data[: len(data) - 4096])
    path.chmod(0o444)
    os.seteuid(user)
    with closing(open_journal(path)) as journal:
        assert journal.opening.volatile_reason == "read_only"
        assert journal.opening.kept_at is None
    assert path.stat().st_size == len(data) - 4096


def test_a_new_journal_in_a_write_protected_folder_is_kept_in_memory(write_protected: Path) -> None:
    with closing(open_journal(write_protected / "other.sqlite")) as journal:
        assert journal.opening == Opening(volatile_reason="read_only")
        assert journal.add([file_source("a.png")])


def test_a_journal_another_program_will_not_let_go_of_is_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        add_finished(journal, ["a.png"])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with closing(open_journal(path)) as journal:
            assert journal.opening == Opening(recovered=1, volatile_reason="locked")
            assert journal.add([file_source("b.png")])
    with closing(open_journal(path)) as journal:
        assert journal.opening == Opening()
        assert journal.restore_working_list().rows == []


def test_an_index_that_lacks_a_row_is_damage_and_the_row_is_recovered(tmp_path: Path) -> None:
    """Each later save of that row would fail, so it must not be noticed only then."""
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, ["a.png", "b.png"])
    data = bytearray(path.read_bytes())
    start = next(
        start
        for start in range(4096, len(data), 4096)
        if data[start] == INDEX_LEAF and b"trace-1" in data[start : start + 4096]
    )
    place = data.index(b"trace-1", start)
    data[place : place + 7] = b"trace-0"
    path.write_bytes(data)
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 2
        journal.save(uploads)


@pytest.mark.parametrize(
    "change",
    [
        "PRAGMA user_version = 0",
        "DROP INDEX upload_finished",
        "DROP INDEX upload_search",
        "ALTER TABLE upload RENAME COLUMN resend TO resent",
        "DROP TABLE attempt",
    ],
)
def test_a_schema_that_is_not_ours_is_damage_and_the_rows_are_recovered(tmp_path: Path, change: str) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        add_finished(journal, ["a.png", "b.png"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
    with closing(open_journal(path)) as journal:
        assert journal.opening.recovered == 2
        assert journal.opening.kept_at is not None
        assert add_finished(journal, ["c.png"])


def test_what_other_programs_added_to_the_file_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    open_journal(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE INDEX theirs ON upload (label)")
        connection.execute("ANALYZE")
    with closing(open_journal(path)) as journal:
        assert journal.opening == Opening()


@pytest.mark.parametrize("name", [b"upload_key INTEGER", b"resend INTEGER", b"upload_key, sequence)"])
def test_a_name_in_the_schema_with_flipped_bits_is_damage(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, ["a.png"])
        journal.back_up()
    path.write_bytes(path.read_bytes().replace(name, b"\xa0" + name[1:]))
    with closing(open_journal(path)) as journal, closing(journal.history_reader()) as reader:
        assert [upload.img_id for upload in reader.page().uploads] == [uploads[0].img_id]


def test_a_file_whose_header_forbids_writing_is_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        add_finished(journal, ["a.png"])
    data = bytearray(path.read_bytes())
    data[18] = 9  # the write version: https://www.sqlite.org/fileformat2.html#file_format_version_numbers
    path.write_bytes(data)
    with closing(open_journal(path)) as journal:
        assert journal.opening == Opening(recovered=1, volatile_reason="read_only")


@pytest.mark.parametrize("seed", range(24))
def test_whatever_happened_to_the_file_the_journal_opens_and_works(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        add_finished(journal, [f"{number}.png" for number in range(40)])
    damage = random.Random(seed)
    data = bytearray(path.read_bytes())
    start = damage.randrange(100, len(data))
    length = damage.choice([1, 40, 4_000])
    data[start : start + length] = damage.choice([b"", damage.randbytes(length), bytes(length)])
    path.write_bytes(data)

    with closing(open_journal(path)) as journal:
        assert journal.opening.volatile_reason is None
        journal.restore_working_list()
        journal.tidy_up()
        (new,) = add_finished(journal, ["new.png"])
        with closing(journal.history_reader()) as reader:
            assert new in reader.page().uploads
        assert journal.back_up() is not None

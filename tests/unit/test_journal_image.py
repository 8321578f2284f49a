"""A database and its -wal put together without SQLite's help: what SQLite itself would show, and no byte written."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pixverse_gui.core.journal import Opening
from pixverse_gui.core.journal_image import connect_to_image, image_of, read_wal
from pixverse_gui.core.models import Upload
from tests.unit.journal_samples import add_finished, file_source, history, open_journal

NOBODY = 65_534
PAGE = 4096
ROWS = 30


def killed(folder: Path, *, rows: int = ROWS) -> tuple[Path, list[Upload]]:
    """A journal as a kill leaves it: what was saved is in the -wal alone, and there is no -shm any more."""
    source, path = folder / "running" / "journal.sqlite", folder / "killed" / "journal.sqlite"
    path.parent.mkdir()
    with closing(open_journal(source)) as journal:
        uploads = add_finished(journal, [f"{number}.png" for number in range(rows)])
        for end in ("", "-wal"):
            shutil.copy(f"{source}{end}", f"{path}{end}")
    return path, uploads


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def deleted(path: Path) -> None:
    path.unlink()


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(7).randbytes(2 * PAGE))


@pytest.mark.parametrize("expected", [True, False])
@pytest.mark.parametrize("harm", [emptied, deleted, garbage])
def test_what_is_only_in_the_wal_outlives_its_file(
    tmp_path: Path, harm: Callable[[Path], None], expected: bool
) -> None:
    path, uploads = killed(tmp_path)
    wal = path.with_name("journal.sqlite-wal").read_bytes()
    harm(path)
    with closing(open_journal(path, expected=expected)) as journal:
        assert list(history(journal).values()) == uploads[::-1]
        assert journal.opening.was_lost
        assert journal.opening.kept_at is not None
        assert add_finished(journal, ["new.png"])
    kept = [entry.read_bytes() for entry in path.parent.iterdir() if "damaged" in entry.name]
    assert wal in kept
    with closing(open_journal(path, expected=True)) as journal:
        assert journal.opening == Opening()
        assert len(history(journal)) == ROWS + 1


def test_a_wal_that_lost_its_file_is_not_applied_to_the_next_one(tmp_path: Path) -> None:
    """It has some pages of a file that had more: on top of the daily copy they would be damage."""
    path, uploads = tmp_path / "journal.sqlite", []
    with closing(open_journal(path)) as journal:
        uploads += add_finished(journal, [f"{number}.png" for number in range(200)])
        journal.back_up()
    with closing(open_journal(path)) as journal:
        uploads += add_finished(journal, ["late.png"])
        wal = path.with_name("journal.sqlite-wal").read_bytes()
    path.unlink()
    path.with_name("journal.sqlite-wal").write_bytes(wal)
    with closing(open_journal(path, expected=True)) as journal:
        assert set(history(journal)) >= {upload.key for upload in uploads[:200]}
        with journal._database.reading() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_first_page_that_is_lost_hides_no_row(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        uploads = add_finished(journal, [f"{number}.png" for number in range(200)])
    path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:])
    with closing(open_journal(path)) as journal:
        assert list(history(journal).values()) == uploads[::-1]


def test_cut_anywhere_a_wal_gives_what_sqlite_gives(tmp_path: Path) -> None:
    path, _ = killed(tmp_path, rows=3)
    wal_path = path.with_name("journal.sqlite-wal")
    wal, main = wal_path.read_bytes(), path.read_bytes()
    frames = [32 + number * (24 + PAGE) for number in range((len(wal) - 32) // (24 + PAGE) + 1)]
    for end in [0, 31, *frames, *(start + 11 for start in frames), *(start + 2_000 for start in frames)]:
        path.write_bytes(main)
        wal_path.write_bytes(wal[:end])
        with closing(connect_to_image(image_of(path))) as ours:
            found = set(ours.execute("SELECT type, name FROM sqlite_schema"))
            rows = ours.execute("SELECT * FROM upload").fetchall() if ("table", "upload") in found else []
        with closing(sqlite3.connect(path)) as theirs:
            assert found == set(theirs.execute("SELECT type, name FROM sqlite_schema"))
            assert rows == (theirs.execute("SELECT * FROM upload").fetchall() if found else [])


def test_a_frame_with_a_flipped_bit_ends_a_wal_at_the_commit_before(tmp_path: Path) -> None:
    path, _ = killed(tmp_path, rows=3)
    wal_path = path.with_name("journal.sqlite-wal")
    whole = read_wal(wal_path)
    content = bytearray(wal_path.read_bytes())
    content[-100] ^= 0x10
    wal_path.write_bytes(content)
    shorter = read_wal(wal_path)
    assert whole is not None
    assert shorter is not None
    assert shorter.pages != whole.pages
    assert shorter.page_count <= whole.page_count


@pytest.mark.parametrize("content", [b"", b"\0" * 31, b"\0" * 9_000, b"not a log" * 1_000])
def test_what_is_no_wal_has_no_pages(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.sqlite-wal"
    assert read_wal(path) is None
    path.write_bytes(content)
    assert read_wal(path) is None


def test_the_wal_of_a_big_endian_machine_is_read_too(tmp_path: Path) -> None:
    """A data folder may come from another computer; https://www.sqlite.org/fileformat2.html#checksum_algorithm."""
    path, _ = killed(tmp_path, rows=3)
    wal_path = path.with_name("journal.sqlite-wal")
    content, whole = bytearray(wal_path.read_bytes()), read_wal(wal_path)
    content[3] |= 1

    def put_sums(place: int, checked: bytes, sums: tuple[int, int]) -> tuple[int, int]:
        for even, odd in struct.iter_unpack(">2L", checked):
            first = (sums[0] + even + sums[1]) % 2**32
            sums = first, (sums[1] + odd + first) % 2**32
        content[place : place + 8] = struct.pack(">2L", *sums)
        return sums

    sums = put_sums(24, bytes(content[:24]), (0, 0))
    for start in range(32, len(content), 24 + PAGE):
        sums = put_sums(start + 16, bytes(content[start : start + 8] + content[start + 24 : start + 24 + PAGE]), sums)
    wal_path.write_bytes(content)
    assert whole is not None
    assert read_wal(wal_path) == whole


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be read and not written, with a journal in it that a kill left."""
    if sys.platform == "win32":
        pytest.skip("folders are not write-protected by mode bits on Windows")
    path, _ = killed(tmp_path)
    folder = Path(tempfile.mkdtemp())  # root's own tmp_path is closed to others
    for file in path.parent.iterdir():
        shutil.copy(file, folder)
        (folder / file.name).chmod(0o444)
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)  # mode bits do not bind root
    yield folder
    os.seteuid(user)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_in_a_folder_that_cannot_be_written_the_wal_counts_too(read_only_folder: Path) -> None:
    before = {entry.name: entry.read_bytes() for entry in read_only_folder.iterdir()}
    with closing(open_journal(read_only_folder / "journal.sqlite")) as journal:
        assert journal.opening == Opening(recovered=ROWS, volatile_reason="read_only")
        assert len(history(journal)) == ROWS
    assert {entry.name: entry.read_bytes() for entry in read_only_folder.iterdir()} == before


def test_nothing_is_made_of_an_empty_folder(tmp_path: Path) -> None:
    with closing(connect_to_image(image_of(tmp_path / "journal.sqlite"))) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    assert list(tmp_path.iterdir()) == []
    with closing(open_journal(tmp_path / "journal.sqlite")) as journal:
        assert journal.add([file_source("a.png")])

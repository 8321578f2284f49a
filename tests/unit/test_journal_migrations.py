from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pixverse_gui.core.errors import NewerFileError
from pixverse_gui.core.journal_connection import APPLICATION_ID, Connection, connect, connect_in_memory, pragma_number
from pixverse_gui.core.journal_migrations import SCHEMA_VERSION, STEPS, migrate
from pixverse_gui.core.journal_statements import read_uploads
from tests.unit.journal_samples import open_journal, uploads_of_every_kind

DATA = Path(__file__).parent / "data"
OLD_FILES = sorted(DATA.glob("journal-v*.sqlite"))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Connection]:
    """A journal as version 1 wrote it."""
    path = tmp_path / "journal.sqlite"
    shutil.copy(DATA / "journal-v1.sqlite", path)
    with closing(connect(path)) as connection:
        yield connection


def test_each_version_that_was_ever_written_is_stored_for_these_tests() -> None:
    assert [path.stem for path in OLD_FILES] == [f"journal-v{version}" for version in range(1, SCHEMA_VERSION + 1)]
    for version, path in enumerate(OLD_FILES, 1):
        with closing(sqlite3.connect(path)) as connection:
            assert pragma_number(connection, "user_version") == version


@pytest.mark.parametrize("stored", OLD_FILES, ids=lambda path: path.stem)
def test_every_old_file_opens_with_all_it_had(stored: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copy(stored, path)
    with closing(open_journal(path)) as journal:
        assert journal.opening.kept_at is None
        assert journal.opening.volatile_reason is None
        assert not journal.opening.is_new
    with closing(connect(path)) as connection:
        assert pragma_number(connection, "user_version") == SCHEMA_VERSION
        assert read_uploads(connection, "ORDER BY key") == uploads_of_every_kind()


@pytest.mark.parametrize("stored", OLD_FILES, ids=lambda path: path.stem)
def test_an_old_file_has_the_same_schema_in_the_end_as_a_new_one(stored: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copy(stored, path)
    question = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
    with closing(connect(path)) as brought_up, closing(connect_in_memory()) as new:
        migrate(brought_up)
        migrate(new)
        assert brought_up.execute(question).fetchall() == new.execute(question).fetchall()
        assert pragma_number(new, "application_id") == APPLICATION_ID


def test_only_the_missing_steps_run_and_in_order(old: Connection) -> None:
    steps = (*STEPS, ("ALTER TABLE upload ADD COLUMN note TEXT",), ("UPDATE upload SET note = label",))
    migrate(old, steps)
    assert pragma_number(old, "user_version") == len(steps)
    assert old.execute("SELECT note FROM upload WHERE key = 1").fetchone() == ("castle_01.png",)
    migrate(old, steps)
    assert read_uploads(old, "ORDER BY key") == uploads_of_every_kind()


def test_a_step_that_fails_leaves_the_file_as_it_was(old: Connection) -> None:
    steps = (*STEPS, ("ALTER TABLE upload ADD COLUMN note TEXT", "UPDATE upload SET missing = 1"))
    with pytest.raises(sqlite3.OperationalError):
        migrate(old, steps)
    assert pragma_number(old, "user_version") == 1
    assert not old.in_transaction
    assert "note" not in [column[1] for column in old.execute("PRAGMA table_info(upload)")]


def test_a_file_of_a_newer_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copy(DATA / "journal-v1.sqlite", path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerFileError):
        open_journal(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]

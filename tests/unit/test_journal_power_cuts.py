"""A power cut at any fsync: the journal opens, is sound, and has every id that had been reported as saved."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pixverse_gui.core.journal import Journal
from pixverse_gui.core.journal_connection import connect, pragma_number
from pixverse_gui.core.journal_migrations import SCHEMA_VERSION, STEPS, migrate
from pixverse_gui.core.journal_statements import read_uploads
from pixverse_gui.core.models import Attempt, Upload, UploadState
from tests.helpers.power_cuts import Cut, PowerCuts, use
from tests.unit.journal_samples import (
    START,
    file_source,
    finished,
    history,
    open_journal,
    uploads_of_every_kind,
)

OLD_FILE = Path(__file__).parent / "data" / "journal-v1.sqlite"
PAGES_A_CHECKPOINT = 12
PAGE = 4096


@pytest.fixture
def cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PowerCuts:
    """Of tmp_path/data, which holds what the test puts there first."""
    (tmp_path / "data").mkdir()
    made = PowerCuts(tmp_path / "data")
    use(made, monkeypatch.setattr)
    return made


def checkpoint_often(journal: Journal) -> None:
    with journal._database.standing_alone() as connection:
        connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES_A_CHECKPOINT}")


def opened_again(cut: Cut, number: int, folder: Path) -> Journal:
    """The journal as the next start finds it, with the SQLite that the program has."""
    return open_journal(cut.lay_out(folder / f"cut-{number}") / "journal.sqlite", expected=cut.promised > 0)


def assert_sound(journal: Journal) -> None:
    assert journal.opening.volatile_reason is None
    with journal._database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def stored(journal: Journal) -> dict[int, Upload]:
    """Every row there is."""
    with journal._database.reading() as connection:
        return {upload.key: upload for upload in read_uploads(connection, "ORDER BY key")}


def work(journal: Journal, cuts: PowerCuts, promises: list[dict[int, Upload]], batches: int) -> None:
    """Batches as a run saves them: added, in flight, done. `promises` is what the journal had said to hold by then."""

    def save(uploads: list[Upload]) -> None:
        journal.save(uploads)
        promise(uploads)

    def promise(uploads: list[Upload]) -> None:
        promises.append({**(promises[-1] if promises else {}), **{upload.key: upload for upload in uploads}})
        cuts.promised = len(promises)

    for batch in range(batches):
        rows = journal.add([file_source(f"{batch}-{number}.png") for number in range(3)], UploadState.WAITING)
        promise(rows)
        flying = [row.moved_to(UploadState.UPLOADING, attempts=(Attempt(f"trace-{row.key}", START),)) for row in rows]
        save(flying)
        for row in rows:
            save([finished(row)])


def assert_promises_held(cuts: PowerCuts, promises: list[dict[int, Upload]], folder: Path) -> None:
    """No row is older than it was promised to be, and no id is another than the one that was given."""
    ids = {key: upload.img_id for key, upload in promises[-1].items()}
    for number, cut in enumerate(cuts.cuts):
        with closing(opened_again(cut, number, folder)) as journal:
            assert_sound(journal)
            assert journal.opening.kept_at is None, (number, cut.kind)
            rows = stored(journal)
            promised = promises[cut.promised - 1] if cut.promised else {}
            for key, upload in promised.items():
                assert rows[key].img_id in ({upload.img_id, ids[key]} if upload.img_id is None else {upload.img_id})
                assert len(rows[key].attempts) >= len(upload.attempts)
            assert all(row.img_id in {None, ids[key]} for key, row in rows.items() if key in ids)
        shutil.rmtree(folder / f"cut-{number}")


def test_saving_from_the_first_start_on(cuts: PowerCuts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    promises: list[dict[int, Upload]] = []
    with closing(open_journal(tmp_path / "data" / "journal.sqlite")) as journal:
        checkpoint_often(journal)
        work(journal, cuts, promises, batches=8)
        assert journal.back_up() is not None
    with closing(open_journal(tmp_path / "data" / "journal.sqlite")) as journal:
        work(journal, cuts, promises, batches=1)
    monkeypatch.undo()
    assert len(cuts.cuts) > 3 * 50
    assert len({cut.promised for cut in cuts.cuts}) > 40
    assert_promises_held(cuts, promises, tmp_path)


def test_bringing_an_old_file_to_a_newer_schema(cuts: PowerCuts, tmp_path: Path) -> None:
    path = tmp_path / "data" / "journal.sqlite"
    shutil.copy(OLD_FILE, path)
    cuts.has_synced(path)
    steps = [*STEPS, ("ALTER TABLE upload ADD COLUMN note TEXT", "CREATE INDEX by_note ON upload (note)")]
    database = cuts.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    migrate(database, steps)  # type: ignore[arg-type]
    database.execute("PRAGMA wal_checkpoint").fetchall()
    database.close()
    found = set()
    for number, cut in enumerate(cuts.cuts):
        with closing(connect(cut.lay_out(tmp_path / f"cut-{number}") / "journal.sqlite")) as connection:
            found.add(pragma_number(connection, "user_version"))
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert read_uploads(connection, "ORDER BY key") == uploads_of_every_kind()
            migrate(connection, steps)
            assert pragma_number(connection, "user_version") == SCHEMA_VERSION + 1
            assert read_uploads(connection, "ORDER BY key") == uploads_of_every_kind()
    assert found == {1, SCHEMA_VERSION + 1}  # all steps, or none


@pytest.mark.parametrize("harm", ["an index", "a page of rows", "the first page", "the file"])
def test_rescuing_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str) -> None:
    path = tmp_path / "data" / "journal.sqlite"
    with closing(open_journal(path)) as journal:
        rows = journal.add([file_source(f"{number}.png") for number in range(60)])
        uploads = [finished(row) for row in rows]
        journal.save(uploads)
        journal.back_up()
        (late,) = journal.add([file_source("late.png")])
        journal.save([finished(late)])
    damage(path, harm)
    cuts = PowerCuts(path.parent)
    use(cuts, monkeypatch.setattr)
    with closing(open_journal(path, expected=True)) as journal:
        assert journal.opening.was_lost
        wanted = {upload.key: upload.img_id for upload in stored(journal).values()}
        cuts.cut()
    monkeypatch.undo()
    assert set(wanted) >= {upload.key for upload in uploads}
    assert len(cuts.cuts) > 3 * 5
    cuts.promised = 1
    for number, cut in enumerate(cuts.cuts):
        folder = cut.lay_out(tmp_path / f"cut-{number}")
        with closing(open_journal(folder / "journal.sqlite", expected=True)) as journal:
            assert_sound(journal)
            assert {key: upload.img_id for key, upload in history(journal).items()} == wanted, (number, cut.kind)


def damage(path: Path, harm: str) -> None:
    content = path.read_bytes()
    if harm == "an index":
        with closing(sqlite3.connect(path)) as connection:
            (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'attempt_upload'").fetchone()
        start = (root - 1) * PAGE
    elif harm == "a page of rows":
        start = content.index(b"/pictures/30.png") // PAGE * PAGE
    else:
        start = 0
    path.write_bytes(content[:start] + b"\xa5" * PAGE + content[start + PAGE :] if harm != "the file" else b"")

"""The rows of last time are shown whatever the disk does at the start, and what changed of them is saved in the end."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.errors import StorageError
from pixverse_gui.core.models import Attempt, UploadState
from pixverse_gui.core.pasted import keep_pasted
from tests.helpers.engines import World, open_world
from tests.helpers.full_disk import full_disk
from tests.helpers.windows import open_window
from tests.unit.journal_samples import START

LABELS = [f"{number}.png" for number in range(4)]


def leave_as_a_kill_does(folder: Path, qtbot: QtBot) -> Path:
    """A journal with two rows in flight, one that waits and one that is ready, and nobody who wrote how it ended."""
    with open_world(folder, qtbot) as world:
        world.stage(world.files(*LABELS))
        waiting = [world.row(label).moved_to(UploadState.WAITING) for label in LABELS[:3]]
        flying = [
            row.moved_to(UploadState.UPLOADING, attempts=(Attempt(f"t-{row.key}", START),)) for row in waiting[:2]
        ]
        world.engine.writer.save([*flying, waiting[2]])
        world.wait(lambda: world.engine.writer.is_idle)
    return folder / "data" / "journal.sqlite"


def execute(path: Path, statement: str) -> None:
    """As another program, in a transaction of its own."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def refuse_changes(path: Path) -> None:
    """From now on every commit that changes a row fails, whoever tries it; reading goes on."""
    execute(path, "CREATE TRIGGER full BEFORE UPDATE ON upload BEGIN SELECT RAISE(ABORT, 'database is full'); END")


def states_on_disk(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [state for (state,) in connection.execute("SELECT state FROM upload ORDER BY key")]


def test_rows_are_shown_though_nothing_can_be_written_and_are_saved_once_it_can(tmp_path: Path, qtbot: QtBot) -> None:
    path = leave_as_a_kill_does(tmp_path, qtbot)
    refuse_changes(path)
    with open_window(tmp_path, qtbot) as shown:
        world = shown.world
        assert world.states() == dict(zip(LABELS, ["waiting", "waiting", "waiting", "ready"], strict=True))
        assert [world.row(label).may_have_second_copy for label in LABELS] == [True, True, False, False]
        world.wait(lambda: world.engine.writer.problem is not None)
        world.wait(lambda: "Results cannot be saved" in shown.banner)
        assert states_on_disk(path) == ["uploading", "uploading", "waiting", "ready"]
        execute(path, "DROP TRIGGER full")
        world.wait(lambda: world.engine.writer.problem is None and world.engine.writer.is_idle)
        assert states_on_disk(path) == ["waiting", "waiting", "waiting", "ready"]
        world.wait(lambda: "3 images were not finished" in shown.banner)


def test_rows_that_cannot_be_read_are_said_and_not_taken_for_an_empty_list(tmp_path: Path, qtbot: QtBot) -> None:
    leave_as_a_kill_does(tmp_path, qtbot)
    (tmp_path / "data" / "settings.json").unlink()
    with open_window(tmp_path, qtbot, opened=False) as shown:
        writer, told = shown.engine.writer, list[Exception]()
        shown.engine.rows_unread.connect(told.append)
        # Remembering that there is a journal now is what comes between opening it and reading its rows.
        shown.engine.preferences.changed.connect(
            lambda *_: writer.run(lambda journal: journal.close(), done=lambda _: None, failed=lambda _: None)
        )
        shown.world.open()
        assert [type(error) for error in told] == [StorageError]
        assert "could not be saved or read" in shown.banner


def paste_one(world: World) -> Path:
    """A row whose only picture is in the data folder, since before yesterday."""
    world.wait(lambda: world.tasks.is_idle)  # all that a start does is done
    source = keep_pasted(world.given.folder.pasted, b"pasted", "pasted.png")
    os.utime(source.location, (1_000, 1_000))
    world.stage([source])
    return Path(source.location)


def start_and_end(folder: Path, qtbot: QtBot) -> dict[str, UploadState]:
    """The list of one more run, which has done all that a start does."""
    with open_world(folder, qtbot) as world:
        world.wait(lambda: world.tasks.is_idle)
        return world.states()


@pytest.mark.skipif(sys.platform == "win32", reason="a disk can be filled on POSIX only")
def test_a_disk_that_is_full_at_the_start_hides_no_row_and_costs_no_picture(tmp_path: Path, qtbot: QtBot) -> None:
    with full_disk(tmp_path / "data") as disk:
        with open_world(tmp_path, qtbot) as world:
            picture = paste_one(world)
        with disk.full(), open_window(tmp_path, qtbot) as shown:
            assert shown.world.states() == {"pasted.png": "ready"}
            assert "gone when you close the app" in shown.banner
            shown.world.wait(lambda: shown.world.tasks.is_idle)
        assert picture.read_bytes() == b"pasted"
        assert start_and_end(tmp_path, qtbot) == {"pasted.png": "ready"}
        assert picture.exists()


@pytest.mark.parametrize("is_expected", [True, False])
def test_a_journal_that_is_lost_costs_no_pasted_picture_at_any_later_start(
    tmp_path: Path, qtbot: QtBot, is_expected: bool
) -> None:
    with open_world(tmp_path, qtbot) as world:
        picture = paste_one(world)
        world.wait(lambda: world.tasks.is_idle)
    path = tmp_path / "data" / "journal.sqlite"
    if is_expected:
        path.write_bytes(b"garbage" * 1_000)
    else:  # as if the data folder had been put together by hand
        path.unlink()
        (tmp_path / "data" / "settings.json").unlink()
    for copy in path.parent.glob("journal-2*"):
        copy.unlink()
    for _ in range(2):
        assert start_and_end(tmp_path, qtbot) == {}
        assert picture.exists()


def test_a_pasted_picture_that_no_row_names_goes_where_every_row_is_known(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        picture = paste_one(world)
        world.wait(lambda: world.engine.writer.is_idle)
        execute(tmp_path / "data" / "journal.sqlite", "DELETE FROM upload")
    assert start_and_end(tmp_path, qtbot) == {}
    assert not picture.exists()

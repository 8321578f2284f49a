"""Drops, pastes and folders on their way into the list, in the order they were given."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.models import Source, SourceKind
from tests.helpers.engines import World, open_world

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(tmp_path, qtbot) as made:
        yield made


def labels(world: World) -> list[str]:
    return [row.source.label for row in world.engine.rows.uploads()]


def link(name: str) -> Source:
    return Source(SourceKind.LINK, f"https://example.com/{name}", f"example.com/{name}")


def test_files_and_folders_come_in_natural_order_and_what_is_left_out_is_told(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "castle"
    folder.mkdir()
    for name in ("img10.png", "img2.png"):
        (folder / name).write_bytes(PNG)
    (folder / "notes.txt").write_text("no picture")
    (tmp_path / "loose.png").write_bytes(PNG)
    with world.qtbot.waitSignal(world.engine.intake.gathered) as gathered:
        world.engine.intake.take_paths([str(folder), str(tmp_path / "loose.png")])
    world.wait(lambda: len(world.engine.rows) == 3)
    assert labels(world) == ["loose.png", "img2.png", "img10.png"]
    assert len(gathered.args[0].left_out) == 1


def test_a_later_drop_is_appended_even_while_the_first_folder_is_walked(world: World) -> None:
    gate = threading.Event()
    world.engine.intake.take_pictures([("slow", lambda: (gate.wait(10), PNG)[1])])
    world.engine.intake.take_links([link("second.png")])
    world.engine.intake.take_paths([source.location for source in world.files("third.png")])
    gate.set()
    world.wait(lambda: len(world.engine.rows) == 3)
    assert labels(world)[1:] == ["example.com/second.png", "third.png"]


def test_a_picture_without_a_file_is_kept_in_the_data_folder(world: World) -> None:
    world.checker.gate.clear()
    world.engine.intake.take_pictures([("Pasted", lambda: PNG)])
    world.wait(lambda: len(world.engine.rows) == 1)
    kept = Path(world.engine.rows.uploads()[0].source.location)
    assert kept.parent == world.given.folder.pasted
    assert kept.read_bytes() == PNG


def test_a_picture_that_cannot_be_kept_is_told(world: World) -> None:
    world.given.folder.pasted.write_text("in the way")
    with world.qtbot.waitSignal(world.engine.intake.failed) as failed:
        world.engine.intake.take_pictures([("Pasted", lambda: PNG)])
    assert isinstance(failed.args[0], WriteError)
    assert len(world.engine.rows) == 0


def test_nothing_is_nothing(world: World) -> None:
    batches: list[object] = []
    world.engine.staging.staged.connect(batches.append)
    world.engine.intake.take_paths([])
    world.engine.intake.take_links([])
    world.engine.intake.take_pictures([])
    world.engine.intake.take_links([link("a.png")])
    world.wait(lambda: bool(batches))
    assert len(batches) == 1


def test_a_walk_that_is_stopped_ends(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(50):
        (folder / f"{number}.png").write_bytes(PNG)
    gate = threading.Event()
    world.engine.intake.take_pictures([("slow", lambda: (gate.wait(10), PNG)[1])])
    world.engine.intake.take_paths([str(folder)])
    world.engine.intake.stop()
    with world.qtbot.waitSignal(world.engine.intake.gathered) as gathered:
        gate.set()
    assert len(gathered.args[0].sources) < 50


def test_stop_ends_the_walks_that_wait_their_turn_too_and_none_that_comes_later(world: World, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for folder in folders:
        folder.mkdir()
        (folder / "a.png").write_bytes(PNG)
    gate = threading.Event()
    world.engine.intake.take_pictures([("slow", lambda: (gate.wait(10), PNG)[1])])
    found: list[int] = []
    world.engine.intake.gathered.connect(lambda intake: found.append(len(intake.sources)))
    for folder in folders[:2]:
        world.engine.intake.take_paths([str(folder)])
    world.engine.intake.stop()
    world.engine.intake.take_paths([str(folders[2])])
    gate.set()
    world.wait(lambda: len(found) == 3)
    assert found == [0, 0, 1]

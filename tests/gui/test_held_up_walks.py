"""Folders on a drive that does not answer: later drops have their turn, and what is in there comes when it can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.intake import PathIntake
from tests.helpers.engines import QUICK, World, open_world
from tests.helpers.silent_drive import SilentDrive, silent_drive
from tests.helpers.windows import button_named, open_window

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
IMPATIENT = replace(QUICK, drive_notice_s=0.1, drive_timeout_s=0.5, cancel_grace_s=0.05)
PATIENT = replace(IMPATIENT, drive_timeout_s=60.0)


@pytest.fixture
def drive() -> Iterator[SilentDrive]:
    with silent_drive() as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot, drive: SilentDrive) -> Iterator[World]:
    with open_world(tmp_path, qtbot, limits=IMPATIENT) as made:
        yield made
        drive.plug_in()
        made.wait(lambda: made.engine.tasks.is_idle and not made.engine.intake._walks)


def folder_on(drive: SilentDrive, place: Path) -> Path:
    folder = place / f"{drive.prefix} share"
    folder.mkdir()
    (folder / "a.png").write_bytes(PNG)
    (folder / "b.png").write_bytes(PNG + b"b")
    return folder


def leave_folder_behind(world: World, drive: SilentDrive, place: Path) -> None:
    """Named, waited for in vain, and told."""
    folder = str(folder_on(drive, place))
    with world.qtbot.waitSignal(world.engine.intake.gathered, check_params_cb=lambda found: bool(found.silent)):
        world.engine.intake.take_paths([folder])


def labels(world: World) -> list[str]:
    return [row.source.label for row in world.engine.rows.uploads()]


def test_a_later_drop_is_taken_though_the_first_folder_cannot_be_read(
    world: World, drive: SilentDrive, tmp_path: Path
) -> None:
    world.engine.intake.take_paths([str(folder_on(drive, tmp_path))])
    world.engine.intake.take_paths([source.location for source in world.files("mine.png")])
    world.wait(lambda: labels(world) == ["mine.png"])


def test_what_is_in_there_is_added_when_the_drive_answers_again(
    world: World, drive: SilentDrive, tmp_path: Path
) -> None:
    told: list[PathIntake] = []
    world.engine.intake.gathered.connect(told.append)
    folder = folder_on(drive, tmp_path)
    world.engine.intake.take_paths([str(folder)])
    world.wait(lambda: len(told) == 1)
    assert told[0].silent == str(folder)
    assert told[0].sources == ()
    drive.plug_in()
    world.wait(lambda: labels(world) == ["a.png", "b.png"])
    assert len(told[1].sources) == 2


def test_files_of_the_same_drop_do_not_wait_for_the_folder_and_come_once(
    world: World, drive: SilentDrive, tmp_path: Path
) -> None:
    told: list[PathIntake] = []
    world.engine.intake.gathered.connect(told.append)
    loose = [source.location for source in world.files("one.png", "two.png")]
    world.engine.intake.take_paths([str(folder_on(drive, tmp_path)), *loose])
    world.wait(lambda: labels(world) == ["one.png", "two.png"])
    drive.plug_in()
    world.wait(lambda: labels(world) == ["one.png", "two.png", "a.png", "b.png"])
    assert [(len(found.sources), found.is_late) for found in told] == [(2, False), (2, True)]


def test_what_was_left_behind_is_not_ended_by_a_later_stop(world: World, drive: SilentDrive, tmp_path: Path) -> None:
    leave_folder_behind(world, drive, tmp_path)
    world.engine.intake.stop()
    drive.plug_in()
    world.wait(lambda: labels(world) == ["a.png", "b.png"])


def test_at_the_end_of_the_program_what_was_left_behind_reads_no_further(
    world: World, drive: SilentDrive, tmp_path: Path
) -> None:
    leave_folder_behind(world, drive, tmp_path)
    world.engine.intake.close()
    drive.plug_in()
    world.wait(lambda: not world.engine.intake._left_behind)
    assert labels(world) == []


def test_the_waiting_is_told_and_ends(world: World, drive: SilentDrive, tmp_path: Path) -> None:
    waits: list[bool] = []
    world.engine.intake.silence_changed.connect(waits.append)
    world.engine.intake.take_paths([str(folder_on(drive, tmp_path))])
    world.wait(lambda: waits == [True, False])


def test_a_folder_that_waits_its_turn_is_not_taken_for_silent(world: World, drive: SilentDrive, tmp_path: Path) -> None:
    """Only what is being read counts, not what stands behind it."""
    told: list[PathIntake] = []
    world.engine.intake.gathered.connect(told.append)
    patient = tmp_path / "patient"
    patient.mkdir()
    (patient / "c.png").write_bytes(PNG + b"c")
    world.engine.intake.take_paths([str(folder_on(drive, tmp_path))])
    world.engine.intake.take_paths([str(patient)])
    world.wait(lambda: len(told) == 2)
    assert [bool(found.silent) for found in told] == [True, False]
    world.wait(lambda: labels(world) == ["c.png"])


def test_the_line_says_it_and_stop_ends_the_waiting(tmp_path: Path, qtbot: QtBot, drive: SilentDrive) -> None:
    with open_window(tmp_path, qtbot, limits=PATIENT) as shown:
        shown.engine.intake.take_paths([str(folder_on(drive, tmp_path))])
        shown.world.wait(lambda: "The drive does not answer yet." in shown.panel.progress.text)
        button_named(shown.panel.progress, "Stop").click()
        shown.world.wait(lambda: "does not answer. Reading was stopped." in shown.banner)
        shown.world.wait(lambda: "Reading folders" not in shown.panel.progress.text)
        drive.plug_in()
        shown.world.wait(lambda: not shown.engine.intake._walks and shown.engine.tasks.is_idle)


def test_the_line_about_the_drive_gives_way_when_it_answers(tmp_path: Path, qtbot: QtBot, drive: SilentDrive) -> None:
    with open_window(tmp_path, qtbot, limits=IMPATIENT) as shown:
        shown.engine.intake.take_paths([str(folder_on(drive, tmp_path))])
        shown.world.wait(lambda: "is added as soon as it does" in shown.banner)
        drive.plug_in()
        shown.world.wait(lambda: shown.banner == "2 images added.")

"""The settings of a run: announced when they change, kept on disk, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.preferences import Preferences
from pixverse_gui.background.tasks import Tasks
from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.settings import Settings, SettingsFile


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close(5)
    made.deleteLater()


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.json")


@pytest.fixture
def preferences(file: SettingsFile, tasks: Tasks) -> Preferences:
    return Preferences(file, tasks)


def test_a_change_is_announced_at_once_and_kept_on_disk(
    preferences: Preferences, file: SettingsFile, tasks: Tasks, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(preferences.changed) as changed:
        preferences.update(uploads_at_once=5, copy_format=CopyFormat.JSON_LIST)
    assert changed.args == [Settings(), Settings(uploads_at_once=5, copy_format=CopyFormat.JSON_LIST)]
    assert preferences.value.uploads_at_once == 5
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert file.load() == preferences.value


def test_the_last_of_many_changes_is_the_one_on_disk(
    preferences: Preferences, file: SettingsFile, tasks: Tasks, qtbot: QtBot
) -> None:
    for number in (1, 2, 3, 4, 5, 6):
        preferences.update(uploads_at_once=number)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert file.load().uploads_at_once == 6


def test_what_was_read_at_the_start_is_not_written_back(
    preferences: Preferences, file: SettingsFile, tasks: Tasks, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(preferences.changed):
        preferences.loaded(Settings(reuse_ids=False))
    assert tasks.is_idle
    assert not (tmp_path / "settings.json").exists()


def test_the_same_value_is_no_change(preferences: Preferences, tasks: Tasks, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(preferences.changed):
        preferences.update(uploads_at_once=Settings().uploads_at_once)
    assert tasks.is_idle


def test_settings_that_cannot_be_saved_are_told_and_still_hold(tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    preferences = Preferences(SettingsFile(tmp_path / "settings.json"), tasks)
    with qtbot.waitSignal(preferences.not_saved) as told:
        preferences.update(uploads_at_once=1)
    assert isinstance(told.args[0], WriteError)
    assert preferences.value.uploads_at_once == 1

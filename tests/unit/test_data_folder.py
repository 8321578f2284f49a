from __future__ import annotations

import stat
from pathlib import Path

from pixverse_gui.core.data_folder import DataFolder


def test_everything_stands_in_the_one_folder_under_names_of_its_own(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    places = [folder.journal, folder.thumbnails, folder.settings, folder.pasted, folder.log, folder.practice.path]
    assert [place.name for place in places] == [
        "journal.sqlite",
        "thumbnails.sqlite",
        "settings.json",
        "pasted",
        "log",
        "practice",
    ]
    assert {place.parent for place in places} == {tmp_path}


def test_practice_mode_touches_no_file_of_the_real_one(tmp_path: Path) -> None:
    real, practice = DataFolder(tmp_path), DataFolder(tmp_path).practice
    assert real.journal != practice.journal
    assert practice.journal == tmp_path / "practice" / "journal.sqlite"
    assert practice.pasted.is_relative_to(practice.path)


def test_one_run_has_one_log_whatever_it_practises(tmp_path: Path) -> None:
    assert DataFolder(tmp_path).practice.log == DataFolder(tmp_path).log


def test_a_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "deep" / "down")
    folder.make()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "mine")
    folder.path.mkdir(mode=0o755)
    folder.journal.write_bytes(b"kept")
    folder.make()
    assert folder.journal.read_bytes() == b"kept"
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o755


def test_a_folder_that_cannot_be_made_is_no_failure_here(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = DataFolder(tmp_path / "file" / "folder")
    folder.make()
    assert not folder.path.exists()

"""A small file is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pixverse_gui.core.durable_file import write_durably, write_error
from pixverse_gui.core.errors import WriteError


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_written_for_this_user_only_and_the_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.json"
    write_durably(path, b"one")
    assert path.read_bytes() == b"one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_old_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_durably(path, b"one" * 1000)
    write_durably(path, b"two")
    assert path.read_bytes() == b"two"
    assert names_in(tmp_path) == ["a.json"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "reason"), [(errno.ENOSPC, "full"), (errno.EROFS, "read_only"), (errno.EIO, "other")]
)
def test_where_writing_fails_the_old_file_stays_whole_and_no_part_is_left(
    call: str, number: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    write_durably(path, b"one")

    def fails(*_: object) -> None:
        raise OSError(number, "as told")

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(WriteError) as caught:
        write_durably(path, b"two")
    assert caught.value.params == {"reason": reason}
    assert names_in(tmp_path) == ["a.json"]
    assert path.read_bytes() == b"one"


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").write_bytes(b"")
    with pytest.raises(WriteError) as caught:
        write_durably(tmp_path / "folder" / "a.json", b"one")
    assert caught.value.params == {"reason": "other"}


def test_a_file_system_that_cannot_sync_folders_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def only_files(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").is_dir():
            raise OSError(errno.EINVAL, "not for folders")
        real(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    write_durably(tmp_path / "a.json", b"one")
    assert (tmp_path / "a.json").read_bytes() == b"one"


def test_a_folder_that_does_not_reach_the_disk_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def only_files(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").is_dir():
            raise OSError(errno.EIO, "broken")
        real(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    with pytest.raises(WriteError):
        write_durably(tmp_path / "a.json", b"one")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "full"),
        (errno.EDQUOT, "full"),
        (errno.EACCES, "read_only"),
        (errno.EPERM, "read_only"),
        (errno.EROFS, "read_only"),
        (errno.EBUSY, "locked"),
        (errno.EIO, "other"),
        (None, "other"),
    ],
)
def test_what_the_system_says_has_a_reason(number: int | None, reason: str) -> None:
    assert write_error(OSError(number, "x") if number else OSError("x")).params == {"reason": reason}

"""Files that are opened, and things that are not."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from pixverse_gui.core.file_reading import NotAFileError, open_file, reason_of
from pixverse_gui.core.models import IssueCode

_C = IssueCode
needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no fifos")


def opening(path: str) -> IssueCode:
    with pytest.raises((OSError, ValueError)) as caught, open_file(path):
        pass
    assert isinstance(caught.value, OSError | ValueError)
    return reason_of(caught.value)


def test_a_file_is_read_in_pieces_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(range(200)) * 100)
    with open_file(str(path)) as file:
        assert (file.byte_size, file.modified_ns) == (20_000, path.stat().st_mtime_ns)
        assert file.read_at(19_990, 100) == path.read_bytes()[19_990:]
        assert file.read_at(200, 3) == b"\x00\x01\x02"
        assert file.read_at(90_000, 10) == b""
        data = file.read_all(1_000_000)
        assert data == path.read_bytes()
        assert not file.has_changed(len(data))


def test_no_more_is_read_than_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(100))
    with open_file(str(path)) as file:
        assert file.read_all(60) == bytes(60)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(bytes(200)),
        lambda path: os.truncate(path, 10),
        lambda path: os.utime(path, ns=(1, 1)),
    ],
)
def test_a_change_while_it_is_read_is_noticed(tmp_path: Path, change: Callable[[Path], object]) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(100))
    with open_file(str(path)) as file:
        data = file.read_all(1_000)
        change(path)
        assert file.has_changed(len(data))


def test_names_that_are_not_utf_8_are_files_like_others(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.png"
    try:
        Path(os.fsdecode(raw)).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    with open_file(os.fsdecode(raw)) as file:
        assert file.byte_size == 1


def test_links_to_files_are_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with open_file(str(tmp_path / "link")) as file:
        assert file.byte_size == 1


@needs_fifo
def test_a_fifo_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert opening(str(tmp_path / "fifo")) is _C.NOT_A_FILE


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.png")
        assert opening("socket.png") is _C.NOT_A_FILE


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random", "/dev/tty"])
def test_devices_are_refused(device: str) -> None:
    if not Path(device).exists():
        pytest.skip(f"there is no {device} here")
    assert opening(device) is _C.NOT_A_FILE


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert opening(str(tmp_path)) is _C.NOT_A_FILE


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("gone.png", "file/inside.png", "dangling"):
        assert opening(str(tmp_path / name)) is _C.FILE_MISSING
    for impossible in ("nul\0l.png", "half \ud800 a character.png"):
        assert opening(str(tmp_path / impossible)) is _C.FILE_MISSING


def test_a_link_that_leads_to_itself_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert opening(str(tmp_path / "loop")) is _C.UNREADABLE


def test_a_name_that_is_too_long_cannot_be_read(tmp_path: Path) -> None:
    assert opening(str(tmp_path / ("x" * 5_000))) is _C.UNREADABLE


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(b"x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("whoever runs this may read every file (root)")
    assert opening(str(path)) is _C.NO_PERMISSION


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(errno.EACCES, "no", "/nowhere/secret.png"), _C.NO_PERMISSION),
        (PermissionError(errno.EPERM, "no"), _C.NO_PERMISSION),
        (OSError(errno.EIO, "the drive broke off"), _C.UNREADABLE),
        (OSError(errno.ENXIO, "a socket"), _C.NOT_A_FILE),
        (IsADirectoryError(errno.EISDIR, "a folder"), _C.NOT_A_FILE),
        (NotAFileError(errno.ENODEV, "a fifo"), _C.NOT_A_FILE),
        (TimeoutError(errno.ETIMEDOUT, "the drive is silent"), _C.UNREADABLE),
    ],
)
def test_every_failure_has_its_issue(error: OSError, expected: IssueCode) -> None:
    assert reason_of(error) is expected


def test_a_folder_that_windows_calls_forbidden_is_a_folder(tmp_path: Path) -> None:
    assert reason_of(PermissionError(errno.EACCES, "no", str(tmp_path))) is _C.NOT_A_FILE

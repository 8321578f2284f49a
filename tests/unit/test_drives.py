"""Which drive a path is on, and for how long one that is silent is left alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pixverse_gui.core import drives
from pixverse_gui.core.drives import SilentDrives, drive_of, remote_mount_of

MOUNTS = (
    "overlay / overlay rw 0 0",
    "/dev/sda2 /home ext4 rw 0 0",
    "nas:/pictures /mnt/nas nfs4 rw 0 0",
    "//office/all /mnt/nas/deeper\\040still cifs rw 0 0",
    "gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0",
    "/dev/sdb1 /media/stick fuseblk rw 0 0",
    "host:/ /srv 9p rw 0 0",
    "nonsense",
)


@pytest.mark.parametrize(
    ("path", "drive"),
    [
        ("/home/ada/a.png", None),
        ("/mnt/nas/2026/a.png", "/mnt/nas"),
        ("/mnt/nas/deeper still/a.png", "/mnt/nas/deeper still"),
        ("/mnt/nasty/a.png", None),
        ("/media/stick/a.png", None),
        ("/run/user/1000/gvfs/smb-share:server=nas/a.png", "/run/user/1000/gvfs/smb-share:server=nas"),
        ("/srv/a.png", "/srv"),
        ("relative.png", None),
    ],
)
def test_a_drive_is_found_by_its_mount_and_only_if_it_may_fall_silent(path: str, drive: str | None) -> None:
    assert remote_mount_of(path, MOUNTS) == drive


def test_a_whole_system_on_a_network_drive_is_never_one_silent_drive() -> None:
    assert remote_mount_of("/a/b.png", ["server:/root / nfs rw 0 0"]) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the table of mounts is Linux's")
def test_the_systems_own_table_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mounts"
    table.write_text("\n".join(MOUNTS))
    monkeypatch.setattr(drives, "MOUNTS", table)
    assert drive_of("/mnt/nas/a.png") == "/mnt/nas"
    monkeypatch.setattr(drives, "MOUNTS", tmp_path / "none")
    assert drive_of("/mnt/nas/a.png") is None


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def known(clock: Clock) -> SilentDrives:
    """Workers have looked at a file of each folder."""
    drives = SilentDrives(60.0, lambda path: remote_mount_of(path, MOUNTS), clock)
    for folder in ("/mnt/nas", "/mnt/nas/2026", "/srv", "/home"):
        drives.learn(f"{folder}/any.png")
    return drives


def test_nobody_but_a_worker_asks_the_system_which_drive_it_is() -> None:
    asked: list[str] = []
    drives = SilentDrives(60.0, lambda path: (asked.append(path), "nas")[1])
    drives.fell_silent("/mnt/nas/a.png")
    drives.answered("/mnt/nas/a.png")
    assert not drives.is_silent("/mnt/nas/a.png")
    assert asked == []
    for name in ("a.png", "b.png"):
        drives.learn(f"/mnt/nas/{name}")
    assert asked == ["/mnt/nas/a.png"]
    drives.fell_silent("/mnt/nas/b.png")
    assert drives.is_silent("/mnt/nas/c.png")


def test_a_silent_drive_is_left_alone_for_a_while_and_others_are_not() -> None:
    clock = Clock()
    silent = known(clock)
    assert not silent.is_silent("/mnt/nas/a.png")
    silent.fell_silent("/mnt/nas/a.png")
    assert silent.is_silent("/mnt/nas/2026/b.png")
    assert not silent.is_silent("/srv/b.png")
    assert not silent.is_silent("/home/b.png")
    clock.now += 59
    assert silent.is_silent("/mnt/nas/b.png")
    clock.now += 2
    assert not silent.is_silent("/mnt/nas/b.png")


def test_a_drive_that_answers_or_is_to_be_tried_again_is_not_silent_any_more() -> None:
    silent = known(Clock())
    silent.fell_silent("/mnt/nas/a.png")
    silent.answered("/srv/a.png")
    assert silent.is_silent("/mnt/nas/a.png")
    silent.answered("/mnt/nas/other.png")
    assert not silent.is_silent("/mnt/nas/a.png")
    silent.fell_silent("/mnt/nas/a.png")
    silent.forgive()
    assert not silent.is_silent("/mnt/nas/a.png")


def test_a_built_in_drive_is_never_left_alone() -> None:
    silent = known(Clock())
    silent.fell_silent("/home/a.png")
    assert not silent.is_silent("/home/a.png")

"""Walking folders: order, bounds, links, and what cannot be read."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pixverse_gui.core.folder_walk import FolderWalk

PNG = b"\x89PNG\r\n\x1a\n and so on"


def never() -> bool:
    return False


def walk_of(
    *folders: Path,
    most: int = 1000,
    is_cancelled: Callable[[], bool] = never,
    on_count: Callable[[int], None] = lambda _count: None,
) -> FolderWalk:
    walk = FolderWalk(most, is_cancelled=is_cancelled, on_count=on_count)
    for folder in folders:
        walk.walk(str(folder))
    walk.report()
    return walk


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PNG)


def inside(folder: Path, walk: FolderWalk) -> list[str]:
    return [os.path.relpath(path, folder) for path in walk.pictures]


def test_files_come_in_natural_order_and_before_those_of_subfolders(tmp_path: Path) -> None:
    fill(tmp_path, "img10.png", "img2.png", "IMG1.png", "a/img3.png", "a/b/img1.png", "part 10/x.png", "part 9/x.png")
    assert inside(tmp_path, walk_of(tmp_path)) == [
        "IMG1.png",
        "img2.png",
        "img10.png",
        "a/img3.png",
        "a/b/img1.png",
        "part 9/x.png",
        "part 10/x.png",
    ]


def test_hidden_files_and_folders_and_what_systems_leave_behind_are_skipped_and_not_counted(tmp_path: Path) -> None:
    fill(
        tmp_path, "a.png", ".b.png", ".hidden/c.png", "__MACOSX/._a.png", "__MACOSX/d.png", "Thumbs.db", "@eaDir/a.png"
    )
    walk = walk_of(tmp_path)
    assert inside(tmp_path, walk) == ["a.png"]
    assert walk.left_out == []


def test_a_hidden_folder_that_is_named_itself_is_walked(tmp_path: Path) -> None:
    fill(tmp_path, ".named/a.png")
    assert inside(tmp_path, walk_of(tmp_path / ".named")) == [".named/a.png"]


def test_pictures_of_other_formats_are_found_and_other_files_are_named(tmp_path: Path) -> None:
    fill(tmp_path, "a.heic", "b.tif", "notes.txt", "sub/film.mp4")
    walk = walk_of(tmp_path)
    assert inside(tmp_path, walk) == ["a.heic", "b.tif"]
    assert walk.left_out == ["notes.txt", "film.mp4"]


def test_a_file_without_an_extension_is_looked_at(tmp_path: Path) -> None:
    fill(tmp_path, "picture", "Screenshot 14.03.05")
    (tmp_path / "README").write_text("words")
    (tmp_path / "empty").touch()
    walk = walk_of(tmp_path)
    assert inside(tmp_path, walk) == ["picture", "Screenshot 14.03.05"]
    assert walk.left_out == ["empty", "README"]


def test_links_to_files_are_followed_and_links_to_folders_are_not(tmp_path: Path) -> None:
    fill(tmp_path, "elsewhere/far.png", "here/a.png")
    here = tmp_path / "here"
    (here / "link.png").symlink_to(tmp_path / "elsewhere" / "far.png")
    (here / "broken.png").symlink_to(tmp_path / "nowhere.png")
    (here / "folder").symlink_to(tmp_path / "elsewhere")
    (here / "loop").symlink_to(here)
    (here / "broken").symlink_to(tmp_path / "nowhere")
    (here / "self.png").symlink_to(here / "self.png")
    walk = walk_of(here)
    assert inside(here, walk) == ["a.png", "link.png"]
    assert walk.left_out == ["broken", "broken.png", "self.png"]


def test_what_is_no_regular_file_is_left_out_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null.png").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        walk = walk_of(tmp_path)
    assert walk.pictures == []
    assert walk.left_out == ["null.png", "pipe", "pipe.png", "socket"]


def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    (Path(os.fsencode(tmp_path).decode()) / os.fsdecode(b"caf\xe9.png")).write_bytes(PNG)
    assert [os.fsencode(Path(path).name) for path in walk_of(tmp_path).pictures] == [b"caf\xe9.png"]


def test_a_folder_that_is_not_there_is_noted_and_the_others_are_walked(tmp_path: Path) -> None:
    fill(tmp_path, "here/a.png")
    walk = walk_of(tmp_path / "gone", tmp_path / "here")
    assert walk.unreadable == [str(tmp_path / "gone")]
    assert inside(tmp_path, walk) == ["here/a.png"]


def test_a_folder_without_permission_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.png", "closed/b.png")
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:  # root, who runs these tests, may read every folder
        if path.endswith("closed"):
            raise PermissionError(errno.EACCES, "closed")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    walk = walk_of(tmp_path)
    assert walk.unreadable == [str(tmp_path / "closed")]
    assert inside(tmp_path, walk) == ["a.png"]


def test_a_file_on_a_drive_that_breaks_off_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.png", "b")

    def broken(*_: object) -> bool:
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(Path, "is_file", broken)
    monkeypatch.setattr(os, "read", broken)
    assert walk_of(tmp_path).left_out == ["a.png", "b"]


def test_a_folder_that_turned_into_a_file_is_noted(tmp_path: Path) -> None:
    fill(tmp_path, "a.png")
    walk = walk_of(tmp_path / "a.png")
    assert walk.unreadable == [str(tmp_path / "a.png")]


def test_a_folder_that_was_walked_is_not_walked_again(tmp_path: Path) -> None:
    fill(tmp_path, "a.png", "sub/b.png")
    assert inside(tmp_path, walk_of(tmp_path, tmp_path / "sub", tmp_path)) == ["a.png", "sub/b.png"]


def test_a_path_too_long_for_the_system_is_noted() -> None:
    walk = walk_of(Path("/" + "x/" * 5000))
    assert len(walk.unreadable) == 1


def test_the_walk_ends_at_the_bound_with_the_first_ones_in_order(tmp_path: Path) -> None:
    fill(tmp_path, *(f"img{number}.png" for number in range(12)), "sub/x.png")
    walk = walk_of(tmp_path, most=10)
    assert inside(tmp_path, walk) == [f"img{number}.png" for number in range(10)]
    assert walk.is_cut_short


def test_exactly_as_many_as_the_bound_is_not_cut_short(tmp_path: Path) -> None:
    fill(tmp_path, "a.png", "b.png", "notes.txt")
    walk = walk_of(tmp_path, most=2)
    assert len(walk.pictures) == 2
    assert not walk.is_cut_short


def test_a_drive_without_pictures_comes_to_an_end_too(tmp_path: Path) -> None:
    fill(tmp_path, *(f"{number}.txt" for number in range(25)))
    walk = walk_of(tmp_path, most=1)
    assert walk.is_cut_short
    assert len(walk.left_out) == 20


def test_a_walk_can_be_cancelled_and_gives_what_it_has(tmp_path: Path) -> None:
    fill(tmp_path, *(f"a/{number}.png" for number in range(5)), *(f"b/{number}.png" for number in range(5)))
    counted: list[int] = []
    asked: list[int] = []

    def is_cancelled() -> bool:
        asked.append(1)
        return len(asked) > 10

    walk = walk_of(tmp_path, is_cancelled=is_cancelled, on_count=counted.append)
    assert 0 < len(walk.pictures) < 10
    assert not walk.is_cut_short
    assert counted == [len(walk.pictures)]


def test_a_cancelled_walk_does_not_begin(tmp_path: Path) -> None:
    fill(tmp_path, "a.png")
    assert walk_of(tmp_path, is_cancelled=lambda: True).pictures == []


def test_a_cancel_while_a_folder_is_listed_ends_the_listing(tmp_path: Path) -> None:
    fill(tmp_path, "a.png", "b.png")
    answers = iter([False, True])
    assert walk_of(tmp_path, is_cancelled=lambda: next(answers, True)).pictures == []


def test_the_count_is_told_on_the_way_and_at_the_end(tmp_path: Path) -> None:
    fill(tmp_path, *(f"{number}.png" for number in range(230)))
    counted: list[int] = []
    walk_of(tmp_path, on_count=counted.append)
    assert counted == [100, 200, 230]


def test_nothing_is_counted_in_an_empty_folder(tmp_path: Path) -> None:
    counted: list[int] = []
    walk_of(tmp_path, on_count=counted.append)
    assert counted == []

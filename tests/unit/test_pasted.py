"""Pictures without a file are kept under safe names until nobody needs them."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.models import Source, SourceKind
from pixverse_gui.core.pasted import forget_unused, keep_all, keep_pasted, safe_name

NAME = "Pasted 2026-11-22 14.03.05.png"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_bytes_are_kept_under_the_name_and_give_a_source(tmp_path: Path) -> None:
    folder = tmp_path / "pasted"
    path = folder / NAME
    assert keep_pasted(folder, b"bytes", NAME) == Source(SourceKind.FILE, str(path), NAME)
    assert path.read_bytes() == b"bytes"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_name_again_gets_a_number_and_overwrites_nothing(tmp_path: Path) -> None:
    kept = [keep_pasted(tmp_path, bytes([number]), "a.png") for number in range(3)]
    assert [source.label for source in kept] == ["a.png", "a (2).png", "a (3).png"]
    assert [Path(source.location).read_bytes() for source in kept] == [b"\0", b"\1", b"\2"]


def test_two_workers_never_get_the_same_name(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda number: keep_pasted(tmp_path, bytes([number]), "a.png"), range(40)))
    assert len({source.location for source in kept}) == 40
    assert {Path(source.location).read_bytes() for source in kept} == {bytes([number]) for number in range(40)}
    assert len(names_in(tmp_path)) == 40


def test_a_relative_folder_still_gives_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert keep_pasted(Path("pasted"), b"x", "a.png").location == str(tmp_path / "pasted" / "a.png")


def test_where_writing_fails_the_name_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError) as caught:
        keep_pasted(tmp_path, b"x", "a.png")
    assert caught.value.params == {"reason": "full"}
    assert names_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError):
        keep_pasted(tmp_path / "file" / "pasted", b"x", "a.png")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        (NAME, NAME),
        ("图 1.png", "图 1.png"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c.png", "a_b_c.png"),
        ("C:\\a.png", "C__a.png"),
        ('a:*?"<>|.png', "a_______.png"),
        ("a\x00\n\tb.png", "a___b.png"),
        ("\u202egnp.exe.png", "gnp.exe.png"),
        ("caf\udce9.png", "caf_.png"),
        (".hidden.png", "hidden.png"),
        ("a .png", "a.png"),
        ("a.png. .", "a.png"),
        ("", "Picture"),
        ("...", "Picture"),
        (".png", "png"),
        ("con.png", "_con.png"),
        ("LPT1", "_LPT1"),
        ("nul.tar.png", "_nul.tar.png"),
        ("console.png", "console.png"),
        ("a.averylongextension", "a.averylongextension"),
        ("x" * 300 + ".png", "x" * 176 + ".png"),
        ("图" * 100 + ".png", "图" * 58 + ".png"),
    ],
)
def test_a_name_becomes_one_that_every_system_takes(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name


@given(st.text(max_size=80))
def test_any_name_can_be_kept_and_stays_inside_the_folder(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("pasted")
    source = keep_pasted(folder, b"x", name)
    assert names_in(folder) == [source.label]
    assert Path(source.location).parent == folder
    assert not source.label.startswith(".")


def age(path: str | Path) -> None:
    os.utime(path, (1, 1))


def test_only_old_files_that_no_row_names_are_forgotten(tmp_path: Path) -> None:
    used, unused, fresh = (keep_pasted(tmp_path, b"x", f"{name}.png").location for name in ("used", "unused", "fresh"))
    age(used)
    age(unused)
    assert forget_unused(tmp_path, [used, "https://e.com/a.png", "/elsewhere\0"]) == 1
    assert names_in(tmp_path) == ["fresh.png", "used.png"]
    assert forget_unused(tmp_path, [used], min_age_s=-10) == 1
    assert not Path(fresh).exists()


def test_folders_and_what_links_point_to_are_never_deleted(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.touch()
    folder = tmp_path / "pasted"
    (folder / "sub").mkdir(parents=True)
    (folder / "link.png").symlink_to(outside)
    for path in (outside, folder / "sub"):
        age(path)
    assert forget_unused(folder, [], min_age_s=-10) == 0
    assert outside.exists()
    assert names_in(folder) == ["link.png", "sub"]


def test_a_folder_that_was_never_made_has_nothing_to_forget(tmp_path: Path) -> None:
    assert forget_unused(tmp_path / "pasted", []) == 0


def test_what_was_there_when_rows_were_lost_is_kept_whatever_the_rows_say(tmp_path: Path) -> None:
    folder = tmp_path / "pasted"
    keep_all(folder)  # nothing was pasted, so there is nothing to keep
    assert not folder.exists()
    before = keep_pasted(folder, b"x", "before.png")
    keep_all(folder)
    os.utime(folder / ".kept-until", (1_000, 1_000))
    os.utime(before.location, (1_000, 1_000))
    after = keep_pasted(folder, b"x", "after.png")
    os.utime(after.location, (1_001, 1_001))
    assert forget_unused(folder, []) == 1
    assert names_in(folder) == [".kept-until", "before.png"]

"""Paths become sources: everything named directly, pictures out of folders, in natural order."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.intake import PathIntake, gather_paths, path_from_file_url
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import SourceKind

LIMITS = Limits()
PNG = b"\x89PNG\r\n\x1a\n and so on"


def fill(folder: Path, *names: str) -> list[str]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PNG)
    return [str(path) for path in paths]


def names(found: PathIntake) -> list[str]:
    return [source.label for source in found.sources]


def test_files_come_in_natural_order_whatever_order_they_were_named_in(tmp_path: Path) -> None:
    paths = fill(tmp_path, "img10.png", "Img2.png", "img1.png")
    found = gather_paths(paths, LIMITS)
    assert names(found) == ["img1.png", "Img2.png", "img10.png"]
    assert gather_paths(paths[::-1], LIMITS) == found


def test_loose_files_come_before_folders(tmp_path: Path) -> None:
    fill(tmp_path, "a/1.png", "b/2.png", "z.png")
    found = gather_paths([str(tmp_path / "b"), str(tmp_path / "z.png"), str(tmp_path / "a")], LIMITS)
    assert names(found) == ["z.png", "1.png", "2.png"]
    assert found.folders == (str(tmp_path / "a"), str(tmp_path / "b"))


def test_each_source_is_a_file_with_its_absolute_path_and_its_name(tmp_path: Path) -> None:
    [path] = fill(tmp_path, "a.png")
    [source] = gather_paths([path], LIMITS).sources
    assert (source.kind, source.location, source.label) == (SourceKind.FILE, path, "a.png")


def test_what_is_named_directly_gets_its_row_whatever_it_is(tmp_path: Path) -> None:
    fill(tmp_path, ".hidden.png", "notes.txt", "elsewhere/x.png")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to_file").symlink_to(tmp_path / "notes.txt")
    (tmp_path / "to_folder").symlink_to(tmp_path / "elsewhere")
    named = [".hidden.png", "missing.png", "notes.txt", "pipe", "to_file", "to_folder"]
    found = gather_paths([str(tmp_path / name) for name in named], LIMITS)
    assert names(found) == named
    assert found.folders == ()
    assert found.left_out == ()


def test_the_same_path_comes_once(tmp_path: Path) -> None:
    [path] = fill(tmp_path, "a/1.png")
    again = str(tmp_path / "a" / ".." / "a" / "1.png")
    assert [one.location for one in gather_paths([path, again, str(tmp_path / "a"), path], LIMITS).sources] == [path]


def test_a_link_and_its_target_are_two_paths(tmp_path: Path) -> None:
    [path] = fill(tmp_path, "a.png")
    (tmp_path / "b.png").symlink_to(path)
    assert names(gather_paths([path, str(tmp_path / "b.png")], LIMITS)) == ["a.png", "b.png"]


def test_relative_paths_become_absolute_without_following_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "real/a.png")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    [source] = gather_paths(["link/a.png"], LIMITS).sources
    assert source.location == str(tmp_path / "link" / "a.png")


def test_a_link_to_a_folder_is_not_walked_even_with_a_slash_at_its_end(tmp_path: Path) -> None:
    fill(tmp_path, "real/a.png")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert names(gather_paths([f"{tmp_path / 'link'}/"], LIMITS)) == ["link"]


def test_what_is_no_picture_in_a_folder_is_named_and_what_cannot_be_walked_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a/1.png", "a/film.mp4", "a/notes.txt")
    found = gather_paths([str(tmp_path / "a")], LIMITS)
    assert (names(found), found.left_out, found.unreadable) == (["1.png"], ("film.mp4", "notes.txt"), ())


def test_the_bound_counts_what_is_found_in_folders_not_what_is_named(tmp_path: Path) -> None:
    loose = fill(tmp_path, "x.png", "y.png", "z.png")
    fill(tmp_path, "a/1.png", "a/2.png", "b/3.png")
    found = gather_paths([*loose, str(tmp_path / "a"), str(tmp_path / "b")], replace(LIMITS, folder_files_max=2))
    assert names(found) == ["x.png", "y.png", "z.png", "1.png", "2.png"]
    assert found.is_cut_short


def test_a_cancelled_gathering_still_has_what_was_named(tmp_path: Path) -> None:
    [loose] = fill(tmp_path, "x.png")
    fill(tmp_path, "a/1.png")
    assert names(gather_paths([loose, str(tmp_path / "a")], LIMITS, is_cancelled=lambda: True)) == ["x.png"]


def test_the_count_of_files_in_folders_is_told(tmp_path: Path) -> None:
    fill(tmp_path, "a/1.png", "a/notes.txt")
    counted: list[int] = []
    gather_paths([str(tmp_path / "a")], LIMITS, on_count=counted.append)
    assert counted == [2]


@pytest.mark.parametrize("odd", [[], [""], ["a\0b.png"]])
def test_what_can_be_no_path_gives_nothing(odd: list[str]) -> None:
    assert gather_paths(odd, LIMITS) == PathIntake(())


def test_names_that_are_not_utf8_keep_their_bytes(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9 \xff.png"
    Path(os.fsdecode(raw)).write_bytes(PNG)
    [source] = gather_paths([os.fsdecode(raw)], LIMITS).sources
    assert os.fsencode(source.location) == raw
    assert source == gather_paths([str(tmp_path)], LIMITS).sources[0]


def test_the_root_folder_has_a_label() -> None:
    assert gather_paths(["/"], LIMITS, is_cancelled=lambda: True).folders == ("/",)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12),
        max_size=12,
    )
)
def test_any_names_come_once_each_and_in_an_order_of_their_own(given_names: list[str]) -> None:
    paths = [f"/nowhere/at/all/{name}" for name in given_names]
    found = gather_paths(paths, LIMITS)
    assert found == gather_paths(paths[::-1], LIMITS)
    absolute = {os.path.abspath(path) for path in paths}  # noqa: PTH100 - "." and ".." are names like any other here
    assert {source.location for source in found.sources} == absolute
    assert len(found.sources) == len({source.location for source in found.sources})


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///tmp/a.png", "/tmp/a.png"),
        ("file:/tmp/a.png", "/tmp/a.png"),
        ("FILE://localhost/tmp/a.png", "/tmp/a.png"),
        ("file:///tmp/a%20b%23c%3F.png", "/tmp/a b#c?.png"),
        ("file:///tmp/%E5%9B%BE.png", "/tmp/图.png"),
        ("file:///tmp/图.png", "/tmp/图.png"),
        ("file:///tmp/caf%E9.png", "/tmp/caf\udce9.png"),
        ("file:///tmp/100%.png", "/tmp/100%.png"),
        ("file:///tmp/a+b.png", "/tmp/a+b.png"),
        ("file:///tmp/a.png?x#y", "/tmp/a.png"),
        ("file:///tmp/a.png\r\n", "/tmp/a.png"),
        ("file:///", "/"),
        ("file://server/share/a.png", None),
        ("file:////server/share/a.png", None),
        ("file:///%2Fserver/share/a.png", None),
        ("file:///%5C%5Cserver/share/a.png", None),
        ("file://127.0.0.1/a.png", None),
        ("file:a.png", None),
        ("file:", None),
        ("file:///tmp/a%00.png", None),
        ("https://e.com/a.png", None),
        ("/tmp/a.png", None),
        ("", None),
    ],
)
def test_a_file_address_gives_the_path_on_this_computer(url: str, path: str | None) -> None:
    assert path_from_file_url(url) == path


@given(st.binary(min_size=1, max_size=30).filter(lambda raw: not {0, 47, 92} & {raw[0]} and 0 not in raw))
def test_every_path_survives_the_way_through_an_address(raw: bytes) -> None:
    assert path_from_file_url(f"file:///{quote_from_bytes(raw)}") == os.fsdecode(b"/" + raw)


def test_windows_drives_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert path_from_file_url("file:///C:/Users/a%20b/%E5%9B%BE.png") == "C:\\Users\\a b\\图.png"


def test_nothing_heavy_is_imported_on_the_way() -> None:
    code = (
        "import sys; import pixverse_gui.core.intake, pixverse_gui.core.pasted, pixverse_gui.core.settings; "
        "print([m for m in sys.modules if m.split('.')[0] in {'requests', 'urllib3', 'keyring', 'PIL', 'PySide6'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Settings survive a restart, and a damaged file costs no more than itself."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.service_address import CHINA, INTERNATIONAL
from pixverse_gui.core.settings import Service, Settings, SettingsFile

EVERYTHING = Settings(
    uploads_at_once=6,
    look_at_links=False,
    reuse_ids=False,
    service=Service.OWN,
    own_address="https://api.example.com:8443",
    copy_format=CopyFormat.TABLE,
    last_folder="/pictures/caf\udce9 图",
    window_geometry="AdnQywADAAA=",
    approved_hosts=("api.example.com:8443",),
    had_journal=True,
)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "settings.json"


def written(path: Path, text: str | bytes) -> SettingsFile:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return SettingsFile(path)


def test_without_a_file_there_are_the_defaults(path: Path) -> None:
    assert SettingsFile(path).load() == Settings()
    assert Settings().uploads_at_once == 3
    assert Settings().copy_format is CopyFormat.ID_LINES


def test_everything_that_is_saved_is_loaded_again(path: Path) -> None:
    SettingsFile(path).save(EVERYTHING)
    assert SettingsFile(path).load() == EVERYTHING


def test_the_file_is_for_this_user_only_and_nothing_stands_beside_it(path: Path) -> None:
    file = SettingsFile(path)
    file.save(EVERYTHING)
    file.save(Settings())
    assert path.stat().st_mode & 0o777 == 0o600
    assert names_in(path.parent) == ["settings.json"]


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(), INTERNATIONAL),
        (Settings(service=Service.CHINA), CHINA),
        (Settings(service=Service.OWN, own_address="https://api.example.com"), "https://api.example.com"),
        (Settings(service=Service.OWN), INTERNATIONAL),
        (Settings(own_address="https://api.example.com"), INTERNATIONAL),
    ],
)
def test_the_service_says_where_the_api_is(settings: Settings, address: str) -> None:
    assert settings.api_url == address


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "x", [], {}, [1], {"a": 1}, -1, 10**30])
@pytest.mark.parametrize("name", list(Settings.__slots__))
def test_a_value_of_a_wrong_type_falls_back_alone(name: str, value: object, path: Path) -> None:
    entries = {"window_geometry": "kept", "last_folder": "/kept", name: value}
    loaded = written(path, json.dumps(entries)).load()
    assert isinstance(getattr(loaded, name), type(getattr(Settings(), name)))
    assert loaded.last_folder == "/kept" or name == "last_folder"
    assert loaded.window_geometry == "kept" or name == "window_geometry"
    assert names_in(path.parent) == ["settings.json"]


@pytest.mark.parametrize(("value", "taken"), [(0, 1), (-5, 1), (1, 1), (6, 6), (7, 6), (10**9, 6), (True, 3), (2.0, 3)])
def test_pictures_at_once_stays_between_one_and_six(value: object, taken: int, path: Path) -> None:
    assert written(path, json.dumps({"uploads_at_once": value})).load().uploads_at_once == taken


@pytest.mark.parametrize("address", ["http://api.example.com", "https://user@api.example.com", "nonsense", ""])
def test_an_address_the_key_may_not_go_to_is_not_taken_from_the_file(address: str, path: Path) -> None:
    loaded = written(path, json.dumps({"service": "own", "own_address": address})).load()
    assert loaded.own_address == ""
    assert loaded.api_url == INTERNATIONAL


def test_an_address_is_normalised_and_odd_hosts_are_dropped(path: Path) -> None:
    entries = {"own_address": "HTTPS://API.example.com/", "approved_hosts": ["a.example", 1, None, ""]}
    loaded = written(path, json.dumps(entries)).load()
    assert (loaded.own_address, loaded.approved_hosts) == ("https://api.example.com", ("a.example",))


def test_a_text_that_is_far_too_long_is_not_taken(path: Path) -> None:
    assert written(path, json.dumps({"last_folder": "x" * 100_000})).load().last_folder == ""


def test_what_a_newer_version_wrote_is_kept(path: Path) -> None:
    file = written(path, json.dumps({"uploads_at_once": 2, "from_the_future": {"a": [1]}}))
    file.save(replace(file.load(), uploads_at_once=4))
    assert json.loads(path.read_text())["from_the_future"] == {"a": [1]}
    assert SettingsFile(path).load().uploads_at_once == 4


def test_it_is_kept_by_a_save_without_a_load_too(path: Path) -> None:
    written(path, json.dumps({"from_the_future": 1})).save(Settings())
    assert json.loads(path.read_text())["from_the_future"] == 1


DAMAGED = [
    b"",
    b"{",
    b"null",
    b"[1, 2]",
    b'"text"',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"uploads_at_once": ' + b"1" * 6000 + b"}",
    b" " * (1024 * 1024 + 1),
]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_damaged_file_is_set_aside_and_the_defaults_are_used(damaged: bytes, path: Path) -> None:
    file = written(path, damaged)
    assert file.load() == Settings()
    [kept] = path.parent.iterdir()
    assert kept.name.startswith("settings-damaged-")
    assert kept.read_bytes() == damaged
    file.save(EVERYTHING)
    assert SettingsFile(path).load() == EVERYTHING
    assert kept.read_bytes() == damaged


def test_a_byte_order_mark_is_no_damage(path: Path) -> None:
    assert written(path, b'\xef\xbb\xbf{"uploads_at_once": 5}').load().uploads_at_once == 5


def test_a_file_that_cannot_be_set_aside_is_no_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(path, b"{")

    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(os, "rename", read_only)
    assert file.load() == Settings()
    assert path.read_bytes() == b"{"


def test_a_folder_in_its_place_gives_the_defaults_and_saving_says_why_not(path: Path) -> None:
    path.mkdir(parents=True)
    file = SettingsFile(path)
    assert file.load() == Settings()
    with pytest.raises(WriteError):
        file.save(Settings())


def test_where_saving_fails_the_old_settings_stay(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SettingsFile(path)
    file.save(EVERYTHING)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError) as caught:
        file.save(Settings())
    assert caught.value.params == {"reason": "full"}
    assert SettingsFile(path).load() == EVERYTHING


@given(
    st.dictionaries(
        st.sampled_from(list(Settings.__slots__)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=4
        ),
    )
)
def test_whatever_the_file_holds_loading_gives_settings_that_can_be_saved(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("data") / "settings.json"
    file = written(path, json.dumps(entries))
    loaded = file.load()
    assert 1 <= loaded.uploads_at_once <= 6
    file.save(loaded)
    assert SettingsFile(path).load() == loaded

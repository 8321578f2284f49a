"""command_line: what was typed becomes one value, or one sentence and exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pixverse_gui import __version__
from pixverse_gui.command_line import CommandLine, parse_command_line


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as leaving:
        parse_command_line(arguments)
    assert leaving.value.code == 2
    return capsys.readouterr().err


def test_nothing_typed_is_the_plain_program() -> None:
    assert parse_command_line([]) == CommandLine()


def test_every_option_and_mixed_names_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    typed = ["--practice", "--data-dir", "d", "--api-url", "https://Example.com/", "b.png", "https://e.test/a.png", "a"]
    assert parse_command_line(typed) == CommandLine(
        practice=True,
        data_dir=tmp_path / "d",
        api_url="https://example.com",
        named=(str(tmp_path / "b.png"), "https://e.test/a.png", str(tmp_path / "a")),
    )


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("file:///tmp/a%20b.png", "/tmp/a b.png"),
        ("FILE:///tmp/a.png", "/tmp/a.png"),
        ("file://localhost/tmp/a.png", "/tmp/a.png"),
        ("file://server/share/x.png", "file://server/share/x.png"),
        ("file:////server/share/x.png", "file:////server/share/x.png"),
        ("http://e.test/x?y#z", "http://e.test/x?y#z"),
        ("HTTPS:e.test/x", "HTTPS:e.test/x"),
        (" https://e.test/a b.png", " https://e.test/a b.png"),
        ("https://e.test/a b.png\n", "https://e.test/a b.png\n"),
        ("ftp://e.test/x.png", "ftp://e.test/x.png"),
        ("data:image/png;base64,AA==", "data:image/png;base64,AA=="),
        ("/tmp/../tmp/x.png", "/tmp/x.png"),
        ("/tmp/folder/", "/tmp/folder"),
    ],
)
def test_names_become_absolute_paths_and_links_stay_as_they_are(typed: str, named: str) -> None:
    assert parse_command_line([typed]).named == (named,)


def test_a_file_that_looks_like_a_link_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cat:1.png").touch()
    assert parse_command_line(["cat:1.png"]).named == (str(tmp_path / "cat:1.png"),)


@pytest.mark.parametrize("name", ["scan:0007.png", "file:x.png"])
def test_a_name_with_a_colon_in_it_is_no_link(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_command_line([name]).named == (str(tmp_path / name),)


def test_a_name_that_is_not_utf8_survives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"caf\xe9.png")
    assert parse_command_line([name]).named == (f"{tmp_path}/{name}",)
    assert parse_command_line([f"file://{tmp_path}/caf%E9.png"]).named == (f"{tmp_path}/{name}",)


def test_empty_names_are_no_names() -> None:
    assert parse_command_line(["", "https://e.test/a.png"]).named == ("https://e.test/a.png",)


def test_names_after_two_dashes_may_begin_with_a_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_command_line(["--", "-x.png"]).named == (str(tmp_path / "-x.png"),)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "ftp://example.com",
        "example.com",
        "https://",
        "https://user:secret@example.com",
        "https://example.com/?a=1",
        "https://example.com:99999",
        "",
    ],
)
def test_an_unusable_service_address_is_refused_in_one_line(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, "--api-url", address)
    assert said.count("\n") == 1
    assert "--api-url cannot be used: " in said
    assert "secret" not in said


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1"])
def test_plain_http_is_taken_for_this_computer(address: str) -> None:
    assert parse_command_line(["--api-url", address]).api_url == address


@pytest.mark.parametrize("typed", [["--pratice"], ["--data-dir"], ["--data-dir", ""], ["--prac"]])
def test_a_wrong_option_is_refused_in_one_line(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(capsys, *typed).count("\n") == 1


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").touch()
    assert "names a file" in refusal(capsys, "--data-dir", str(tmp_path / "x"))


def test_the_version_is_told_without_a_display_and_without_qt() -> None:
    environ = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "QT_QPA_PLATFORM"}}
    code = (
        "import sys; sys.modules['PySide6'] = None; sys.argv = ['pixverse-gui', '--version'];"
        "from pixverse_gui.__main__ import main; main()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=True)
    assert run.stdout == f"PixVerse Uploader {__version__}\n"
    assert run.stderr == ""

"""The key: entered, tested, kept in the real Secret Service and nowhere else, and what happens where that fails."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers.corpus import write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.main_job import KEY, UPLOADS, connected, says, sent, staged
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

SAVED_KEY = 'sk-saved/"+%0123456789abcdef'
"""Every way of writing it down (percent, base64, JSON) differs from the key itself."""
OTHER_KEY = "sk-ffffffffffffffffffffffffffffffff"
BALANCE = r"Account: PixVerse account · 1,072,650 credits"
CONNECT = "Connect your PixVerse account first"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(keys={KEY, SAVED_KEY}) as made:
        yield made


def user_of(server: ScriptedServer) -> str:
    return f"default@{server.url.removeprefix('http://')}"


def enter_key(program: Program, desktop: Desktop, text: str) -> None:
    """Paste it into the dialog, and submit."""
    desktop.set_clipboard(text)
    program.accessible.press("button", "Paste key|Enter key")
    program.accessible.find("password text", "API key")
    program.accessible.press("button", "Paste the key from the clipboard")
    entered = program.accessible.tree()
    assert [word for word in re.findall(r"sk-\w+", text) if word in entered] == []  # dots, for a screen reader too
    program.accessible.press("button", "Test and save")


def choose_from_account_menu(program: Program, desktop: Desktop, place: int) -> None:
    """Its entries that can be chosen, from 1. By keys: an open menu of Qt is no part of the accessibility tree."""
    program.accessible.find("button", BALANCE)
    desktop.focus(program.window)
    program.accessible.press("button", BALANCE)
    desktop.keys(*["Down"] * place, "Return")


def disguises(key: str) -> list[bytes]:
    """How a key may stand in a file: as it is, percent-encoded, escaped as JSON, and in base64 at any offset."""
    plain = key.encode()
    shifted = [base64.b64encode(b"x" * offset + plain)[4 * bool(offset) : -4] for offset in range(3)]
    quoted = [urllib.parse.quote(key, safe=""), urllib.parse.quote(key), json.dumps(key)[1:-1]]
    return [plain, *(text.encode() for text in quoted), *shifted]


def found_in(folder: Path, key: str) -> list[str]:
    """Files below the folder that hold the key, in whatever disguise, and paths that are named after it."""
    wanted = disguises(key)
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in paths if any(one in path.read_bytes() or one in bytes(path) for one in wanted)]


def test_the_first_start_offers_three_ways_on(start_program: StartProgram, desktop: Desktop) -> None:
    program = start_program()
    program.accessible.find("label", CONNECT)
    says(program, "kept in your computer's password store, not in a file")
    for name in ("Paste key", "Where do I find it\\?", "Try without a key"):
        program.accessible.wait_enabled("button", name)
    before = len(desktop.opened_links())
    program.accessible.press("button", "Where do I find it\\?")
    wait_for(lambda: desktop.opened_links()[before:] == ["https://platform.pixverse.ai/api-key"], "the page to open")


def test_a_key_pasted_with_dirt_around_it_is_tested_saved_and_found_nowhere_else(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    program = start_program("--api-url", server.url)
    enter_key(program, desktop, f'\ufeff  API-KEY: "{SAVED_KEY}"\r\n\u200b')
    says(program, "Saved in the system keyring. 1,072,650 credits left.")
    shown = program.accessible.tree()
    program.accessible.press("button", "Close")
    program.accessible.find("button", BALANCE)
    assert desktop.keyring.password("pixverse-gui", user_of(server)) == SAVED_KEY
    program.accessible.wait_gone("label", CONNECT)

    # A tested key may be used: its upload leaves no trace of it either.
    desktop.set_clipboard(
        "\n".join(path.as_uri() for path in write_pictures(tmp_path / "in", ["a.png"])), "text/uri-list"
    )
    program.keys("ctrl+v")
    staged(program, 1)
    sent(program, 1)
    assert {arrival.key for arrival in server.arrivals} == {SAVED_KEY}
    for text in (shown, program.accessible.tree(), program.said()):
        assert not any(one.decode() in text for one in disguises(SAVED_KEY))
    program.close_window()
    assert program.wait_ended() == 0
    assert found_in(tmp_path, SAVED_KEY) == []
    assert program.data_dir.is_relative_to(tmp_path)
    assert (program.data_dir / "journal.sqlite").exists()


def test_a_saved_key_is_there_again_after_a_restart_until_it_is_forgotten(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    desktop.keyring.store("pixverse-gui", user_of(server), KEY)
    program = start_program("--api-url", server.url)
    choose_from_account_menu(program, desktop, 3)  # change, check, forget
    program.accessible.find("label", CONNECT)
    wait_for(lambda: desktop.keyring.password("pixverse-gui", user_of(server)) is None, "the key to be forgotten")
    program.close_window()
    program.wait_ended()
    program.restart()
    program.accessible.find("label", CONNECT)


def test_a_wrong_key_is_refused_in_the_dialog_and_not_saved(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    program = start_program("--api-url", server.url)
    enter_key(program, desktop, OTHER_KEY)
    program.accessible.find("label", "Key not accepted")
    says(program, "Check that all of it was copied, or create a new one. Nothing was uploaded.")
    assert desktop.keyring.password("pixverse-gui", user_of(server)) is None
    program.accessible.press("button", "Try again")
    program.accessible.press("button", "Cancel")
    program.accessible.find("label", CONNECT)


def test_what_cannot_be_a_key_is_not_sent_anywhere(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    program = start_program("--api-url", server.url)
    enter_key(program, desktop, "two words")
    says(program, "A key holds only letters, digits and signs")
    assert server.arrivals == []


def test_upload_pressed_without_a_key_starts_once_the_key_works(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    pictures = write_pictures(tmp_path / "pictures", ["a.png", "b.jpg"])
    program = start_program("--api-url", server.url, *map(str, pictures))
    staged(program, 2)
    program.accessible.press("button", "Upload 2 images")
    program.accessible.find("label", CONNECT)
    assert server.uploads == []
    enter_key(program, desktop, KEY)
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 2)


def test_a_key_that_is_refused_from_the_start_is_said_at_once(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    program = start_program("--api-url", server.url, environ={"PIXVERSE_API_KEY": OTHER_KEY})
    program.accessible.find("label", "Key not accepted")
    program.accessible.find("button", "Account: Key not accepted")
    enter_key(program, desktop, KEY)
    program.accessible.find("button", BALANCE)
    program.accessible.press("button", "Close")
    program.accessible.wait_gone("label", "Key not accepted")


def test_without_a_password_store_the_key_is_kept_for_the_session_and_uploads_work(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    desktop.keyring.stop()
    pictures = write_pictures(tmp_path / "pictures", ["a.png", "b.jpg"])
    program = start_program("--api-url", server.url, *map(str, pictures))
    staged(program, 2)
    enter_key(program, desktop, KEY)
    says(program, "This computer has no password store that we can use. The key will be kept until you close the app")
    program.accessible.press("button", "OK")
    program.accessible.find("button", BALANCE)
    sent(program, 2)
    program.close_window()
    program.wait_ended()
    assert found_in(tmp_path, KEY) == []


def test_a_locked_store_is_named_and_the_window_stays_usable(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    desktop.keyring.store("pixverse-gui", user_of(server), KEY)
    desktop.keyring.lock()
    pictures = write_pictures(tmp_path / "pictures", ["a.png", "b.jpg"])
    program = start_program("--api-url", server.url, *map(str, pictures))
    program.accessible.find("label", "The password store is locked")
    staged(program, 2)
    enter_key(program, desktop, KEY)
    program.accessible.find("label", "The password store is locked.")
    program.accessible.press("button", "Use the key for this session")
    sent(program, 2)


def test_the_window_works_while_the_store_is_silent_and_takes_the_key_when_it_answers(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    desktop.keyring.store("pixverse-gui", user_of(server), KEY)
    desktop.keyring.fall_silent()
    try:
        pictures = write_pictures(tmp_path / "pictures", ["a.png", "b.jpg"])
        program = start_program("--api-url", server.url, *map(str, pictures))
        staged(program, 2)
        program.keys("ctrl+2")
        program.keys("ctrl+1")
        program.accessible.wait_enabled("button", "Upload 2 images")
        assert server.arrivals == []
    finally:
        desktop.keyring.answer_again()
    program.accessible.find("button", BALANCE)
    sent(program, 2)


def test_a_key_from_the_environment_is_named_and_one_entered_takes_over_at_once(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    program = connected(start_program, server, *write_pictures(tmp_path / "pictures", ["a.png"]))
    says(program, "Using the key from PIXVERSE_API_KEY for this run.")
    choose_from_account_menu(program, desktop, 1)
    program.accessible.set_text("password text", "API key", SAVED_KEY)
    program.accessible.press("button", "Test and save")
    says(program, "Saved in the system keyring")
    program.accessible.press("button", "Close")
    program.accessible.wait_gone("label", "(?s).*PIXVERSE_API_KEY.*")
    sent(program, 1)
    assert server.uploads[0].key == SAVED_KEY

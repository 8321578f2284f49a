"""What stands around the main job, with nothing but keys: the key, settings, practice, a run that is cut short."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.corpus import write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.keyboard import focused, press, tab_until, wait_closed, wait_focused
from tests.helpers.main_job import HISTORY, KEY, UPLOADS, connected, says, staged
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

OTHER_KEY = "sk-ffffffffffffffffffffffffffffffff"
CONNECT = "^Connect your PixVerse account"
SETTINGS = "^Settings"
DONE = r".*, done, ID \d+.*"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(keys={KEY}, first_id=1001) as made:
        yield made


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", [f"img{number}.png" for number in range(1, 6)])


def test_a_key_is_typed_refused_corrected_and_saved(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    program = start_program("--api-url", server.url)
    press(program, "Paste key")
    dialog = desktop.wait_for_window(CONNECT)
    wait_focused(program, "password text", "API key")
    desktop.type_text(OTHER_KEY)
    press(program, "Test and save", window=dialog)
    program.accessible.find("label", "Key not accepted")
    wait_focused(program, "button", "Try again")
    desktop.keys("space")
    wait_focused(program, "password text", "API key")
    desktop.type_text(KEY)  # what was there is selected
    desktop.keys("Return")
    says(program, "Saved in the system keyring")
    wait_focused(program, "button", "Close")
    desktop.keys("Return")
    wait_closed(desktop, CONNECT)
    program.accessible.find("button", "Account: PixVerse account .*")
    host = server.url.removeprefix("http://")
    assert desktop.keyring.password("pixverse-gui", f"default@{host}") == KEY
    assert focused(program).name != ""


def test_the_account_menu_changes_the_key_and_escape_leaves_it_as_it_was(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    program = connected(start_program, server)
    account = program.accessible.find("button", "Account: .* credits").name
    press(program, account)
    desktop.keys("Down", "Return")  # the first entry: change key
    dialog = desktop.wait_for_window(CONNECT)
    wait_focused(program, "password text", "API key")
    desktop.type_text(OTHER_KEY)
    desktop.keys("Escape")
    wait_closed(desktop, CONNECT)
    wait_focused(program, "button", account)
    press(program, account)
    desktop.keys("Down", "Return")
    dialog = desktop.wait_for_window(CONNECT)
    desktop.set_clipboard(KEY)
    press(program, "Paste the key from the clipboard", window=dialog)
    desktop.keys("Return")
    says(program, "Saved in the system keyring")
    desktop.keys("Return")
    wait_closed(desktop, CONNECT)


def test_settings_are_changed_and_kept(start_program: StartProgram, desktop: Desktop, server: ScriptedServer) -> None:
    program = connected(start_program, server)
    press(program, "Settings")
    dialog = desktop.wait_for_window(SETTINGS)
    wait_focused(program, "spin button", "Pictures at once")
    desktop.keys("ctrl+a", "5")
    tab_until(program, "check box", "Look at links before uploading", window=dialog)
    desktop.keys("space")
    press(program, "Save", window=dialog)
    wait_closed(desktop, SETTINGS)
    wait_focused(program, "button", "Settings")
    program.close_window()
    program.wait_ended()
    program.restart()
    press(program, "Settings")
    dialog = desktop.wait_for_window(SETTINGS)
    assert program.accessible.find("spin button", "Pictures at once").value == 5
    assert "checked" not in program.accessible.find("check box", "Look at links before uploading").states
    desktop.keys("Up", "Escape")  # not saved
    wait_closed(desktop, SETTINGS)
    press(program, "Settings")
    desktop.wait_for_window(SETTINGS)
    assert program.accessible.find("spin button", "Pictures at once").value == 5


def test_practice_mode_from_the_first_start_and_back(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    program = start_program("--api-url", server.url)
    press(program, "Try without a key")
    program.find_new_window()
    program.accessible.find("label", "Practice mode.")
    press(program, "Add sample pictures")
    program.accessible.wait_items(*UPLOADS, ".*, cannot be sent, .*", 2, timeout=20)
    rows = program.accessible.wait_items(*UPLOADS, ".*, checking.*", 0, timeout=20)
    ready = sum(", ready" in row for row in rows)
    program.keys("ctrl+Return")
    program.accessible.wait_items(*UPLOADS, DONE, ready, timeout=20)
    program.keys("ctrl+c")
    says(program, f"Copied {ready} IDs.")
    press(program, "Connect an account")
    program.find_new_window()
    program.accessible.find("label", "Connect your PixVerse account first")
    tab_until(program, "button", "Paste key")
    assert server.arrivals == []


def test_stop_takes_the_rows_back_and_they_are_sent_again(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.silent())
    program = connected(start_program, server, *pictures)
    staged(program, 5)
    press(program, "Upload 5 images")
    wait_focused(program, *UPLOADS)  # the button went away, and the list has the next key
    server.wait_until_stored(3)
    press(program, "Stop")
    says(program, "Stopped. 0 uploaded, 5 not sent.")
    wait_focused(program, *UPLOADS)
    staged(program, 5)
    server.clear()
    press(program, "Upload 5 images")
    program.accessible.wait_items(*UPLOADS, DONE, 5)


def test_one_row_is_cancelled_with_the_button_below_and_one_with_its_menu(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    for path in pictures[:2]:
        server.script(behaviours.silent(), sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    program = connected(start_program, server, *pictures)
    staged(program, 5)
    program.keys("ctrl+Return")
    program.accessible.wait_items(*UPLOADS, DONE, 3)
    tab_until(program, *UPLOADS)
    desktop.keys("Home")
    press(program, "Cancel")
    program.accessible.wait_items(*UPLOADS, "img1.png, ready.*", 1)
    wait_focused(program, *UPLOADS)
    assert program.accessible.selected(*UPLOADS)[0].startswith("img1.png")
    desktop.keys("Down", "Menu")
    desktop.keys("Down", "Return")  # the first entry: Cancel
    program.accessible.wait_items(*UPLOADS, "img2.png, ready.*", 1)
    assert len(server.stored) == 5
    server.clear()
    program.keys("ctrl+Return")
    program.accessible.wait_items(*UPLOADS, DONE, 5)
    assert len(server.uploads) == 2


def test_after_a_kill_continue_is_reached_and_finishes_the_rest(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.silent())
    program = connected(start_program, server, *pictures)
    staged(program, 5)
    program.keys("ctrl+Return")
    server.wait_until_stored(3)
    program.kill()
    server.clear()
    program.arguments = ("--api-url", server.url)
    program.restart()
    program.accessible.find("label", "The app closed before everything was done.")
    assert server.uploads == []
    press(program, "Continue")
    wait_focused(program, *UPLOADS)
    program.accessible.wait_items(*UPLOADS, DONE, 5)
    assert len(server.uploads) == 5


def test_rows_of_the_history_are_removed_and_come_back(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    program = connected(start_program, server, *pictures)
    staged(program, 5)
    program.keys("ctrl+Return")
    program.accessible.wait_items(*UPLOADS, DONE, 5)
    program.keys("ctrl+2")
    shown = program.accessible.wait_items(*HISTORY, DONE, 5)
    tab_until(program, *HISTORY)
    desktop.keys("Home", "shift+Down", "Delete")
    program.accessible.find("label", "Removed 2 images from this list. They stay at PixVerse.")
    wait_for(lambda: program.accessible.items(*HISTORY) == shown[2:], "the two rows to go")
    wait_focused(program, *HISTORY)
    press(program, "Undo")
    wait_for(lambda: program.accessible.items(*HISTORY) == shown, "the two rows to come back")
    wait_focused(program, *HISTORY)
    desktop.keys("End", "Menu", "Up", "Return")  # the last entry is Remove
    wait_for(lambda: program.accessible.items(*HISTORY) == shown[:-1], "the last row to go")
    press(program, "Undo")
    wait_for(lambda: program.accessible.items(*HISTORY) == shown, "the last row to come back")

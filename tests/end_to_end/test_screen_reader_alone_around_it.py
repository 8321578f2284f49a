"""What stands around the main job, through the accessibility tree alone: settings, practice, a run that is cut off."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.corpus import write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.main_job import HISTORY, KEY, UPLOADS, connected, says, sent, staged
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

OTHER_KEY = "sk-ffffffffffffffffffffffffffffffff"
DONE = r".*, done, ID \d+.*"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(keys={KEY}, first_id=1001) as made:
        yield made


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", [f"img{number}.png" for number in range(1, 6)])


def test_a_key_is_refused_corrected_and_saved(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    accessible = start_program("--api-url", server.url).accessible
    accessible.press("button", "Paste key")
    accessible.set_text("password text", "API key", OTHER_KEY)
    accessible.press("button", "Test and save")
    accessible.find("label", "Key not accepted")
    accessible.press("button", "Try again")
    accessible.set_text("password text", "API key", KEY)
    accessible.press("button", "Test and save")
    accessible.find("label", "(?s).*Saved in the system keyring.*")
    accessible.press("button", "Close")
    accessible.wait_gone("label", "Connect your PixVerse account first")
    accessible.find("button", "Account: PixVerse account .*")
    host = server.url.removeprefix("http://")
    assert desktop.keyring.password("pixverse-gui", f"default@{host}") == KEY


def test_settings_are_changed_and_kept(start_program: StartProgram, server: ScriptedServer) -> None:
    program = connected(start_program, server)
    program.accessible.press("button", "Settings")
    program.accessible.set_value("spin button", "Pictures at once", 5)
    program.accessible.press("check box", "Look at links before uploading")
    program.accessible.find("combo box", "Service address")
    program.accessible.press("button", "Save")
    program.accessible.wait_gone("spin button", "Pictures at once")
    program.accessible.press("button", "Settings")
    assert program.accessible.find("spin button", "Pictures at once").value == 5
    assert "checked" not in program.accessible.find("check box", "Look at links before uploading").states
    assert "checked" in program.accessible.find("check box", "Use the ID of pictures already uploaded").states
    program.accessible.press("button", "Cancel")
    program.accessible.wait_gone("spin button", "Pictures at once")


def test_practice_mode_from_the_first_start_and_back(start_program: StartProgram, server: ScriptedServer) -> None:
    program = start_program("--api-url", server.url)
    program.accessible.press("button", "Try without a key")
    program.accessible.find("label", "Practice mode.")
    program.accessible.press("button", "Add sample pictures")
    program.accessible.wait_items(*UPLOADS, ".*, cannot be sent, .*", 2, timeout=20)
    rows = program.accessible.wait_items(*UPLOADS, ".*, checking.*", 0, timeout=20)
    ready = sum(", ready" in row for row in rows)
    sent(program, ready)
    program.accessible.press("button", f"Copy {ready} IDs")
    says(program, f"Copied {ready} IDs.")
    program.accessible.press("button", "Connect an account")
    program.accessible.find("label", "Connect your PixVerse account first")
    program.accessible.wait_enabled("button", "Paste key")
    assert server.arrivals == []


def test_a_row_is_cancelled_a_run_is_stopped_and_the_rest_is_sent(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    for path in pictures[:2]:
        server.script(behaviours.silent(), sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    program = connected(start_program, server, *pictures)
    staged(program, 5)
    program.accessible.press("button", "Upload 5 images")
    program.accessible.wait_items(*UPLOADS, DONE, 3)
    program.accessible.select(*UPLOADS, "img1.png.*")
    program.accessible.press("button", "Cancel")
    program.accessible.wait_items(*UPLOADS, "img1.png, ready.*", 1)
    program.accessible.wait_items(*UPLOADS, "img2.png, uploading.*", 1)
    program.accessible.press("button", "Stop")
    says(program, "Stopped. 3 uploaded, 2 not sent.")
    staged(program, 2)
    server.clear()
    program.accessible.press("button", "Upload 2 images")
    program.accessible.wait_items(*UPLOADS, DONE, 5)
    assert len(server.uploads) == 2


def test_a_row_is_removed_and_comes_back(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    program = connected(start_program, server, *pictures)
    shown = staged(program, 5)
    program.accessible.select(*UPLOADS, "img3.png.*")
    program.accessible.press("button", "Remove")
    program.accessible.find("label", "Removed 1 image from this list.")
    program.accessible.wait_items(*UPLOADS, ".*, ready", 4)
    program.accessible.press("button", "Undo")
    wait_for(lambda: program.accessible.items(*UPLOADS) == shown, "the row to come back in its place")


def test_after_a_kill_continue_finishes_the_rest(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.silent())
    program = connected(start_program, server, *pictures)
    staged(program, 5)
    program.accessible.press("button", "Upload 5 images")
    server.wait_until_stored(3)
    program.kill()
    server.clear()
    program.arguments = ("--api-url", server.url)
    program.restart()
    program.accessible.find("label", "The app closed before everything was done.")
    program.accessible.wait_enabled("button", "Review first")
    assert server.uploads == []
    program.accessible.press("button", "Continue")
    program.accessible.wait_items(*UPLOADS, DONE, 5)
    assert len(server.uploads) == 5


def test_rows_of_the_history_are_found_removed_and_come_back(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    program = connected(start_program, server, *pictures)
    staged(program, 5)
    sent(program, 5)
    program.accessible.select("page tab list", "Upload.*", "History.*")
    shown = program.accessible.wait_items(*HISTORY, DONE, 5)
    program.accessible.select(*HISTORY, re.escape(shown[1]))
    program.accessible.select(*HISTORY, re.escape(shown[3]), extend=True)
    program.accessible.press("button", "Remove")
    program.accessible.find("label", "Removed 2 images from this list. They stay at PixVerse.")
    wait_for(lambda: program.accessible.items(*HISTORY) == [shown[0], shown[2], shown[4]], "the rows to go")
    program.accessible.press("button", "Undo")
    wait_for(lambda: program.accessible.items(*HISTORY) == shown, "the rows to come back")
    program.accessible.set_text("text", "Search history", "img4")
    program.accessible.wait_items(*HISTORY, "img4.png, done, ID .*", 1)

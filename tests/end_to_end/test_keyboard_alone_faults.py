"""What goes wrong on the way, with nothing but keys: the next step that the window offers is reached and taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.corpus import write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.keyboard import press, wait_focused
from tests.helpers.main_job import KEY, UPLOADS, connected, staged
from tests.helpers.nobody_there import free_port
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer

CONNECT = "^Connect your PixVerse account"
DONE = r".*, done, ID \d+.*"


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", ["a.png", "b.png"])


def all_done(program: Program) -> None:
    program.accessible.wait_items(*UPLOADS, DONE, 2, timeout=30)


def test_a_key_refused_midway_is_tried_again(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.api_error(10005, "API-KEY is not registered"))
    program = connected(start_program, server, *pictures)
    staged(program, 2)
    program.keys("ctrl+Return")
    program.accessible.find("label", "Key not accepted")
    server.clear()
    press(program, "Try again")
    all_done(program)


def test_a_server_that_is_down_is_tried_now(start_program: StartProgram, pictures: list[Path]) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = start_program("--api-url", url, *map(str, pictures), environ={"PIXVERSE_API_KEY": KEY})
    staged(program, 2)
    program.keys("ctrl+Return")
    program.accessible.find("label", "PixVerse cannot be reached.")
    with ScriptedServer(port=port, keys={KEY}):
        press(program, "Try now")
        all_done(program)


@pytest.mark.parametrize("answer", ["a page", "a redirect"])
def test_rows_that_failed_are_sent_again(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path], answer: str
) -> None:
    elsewhere = behaviours.redirect(f"{server.url}/elsewhere")
    is_redirect = answer == "a redirect"
    server.script(elsewhere if is_redirect else behaviours.html(200), times=2 if is_redirect else 5)
    program = connected(start_program, server, *pictures)
    staged(program, 2)
    program.keys("ctrl+Return")
    program.accessible.wait_items(*UPLOADS, ".*, failed, .*", 2 if is_redirect else 1, timeout=30)
    program.keys("ctrl+r")
    all_done(program)


@pytest.mark.parametrize("store", ["locked", "gone"])
def test_without_a_store_that_takes_it_the_key_is_typed_for_this_session(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path], store: str
) -> None:
    host = server.url.removeprefix("http://")
    desktop.keyring.store("pixverse-gui", f"default@{host}", KEY)
    if store == "locked":
        desktop.keyring.lock()
    else:
        desktop.keyring.stop()
    program = start_program("--api-url", server.url, *map(str, pictures))
    staged(program, 2)
    press(program, "Paste key")
    dialog = desktop.wait_for_window(CONNECT)
    wait_focused(program, "password text", "API key")
    desktop.type_text(KEY)
    desktop.keys("Return")
    press(program, "Use the key for this session" if store == "locked" else "OK", window=dialog)
    program.keys("ctrl+Return")
    all_done(program)

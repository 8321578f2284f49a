"""Killed, closed and started again: no finished id is lost, and what was not finished is offered again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.corpus import write_pictures
from tests.helpers.main_job import HISTORY, UPLOADS, connected, says, staged
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer

COUNT = 9
ASKED = "Uploads are running. Finished results are saved."
OFFERED = "The app closed before everything was done."
FLAGGED = r".*; a (second )?copy may exist at PixVerse"


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", [f"img{number}.png" for number in range(1, COUNT + 1)])


@pytest.fixture
def program(start_program: StartProgram, server: ScriptedServer, pictures: list[Path]) -> Program:
    """Three are done, three are on their way and stored at the server, which says nothing; three wait."""
    for arrival in (4, 5, 6):
        server.script(behaviours.silent(), arrival=arrival)
    started = connected(start_program, server, *pictures)
    staged(started, COUNT)
    started.accessible.press("button", f"Upload {COUNT} images")
    server.wait_until_stored(6)
    started.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 3)
    return started


def start_again(program: Program, server: ScriptedServer) -> None:
    """Without the names of the first start: what is there comes from the journal."""
    server.clear()
    program.arguments = ("--api-url", server.url)
    program.restart()


def assert_all_done(
    program: Program, server: ScriptedServer, pictures: list[Path], stored_before: dict[str, str]
) -> None:
    """Every row has an id the server gave for just this picture, and the rows stand in their first order."""
    rows = program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", COUNT, timeout=30)
    assert [row.split(",")[0] for row in rows] == [path.name for path in pictures]
    ids = [row.split("ID ")[1].split(",")[0] for row in rows]
    assert len(set(ids)) == COUNT
    given = {**stored_before, **{stored.img_id: stored.sha256 or "" for stored in server.stored}}
    assert [given[one] for one in ids] == [hashlib.sha256(path.read_bytes()).hexdigest() for path in pictures]


def given_ids(server: ScriptedServer) -> dict[str, str]:
    return {stored.img_id: stored.sha256 or "" for stored in server.stored}


def test_after_a_kill_the_rest_is_offered_and_continue_finishes_it(
    program: Program, server: ScriptedServer, pictures: list[Path]
) -> None:
    done = [row for row in program.accessible.items(*UPLOADS) if ", done, " in row]
    before = given_ids(server)
    program.kill()
    start_again(program, server)
    program.accessible.find("label", OFFERED)
    says(program, r"6 images were not finished, 3 results are safe. Continue\?")
    rows = program.accessible.wait_items(*UPLOADS, ".*, waiting.*", 6)
    assert [row for row in rows if ", done, " in row] == done
    assert server.uploads == []
    program.accessible.press("button", "Continue")
    assert_all_done(program, server, pictures, before)
    program.accessible.wait_items(*UPLOADS, FLAGGED, 3)
    program.accessible.wait_gone("label", OFFERED)
    assert len(server.uploads) == 6
    program.keys("ctrl+2")
    program.accessible.wait_items(*HISTORY, r".*, done, ID \d+.*", COUNT)


def test_after_a_kill_the_rest_can_be_looked_at_first(program: Program, server: ScriptedServer) -> None:
    program.kill()
    start_again(program, server)
    program.accessible.press("button", "Review first")
    program.accessible.wait_items(*UPLOADS, ".*, ready.*", 6)
    program.accessible.wait_enabled("button", "Upload 6 images")
    assert server.uploads == []


def test_closing_asks_and_keep_open_changes_nothing(
    program: Program, server: ScriptedServer, pictures: list[Path]
) -> None:
    program.close_window()
    program.accessible.find("label", ASKED)
    for name in ("Finish these, then close", "Close now", "Keep open"):
        program.accessible.wait_enabled("button", name)
    program.accessible.press("button", "Keep open")
    program.accessible.wait_gone("label", ASKED)
    assert program.is_running
    program.accessible.wait_items(*UPLOADS, ".*, uploading.*", 3)


def test_close_now_ends_at_once_and_the_next_start_offers_the_rest(
    program: Program, server: ScriptedServer, pictures: list[Path]
) -> None:
    before = given_ids(server)
    program.close_window()
    program.accessible.press("button", "Close now")
    assert program.wait_ended() == 0
    start_again(program, server)
    program.accessible.find("label", OFFERED)
    program.accessible.press("button", "Continue")
    assert_all_done(program, server, pictures, before)


def test_finish_then_close_waits_for_what_is_on_its_way_and_keeps_the_rest(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.delayed(2.0))
    program = connected(start_program, server, *pictures)
    staged(program, COUNT)
    program.accessible.press("button", f"Upload {COUNT} images")
    server.wait_until_stored(3)
    program.close_window()
    program.accessible.press("button", "Finish these, then close")
    says(program, "Finishing what is on its way, then closing.")
    assert program.wait_ended() == 0
    assert len(server.uploads) == 3
    before = given_ids(server)
    start_again(program, server)
    rows = program.accessible.wait_items(*UPLOADS, ".*, waiting", COUNT - 3)
    assert sum(", done, " in row for row in rows) == 3
    program.accessible.press("button", "Continue")
    assert_all_done(program, server, pictures, before)


def test_without_uploads_the_window_closes_at_once(start_program: StartProgram, server: ScriptedServer) -> None:
    program = connected(start_program, server)
    program.close_window()
    assert program.wait_ended() == 0

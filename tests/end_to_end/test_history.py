"""The History: everything that was uploaded is found, copied, removed with a way back, and there again tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.corpus import colour_of, write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.main_job import HISTORY, KEY, connected, says, sent, staged
from tests.helpers.program import Program
from tests.helpers.row_pictures import row_shows
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

NAMES = ["castle_01.png", "castle_02.jpg", "harbour.webp", "扫描_0007.png"]
ROW = r".*, done, ID \d+"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(keys={KEY}, first_id=8_421_907) as made:
        yield made


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", NAMES)


@pytest.fixture
def program(start_program: StartProgram, server: ScriptedServer, pictures: list[Path]) -> Program:
    """Everything is uploaded, and the History is in front."""
    started = connected(start_program, server, *pictures)
    staged(started, len(NAMES))
    sent(started, len(NAMES))
    started.keys("ctrl+2")
    started.accessible.wait_items(*HISTORY, ROW, len(NAMES))
    return started


def rows(program: Program) -> list[str]:
    return program.accessible.items(*HISTORY)


def id_in(row: str) -> str:
    return row.rpartition("ID ")[2]


def start_again(program: Program) -> None:
    program.close_window()
    program.wait_ended()
    program.restart()
    program.keys("ctrl+2")


def clipboard_has(desktop: Desktop, part: str) -> bool:
    return "UTF8_STRING" in desktop.clipboard_targets() and part in desktop.clipboard()


def wait_clipboard(desktop: Desktop, text: str) -> None:
    wait_for(lambda: "UTF8_STRING" in desktop.clipboard_targets() and desktop.clipboard() == text, f"{text!r} copied")


def test_search_finds_names_ids_and_links_while_typing(program: Program, desktop: Desktop) -> None:
    by_name = {row.split(",")[0]: id_in(row) for row in rows(program)}
    assert sorted(by_name) == sorted(NAMES)  # headings of days are no rows
    program.keys("ctrl+f")
    for typed, found in (
        ("CASTLE_0", NAMES[:2]),
        (by_name["harbour.webp"], ["harbour.webp"]),
        (f"{by_name['castle_02.jpg']}_auto", ["castle_02.jpg"]),  # a piece of its link
    ):
        desktop.keys("ctrl+a")
        desktop.type_text(typed)
        wait_for(
            lambda found=found: sorted(row.split(",")[0] for row in rows(program)) == found, f"{found} for {typed}"
        )
        program.accessible.find("label", f"{len(found)} found")
        program.accessible.find("button", f"Copy {len(found)} IDs?")
    program.accessible.set_text("text", "Search history", "扫描")
    program.accessible.wait_items(*HISTORY, "扫描_0007.png, .*", 1)

    desktop.keys("ctrl+a")
    desktop.type_text("nowhere")
    program.accessible.find("label", "Nothing matches “nowhere”.")
    program.accessible.press("button", "Clear search")
    program.accessible.wait_items(*HISTORY, ROW, len(NAMES))


def test_several_rows_are_copied_in_list_order_however_they_were_selected(program: Program, desktop: Desktop) -> None:
    shown = rows(program)
    program.accessible.select(*HISTORY, re.escape(shown[3]))
    program.accessible.select(*HISTORY, re.escape(shown[0]), extend=True)
    program.accessible.press("button", "Copy 2 IDs")
    wait_clipboard(desktop, f"{id_in(shown[0])}\n{id_in(shown[3])}")
    says(program, "Copied 2 IDs.")


def test_removed_rows_come_back_with_undo_and_stay_away_without_it(program: Program, server: ScriptedServer) -> None:
    shown = rows(program)
    program.accessible.select(*HISTORY, re.escape(shown[1]))
    program.accessible.press("button", "Remove")
    program.accessible.find("label", "Removed 1 image from this list. It stays at PixVerse.")
    wait_for(lambda: rows(program) == [shown[0], *shown[2:]], "the row to go")
    program.accessible.press("button", "Undo")
    wait_for(lambda: rows(program) == shown, "the row to come back in its place")
    program.accessible.select(*HISTORY, re.escape(shown[2]))
    program.accessible.press("button", "Remove")
    wait_for(lambda: rows(program) == [*shown[:2], shown[3]], "the row to go")
    start_again(program)
    program.accessible.wait_items(*HISTORY, ROW, 3)
    assert rows(program) == [*shown[:2], shown[3]]


def test_tomorrow_everything_is_there_with_pictures_and_without_a_network(
    program: Program, server: ScriptedServer, pictures: list[Path], tmp_path: Path
) -> None:
    shown = rows(program)
    program.close_window()
    program.wait_ended()
    server.stop()
    for path in pictures:
        path.unlink()
    program.restart()
    program.keys("ctrl+2")
    program.accessible.wait_items(*HISTORY, ROW, len(NAMES))
    assert rows(program) == shown
    for number, name in enumerate(NAMES, 1):
        colour = colour_of(number)
        wait_for(lambda name=name, colour=colour: row_shows(program, tmp_path, name, colour), f"the picture of {name}")


def test_links_open_in_the_browser_if_they_are_https(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    server.script(behaviours.succeed(img_url="http://media.pixverse.invalid/plain.png"), arrival=1)
    server.script(behaviours.succeed(img_url="file:///etc/passwd"), arrival=2)
    program = connected(start_program, server, *write_pictures(tmp_path / "in", ["a.png"]))
    staged(program, 1)
    sent(program, 1)
    for number, name in enumerate(["b.png", "c.png"], 2):
        add(program, desktop, write_pictures(tmp_path / "in", [name], first=number)[0])
        sent_one(program, number)
    program.keys("ctrl+2")
    program.accessible.wait_items(*HISTORY, ROW, 3)
    before = len(desktop.opened_links())
    for name in ("a.png", "b.png"):
        program.accessible.select(*HISTORY, f"{name}, .*")
        program.accessible.wait_enabled("button", "Details")
        assert program.accessible.find_all("button", "Open link") == []
    program.accessible.select(*HISTORY, "c.png, .*")
    program.accessible.press("button", "Open link")
    wait_for(lambda: len(desktop.opened_links()) > before, "the browser")
    assert [link.startswith("https://media.pixverse.invalid/") for link in desktop.opened_links()[before:]] == [True]
    # What the system was asked to open it with was started by a program that had its key from the environment.
    assert "PATH=" in desktop.opened_with()
    assert "PIXVERSE_API_KEY" not in desktop.opened_with()


def add(program: Program, desktop: Desktop, picture: Path) -> None:
    desktop.set_clipboard(picture.as_uri(), "text/uri-list")
    program.keys("ctrl+v")
    staged(program, 1)


def sent_one(program: Program, all_done: int) -> None:
    program.accessible.press("button", "Upload 1 image")
    program.accessible.wait_items("list", "Uploads", ROW, all_done)


def test_details_hold_everything_support_may_ask_for_and_no_secret(
    program: Program, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    row = rows(program)[0]
    program.accessible.select(*HISTORY, re.escape(row))
    program.accessible.press("button", "Details")
    program.accessible.find("panel", "Details")
    texts = {node.label or node.name: node.text for node in program.accessible.find_all("text")}
    assert texts["ID"] == id_in(row)
    stored = next(one for one in server.stored if one.img_id == id_in(row))
    assert stored.trace_id in (texts["Attempts"] or "")
    assert (texts["Link"] or "").startswith("https://media.pixverse.invalid/")
    program.accessible.press("button", "Copy details")
    # The clipboard may hold text of before, such as the key that was pasted: it is what stands there that tells.
    wait_for(lambda: clipboard_has(desktop, stored.trace_id), "the details on the clipboard")
    copied = desktop.clipboard()
    assert KEY not in copied
    assert str(tmp_path) not in copied
    program.accessible.press("button", "Close details")
    program.accessible.wait_gone("panel", "Details")

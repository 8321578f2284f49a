"""The main job through the accessibility tree alone, under the names that screen readers and automation rely on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.corpus import picture_bytes, write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.main_job import HISTORY, KEY, UPLOADS, connected, says, sent, staged
from tests.helpers.program import TITLE, Program
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

FIRST_ID = 2**53 + 1


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(keys={KEY}, first_id=FIRST_ID) as made:
        yield made


def has(program: Program, *names: str) -> None:
    """Buttons of these names, all there to be pressed."""
    for name in names:
        program.accessible.wait_enabled("button", name)


def test_everything_of_the_first_start_has_its_name(start_program: StartProgram) -> None:
    program = start_program()
    program.accessible.find("frame", TITLE)
    has(program, "Add images", "Add folder", "Add links", "Paste", "Settings", "More ways to add")
    has(program, "Paste key", "Try without a key", r"Where do I find it\?", "Account: .+")
    tabs = [node.name for node in program.accessible.find_all("page tab")]
    assert [re.match("Upload|History", tab) is not None for tab in tabs] == [True, True]
    program.accessible.find("combo box", "Copy as")
    program.accessible.press("button", "Paste key")
    program.accessible.find("password text", "API key")
    has(program, "Test and save", "Cancel")


def test_no_button_is_without_a_name(start_program: StartProgram, server: ScriptedServer, tmp_path: Path) -> None:
    program = connected(start_program, server, *write_pictures(tmp_path / "in", ["a.png"]))
    staged(program, 1)
    sent(program, 1)
    program.accessible.select(*UPLOADS, "a.png.*")
    program.accessible.press("button", "Details")
    program.accessible.find("panel", "Details")
    controls = ("button", "check box", "combo box", "text", "list", "page tab", "list item")
    nameless = [node for role in controls for node in program.accessible.find_all(role) if not node.name + node.label]
    assert nameless == []


def test_links_and_pictures_go_up_and_are_copied_without_a_key_or_a_mouse(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    server.pages["/p1.png"] = ("image/png", picture_bytes(901))
    pictures = write_pictures(tmp_path / "in", ["a.png", "b.jpg"])
    program = start_program("--api-url", server.url)
    program.accessible.press("button", "Paste key")
    program.accessible.set_text("password text", "API key", KEY)
    program.accessible.press("button", "Test and save")
    says(program, "Saved in the system keyring")
    program.accessible.press("button", "Close")

    program.accessible.press("button", "Add links")
    program.accessible.set_text("text", "Links", f"{server.url}/p1.png")
    program.accessible.press("button", "Add")
    staged(program, 1)
    has(program, "Upload 1 image")
    desktop.set_clipboard("\r\n".join(path.as_uri() for path in pictures), "text/uri-list")
    program.accessible.press("button", "Paste")
    staged(program, 3)
    program.accessible.press("button", "Upload 3 images")
    rows = program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 3)
    ids = [row.rpartition("ID ")[2] for row in rows]
    assert sorted(ids) == [str(FIRST_ID), str(FIRST_ID + 1), str(FIRST_ID + 2)]

    program.accessible.press("button", "Copy 3 IDs")
    wait_for(lambda: desktop.clipboard() == "\n".join(ids), "the ids on the clipboard")
    says(program, "Copied 3 IDs.")
    program.accessible.select(*UPLOADS, "a.png.*")
    program.accessible.press("button", "Copy 1 ID")
    wait_for(lambda: desktop.clipboard() == ids[1], "the id of the row on the clipboard")
    program.accessible.select("page tab list", "Upload.*", "History.*")
    program.accessible.find("text", "Search history")
    program.accessible.wait_items(*HISTORY, r".*, done, ID \d+", 3)
    has(program, "Copy 3 IDs")


def test_the_copy_button_counts_rows_and_links(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    program = connected(start_program, server, *write_pictures(tmp_path / "in", ["a.png", "b.jpg"]))
    staged(program, 2)
    sent(program, 2)
    for form, name in (("Image links, one per line", "Copy 2 links"), ("Table: name, ID, link", "Copy 2 rows")):
        choose_form(program, desktop, form)
        has(program, name)


def choose_form(program: Program, desktop: Desktop, form: str) -> None:
    """Qt's tree opens the box and names its entries; there, arrows and Return are all it has for whoever listens."""
    program.accessible.press("combo box", "Copy as")
    program.accessible.find("list item", re.escape(form))
    forms = [node.name for node in program.accessible.find_all("list item") if ", done, " not in node.name]
    chosen = next(node.name for node in program.accessible.find_all("combo box"))
    desktop.keys(*["Down"] * (forms.index(form) - forms.index(chosen)), "Return")
    program.accessible.find("combo box", re.escape(form))


def test_rows_speak_their_name_their_state_and_what_else_there_is(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    refused, _ = write_pictures(folder, ["y.png", "z.png"])
    Image.new("RGB", (12_400, 2)).save(folder / "panorama.jpg")
    Image.new("RGB", (4_100, 10)).save(folder / "big.png")
    (folder / "notes.png").write_text("not a picture")
    (folder / "cut.jpg").write_bytes(picture_bytes(5, ".jpg", size=(300, 200))[:-20])
    server.script(behaviours.moderation(), sha256=hashlib.sha256(refused.read_bytes()).hexdigest())
    program = connected(start_program, server, folder)
    staged(program, 3)
    rows = program.accessible.items(*UPLOADS)
    assert rows == [
        "big.png, ready, large picture (4100 × 10): it should work, older documents allow 4,000 a side",
        "cut.jpg, cannot be sent, cannot be opened as a picture: its end is missing",
        "notes.png, cannot be sent, text cannot be sent, only PNG, JPG and WebP",
        "panorama.jpg, cannot be sent, 12,400 pixels wide, the limit is 10,000 a side",
        "y.png, ready",
        "z.png, ready",
    ]
    program.accessible.press("button", "Upload 3 images")
    program.accessible.wait_items(*UPLOADS, "y.png, failed, PixVerse did not accept the content of this picture", 1)
    program.accessible.wait_items(*UPLOADS, r"(z|big).png, done, ID \d+", 2)
    has(program, "Retry failed")


def test_a_picture_that_was_uploaded_before_says_since_when(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    [picture] = write_pictures(tmp_path / "in", ["x.jpg"])
    program = connected(start_program, server, picture)
    staged(program, 1)
    sent(program, 1)
    program.accessible.press("button", "Clear list")
    program.close_window()
    program.wait_ended()
    program.restart()
    now = datetime.now().astimezone()
    program.accessible.wait_items(
        *UPLOADS, rf"x.jpg, done, ID {FIRST_ID}, already uploaded on {now.day} {now:%b}", 1, timeout=20
    )
    program.accessible.select(*UPLOADS, "x.jpg.*")
    assert len(server.uploads) == 1
    program.accessible.press("button", "Upload again")
    server.wait_for(2)
    program.accessible.wait_items(*UPLOADS, f"x.jpg, done, ID {FIRST_ID + 1}", 1)
    assert len({arrival.trace_id for arrival in server.uploads}) == 2


def test_the_buttons_of_a_run_and_of_a_row_have_their_names(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    pictures = write_pictures(tmp_path / "in", ["a.png", "b.jpg", "c.png", "d.png"])
    for arrival in (1, 2, 3):
        server.script(behaviours.silent(), arrival=arrival)
    program = connected(start_program, server, *pictures)
    staged(program, 4)
    program.accessible.select(*UPLOADS, "a.png.*")
    has(program, "Details", "Remove")
    program.accessible.press("button", "Upload 4 images")
    server.wait_for(3)
    has(program, "Pause", "Stop", "Cancel")
    program.accessible.press("button", "Pause")
    has(program, "Continue", "Stop")
    program.accessible.press("button", "Stop")
    staged(program, 4)
    server.clear()
    program.accessible.press("button", "Upload 4 images")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", 4)
    program.accessible.select(*UPLOADS, "b.jpg.*")
    has(program, "Copy", "Open link", "Details", "Remove")
    before = len(desktop.opened_links())
    program.accessible.press("button", "Open link")
    wait_for(lambda: len(desktop.opened_links()) > before, "the page of the picture")
    assert desktop.opened_links()[-1].startswith("https://media.pixverse.invalid/")

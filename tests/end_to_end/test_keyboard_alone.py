"""The main job with nothing but keys; the accessibility tree is only read, to see what they did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.accessibility import Node
from tests.helpers.corpus import picture_bytes, write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.keyboard import MOST_STOPS, focused, tab_until
from tests.helpers.main_job import HISTORY, KEY, UPLOADS, connected, says, staged
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

NAMES = ["a.png", "b.jpg", "c.webp"]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(keys={KEY}, first_id=1001) as made:
        yield made


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", NAMES)


def wait_done(program: Program, count: int) -> list[str]:
    return program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", count, timeout=30)


def ids(server: ScriptedServer, *paths: Path) -> list[str]:
    by_sha = {stored.sha256: stored.img_id for stored in server.stored}
    return [by_sha[hashlib.sha256(path.read_bytes()).hexdigest()] for path in paths]


def wait_clipboard(desktop: Desktop, text: str) -> None:
    wait_for(lambda: "UTF8_STRING" in desktop.clipboard_targets() and desktop.clipboard() == text, f"{text!r} copied")


def test_pick_upload_select_copy_and_see_details(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    program = connected(start_program, server)
    program.keys("ctrl+o")
    desktop.wait_for_window("^Add images")
    desktop.type_text(" ".join(f'"{path}"' for path in pictures))
    desktop.keys("Return")
    staged(program, 3)
    assert server.uploads == []
    program.keys("ctrl+Return")
    wait_done(program, 3)
    expected = ids(server, *pictures)

    program.keys("ctrl+c")  # nothing is selected: everything that is done
    wait_clipboard(desktop, "\n".join(expected))
    tab_until(program, *UPLOADS)
    desktop.keys("Home", "shift+Down", "ctrl+c")
    program.accessible.find("button", "Copy 2 IDs")
    wait_clipboard(desktop, "\n".join(expected[:2]))

    desktop.keys("ctrl+shift+c")
    desktop.keys("Down", "Return")
    assert program.accessible.find("combo box", "Copy as").label == "Copy as"
    program.keys("ctrl+c")
    wait_clipboard(desktop, ", ".join(expected[:2]))

    tab_until(program, *UPLOADS)
    desktop.keys("End", "space")
    program.accessible.find("panel", "Details")
    program.accessible.find("text", "ID")
    desktop.keys("Escape")
    program.accessible.wait_gone("panel", "Details")
    desktop.keys("space")
    tab_until(program, "button", "Copy ID")
    desktop.keys("Escape")
    program.accessible.wait_gone("panel", "Details")
    assert focused(program).name == "Uploads"


def test_remove_with_del_and_undo_with_tab_and_space(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    desktop.set_clipboard("\r\n".join(path.as_uri() for path in pictures), "text/uri-list")
    program = connected(start_program, server)
    program.keys("ctrl+v")
    staged(program, 3)
    tab_until(program, *UPLOADS)
    desktop.keys("Home", "Down", "Delete")
    program.accessible.wait_items(*UPLOADS, ".*, ready", 2)
    program.accessible.find("label", "Removed 1 image from this list.")
    assert focused(program).name == "Uploads"
    tab_until(program, "button", "Undo")
    desktop.keys("space")
    rows = staged(program, 3)
    assert [row.split(",")[0] for row in rows] == NAMES
    program.keys("ctrl+Return")
    wait_done(program, 3)


def test_pause_continue_and_retry_failed_have_keys(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    pictures = write_pictures(tmp_path / "six", [f"img{number}.png" for number in range(1, 7)])
    sha256 = hashlib.sha256(pictures[5].read_bytes()).hexdigest()
    server.script(behaviours.moderation(), sha256=sha256)
    for arrival in (1, 2, 3):
        server.script(behaviours.delayed(1.0), arrival=arrival)
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.keys("ctrl+KP_Enter")
    server.wait_for(3)
    program.keys("ctrl+p")
    says(program, "Paused. 3 images are waiting.")
    program.keys("ctrl+p")
    wait_done(program, 5)
    program.accessible.wait_items(*UPLOADS, "img6.png, failed, .*", 1)
    server.clear()
    program.keys("ctrl+r")
    wait_done(program, 6)


def test_the_context_menu_opens_with_its_keys_and_acts_on_the_row(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    program = connected(start_program, server, *pictures)
    staged(program, 3)
    tab_until(program, *UPLOADS)
    desktop.keys("shift+F10", "Up", "Return")  # the last entry is Remove
    program.accessible.wait_items(*UPLOADS, ".*, ready", 2)
    desktop.keys("Menu", "Escape")
    desktop.keys("Home", "Menu", "Down", "Return")  # the first is Details
    program.accessible.find("panel", "Details")
    assert [row.split(",")[0] for row in staged(program, 2)] == NAMES[1:]


def test_the_history_is_reached_searched_and_copied(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    program = connected(start_program, server, *pictures)
    staged(program, 3)
    program.keys("ctrl+Return")
    wait_done(program, 3)
    program.keys("ctrl+2")
    program.accessible.wait_items(*HISTORY, ".*, done, ID .*", 3)
    program.keys("ctrl+f")
    desktop.type_text("b.j")
    program.accessible.wait_items(*HISTORY, "b.jpg, done, ID .*", 1)
    program.accessible.find("label", "1 found")
    desktop.keys("Down", "ctrl+c")
    wait_clipboard(desktop, ids(server, pictures[1])[0])
    program.keys("ctrl+f")
    desktop.keys("Escape")
    program.accessible.wait_items(*HISTORY, ".*, done, ID .*", 3)
    program.keys("ctrl+1")
    program.accessible.find(*UPLOADS)


def test_dialogs_open_and_close_with_keys(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    server.pages["/p.png"] = ("image/png", picture_bytes(3))
    program = connected(start_program, server)
    program.keys("ctrl+l")
    desktop.wait_for_window("^Add links")
    desktop.keys("Escape")
    wait_for(lambda: not desktop.windows("^Add links"), "the links dialog to close")
    program.keys("ctrl+l")
    desktop.wait_for_window("^Add links")
    desktop.type_text(f"{server.url}/p.png")
    desktop.keys("ctrl+Return")
    staged(program, 1)
    tab_until(program, "button", "Settings")
    desktop.keys("space")
    wait_for(lambda: desktop.windows("^Settings"), "the settings")
    desktop.keys("Escape")
    wait_for(lambda: not desktop.windows("^Settings"), "the settings to close")


def test_tab_reaches_every_control_and_each_shows_that_it_has_the_focus(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, pictures: list[Path], tmp_path: Path
) -> None:
    program = connected(start_program, server, *pictures)
    staged(program, 3)
    program.accessible.find("button", "Account: .* credits")
    tab_until(program, *UPLOADS)
    desktop.keys("Home")
    stops, pictures_of = walk(program, tmp_path)
    names = [node.name for node in stops]
    wanted = [
        "Add images",
        "More ways to add",
        "Add links",
        "Paste",
        "Settings",
        "Upload 3 images",
        "Details",
        "Remove",
    ]
    assert [name for name in wanted if name not in names] == []
    assert any(node.role == "page tab list" for node in stops)
    assert any(node.label == "Copy as" for node in stops)
    assert any(name.startswith("Account: ") for name in names)
    assert any(name.startswith("All ") for name in names)
    unseen = [
        node.name
        for node, (with_focus, without) in zip(stops, pictures_of, strict=True)
        if not differs(with_focus, without, node, program)
    ]
    assert unseen == []


def walk(program: Program, folder: Path) -> tuple[list[Node], list[tuple[Path, Path]]]:
    """Once around with Tab: each stop, with a picture of the window while it has the focus and one after it."""
    stops: list[Node] = []
    shots: list[Path] = []
    for number in range(MOST_STOPS):
        node = focused(program)
        shots.append(folder / f"stop-{number}.png")
        program.screenshot(shots[-1])
        if stops and node.name == "Uploads":
            return stops, list(pairwise(shots))
        stops.append(node)
        program.desktop.keys("Tab")
    raise AssertionError(f"Tab does not come back to the list: {[node.name for node in stops]}")


def differs(with_focus: Path, without: Path, node: Node, program: Program) -> bool:
    """Whether the control itself looks different with the focus."""
    assert node.box is not None
    left, top, _, _ = program.desktop.geometry(program.window)
    x, y, width, height = node.box
    box = (x - left - 3, y - top - 3, x - left + width + 3, y - top + height + 3)
    with Image.open(with_focus) as one, Image.open(without) as other:
        return ImageChops.difference(one.convert("RGB").crop(box), other.convert("RGB").crop(box)).getbbox() is not None

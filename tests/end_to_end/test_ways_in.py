"""Every way in stages the same files in the same order, and nothing is sent by staging."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers.corpus import picture_bytes, write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.drag import Drag, drop_on
from tests.helpers.main_job import KEY, UPLOADS
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

NAMES = ["img1.png", "img2.jpg", "img10.webp", "with space & co.jpg", "扫描_0007.png"]


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", NAMES)


@pytest.fixture
def program(start_program: StartProgram, server: ScriptedServer) -> Program:
    return start_program("--api-url", server.url, environ={"PIXVERSE_API_KEY": KEY})


def staged(program: Program, count: int) -> list[str]:
    rows = program.accessible.wait_items(*UPLOADS, ".*, ready.*", count, timeout=30)
    return [row.split(", ")[0] for row in rows]


def test_a_real_drop_of_files_in_any_order(
    program: Program, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    assert drop_on(desktop, program.centre(), files=pictures[::-1]) == "copy"
    assert staged(program, len(NAMES)) == NAMES
    assert server.uploads == []


def test_copied_files_pasted_with_ctrl_v(
    program: Program, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    desktop.set_clipboard("\r\n".join(path.as_uri() for path in pictures[::-1]), "text/uri-list")
    program.keys("ctrl+v")
    assert staged(program, len(NAMES)) == NAMES
    assert server.uploads == []


def test_the_command_line(start_program: StartProgram, server: ScriptedServer, pictures: list[Path]) -> None:
    program = start_program("--api-url", server.url, *map(str, pictures[::-1]), environ={"PIXVERSE_API_KEY": KEY})
    assert staged(program, len(NAMES)) == NAMES
    assert server.uploads == []


def test_links_on_the_command_line_are_taken_byte_for_byte_and_say_what_is_wrong_with_them(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.pages["/p.png"] = ("image/png", picture_bytes(7))
    named = [
        pictures[1],
        "https://example.com/a b.png",
        "ftp://example.com/x.png",
        f"{server.url}/p.png",
        "file://server/share/y.png",
        pictures[0].as_uri(),
    ]
    program = start_program("--api-url", server.url, *map(str, named), environ={"PIXVERSE_API_KEY": KEY})
    rows = program.accessible.wait_items(*UPLOADS, ".*, (ready|cannot be sent).*", 6, timeout=30)
    assert rows == [
        "img2.jpg, ready",
        "example.com/a b.png, cannot be sent, this link contains characters that a link cannot have",
        "example.com/x.png, cannot be sent, only public web links can be used",
        f"{server.url.removeprefix('http://')}/p.png, ready",
        "server/y.png, cannot be sent, only public web links can be used",
        "img1.png, ready",
    ]
    program.accessible.find("label", "(?s).*1 file is on another computer.*")
    assert server.uploads == []


def test_the_file_picker(program: Program, desktop: Desktop, server: ScriptedServer, pictures: list[Path]) -> None:
    program.keys("ctrl+o")
    desktop.wait_for_window("^Add images")
    desktop.set_clipboard(" ".join(f'"{path}"' for path in pictures[::-1]))  # typed, a name that is not ASCII gets lost
    desktop.keys("ctrl+v", "Return")
    assert staged(program, len(NAMES)) == NAMES
    assert server.uploads == []


def test_a_folder_through_its_picker(
    program: Program, desktop: Desktop, server: ScriptedServer, pictures: list[Path]
) -> None:
    (pictures[0].parent / "notes.txt").write_text("not a picture")
    program.keys("ctrl+shift+o")
    desktop.wait_for_window("^Add folder")
    desktop.type_text(str(pictures[0].parent))
    desktop.keys("Return")
    assert staged(program, len(NAMES)) == NAMES
    program.accessible.find("label", ".*1 other file was left out.*")


def test_loose_files_come_before_folders_and_a_later_drop_is_appended(
    program: Program, desktop: Desktop, pictures: list[Path], tmp_path: Path
) -> None:
    loose = write_pictures(tmp_path / "loose", ["z.png", "a.png"], first=100)
    drop_on(desktop, program.centre(), files=[pictures[0].parent, *loose])
    assert staged(program, 7) == ["a.png", "z.png", *NAMES]
    more = write_pictures(tmp_path / "more", ["0.png"], first=200)
    drop_on(desktop, program.centre(), files=more)
    assert staged(program, 8) == ["a.png", "z.png", *NAMES, "0.png"]


def test_what_hovers_is_announced_and_what_leaves_is_forgotten(
    program: Program, desktop: Desktop, pictures: list[Path]
) -> None:
    with Drag(desktop, files=pictures) as drag:
        drag.move_to(*program.centre())
        wait_for(lambda: program.accessible.find_all(None, "Drop to add 5 items.*"), "the overlay")
        drag.leave()
        wait_for(lambda: not program.accessible.find_all(None, "Drop to add 5 items.*"), "the overlay to go")
        assert drag.drop() == "ignore"
    assert program.accessible.items(*UPLOADS) == []


def test_a_picture_dragged_out_of_chromium_keeps_its_original_bytes(
    program: Program, desktop: Desktop, server: ScriptedServer
) -> None:
    data = picture_bytes(5, ".jpg")
    formats = {
        "application/octet-stream": data,
        "text/html": b'<img src="https://example.com/photos/cat.jpg">',
        "image/png": b"",
    }
    drop_on(desktop, program.centre(), links=["https://example.com/page.html"], formats=formats)
    program.accessible.wait_items(*UPLOADS, ".*, ready.*", 1, timeout=30)
    program.accessible.press("button", "Upload 1 image")
    program.accessible.wait_items(*UPLOADS, ".*, done, .*", 1, timeout=30)
    image = server.uploads[0].image
    assert image is not None
    assert (image.type, image.size) == ("image/jpeg", len(data))


def test_a_bitmap_in_the_clipboard_becomes_a_png(program: Program, desktop: Desktop, server: ScriptedServer) -> None:
    desktop.set_clipboard(picture_bytes(6), "image/png")
    program.keys("ctrl+v")
    rows = program.accessible.wait_items(*UPLOADS, "Pasted .*, ready.*", 1, timeout=30)
    assert rows[0].startswith("Pasted 20")


def test_links_are_typed_into_their_box_and_a_bad_one_stays_there(program: Program, desktop: Desktop) -> None:
    program.keys("ctrl+l")
    desktop.wait_for_window("^Add links")
    program.accessible.set_text("text", "Links", "https://example.com/a.png\nftp://example.com/b.png")
    program.accessible.press("button", "Add")
    wait_for(lambda: len(program.accessible.items(*UPLOADS)) == 1, "the good link")
    box = program.accessible.find("text", "Links")
    assert box.text is not None
    assert "ftp://example.com/b.png" in box.text
    assert "a.png" not in box.text

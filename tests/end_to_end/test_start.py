"""The program starts in a home where it never ran, shows what was named, and ends without a trace of trouble."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.end_to_end.conftest import StartProgram
from tests.helpers.desktop import Desktop


def test_a_first_start_offers_practice_and_ends_when_the_window_is_closed(start_program: StartProgram) -> None:
    program = start_program()
    assert program.accessible.find("button", "Try without a key").is_enabled
    program.close_window()
    assert program.wait_ended() == 0


def test_what_is_named_on_the_command_line_is_staged_in_natural_order(
    start_program: StartProgram, tmp_path: Path
) -> None:
    pictures = [tmp_path / "img10.png", tmp_path / "img2.png"]
    for side, picture in enumerate(pictures, start=40):
        Image.new("RGB", (side, side), "teal").save(picture)
    program = start_program("--practice", *map(str, pictures))
    rows = program.accessible.wait_items("list", "Uploads", r"img\d+\.png, ready", 2)
    assert [row.partition(",")[0] for row in rows] == ["img2.png", "img10.png"]


def test_a_killed_program_starts_again_with_its_rows(start_program: StartProgram, tmp_path: Path) -> None:
    Image.new("RGB", (40, 40), "teal").save(tmp_path / "a.png")
    program = start_program("--practice", str(tmp_path / "a.png"))
    program.accessible.wait_items("list", "Uploads", r"a\.png, ready", 1)
    program.kill()
    program.arguments = ("--practice",)
    program.restart()
    program.accessible.wait_items("list", "Uploads", r"a\.png, ready", 1)


def test_a_closed_display_ends_the_start_with_one_line(desktop: Desktop, start_program: StartProgram) -> None:
    program = start_program()
    program.close_window()
    program.wait_ended()
    program.environ["DISPLAY"] = ":4711"
    program.launch()
    assert program.wait_ended() == 2
    assert program.said().count("does not answer") == 1

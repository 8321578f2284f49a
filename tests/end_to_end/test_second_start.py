"""The program is started again while it is open: the window that is there takes what was named, and nothing is sent."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.end_to_end.conftest import StartProgram
from tests.helpers.corpus import write_pictures
from tests.helpers.main_job import UPLOADS, connected, says, sent, staged
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for


def start_again(first: Program, folder: Path, *named: Path | str) -> Program:
    """A second start over the same data, without waiting for a window."""
    folder.mkdir()
    second = Program(first.desktop, folder, *map(str, named), data_dir=first.data_dir)
    second.launch()
    return second


def test_the_open_window_takes_what_a_second_start_was_given(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    one, two, three = write_pictures(tmp_path / "pictures", ["one.png", "two.png", "three.png"])
    first = connected(start_program, server, one)
    staged(first, 1)
    second = start_again(first, tmp_path / "second", three, two)
    assert second.wait_ended() == 0
    rows = staged(first, 3)
    assert [row.partition(",")[0] for row in rows] == ["one.png", "three.png", "two.png"]
    assert server.uploads == []
    assert second.complaints() == []


def test_a_second_start_hands_over_its_links_byte_for_byte(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    (picture,) = write_pictures(tmp_path / "pictures", ["one.png"])
    first = connected(start_program, server)
    links = ["https://example.com/a b.png", "file://server/share/x.png", "ftp://example.com/x.png"]
    second = start_again(first, tmp_path / "second", links[0], picture, *links[1:])
    assert second.wait_ended() == 0
    staged(first, 1)
    rows = first.accessible.wait_items(*UPLOADS, ".*, cannot be sent, .*", 3)
    assert [row.split(",")[0] for row in rows] == [
        "example.com/a b.png",
        "one.png",
        "server/x.png",
        "example.com/x.png",
    ]
    says(first, "1 file is on another computer")


def test_a_second_start_with_nothing_named_brings_the_window_to_the_front(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    first = connected(start_program, server)
    first.desktop.run("xdotool", "windowminimize", "--sync", first.window)
    second = start_again(first, tmp_path / "second")
    assert second.wait_ended() == 0
    wait_for(
        lambda: first.desktop.run("xdotool", "getactivewindow").strip() == first.window, "the first window in front"
    )


def test_after_a_kill_the_next_start_opens_as_ever(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    (picture,) = write_pictures(tmp_path / "pictures", ["one.png"])
    first = connected(start_program, server, picture)
    staged(first, 1)
    first.kill()
    first.arguments = ("--api-url", server.url)
    first.restart()
    first.accessible.wait_items(*UPLOADS, r"one\.png, ready.*", 1)


def test_where_the_open_program_does_not_answer_the_second_says_so_and_harms_nothing(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    first = connected(start_program, server, *write_pictures(tmp_path / "pictures", ["one.png", "two.png"]))
    staged(first, 2)
    os.kill(first.process_id, signal.SIGSTOP)
    try:
        second = start_program(data_dir=first.data_dir)
        second.accessible.find("label", "(?s).*open already.*", 30)
        says(second, "Another window uses this data folder")
        second.close_window()
        assert second.wait_ended() == 0
    finally:
        os.kill(first.process_id, signal.SIGCONT)
    sent(first, 2)

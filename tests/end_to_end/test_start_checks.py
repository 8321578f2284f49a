"""The look before the start, against real X servers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.helpers.desktop import Desktop
from tests.helpers.desktop_processes import Processes
from tests.helpers.program import ROOT, Program
from tests.helpers.waiting import wait_for
from tests.helpers.x_cookies import cookie_entry

CHECK = "from pixverse_gui.preflight import find_problem; print(find_problem())"


def problem(environ: Mapping[str, str], check: str = CHECK) -> str:
    """In a process of its own: libxcb reads the environment that the process was started with."""
    run = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, env=dict(environ), capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    return run.stdout.strip()


@pytest.fixture
def forgetful_display(desktop: Desktop, tmp_path: Path) -> Iterator[str]:
    """As the plain `Xvfb :N` and xvfb-run: an X server that begins anew whenever its last client has left."""
    processes = Processes(tmp_path)
    try:
        command = ["Xvfb", "-displayfd", "{fd}", "-nolisten", "tcp"]
        yield f":{processes.start_announcing(command, desktop.environ)}"
    finally:
        processes.end_all()


@pytest.fixture
def guarded_display(desktop: Desktop, tmp_path: Path) -> Iterator[str]:
    """An X server that lets in only who knows its cookie; we do not."""
    cookies = tmp_path / "cookies"
    cookies.write_bytes(cookie_entry(b"c" * 16))
    processes = Processes(tmp_path)
    try:
        command = ["Xvfb", "-displayfd", "{fd}", "-nolisten", "tcp", "-noreset", "-auth", str(cookies)]
        yield f":{processes.start_announcing(command, desktop.environ)}"
    finally:
        processes.end_all()


def test_a_display_that_answers_is_no_problem(desktop: Desktop) -> None:
    assert problem(desktop.environ) == "None"
    assert problem({**desktop.environ, "QT_QPA_PLATFORM": "xcb"}) == "None"


def test_a_display_of_another_user_is_told_apart(desktop: Desktop, guarded_display: str) -> None:
    said = problem({**desktop.environ, "DISPLAY": guarded_display})
    assert f'The display "{guarded_display}" does not let this user in.' in said


def test_who_knows_the_cookie_is_let_in(desktop: Desktop, guarded_display: str, tmp_path: Path) -> None:
    environ = {**desktop.environ, "DISPLAY": guarded_display, "XAUTHORITY": str(tmp_path / "cookies")}
    assert problem(environ) == "None"


def test_a_display_that_was_there_does_not_answer_any_more(desktop: Desktop, tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    command = ["Xvfb", "-displayfd", "{fd}", "-nolisten", "tcp", "-noreset"]
    display = f":{processes.start_announcing(command, desktop.environ)}"
    processes.end_all()
    assert f'The display "{display}" does not answer.' in problem({**desktop.environ, "DISPLAY": display})


def test_a_server_that_begins_anew_after_each_look_refuses_none(desktop: Desktop, forgetful_display: str) -> None:
    environ = {**desktop.environ, "DISPLAY": forgetful_display}
    looks = "from pixverse_gui.preflight import find_problem; print({find_problem() for _ in range(60)})"
    assert problem(environ, looks) == "{None}"
    assert {problem(environ) for _ in range(20)} == {"None"}


def test_what_a_look_opened_keeps_the_server_from_beginning_anew_until_it_is_closed(
    desktop: Desktop, forgetful_display: str
) -> None:
    """A mark on the root window is gone when the server begins anew."""
    mark, look = "xprop -root -f MARK 8s -set MARK there", "xprop -root MARK"
    code = f"""
import subprocess
from contextlib import ExitStack
from pixverse_gui.preflight import find_problem
with ExitStack() as kept:
    print(find_problem(kept=kept), flush=True)
    subprocess.run({mark.split()!r}, check=True)
    subprocess.run({look.split()!r}, check=True)
"""
    environ = {**desktop.environ, "DISPLAY": forgetful_display}
    assert problem(environ, code).split("\n") == ["None", 'MARK(STRING) = "there"']
    gone = subprocess.run(look.split(), env=environ, capture_output=True, text=True, check=True)
    assert "there" not in gone.stdout


def test_every_start_on_such_a_server_comes_to_its_window(
    desktop: Desktop, forgetful_display: str, tmp_path: Path
) -> None:
    """Seen by the journal, which is opened after the first paint: a look at the display would keep the server busy."""
    for number in range(3):
        folder = tmp_path / str(number)
        program = Program(desktop, folder, environ={"DISPLAY": forgetful_display})
        program.launch()
        journal = folder / "data" / "journal.sqlite"
        wait_for(lambda program=program, journal=journal: journal.exists() or not program.is_running, "the journal")
        assert program.is_running, program.said()
        program.end()
        assert not program.complaints()

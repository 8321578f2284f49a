"""The look before the start, against real X servers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.helpers.desktop import Desktop
from tests.helpers.desktop_processes import Processes
from tests.helpers.program import ROOT

CHECK = "from pixverse_gui.preflight import find_problem; print(find_problem())"


def problem(environ: Mapping[str, str]) -> str:
    """In a process of its own: libxcb reads the environment that the process was started with."""
    run = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=ROOT, env=dict(environ), capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    return run.stdout.strip()


@pytest.fixture
def guarded_display(desktop: Desktop, tmp_path: Path) -> Iterator[str]:
    """An X server that lets in only who knows its cookie; we do not."""
    cookies = tmp_path / "cookies"
    entry = b"\1\0" + b"".join(
        len(part).to_bytes(2, "big") + part for part in (b"x", b"0", b"MIT-MAGIC-COOKIE-1", b"c" * 16)
    )
    cookies.write_bytes(entry)
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


def test_a_display_that_was_there_does_not_answer_any_more(desktop: Desktop, tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    command = ["Xvfb", "-displayfd", "{fd}", "-nolisten", "tcp", "-noreset"]
    display = f":{processes.start_announcing(command, desktop.environ)}"
    processes.end_all()
    assert f'The display "{display}" does not answer.' in problem({**desktop.environ, "DISPLAY": display})

"""Ctrl+C in the terminal the program was started from."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal")
def test_it_ends_the_program_without_a_traceback(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pixverse_gui", "--practice", "--data-dir", str(data)]
    said = tmp_path / "said"
    with said.open("wb") as log, subprocess.Popen(command, env=environ, stdout=log, stderr=log) as program:
        wait_for((data / "practice" / "journal.sqlite").exists, "the journal")
        program.send_signal(signal.SIGINT)
        code = wait_for(lambda: (program.poll(),) if program.poll() is not None else None, "its end")
    assert code == (-signal.SIGINT,)
    assert "Traceback" not in said.read_text()

"""The real program in a process of its own, on a test desktop, with a home and a data folder of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.helpers.accessibility import Accessibility
from tests.helpers.desktop import Desktop
from tests.helpers.waiting import wait_for

TITLE = "PixVerse Uploader"
ROOT = Path(__file__).resolve().parents[2]

_COMPLAINT = re.compile(
    r"Traceback \(most recent|Fatal Python error|Exception ignored|Warning:|^qt\.(?!accessibility\.atspi)"
    r"|^Q(?!AccessibleList::child: Invalid index at)[A-Z]\w+::"
)
"""Qt's bridge says on stderr which parts of the accessibility protocol it lacks; that is not about us.

Nor is a row that went between two questions of the test: it asks how many there are, then for each of them.
"""


class Program:
    """Use as a context manager: entered, the window is there and on the accessibility bus.

    Left, the program is ended, and a traceback or a Qt warning on its stderr fails the test. `announced` is a regular
    expression of lines that are allowed there all the same.
    """

    def __init__(
        self,
        desktop: Desktop,
        folder: Path,
        *arguments: str,
        data_dir: Path | None = None,
        environ: Mapping[str, str] | None = None,
        announced: str | None = None,
    ) -> None:
        self.desktop = desktop
        self.data_dir = data_dir or folder / "data"
        self.arguments = arguments
        self._announced = announced
        self._home = folder / "home"
        self.environ = {**desktop.environ, **self._own_environ(), **(environ or {})}
        self._said = folder / "program.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False
        self.window = ""
        self.accessible: Accessibility

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        if kind is None:
            assert not self.complaints(), self.said()

    def start(self) -> None:
        """Starts it (again) and waits for its window; fails at once with what it said when it ends before that."""
        self.launch()
        self.window = wait_for(self._find_window, "the window of the program")[-1]
        self.accessible = Accessibility(self.process_id, self.desktop.environ)
        self.accessible.__enter__()
        # The window is there before what is in it.
        self.accessible.find("button", "Add images")

    def find_new_window(self) -> None:
        """Waits until the program has put another window in the place of the one that was there."""
        old = self.window
        self.window = wait_for(lambda: [one for one in self._find_window() if one != old], "another window")[-1]
        wait_for(lambda: old not in self._find_window(), "the window before it to go")
        self.accessible.find("button", "Add images")

    def launch(self) -> None:
        """Starts it without waiting for anything: for starts that are meant to fail."""
        self._home.mkdir(exist_ok=True, parents=True)
        command = [sys.executable, "-m", "pixverse_gui", "--data-dir", str(self.data_dir), *self.arguments]
        self._killed = False
        with self._said.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self.environ, cwd=self._home, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _own_environ(self) -> dict[str, str]:
        return {
            "HOME": str(self._home),
            "XDG_DATA_HOME": str(self._home / "data"),
            "XDG_CONFIG_HOME": str(self._home / "config"),
            "XDG_CACHE_HOME": str(self._home / "cache"),
            "PYTHONPATH": str(ROOT),
            "PYTHONFAULTHANDLER": "1",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }

    def _find_window(self) -> list[str]:
        assert self._running.poll() is None, f"the program ended with {self._running.returncode}: {self.said()}"
        mine = self.desktop.windows(rf"^{TITLE}")
        return [window for window in mine if self._owns(window)]

    def _owns(self, window: str) -> bool:
        return self.desktop.run("xdotool", "getwindowpid", window).strip() == str(self.process_id)

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    @property
    def process_id(self) -> int:
        return self._running.pid

    @property
    def is_running(self) -> bool:
        return self._running.poll() is None

    def said(self) -> str:
        """Everything it wrote to stdout and stderr, over all starts."""
        return self._said.read_text(errors="replace")

    def complaints(self) -> list[str]:
        announced = re.compile(self._announced) if self._announced else None
        lines = [line for line in self.said().splitlines() if _COMPLAINT.search(line)]
        return [line for line in lines if not (announced and announced.search(line))]

    def keys(self, *keys: str) -> None:
        """Keys to this window, brought to the front first."""
        self.desktop.focus(self.window)
        self.desktop.keys(*keys)

    def centre(self) -> tuple[int, int]:
        x, y, width, height = self.desktop.geometry(self.window)
        return x + width // 2, y + height // 2

    def resize(self, width: int, height: int) -> None:
        """Also moves it out of the corner where a drag source starts."""
        self.desktop.run(
            "xdotool",
            "windowmove",
            self.window,
            "100",
            "80",
            "windowsize",
            "--sync",
            self.window,
            str(width),
            str(height),
        )

    def screenshot(self, picture: Path) -> None:
        self.desktop.screenshot(picture, self.window)

    def close_window(self) -> None:
        """As the operator does; a dialog may ask something before it is gone."""
        self.keys("alt+F4")

    def wait_ended(self, timeout: float = 15.0) -> int:
        """Its exit code."""
        code = wait_for(
            lambda: (self._running.poll(),) if self._running.poll() is not None else None, "its end", timeout
        )
        return int(code[0])

    def kill(self) -> None:
        """As a power cut: nothing of it runs any more."""
        self._killed = True
        self._running.send_signal(signal.SIGKILL)
        self._running.wait()
        self._close_accessible()

    def restart(self) -> None:
        """After it ended or was killed: the same data folder, a new process."""
        self._close_accessible()
        self.start()

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        self._close_accessible()

    def _close_accessible(self) -> None:
        if hasattr(self, "accessible"):
            self.accessible.close()

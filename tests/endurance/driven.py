"""DrivenProgram: the program of `driven_program` as a process that this one starts, listens to and ends or kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-0123456789abcdef0123456789abcdef"


class DrivenProgram:
    """One start of it. Use as a context manager: left, it is gone.

    `folder` holds its home and data and outlives it; `events` is everything it said.
    """

    def __init__(
        self, folder: Path, api_url: str, files: Sequence[Path | str] = (), *, environ: dict[str, str] | None = None
    ) -> None:
        self.data_dir = folder / "data"
        self.events: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._is_silent = False
        self._said = (folder / "stderr").open("ab")
        self._errors = folder / "stderr"
        home = folder / "home"
        home.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.endurance.driven_program", "--data-dir", str(self.data_dir)]
        self.started = time.time()
        self.process = subprocess.Popen(
            [*command, "--api-url", api_url, "--", *map(str, files)],
            cwd=ROOT,
            env={**_environ(home), **(environ or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._said.close()

    def wait_for(self, event: str, *, times: int = 1, timeout: float = 120.0) -> dict[str, Any]:
        """What it said with this event, once it was said `times` times. Raises AssertionError where it never is."""
        with self._news:
            self._news.wait_for(lambda: len(self.all(event)) >= times or self._is_silent, timeout)
            found = self.all(event)
        if len(found) < times:
            raise AssertionError(f"no {event!r} in {timeout} s; it said {self.events[-3:]} and {self.errors()[-2000:]}")
        return found[times - 1]

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Whether this came to be true of what it says."""
        with self._news:
            return self._news.wait_for(lambda: condition() or self._is_silent, timeout) and condition()

    def all(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == event]

    @property
    def longest_stop_ms(self) -> int:
        """Of its event loop, as far as it has said so; it does when it is closed."""
        return max((int(one.get("longest_stop_ms", 0)) for one in self.events), default=0)

    def errors(self) -> str:
        """What it wrote to stderr, in all its starts."""
        return self._errors.read_text(errors="replace")

    def tell(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def close(self) -> int:
        """As the operator closes the window; returns the exit code."""
        self.tell("close")
        code = self.process.wait(30)
        self._listener.join()
        return code

    def kill(self) -> None:
        """As when the power goes, for this program alone."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._listener.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def kill_after(self, seconds: float) -> threading.Timer:
        """A running timer that kills it so many seconds after its start."""
        timer = threading.Timer(max(0.0, self.started + seconds - time.time()), self.process.kill)
        timer.start()
        return timer

    def resident_bytes(self) -> int:
        """The memory it really has."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # a kill may cut one
                with self._news:
                    self.events.append(json.loads(line))
                    self._news.notify_all()
        with self._news:
            self._is_silent = True
            self._news.notify_all()


def _environ(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PIXVERSE_API_KEY": KEY,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONFAULTHANDLER": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }

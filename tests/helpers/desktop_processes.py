"""Child processes of a test desktop: started together, their output kept, ended in reverse order whatever happens."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.helpers.waiting import wait_for

END_TIMEOUT_S = 5.0


class Processes:
    """`log_folder` gets one file a process, for the moment when something does not start."""

    def __init__(self, log_folder: Path) -> None:
        self._log_folder = log_folder
        self._running: list[subprocess.Popen[bytes]] = []

    def start(
        self, command: Sequence[str], environ: Mapping[str, str], *, told: bytes = b"", pass_fds: Sequence[int] = ()
    ) -> subprocess.Popen[bytes]:
        """Each process leads a group of its own, so that what it starts ends with it. `told` goes to its stdin."""
        with (self._log_folder / f"{Path(command[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                env=dict(environ),
                stdin=subprocess.PIPE if told else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        if process.stdin is not None:
            process.stdin.write(told)
            process.stdin.close()
        self._running.append(process)
        return process

    def start_announcing(self, command: Sequence[str], environ: Mapping[str, str]) -> str:
        """For servers that write their address to a file descriptor, `{fd}` in the command. Returns the address."""
        reading, writing = os.pipe()
        words = [word.replace("{fd}", str(writing)) for word in command]
        try:
            process = self.start(words, environ, pass_fds=[writing])
        finally:
            os.close(writing)
        os.set_blocking(reading, False)
        said = bytearray()

        def announced() -> bool:
            assert process.poll() is None, f"{command[0]} ended at once: {self.log_of(command[0])}"
            with contextlib.suppress(BlockingIOError):
                said.extend(os.read(reading, 4096))
            return said.endswith(b"\n")

        try:
            wait_for(announced, f"{command[0]} to start")
        finally:
            os.close(reading)
        return said.decode().strip()

    def log_of(self, command: str) -> str:
        return (self._log_folder / f"{Path(command).name}.log").read_text(errors="replace")

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ends it and everything it started."""
        if process in self._running:
            self._running.remove(process)
        _end_group(process)

    def end_all(self) -> None:
        while self._running:
            _end_group(self._running.pop())


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_TIMEOUT_S)
            break
    with contextlib.suppress(ProcessLookupError):  # what it started and did not end itself
        os.killpg(process.pid, signal.SIGKILL)

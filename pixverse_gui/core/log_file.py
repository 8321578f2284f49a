"""The log on disk: three files of a megabyte at most, for this user only, never with a key in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

LOG_NAME: Final = "pixverse-gui.log"
FAULTS_NAME: Final = "faults.txt"
MAX_FILE_BYTES: Final = 1_000_000
OLDER_FILES: Final = 2

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_FAULTS_MAX_BYTES: Final = 64 * 1024


class LogFile:
    """One thread only. Nothing is held back: what `write` took is the system's, also when this process dies.

    Never raises for what the disk does. A line that cannot be written is counted, and the next one that can be says
    how many are missing. `scrub` is the last step before the disk.
    """

    def __init__(self, folder: Path, scrub: Callable[[str], str], *, max_bytes: int = MAX_FILE_BYTES) -> None:
        self._folder, self._path = folder, folder / LOG_NAME
        self._scrub, self._max_bytes = scrub, max_bytes
        self._handle: int | None = None
        self._lost = 0

    def write(self, line: str) -> None:
        """Append one line, which may have line breaks of its own."""
        if self._lost:
            line = f"({self._lost} lines before this one could not be written)\n{line}"
        data = f"{self._scrub(line)}\n".encode("utf-8", "backslashreplace")[: self._max_bytes]
        try:
            self._make_room(len(data))
            self._append(data)
        except OSError:
            self._lost += 1
            self.close()
        else:
            self._lost = 0

    def close(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            with suppress(OSError):
                os.close(handle)

    def open_faults(self) -> int | None:
        """A file for the last words of a process that a library brings down; None where there can be none.

        What an earlier run left there is moved into the log.
        """
        path = self._folder / FAULTS_NAME
        try:
            self._make_folder()
            with suppress(FileNotFoundError), path.open("rb") as file:
                left = file.read(_FAULTS_MAX_BYTES).decode("utf-8", "replace").strip()
                if left:
                    self.write(f"An earlier run was brought down:\n{left}")
            return os.open(path, _FLAGS | os.O_TRUNC, 0o600)
        except OSError:
            return None

    def _make_room(self, wanted: int) -> None:
        """The file may have been moved or deleted, by the operator or by another window of this program."""
        if self._handle is not None:
            status = os.fstat(self._handle)
            if status.st_nlink and self._is_at_its_place(status) and status.st_size + wanted <= self._max_bytes:
                return
            self.close()
        self._make_folder()
        with suppress(FileNotFoundError):
            if self._path.stat().st_size + wanted > self._max_bytes:
                self._rotate()
        self._handle = os.open(self._path, _FLAGS, 0o600)

    def _make_folder(self) -> None:
        # Also the data folder, where the log is the first to come: `parents` alone would leave it open to everybody.
        for folder in (self._folder.parent, self._folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _is_at_its_place(self, status: os.stat_result) -> bool:
        try:
            return os.path.samestat(status, self._path.lstat())
        except FileNotFoundError:
            return False

    def _append(self, data: bytes) -> None:
        if self._handle is None:
            return
        written = os.write(self._handle, data)
        if written < len(data):  # the disk is full in the midst of a line
            os.write(self._handle, data[written:])

    def _rotate(self) -> None:
        for number in range(OLDER_FILES, 0, -1):
            newer = self._path if number == 1 else self._numbered(number - 1)
            with suppress(FileNotFoundError):
                newer.replace(self._numbered(number))

    def _numbered(self, number: int) -> Path:
        return self._folder / f"{LOG_NAME}.{number}"

"""A drive that does not answer: whoever opens one of its files or folders waits until it is plugged in again."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class SilentDrive:
    """Files and folders whose name begins with `prefix`. `opened`: their names, each time somebody waits for one."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.opened: list[str] = []
        self._is_there = threading.Event()

    def has(self, path: object) -> bool:
        return isinstance(path, str) and Path(path).name.startswith(self.prefix)

    def wait(self, path: str) -> None:
        if not self._is_there.is_set():
            self.opened.append(Path(path).name)
            self._is_there.wait(60)

    def plug_in(self) -> None:
        self._is_there.set()


@contextmanager
def silent_drive(prefix: str = "silent") -> Iterator[SilentDrive]:
    """Leave it before the threads that wait for it are."""
    drive, real, real_scan = SilentDrive(prefix), os.open, os.scandir

    def open_slowly(path: Any, *options: Any, **named: Any) -> int:
        if drive.has(path):
            drive.wait(path)
        return real(path, *options, **named)

    def scan_slowly(path: Any = ".") -> Any:
        if drive.has(path):
            drive.wait(path)
        return real_scan(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", open_slowly)
        patch.setattr(os, "scandir", scan_slowly)
        try:
            yield drive
        finally:
            drive.plug_in()

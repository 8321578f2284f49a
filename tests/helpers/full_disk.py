"""A folder on a disk that can be filled to its last byte, in the process of the test."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SIZE = 2 * 1024 * 1024
_LARGEST_FILE = 8_192
"""Less than the file that SQLite needs beside a -wal, and no less than a test itself writes meanwhile."""


class FullDisk:
    """`is_real`: a small file system of its own. Where none may be mounted, no file can grow beyond a few kB."""

    def __init__(self, folder: Path, *, is_real: bool) -> None:
        self.folder, self.is_real = folder, is_real

    @contextmanager
    def full(self) -> Iterator[None]:
        """Inside, there is no room for anything."""
        film = self.folder / "film"
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        if self.is_real:
            with suppress(OSError), film.open("wb", buffering=0) as opened:
                while opened.write(bytes(4096)):
                    pass
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            film.unlink(missing_ok=True)


@contextmanager
def full_disk(folder: Path) -> Iterator[FullDisk]:
    """`folder` is made. Python itself ignores the signal that comes with a file that is too large."""
    folder.mkdir(parents=True)
    is_real = _ran("mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(folder))
    try:
        yield FullDisk(folder, is_real=is_real)
    finally:
        if is_real:
            _ran("umount", "-l", str(folder))


def _ran(*command: str) -> bool:
    with suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False

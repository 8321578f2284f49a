"""A disk that is full after so many bytes, until somebody makes room: a file system in memory, or a limit on files."""

from __future__ import annotations

import resource
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.endurance.driven import DrivenProgram

_ROOM = 64 * 1024 * 1024


class SmallDisk:
    """Use as a context manager; `is_real` tells whether it is a file system of its own.

    Where none may be mounted, `limit` gives the program the same bound on the size of each of its files.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self._size, self.is_real = folder, size, False

    def __enter__(self) -> Self:
        self.folder.mkdir()
        self.is_real = _ran("mount", "-t", "tmpfs", "-o", f"size={self._size}", "none", str(self.folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_real:
            _ran("umount", "-l", str(self.folder))

    def limit(self, program: DrivenProgram) -> None:
        """Nothing to do on a real one."""
        if not self.is_real:
            resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (self._size // 2, resource.RLIM_INFINITY))

    def make_room(self, program: DrivenProgram) -> None:
        """As somebody who deletes a film."""
        if self.is_real:
            _ran("mount", "-o", f"remount,size={_ROOM}", str(self.folder))
        else:
            with suppress(ProcessLookupError):
                resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (_ROOM, resource.RLIM_INFINITY))


def _ran(*command: str) -> bool:
    with suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False

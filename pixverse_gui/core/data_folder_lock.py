"""One running program a data folder: a lock the operating system holds, and drops when the program ends."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

if sys.platform == "win32":  # pragma: no cover - each half runs on its own system only
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


LOCK_FILE_NAME = "lock"
_HELD_BY_ANOTHER = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})


class FolderLock:
    """The lock of one data folder, made if it is missing. Not a pid file: nothing is left behind that could be stale.

    Blocks shortly; one thread at a time may call.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_FILE_NAME
        self._file: int | None = None

    def acquire(self) -> bool:
        """False only where another program holds the lock.

        A folder that cannot be written or has no locks (some network homes) counts as free: two programs in it
        still do no harm, as every write is one BEGIN IMMEDIATE transaction.
        """
        if self._file is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return True
        try:
            _lock(file)
        except OSError as error:
            os.close(file)
            return error.errno not in _HELD_BY_ANOTHER
        self._file = file
        return True

    def release(self) -> None:
        """Gives the folder free. The end of the process does the same."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

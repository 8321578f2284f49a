"""One running program a data folder: a lock the operating system holds, and drops when the program ends."""

from __future__ import annotations

import errno
import os
import sys
import threading
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
_LOOK_EVERY_S = 0.1
_HELD_BY_ANOTHER = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})


def is_held_by_another(folder: Path) -> bool:
    """Whether a running program has this folder. Makes and keeps nothing; far less than a millisecond."""
    try:
        file = os.open(folder / LOCK_FILE_NAME, os.O_RDWR)
    except OSError:
        return False
    try:
        return _try_to_lock(file) in _HELD_BY_ANOTHER
    finally:
        os.close(file)


def _try_to_lock(file: int) -> int | None:
    """None where the lock is ours now, else the number of the error."""
    try:
        _lock(file)
    except OSError as error:
        return error.errno or errno.EIO
    return None


class FolderLock:
    """The lock of one data folder, made if it is missing. Not a pid file: nothing is left behind that could be stale.

    Blocks shortly; one thread at a time may call.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_FILE_NAME
        self._file: int | None = None

    def acquire(self, patience_s: float = 0.0) -> bool:
        """False only where another program holds the lock, and keeps it for `patience_s` seconds more.

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
        never, left_s = threading.Event(), patience_s
        while (trouble := _try_to_lock(file)) in _HELD_BY_ANOTHER and left_s > 0:
            never.wait(_LOOK_EVERY_S)  # a program that is closing gives it free in a moment
            left_s -= _LOOK_EVERY_S
        if trouble is None:
            self._file = file
            return True
        os.close(file)
        return trouble not in _HELD_BY_ANOTHER

    def release(self) -> None:
        """Gives the folder free. The end of the process does the same."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

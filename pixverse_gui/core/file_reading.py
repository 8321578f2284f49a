"""A path  →  the bytes of a regular file, or the reason why there are none.

Part of `inspection`. Nothing here waits for a fifo, reads a device, or reads more than it was told to.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import Self

from pixverse_gui.core.limits import MIB
from pixverse_gui.core.models import IssueCode
from pixverse_gui.core.read_watch import ReadWatch

# O_NONBLOCK: opening a fifo would wait for a writer for ever. O_NOCTTY: nor shall a terminal become ours. O_BINARY
# exists on Windows alone.
OPEN_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    OPEN_FLAGS |= getattr(os, _name, 0)
# A socket cannot be opened at all, and says so in one of these ways.
_NO_FILE_ERRORS = frozenset({errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.EOPNOTSUPP})


class NotAFileError(OSError):
    """A folder, a fifo, a device or a socket."""


class OpenedFile:
    """A regular file while it is open: a context, as Python's own are. Size (bytes) and time of change (ns) are those
    of the moment it was opened.
    """

    def __init__(self, descriptor: int, status: os.stat_result, watch: ReadWatch) -> None:
        self._descriptor, self._watch = descriptor, watch
        self.byte_size = status.st_size
        self.modified_ns = status.st_mtime_ns

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The number may be another file's from here on.
        descriptor, self._descriptor = self._descriptor, -1
        try:
            os.close(descriptor)
        finally:
            self._watch.end()

    def read_at(self, offset: int, size: int) -> bytes:
        """Fewer bytes at the end of the file."""
        os.lseek(self._descriptor, offset, os.SEEK_SET)
        return self._read(size)

    def read_all(self, most: int) -> bytes:
        """The whole file as it is now, up to `most` bytes of one that is growing.

        Nothing of one without a length: such are the system's own, which make their content up, some for ever.
        """
        if self.byte_size == 0:
            return b""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        # Read right where it stays: to join pieces took ten times as long as reading them.
        room = io.BytesIO(bytes(min(self.byte_size, most)))
        with room.getbuffer() as place:
            size = self._fill(place)
        if size < min(self.byte_size, most):
            return room.getvalue()[:size]
        return room.getvalue() + self._grown(most - size) if size < most else room.getvalue()

    def _fill(self, place: memoryview) -> int:
        """In pieces that a slow drive brings well within the time after which it counts as silent."""
        size = 0
        while size < len(place):
            with place[size : size + MIB] as piece:
                count = read_piece(self._descriptor, piece)
            self._watch.moved()
            if not count:
                break
            size += count
        return size

    def _grown(self, most: int) -> bytes:
        """What was written behind the end while it was read."""
        blocks: list[bytes] = []
        while most > 0 and (block := self._read(min(MIB, most))):
            blocks.append(block)
            most -= len(block)
        return b"".join(blocks)

    def _read(self, size: int) -> bytes:
        block = os.read(self._descriptor, size)
        self._watch.moved()
        return block

    def has_changed(self, bytes_read: int) -> bool:
        """Whether it was written to since it was opened."""
        now = os.fstat(self._descriptor)
        return (bytes_read, now.st_size, now.st_mtime_ns) != (self.byte_size, self.byte_size, self.modified_ns)


def read_piece(descriptor: int, place: memoryview) -> int:
    """Read what fits into `place`, without a copy on the way. 0: the file has ended. Raises OSError."""
    with io.FileIO(descriptor, closefd=False) as file:
        count = file.readinto(place)
    if count is None:  # nothing there yet, which no regular file says
        raise BlockingIOError(errno.EAGAIN, "nothing to read yet")
    return count


def open_file(path: str, watch: ReadWatch | None = None) -> OpenedFile:
    """Open a regular file for reading. Raises OSError, NotAFileError among them, or ValueError for an impossible path.

    `watch` is told how the reading gets on, from before the file is opened until it is closed.

    Keep to fstat of what was opened: between a stat of the path and its opening, another thing can take its place.
    """
    watch = watch or ReadWatch()
    watch.begin(path)
    try:
        descriptor = os.open(path, OPEN_FLAGS)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise NotAFileError(errno.ENODEV, "not a regular file")
        except BaseException:
            os.close(descriptor)
            raise
    except BaseException:
        watch.end()
        raise
    watch.moved()
    return OpenedFile(descriptor, status, watch)


def reason_of(error: OSError | ValueError) -> IssueCode:
    """The issue that a failure to open or read a file is."""
    if isinstance(error, ValueError):
        return IssueCode.FILE_MISSING  # a NUL or half a character in the path, which no file can have
    if isinstance(error, NotAFileError) or error.errno in _NO_FILE_ERRORS:
        return IssueCode.NOT_A_FILE
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return IssueCode.FILE_MISSING
    if isinstance(error, PermissionError):
        # Windows refuses to open a folder as it refuses a file that may not be read.
        return IssueCode.NOT_A_FILE if _is_folder(error.filename) else IssueCode.NO_PERMISSION
    return IssueCode.UNREADABLE


def _is_folder(path: object) -> bool:
    return isinstance(path, str) and Path(path).is_dir()

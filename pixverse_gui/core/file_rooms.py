"""FileRooms: memory that whole files are read into, used again for the next one.

Part of `sending`. Memory that comes fresh from the system is cleared by it, a page of 4 kB after the other: for a file
of 19 MB that took 22 ms, and reading it 4.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import threading
from collections.abc import Iterator

# What is smaller comes from memory that the allocator keeps itself (`large_blocks`).
_LARGE_BYTES = 4 << 20
_OF_THIS_PROCESS = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)


class FileRoom:
    """Room for one file while an attempt lasts. `place` has as many bytes as were asked for."""

    def __init__(self, place: memoryview, whole: memoryview | None = None) -> None:
        self.place = place
        self.whole = whole

    def drop(self) -> None:
        """Nobody will read into it, nor from it, for who has it never comes back. Any thread."""
        self.place, self.whole = memoryview(b""), None


class FileRooms:
    """May be used from several threads at once.

    One room is kept for whoever comes next, and only while others are in use: where nothing is sent there is none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_use = 0
        self._free: memoryview | None = None

    @contextlib.contextmanager
    def room_for(self, size: int) -> Iterator[FileRoom]:
        """Room for `size` bytes; what is in it is left from others. Raises MemoryError."""
        if size < _LARGE_BYTES:
            yield FileRoom(memoryview(bytearray(size)))
            return
        room = self._take(size)
        try:
            yield room
        finally:
            self._give_back(room)

    def _take(self, size: int) -> FileRoom:
        with self._lock:
            whole, self._free = self._free, None
            self._in_use += 1
        if whole is None or len(whole) < size:
            try:
                whole = _fresh(size)
            except OSError as error:
                self._give_back(FileRoom(memoryview(b"")))
                raise MemoryError from error
        return FileRoom(whole[:size], whole)

    def _give_back(self, room: FileRoom) -> None:
        with self._lock:
            self._in_use -= 1
            self._free = (room.whole or self._free) if self._in_use else None
        room.drop()


def _fresh(size: int) -> memoryview:
    """In pages of 2 MB where the system has them (Linux, "Transparent Hugepage Support", madvise). Raises OSError."""
    # On Windows the size alone asks for memory that is no file's; elsewhere it would be shared with children.
    memory = mmap.mmap(-1, size) if os.name == "nt" else mmap.mmap(-1, size, flags=_OF_THIS_PROCESS)
    with contextlib.suppress(AttributeError, OSError):  # another system, or one that was built without them
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(memory)

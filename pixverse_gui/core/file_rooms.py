"""FileRooms: memory that whole files are read into, used again for the next one.

Part of `sending`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from pixverse_gui.core.large_pages import in_large_pages

# What is smaller comes from memory that the allocator keeps itself (`large_blocks`).
_LARGE_BYTES = 4 << 20
_NOTHING = memoryview(b"")


class FileRoom:
    """Room for one file while an attempt lasts. `place` has as many bytes as were asked for."""

    def __init__(self, whole: memoryview, size: int, rooms: FileRooms | None = None) -> None:
        self.place = whole[:size]
        self.whole = whole
        self.is_over = False
        self._rooms = rooms

    def drop(self) -> None:
        """Nobody will read into it, nor from it, for who has it may never come back. Any thread."""
        if self._rooms is not None:
            self._rooms.end(self, is_used_again=False)


class FileRooms:
    """May be used from several threads at once.

    One room is kept for whoever comes next, and only while others are in use: where nothing is sent there is none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_use = 0
        self._free = _NOTHING

    @contextlib.contextmanager
    def room_for(self, size: int) -> Iterator[FileRoom]:
        """Room for `size` bytes; what is in it is left from others. Raises MemoryError."""
        if size < _LARGE_BYTES:
            yield FileRoom(memoryview(bytearray(size)), size)
            return
        room = self._take(size)
        try:
            yield room
        finally:
            self.end(room, is_used_again=True)

    def end(self, room: FileRoom, *, is_used_again: bool) -> None:
        """It is not in use any more; from the second time on this does nothing."""
        with self._lock:
            if room.is_over:
                return
            room.is_over = True
            self._in_use -= 1
            kept = room.whole if is_used_again else self._free
            self._free = kept if self._in_use else _NOTHING
            room.place = room.whole = _NOTHING

    def _take(self, size: int) -> FileRoom:
        with self._lock:
            whole, self._free = self._free, _NOTHING
        if len(whole) < size:
            whole = _NOTHING  # given back before as much more is taken
            whole = memoryview(in_large_pages(size))
        room = FileRoom(whole, size, self)
        with self._lock:
            self._in_use += 1
        return room

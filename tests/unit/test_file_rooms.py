"""Room for files is used again, by one at a time, and is given back."""

from __future__ import annotations

import mmap
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import NoReturn

import pytest

from pixverse_gui.core import large_pages
from pixverse_gui.core.file_rooms import FileRooms

LARGE, SMALL = 5_000_000, 1_000


@pytest.mark.parametrize("size", [1, SMALL, LARGE])
def test_there_is_room_for_as_much_as_was_asked_for(size: int) -> None:
    with FileRooms().room_for(size) as room:
        room.place[:] = b"x" * size
        assert bytes(room.place) == b"x" * size


def test_what_one_has_no_other_gets() -> None:
    rooms = FileRooms()
    with rooms.room_for(LARGE) as one, rooms.room_for(LARGE) as other:
        one.place[:], other.place[:] = b"1" * LARGE, b"2" * LARGE
        assert bytes(one.place) == b"1" * LARGE


def test_room_is_used_again_while_others_are_in_use() -> None:
    rooms = FileRooms()
    with rooms.room_for(LARGE):
        with rooms.room_for(LARGE) as room:
            memory = weakref.ref(room.place.obj)
        with rooms.room_for(LARGE - 1_000) as room:
            assert room.place.obj is memory()
            assert len(room.place) == LARGE - 1_000


def test_room_that_is_too_small_is_not_kept_beside_what_takes_its_place() -> None:
    rooms = FileRooms()
    with rooms.room_for(LARGE):
        with rooms.room_for(LARGE) as room:
            memory = weakref.ref(room.place.obj)
            del room
        with rooms.room_for(LARGE + 1) as room:
            assert len(room.place) == LARGE + 1
            assert memory() is None


def test_where_nothing_is_in_use_nothing_is_kept() -> None:
    rooms = FileRooms()
    with rooms.room_for(LARGE) as room, rooms.room_for(LARGE) as other:
        memories = [weakref.ref(room.place.obj), weakref.ref(other.place.obj)]
    assert [memory() for memory in memories] == [None, None]


def test_what_was_dropped_is_gone_at_once_and_nobody_gets_it_later() -> None:
    rooms = FileRooms()
    with rooms.room_for(LARGE), ExitStack() as stack:
        room = stack.enter_context(rooms.room_for(LARGE))
        memory = weakref.ref(room.place.obj)
        room.drop()
        assert memory() is None
        stack.close()
        with rooms.room_for(LARGE) as another:
            assert len(another.place) == LARGE


def test_what_is_left_behind_for_ever_keeps_nothing_for_those_who_come_later() -> None:
    rooms = FileRooms()
    with rooms.room_for(LARGE) as hung:
        hung.drop()
        with rooms.room_for(LARGE) as room:
            memory = weakref.ref(room.place.obj)
        assert memory() is None
        hung.drop()  # again
        with rooms.room_for(LARGE), rooms.room_for(LARGE) as room:
            memory = weakref.ref(room.place.obj)
        assert memory() is None


@pytest.mark.parametrize("error", [MemoryError(), OSError(12, "Cannot allocate memory")])
def test_where_there_is_no_memory_it_says_so_and_goes_on(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = FileRooms()
    with monkeypatch.context() as patch:
        patch.setattr(large_pages.mmap, "mmap", refusing(error))
        with pytest.raises(MemoryError), rooms.room_for(LARGE):
            pass
    with rooms.room_for(LARGE) as room:
        memory = weakref.ref(room.place.obj)
    assert memory() is None  # the one that failed does not count as in use


def test_a_system_without_large_pages_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(mmap, "MADV_HUGEPAGE", raising=False)
    with FileRooms().room_for(LARGE) as room:
        assert len(room.place) == LARGE


def test_threads_that_take_and_give_back_at_once_never_share() -> None:
    rooms = FileRooms()

    def use(number: int) -> bool:
        with rooms.room_for(LARGE) as room:
            mark = bytes([number % 256])
            room.place[:] = mark * LARGE
            return bytes(room.place) == mark * LARGE

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(use, range(40)))


def refusing(error: Exception) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise error

    return refuse

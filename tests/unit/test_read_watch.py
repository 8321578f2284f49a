"""Silence is counted from the last piece that came, and only while something is being read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pixverse_gui.core import file_reading
from pixverse_gui.core.file_reading import open_file
from pixverse_gui.core.limits import MIB
from pixverse_gui.core.read_watch import ReadGivenUpError, ReadWatch


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_silence_begins_with_the_reading_and_ends_with_it(clock: Clock) -> None:
    watch = ReadWatch(clock)
    assert watch.silent_s == 0.0
    with watch.reading("/a.png"):
        clock.now += 3
        assert watch.silent_s == 3.0
        assert watch.path == "/a.png"
        watch.moved()
        assert watch.silent_s == 0.0
        clock.now += 1
    clock.now += 1_000  # decoding
    assert watch.silent_s == 0.0
    watch.moved()
    clock.now += 1
    assert watch.silent_s == 0.0


def test_a_reading_that_fails_is_over_too(clock: Clock) -> None:
    watch = ReadWatch(clock)
    with pytest.raises(OSError, match="gone"), watch.reading("/a.png"):
        raise OSError("gone")
    clock.now += 9
    assert watch.silent_s == 0.0


@pytest.mark.parametrize("name", ["nothing", ".", "a\0b"])
def test_what_cannot_be_opened_is_not_read_any_more_and_leaves_nothing_open(
    tmp_path: Path, clock: Clock, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, opened, closed = ReadWatch(clock), list[int](), list[int]()
    open_descriptor, close_descriptor = os.open, os.close

    def count_open(path: str, flags: int) -> int:
        opened.append(open_descriptor(path, flags))
        return opened[-1]

    def count_close(descriptor: int) -> None:
        closed.append(descriptor)
        close_descriptor(descriptor)

    monkeypatch.setattr(file_reading.os, "open", count_open)
    monkeypatch.setattr(file_reading.os, "close", count_close)
    with pytest.raises((OSError, ValueError)):
        open_file(f"{tmp_path}/{name}", watch)
    clock.now += 9
    assert (watch.silent_s, opened) == (0.0, closed)


def test_a_worker_that_nobody_waits_for_reads_no_other_file(tmp_path: Path) -> None:
    watch = ReadWatch()
    watch.give_up()
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(ReadGivenUpError), open_file(str(tmp_path / "a"), watch):
        pass


def test_a_large_file_from_a_slow_drive_is_never_silent_for_long(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(bytes(5 * MIB))
    watch, longest, read = ReadWatch(clock), list[float](), file_reading.read_piece

    def read_slowly(descriptor: int, place: memoryview) -> int:
        clock.now += 10
        longest.append(watch.silent_s)
        return read(descriptor, place)

    monkeypatch.setattr(file_reading, "read_piece", read_slowly)
    with open_file(str(tmp_path / "a"), watch) as file:
        assert len(file.read_all(99 * MIB)) == 5 * MIB
    assert max(longest) == 10.0
    assert len(longest) == 5

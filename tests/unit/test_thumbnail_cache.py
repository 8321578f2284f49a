"""The cache file of thumbnails."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pixverse_gui.core.limits import Limits
from pixverse_gui.core.thumbnail_cache import ThumbnailCache

LIMITS = Limits()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "thumbnails.sqlite"


def sha(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def test_what_was_put_is_found_again_also_after_a_restart(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)
    assert cache.get(sha(1)) is None
    cache.put(sha(1), b"one")
    assert cache.get(sha(1)) == b"one"
    cache.close()
    again = ThumbnailCache(path, LIMITS)
    assert again.get(sha(1)) == b"one"
    assert again.get(sha(2)) is None
    again.close()


def test_the_later_thumbnail_of_a_picture_counts(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)
    cache.put(sha(1), b"old")
    cache.put(sha(1), b"new")
    assert cache.get(sha(1)) == b"new"
    cache.close()


def test_several_threads_may_use_it(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)

    def work(number: int) -> bytes | None:
        cache.put(sha(number), b"%d" % number)
        return cache.get(sha(number))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(200))) == [b"%d" % number for number in range(200)]
    cache.close()


def test_two_programs_may_use_one_file(path: Path) -> None:
    first, second = ThumbnailCache(path, LIMITS), ThumbnailCache(path, LIMITS)
    first.put(sha(1), b"one")
    second.put(sha(2), b"two")
    assert (first.get(sha(2)), second.get(sha(1))) == (b"two", b"one")
    first.close()
    second.close()


def test_closed_it_neither_finds_nor_keeps(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)
    cache.put(sha(1), b"one")
    cache.close()
    cache.close()
    cache.put(sha(2), b"two")
    assert cache.get(sha(1)) is None
    reopened = ThumbnailCache(path, LIMITS)
    assert reopened.get(sha(2)) is None
    reopened.close()


@pytest.mark.parametrize("junk", [b"junk" * 5_000, b"SQLite format 3\x00" + b"\xff" * 4_000])
def test_a_file_that_is_no_cache_is_replaced(path: Path, junk: bytes) -> None:
    path.write_bytes(junk)
    cache = ThumbnailCache(path, LIMITS)
    assert cache.get(sha(1)) is None
    cache.put(sha(1), b"one")
    assert cache.get(sha(1)) == b"one"
    cache.close()


def test_an_empty_file_is_a_new_cache(path: Path) -> None:
    path.touch()
    cache = ThumbnailCache(path, LIMITS)
    cache.put(sha(1), b"one")
    assert cache.get(sha(1)) == b"one"
    cache.close()


def test_a_cache_damaged_in_the_middle_is_replaced(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)
    for number in range(200):
        cache.put(sha(number), bytes(3_000))
    cache.close()
    whole = bytearray(path.read_bytes())
    whole[4_096:] = b"\xa5" * (len(whole) - 4_096)
    path.write_bytes(whole)
    damaged = ThumbnailCache(path, LIMITS)
    assert damaged.get(sha(1)) is None
    damaged.put(sha(1), b"one")
    assert damaged.get(sha(1)) == b"one"
    damaged.close()


def test_a_folder_in_its_place_is_only_a_miss(tmp_path: Path) -> None:
    occupied = tmp_path / "thumbnails.sqlite"
    occupied.mkdir()
    cache = ThumbnailCache(occupied, LIMITS)
    cache.put(sha(1), b"one")
    assert cache.get(sha(1)) is None
    cache.close()
    assert occupied.is_dir()


def test_a_damaged_file_that_stays_is_only_a_miss(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> None:
        raise PermissionError("another program has it open")

    path.write_bytes(b"junk" * 5_000)
    monkeypatch.setattr(Path, "unlink", refused)
    cache = ThumbnailCache(path, LIMITS)
    cache.put(sha(1), b"one")
    assert cache.get(sha(1)) is None
    cache.close()


def test_damage_under_the_open_connection_is_survived(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)
    cache.put(sha(1), b"one")
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA writable_schema=ON")
        other.execute("UPDATE sqlite_master SET rootpage = 999999 WHERE name = 'thumbnails'")
    other.close()
    cache.close()
    damaged = ThumbnailCache(path, LIMITS)
    assert damaged.get(sha(1)) is None
    damaged.put(sha(1), b"two")
    assert damaged.get(sha(1)) == b"two"
    damaged.close()


@pytest.mark.parametrize("place", ["missing/thumbnails.sqlite", "nul\0l", "half \ud800 a character"])
def test_a_place_where_nothing_can_be_kept_is_only_a_miss(tmp_path: Path, place: str) -> None:
    cache = ThumbnailCache(tmp_path / place, LIMITS)
    cache.put(sha(1), b"one")
    assert cache.get(sha(1)) is None
    cache.close()


def test_a_key_that_is_no_text_is_only_a_miss(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)
    cache.put("\ud800", b"one")
    assert cache.get("\ud800") is None
    cache.close()


def test_while_another_program_writes_it_is_only_a_miss(path: Path) -> None:
    cache = ThumbnailCache(path, LIMITS)
    cache.put(sha(1), b"one")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    cache.put(sha(2), b"two")
    assert (cache.get(sha(1)), cache.get(sha(2))) == (b"one", None)
    writer.execute("ROLLBACK")
    writer.close()
    cache.put(sha(2), b"two")
    assert cache.get(sha(2)) == b"two"
    cache.close()


def test_what_came_first_goes_when_it_is_full(path: Path) -> None:
    limits = Limits(thumbnail_file_max_bytes=2_000_000)
    cache = ThumbnailCache(path, limits)
    for number in range(700):
        cache.put(sha(number), bytes(8_000))
    assert cache.get(sha(0)) is None
    assert cache.get(sha(699)) == bytes(8_000)
    cache.close()
    assert path.stat().st_size < 3_000_000


def test_a_thumbnail_larger_than_all_that_may_be_kept_goes_again(path: Path) -> None:
    cache = ThumbnailCache(path, Limits(thumbnail_file_max_bytes=50_000))
    cache.put(sha(1), bytes(200_000))
    assert cache.get(sha(1)) is None
    cache.put(sha(2), bytes(2_000))
    assert cache.get(sha(2)) == bytes(2_000)
    cache.close()


def test_importing_it_loads_no_decoder() -> None:
    code = "import sys, pixverse_gui.core.thumbnail_cache; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

"""A database file and its -wal put together in memory, byte by byte, where SQLite cannot or must not open the file.

SQLite needs room for a -shm beside a journal before it shows one row of it, and deletes the -wal of a file that is
empty. Nothing is written here, and nothing is opened but for reading.
The formats: https://www.sqlite.org/fileformat2.html (§1.3 the header, §4.1 the -wal).
"""

from __future__ import annotations

import struct
import sys
from array import array
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pixverse_gui.core.journal_connection import Connection, connect_in_memory
from pixverse_gui.core.journal_migrations import apply_steps

HEADER_START = b"SQLite format 3\0"
_PAGE_SIZES = frozenset(2**power for power in range(9, 17))
_VERSIONS = slice(18, 20)
"""1 each: nobody keeps a -wal of what is in memory."""
_PAGE_COUNT = slice(28, 32)
_KIND_OF_FIRST_PAGE = 100
_TABLE_LEAF = 13
_WAL_HEADER = struct.Struct(">8L")
_FRAME_HEADER = struct.Struct(">6L")
_WAL_MAGIC = 0x377F0682
"""Its last bit says that the checksums are of big-endian numbers."""
_CHECKED_OF_WAL_HEADER, _CHECKED_OF_FRAME_HEADER = 24, 8


@dataclass(frozen=True, slots=True)
class Wal:
    """What is committed in a -wal: whole pages by number, and how many pages the database has with them."""

    page_size: int
    page_count: int
    pages: dict[int, bytes]


def has_header(file: Path) -> bool:
    """Whether the file begins as a database does; an empty one does not. Raises OSError."""
    with file.open("rb") as opened:
        return opened.read(len(HEADER_START)) == HEADER_START


def read_wal(file: Path) -> Wal | None:
    """The committed pages of a -wal; None where there is none, or nothing in it. Raises OSError."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    if len(content) < _WAL_HEADER.size:
        return None
    magic, _, page_size, _, *salt, first, second = _WAL_HEADER.unpack_from(content)
    is_big = bool(magic & 1)
    sums = _checksum(content[:_CHECKED_OF_WAL_HEADER], (0, 0), is_big=is_big)
    if magic & ~1 != _WAL_MAGIC or page_size not in _PAGE_SIZES or sums != (first, second):
        return None
    return _committed(content, page_size, salt, sums, is_big=is_big)


def _committed(content: bytes, page_size: int, salt: list[int], sums: tuple[int, int], *, is_big: bool) -> Wal | None:
    """Frames count up to the last commit before the first that is cut, damaged or of an earlier round."""
    pages: dict[int, bytes] = {}
    open_pages: dict[int, bytes] = {}
    page_count = 0
    frame_size = _FRAME_HEADER.size + page_size
    for start in range(_WAL_HEADER.size, len(content) - frame_size + 1, frame_size):
        number, count_after, *frame_salt, first, second = _FRAME_HEADER.unpack_from(content, start)
        page = content[start + _FRAME_HEADER.size : start + frame_size]
        sums = _checksum(content[start : start + _CHECKED_OF_FRAME_HEADER] + page, sums, is_big=is_big)
        if frame_salt != salt or sums != (first, second):
            break
        open_pages[number] = page
        if count_after:
            pages.update(open_pages)
            open_pages.clear()
            page_count = count_after
    return Wal(page_size, page_count, pages) if pages else None


def image_of(file: Path) -> bytearray:
    """The database as it is with its -wal; the file may be empty or missing, or begin with garbage. Raises OSError."""
    image = bytearray(file.read_bytes() if file.exists() else b"")
    wal = read_wal(file.with_name(f"{file.name}-wal"))
    if wal is not None:
        size = wal.page_count * wal.page_size
        image[size:] = b""
        image.extend(bytes(size - len(image)))
        for number, page in wal.pages.items():
            if 0 < number <= wal.page_count:
                image[(number - 1) * wal.page_size : number * wal.page_size] = page
    return image


def with_our_first_page(image: bytearray) -> bytearray:
    """The image with the first page of a new journal, which says where its tables begin: all have that in common."""
    with closing(connect_in_memory()) as fresh:
        apply_steps(fresh)
        page_size = int(fresh.execute("PRAGMA page_size").fetchone()[0])
        first = bytearray(fresh.serialize()[:page_size])
    if first[_KIND_OF_FIRST_PAGE] != _TABLE_LEAF or len(image) <= page_size:
        return image
    first[_PAGE_COUNT] = (len(image) // page_size).to_bytes(4, "big")
    return first + image[page_size:]


def connect_to_image(image: bytearray) -> Connection:
    """A connection to a copy of these bytes; what is wrong with them shows at the first statement."""
    if image[: len(HEADER_START)] == HEADER_START:
        image[_VERSIONS] = b"\1\1"
    connection = connect_in_memory()
    if image:  # of nothing SQLite makes no database
        connection.deserialize(bytes(image))
    return connection


def _checksum(content: bytes, sums: tuple[int, int], *, is_big: bool) -> tuple[int, int]:
    words = array("I", content)
    if is_big != (sys.byteorder == "big"):
        words.byteswap()
    first, second = sums
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second

"""A folder  →  the pictures in it and below, in natural order, within bounds; never follows a link to a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pixverse_gui.core.natural_order import natural_key
from pixverse_gui.core.picture_kinds import SNIFFED_BYTES, has_picture_name, has_picture_start

_COUNT_EVERY: Final = 100
_SEEN_FOR_EACH_PICTURE: Final = 20
"""A whole drive dropped by mistake comes to an end, even where it holds few pictures."""
# What systems leave in every folder; it is hidden there, but not any more once it was copied elsewhere.
_LEFTOVERS: Final = frozenset(
    {"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information", "@eadir", "icon\r"}
)
_WINDOWS_HIDDEN: Final = 0x2 | 0x4  # FILE_ATTRIBUTE_HIDDEN, FILE_ATTRIBUTE_SYSTEM
_MACOS_HIDDEN: Final = 0x8000  # UF_HIDDEN


class FolderWalk:
    """One walk over any number of folders; what it found stands in its fields, also when it was cut short.

    Blocks: worker thread. `on_count` hears of the files seen, about every hundred and at the end.
    """

    def __init__(
        self, most_pictures: int, *, is_cancelled: Callable[[], bool], on_count: Callable[[int], None]
    ) -> None:
        self._most_pictures = most_pictures
        self._is_cancelled = is_cancelled
        self._on_count = on_count
        self._seen = 0
        self._visited: set[tuple[int, int]] = set()
        self.pictures: list[str] = []
        self.left_out: list[str] = []
        self.unreadable: list[str] = []
        self.is_cut_short = False

    def walk(self, folder: str) -> None:
        """Files of a folder before its subfolders. What cannot be read is noted, never raised."""
        waiting = [folder]
        while waiting and not self._must_stop():
            here = waiting.pop()
            if self._is_new(here):
                waiting += reversed(self._take_files(here))

    def report(self) -> None:
        """Tell the final count."""
        if self._seen:
            self._on_count(self._seen)

    def _must_stop(self) -> bool:
        return self.is_cut_short or self._is_cancelled()

    def _is_new(self, folder: str) -> bool:
        """Junctions and bind mounts make loops without being symbolic links."""
        try:
            found = Path(folder).stat()
        except (OSError, ValueError):
            self.unreadable.append(folder)
            return False
        identity = found.st_dev, found.st_ino
        if found.st_ino and identity in self._visited:
            return False
        self._visited.add(identity)
        return True

    def _take_files(self, folder: str) -> list[str]:
        """Take the files of one folder; gives its subfolders, in order."""
        names: list[str] = []
        folders: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if self._is_cancelled():
                        return []
                    self._sort_in(entry, names, folders)
        except OSError:
            self.unreadable.append(folder)
        for name in sorted(names, key=natural_key):
            if self._must_stop():
                return []
            self._take(folder, name)
        return [str(Path(folder, name)) for name in sorted(folders, key=natural_key)]

    @staticmethod
    def _sort_in(entry: os.DirEntry[str], names: list[str], folders: list[str]) -> None:
        if _is_hidden(entry):
            return
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_link_to_folder = not is_folder and entry.is_dir()
        except OSError:
            is_folder = is_link_to_folder = False
        if is_folder:
            folders.append(entry.name)
        elif not is_link_to_folder:
            names.append(entry.name)

    def _take(self, folder: str, name: str) -> None:
        path = str(Path(folder, name))
        self._seen += 1
        if self._seen > self._most_pictures * _SEEN_FOR_EACH_PICTURE:
            self.is_cut_short = True
            return
        if self._seen % _COUNT_EVERY == 0:
            self._on_count(self._seen)
        by_name = has_picture_name(name)
        if by_name is None:
            by_name = _starts_like_picture(path)
        if not by_name or not _is_regular(path):
            self.left_out.append(name)
        elif len(self.pictures) < self._most_pictures:
            self.pictures.append(path)
        else:
            self.is_cut_short = True


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name.lower() in _LEFTOVERS:
        return True
    if not (hasattr(os.stat_result, "st_file_attributes") or hasattr(os.stat_result, "st_flags")):
        return False
    try:  # pragma: no cover - only Windows and macOS have such marks
        found = entry.stat(follow_symlinks=False)
    except OSError:  # pragma: no cover
        return False
    marks = getattr(found, "st_file_attributes", 0) & _WINDOWS_HIDDEN  # pragma: no cover
    return bool(marks or getattr(found, "st_flags", 0) & _MACOS_HIDDEN)  # pragma: no cover


def _is_regular(path: str) -> bool:
    """A picture's name on a pipe, a device or a broken link makes no picture."""
    try:
        return Path(path).is_file()
    except OSError:
        return False


def _starts_like_picture(path: str) -> bool:
    try:
        # A pipe without a writer would block an ordinary open for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return False
    try:
        return stat.S_ISREG(os.fstat(handle).st_mode) and has_picture_start(os.read(handle, SNIFFED_BYTES))
    except OSError:
        return False
    finally:
        os.close(handle)

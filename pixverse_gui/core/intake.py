"""Paths, folders, pasted text, markup  →  Sources, in natural order."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from pixverse_gui.core.data_links import image_data_links
from pixverse_gui.core.folder_walk import FolderWalk
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.link_intake import LinkIntake, RejectedLine, find_links, link_source, read_links
from pixverse_gui.core.models import Source, SourceKind
from pixverse_gui.core.natural_order import natural_key
from pixverse_gui.core.public_link import link_problem
from pixverse_gui.core.read_watch import ReadWatch

__all__ = [
    "LinkIntake",
    "PathIntake",
    "RejectedLine",
    "file_sources",
    "find_links",
    "gather_paths",
    "image_data_links",
    "link_problem",
    "link_source",
    "natural_key",
    "path_from_file_url",
    "read_links",
]

# What needs no unpacking: five thousand of them come in one drop, while the window waits.
_PLAIN_FILE_URL: Final = re.compile(r"file://(?:localhost)?(/[^/\\?#%\0][^?#%\0]*)")
_FILE_URL: Final = re.compile(r"file:(?://(?P<host>[^/?#]*))?(?P<path>/[^?#]*)(?:[?#].*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PathIntake:
    """What became of the paths of one drop.

    `left_out`: names of files in the folders that are no pictures. `folders`: the folders that were named.
    `unreadable`: those, or ones below them, that could not be read. `is_cut_short`: there are more pictures than
    `limits.folder_files_max`. `is_stopped`: the operator had seen enough, and there may be more. `silent`: where the
    drive does not answer; what is there comes in a PathIntake of its own when it does, which `is_late`.
    """

    sources: tuple[Source, ...]
    left_out: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    is_cut_short: bool = False
    is_stopped: bool = False
    silent: str = ""
    is_late: bool = False


def gather_paths(
    paths: Sequence[str],
    limits: Limits,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
    on_count: Callable[[int], None] = lambda _count: None,
    watch: ReadWatch | None = None,
    on_file: Callable[[str], None] = lambda _path: None,
) -> PathIntake:
    """Files in natural order, then the pictures in the folders; the same path comes once.

    A file that is named directly gets its source whatever it is; a folder is walked with everything below it, save
    what is hidden, and links to folders. Blocks: worker thread. Never raises; when cancelled, gives what was found.
    `watch` follows the reading; its path is what was named. `on_file` hears of each file that was named directly as
    soon as it is known for one.
    """
    watch = watch or ReadWatch()
    files, folders = _told_apart(paths, watch, on_file)

    def must_stop() -> bool:  # asked for each file, so it also tells that the drive answers
        watch.moved()
        return is_cancelled()

    walk = FolderWalk(limits.folder_files_max, is_cancelled=must_stop, on_count=on_count)
    for folder in folders:
        with watch.reading(folder):
            walk.walk(folder)
    walk.report()
    return PathIntake(
        sources=file_sources((*files, *walk.pictures)),
        left_out=tuple(walk.left_out),
        folders=tuple(folders),
        unreadable=tuple(walk.unreadable),
        is_cut_short=walk.is_cut_short,
        is_stopped=is_cancelled(),
    )


def _told_apart(paths: Sequence[str], watch: ReadWatch, on_file: Callable[[str], None]) -> tuple[list[str], list[str]]:
    """Files and folders, each in natural order and once."""
    named = dict.fromkeys(map(_absolute, (path for path in paths if path and "\0" not in path)))
    files: list[str] = []
    folders: list[str] = []
    for path in sorted(named, key=natural_key):
        with watch.reading(path):
            is_folder = _is_folder(path)
        (folders if is_folder else files).append(path)
        if not is_folder:
            on_file(path)
    return files, folders


def path_from_file_url(url: str) -> str | None:
    """The path a `file:` address names; None where it is on another computer, or no such address.

    Names that are not UTF-8 survive, as `os.fsdecode` has them. Nothing on the disk is touched.
    """
    plain = _PLAIN_FILE_URL.fullmatch(url)
    if plain is not None and url.isascii() and sys.platform != "win32":
        return plain[1].rstrip()
    match = _FILE_URL.fullmatch(url.strip())
    if match is None or (match["host"] or "").lower() not in {"", "localhost"}:
        return None
    raw = unquote_to_bytes(match["path"].encode("utf-8", "surrogateescape"))
    # "//server/share" would be another computer after all, and would be asked for the user's password on Windows.
    if b"\0" in raw or raw.startswith((b"//", b"/\\", b"\\")):
        return None
    return _windows_path(raw) if sys.platform == "win32" else os.fsdecode(raw)


def _windows_path(raw: bytes) -> str:
    """`/C:/folder/a.png` is how a drive is written in an address; it is always UTF-8."""
    path = raw.decode("utf-8", "surrogateescape")
    return re.sub(r"\A/(?=[A-Za-z]:)", "", path).replace("/", "\\")


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - Path.resolve follows links, Path.absolute keeps ".."


def _is_folder(path: str) -> bool:
    """A link to a folder is none: it gets its row, like everything named directly, and inspection says why not."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def file_sources(paths: Iterable[str]) -> tuple[Source, ...]:
    """Sources of these files, each path once."""
    return tuple(Source(SourceKind.FILE, path, _name_of(path)) for path in dict.fromkeys(paths))


def _name_of(path: str) -> str:
    return os.path.basename(path) or path  # noqa: PTH119 - a Path takes five times as long, and there may be thousands

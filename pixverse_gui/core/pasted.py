"""Pictures that came without a file (clipboard, browser drags): kept as files in the data folder until done."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from pixverse_gui.core.durable_file import write_durably, write_error
from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.models import Source, SourceKind

_MAX_NAME_BYTES: Final = 180
"""File systems take 255 bytes; the temporary name and a number need some of them."""
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_WINDOWS_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)
_DAY_S: Final = 86_400.0
_KEPT_UNTIL: Final = ".kept-until"
"""Made when rows were lost: its time is the one up to which pictures are kept, whatever the rows say."""


def keep_pasted(folder: Path, data: bytes, name: str) -> Source:
    """Write the bytes under this name, or the next free one ("name (2).png"), and return when they are on the disk.

    `name` may be anything; what no file system takes is replaced. Blocks: worker thread. Raises WriteError.
    """
    path = _reserve(folder, safe_name(name))
    try:
        write_durably(path, data)
    except WriteError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return Source(SourceKind.FILE, str(path.absolute()), path.name)


def keep_all(folder: Path) -> None:
    """From now on `forget_unused` passes over whatever is here already: rows that named some of it are lost.

    Never raises. Blocks: worker thread.
    """
    with suppress(OSError):
        if any(folder.iterdir()):
            (folder / _KEPT_UNTIL).touch()


def forget_unused(folder: Path, used_paths: Iterable[str], *, min_age_s: float = _DAY_S) -> int:
    """Delete the kept files that no row names any more; gives their number. Never raises. Blocks: worker thread.

    Files younger than `min_age_s` stay: their row may not be in the journal yet, or its removal may be undone.
    """
    used = {os.path.normcase(path) for path in used_paths}
    oldest_kept = time.time() - min_age_s
    forgotten = 0
    try:
        kept_until = _kept_until(folder)
        with os.scandir(folder.absolute()) as entries:
            for entry in entries:
                if os.path.normcase(entry.path) not in used and entry.name != _KEPT_UNTIL:
                    forgotten += _forget(entry, kept_until, oldest_kept)
    except OSError:
        return forgotten  # no such folder: nothing was ever pasted
    return forgotten


def safe_name(name: str) -> str:
    """A file name that every system takes, as close to the given one as possible. Never empty, never hidden."""
    kept = "".join(map(_safe_character, name)).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = kept, "", ""
    stem = _shortened(stem.rstrip(" ."), _MAX_NAME_BYTES - len(extension.encode()) - 1) or "Picture"
    if _WINDOWS_DEVICE.match(stem):
        stem = f"_{stem}"
    return f"{stem}{dot}{extension}"


def _safe_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return "_" if character in _FORBIDDEN or category in {"Cc", "Cs", "Zl", "Zp"} else character


def _shortened(stem: str, most_bytes: int) -> str:
    return stem.encode()[:most_bytes].decode("utf-8", "ignore").rstrip(" .")


def _reserve(folder: Path, name: str) -> Path:
    """Take the first free name by making an empty file: two workers never get the same one."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for candidate in _candidates(folder / name):
            with suppress(FileExistsError):
                os.close(os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                return candidate
    except OSError as error:
        raise write_error(error) from error
    raise WriteError(reason="other")


def _candidates(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, 100_000):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")


def _kept_until(folder: Path) -> float:
    try:
        return (folder / _KEPT_UNTIL).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _forget(entry: os.DirEntry[str], kept_until: float, oldest_kept: float) -> int:
    with suppress(OSError):
        found = entry.stat(follow_symlinks=False)
        if entry.is_file(follow_symlinks=False) and kept_until < found.st_mtime < oldest_kept:
            Path(entry.path).unlink()
            return 1
    return 0

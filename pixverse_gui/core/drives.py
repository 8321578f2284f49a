"""Which drive has a file, without asking that drive, and which drives do not answer at the moment.

A folder full of pictures on a dead network drive must not hold up one worker a picture: where one of them got no
answer, the others are not even tried for a while.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
# Those that answer over a network or through another program, and so can be silent for ever. What is built in ends a
# read that does not succeed with an error, sooner or later.
_REMOTE = re.compile(r"nfs\d?|cifs|smb\w*|afs|ceph|9p|davfs|lustre|glusterfs|fuse|fuse\..+")
_ESCAPED = re.compile(r"\\([0-7]{3})")
_GVFS = "fuse.gvfsd-fuse"
"""GNOME's: every share is a folder under one mount."""


def drive_of(path: str) -> str | None:
    """A name for the drive that has this path, where it is one that may fall silent; None for a built-in one.

    Only compares text: a link in the path that leads to another drive is not seen.
    """
    if sys.platform == "win32":  # pragma: no cover - never run there
        drive = os.path.splitdrive(path)[0].lower()
        return drive if drive and drive != os.environ.get("SYSTEMDRIVE", "c:").lower() else None
    if sys.platform == "darwin":  # pragma: no cover - never run there
        parts = path.split("/")
        return "/".join(parts[:3]) if len(parts) > 3 and parts[1] == "Volumes" else None
    try:
        return remote_mount_of(path, MOUNTS.read_bytes().decode(errors="surrogateescape").splitlines())
    except OSError:
        return None


def remote_mount_of(path: str, mounts: Iterable[str]) -> str | None:
    """The same, out of the lines of a table of mounts."""
    best, kind = "", ""
    for line in mounts:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[1])
        if path.startswith(place.rstrip("/") + "/") and len(place) >= len(best):
            best, kind = place, fields[2]
    if best in {"", "/"} or not _REMOTE.fullmatch(kind):
        return None
    if kind == _GVFS:
        return f"{best}/{path[len(best) + 1 :].partition('/')[0]}"
    return best


class SilentDrives:
    """A drive stays on the list for `rest_s`, or until a worker that waited for it comes back.

    Workers learn the names of drives, each for the file that it is about to read; the GUI thread knows only those, and
    so never looks anything up itself. A folder of which no file was tried yet is on no drive.
    """

    def __init__(
        self,
        rest_s: float,
        name_of: Callable[[str], str | None] = drive_of,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rest_s, self._name_of, self._clock = rest_s, name_of, clock
        self._silent_since: dict[str, float] = {}
        self._names: dict[str, str | None] = {}  # by folder: a list of ten thousand files must not take seconds

    def learn(self, path: str) -> None:
        """Worker threads only: find out which drive has this file, before it is touched."""
        folder = _folder_of(path)
        if folder not in self._names:
            self._names[folder] = self._name_of(path)

    def fell_silent(self, path: str) -> None:
        """A read of this file was given up."""
        name = self._names.get(_folder_of(path))
        if name is not None:
            self._silent_since[name] = self._clock()

    def answered(self, path: str) -> None:
        """It came back after all."""
        self._silent_since.pop(self._names.get(_folder_of(path)) or "", None)

    def forgive(self) -> None:
        """The operator says: try again."""
        self._silent_since.clear()

    def is_silent(self, path: str) -> bool:
        """Whether trying this file would only hold up one more worker."""
        since = self._silent_since.get(self._names.get(_folder_of(path)) or "")
        return since is not None and self._clock() - since < self._rest_s


def _folder_of(path: str) -> str:
    return os.path.dirname(path)  # noqa: PTH120 - Path would take ten times as long

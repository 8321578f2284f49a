"""Writing a small file so that after a crash there is the old one or the new one, never half of it."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from pixverse_gui.core.errors import WriteError

_REASONS = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.EBUSY: "locked",
    errno.EAGAIN: "locked",
}


def write_durably(path: Path, data: bytes) -> None:
    """Replace `path` (for this user only) and return when it is on the disk. Blocks. Raises WriteError.

    The folder is made where it is missing.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise write_error(error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise write_error(error) from error


def write_error(error: OSError) -> WriteError:
    """Our error for what the system said."""
    return WriteError(reason=_REASONS.get(error.errno or 0, "other"))


def sync_file(path: Path) -> None:
    """Returns when what was written to the file, by whatever way, is on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """The new name is in the folder, so the folder has to reach the disk too; Windows has no such call.

    Raises OSError.
    """
    if sys.platform == "win32":  # pragma: no cover - Windows writes names through
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot do this for folders; the file itself is safe by now.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)

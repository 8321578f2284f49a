"""Everything that is logged, on its way to the log file: written by a thread of its own, without the key."""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import qVersion

from pixverse_gui import __version__
from pixverse_gui.background.tasks import Outbox
from pixverse_gui.core.log_file import LogFile

_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s [%(threadName)s] %(message)s"
_OURS = logging.getLogger("pixverse_gui")
_log = logging.getLogger(__name__)

Step = Callable[[], None]


class ProgramLog:
    """Takes what our modules log from INFO on, and other packages from WARNING on, until `close`.

    INFO: what happened, failures that the program is made for among them. ERROR: a fault of the program itself.
    """

    def __init__(self, folder: Path, scrub: Callable[[str], str]) -> None:
        self.folder = folder
        self._file = LogFile(folder, scrub)
        self._faults: int | None = None
        self._outbox: Outbox[Step] = Outbox(lambda step: step(), "log")
        self._handler = _ToOutbox(self._put_line)
        self._level_before = _OURS.level

    def open(self) -> None:
        """From here on lines are taken. Touches no file itself."""
        self._outbox.put(self._catch_faults)
        _OURS.setLevel(logging.INFO)
        logging.getLogger().addHandler(self._handler)
        _log.info("Started: %s", describe_system())

    def close(self, timeout_s: float) -> bool:
        """Write what waits, for no longer than this. False where the disk did not take it in time."""
        logging.getLogger().removeHandler(self._handler)
        _OURS.setLevel(self._level_before)
        if self._outbox.dropped:
            self._put_line(f"({self._outbox.dropped} lines were dropped)")
        self._outbox.put(self._end)
        return self._outbox.close(timeout_s)

    def _put_line(self, line: str) -> None:
        self._outbox.put(lambda: self._file.write(line))

    def _catch_faults(self) -> None:
        """A crash inside a library is told by faulthandler, which needs an open file. What it writes has no values."""
        if os.environ.get("PYTHONFAULTHANDLER") or sys.flags.dev_mode:
            return  # whoever started the program wants to read that on the terminal
        self._faults = self._file.open_faults()
        if self._faults is not None:
            faulthandler.enable(self._faults)

    def _end(self) -> None:
        if self._faults is not None:
            faulthandler.disable()
            with suppress(OSError):
                os.close(self._faults)
        self._file.close()


class _ToOutbox(logging.Handler):
    """Makes the line where it is logged: a traceback must not keep what it points to alive, least of all widgets."""

    def __init__(self, put: Callable[[str], None]) -> None:
        super().__init__()
        self._put = put
        formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime  # like every other time that is kept
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception as error:  # noqa: BLE001 - the border: what cannot be said must not stop who wanted to say it
            line = f"{record.levelname} {record.name} a line that cannot be written ({type(error).__name__})"
        self._put(line)


def describe_system() -> str:
    """Which program on what: the first thing anybody who reads a log asks."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    python = f"Python {platform.python_version()}"
    return f"PixVerse Uploader {__version__}, {python}, Qt {qVersion()}, {system}"

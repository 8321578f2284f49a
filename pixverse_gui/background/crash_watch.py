"""Exceptions that nobody caught, wherever they were raised: into the log, and told as reports that can be shown."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

_log = logging.getLogger(__name__)

_QT_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.WARNING,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
"""A complaint of Qt's is no fault that anybody could be asked about; its debug lines are nothing to keep."""


@dataclass(frozen=True, slots=True)
class CrashReport:
    """One fault of the program. `place`: its kind and the lines that led to it, the same for each repetition."""

    place: str
    text: str


class CrashWatch(QObject):
    """`crashed(object)`: a CrashReport, scrubbed; emitted on whatever thread it happened on.

    Whatever is logged with a traceback at ERROR counts: what the hooks find, and what `tasks` finds in a worker.
    Whoever started the program in a terminal reads it there too, as without us.
    """

    crashed = Signal(object)

    def __init__(self, scrub: Callable[[str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scrub = scrub
        self._handler = _Listener(self._report)
        self._before: tuple[Any, ...] | None = None
        self._last_of_qt = ""

    def install(self) -> None:
        """Take over the hooks of Python and of Qt."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable
        self._qt_before = qInstallMessageHandler(self._said_by_qt)
        logging.getLogger().addHandler(self._handler)

    def uninstall(self) -> None:
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            qInstallMessageHandler(self._qt_before)
            logging.getLogger().removeHandler(self._handler)
            self._before = None

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._say_error(error)
        _log.error("An exception that nobody caught", exc_info=(kind, error, trace))

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def _unraisable(self, unraisable: sys.UnraisableHookArgs) -> None:
        """In a destructor, mostly: nothing that the operator did went wrong. `object` may be half gone: not printed."""
        error = unraisable.exc_value
        if error is not None:
            self._say_error(error)
            text = "".join(traceback.format_exception(error)).rstrip()
            _log.warning("%s\n%s", unraisable.err_msg or "An exception that nobody could catch", text)

    def _said_by_qt(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        level = _QT_LEVELS.get(kind)
        if level is not None:
            self._say(message if context.category == "default" else f"{context.category}: {message}")
            if message != self._last_of_qt:  # it repeats itself with every window, and the log is for other things
                _log.log(level, "Qt: %s: %s", context.category, message)
            self._last_of_qt = message

    def _say_error(self, error: BaseException) -> None:
        self._say("".join(traceback.format_exception(error)).rstrip())

    def _say(self, text: str) -> None:
        if sys.stderr is not None:
            with suppress(OSError, ValueError):  # a terminal that was closed
                sys.stderr.write(f"{self._scrub(text)}\n")
                sys.stderr.flush()

    def _report(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            text = f"{record.getMessage()} [{record.threadName}]\n{''.join(traceback.format_exception(error))}"
            self.crashed.emit(CrashReport(_place_of(error), self._scrub(text.rstrip())))


class _Listener(logging.Handler):
    def __init__(self, tell: Callable[[logging.LogRecord], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(record)


def _place_of(error: BaseException) -> str:
    lines = [f"{frame.f_code.co_filename}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)]
    return " ".join([type(error).__name__, *lines])

"""Faults on purpose: exceptions where the program has none, so that a test sees what becomes of them."""

from __future__ import annotations

from typing import NoReturn

from PySide6.QtCore import QObject, QTimer


def fail(message: str) -> NoReturn:
    """Not one of our errors: a bug."""
    raise RuntimeError(message)


class CrashingSlot(QObject):
    """A slot that the event loop calls, like any of the program's."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.worked = 0
        self._message = message
        _kept.append(self)

    def crash_soon(self) -> None:
        """An exception that nobody catches leaves a slot, with the message in it."""
        QTimer.singleShot(0, self._crash)

    def work_soon(self) -> None:
        """The same slot object, doing its work."""
        QTimer.singleShot(0, self._work)

    def _crash(self) -> None:
        fail(self._message)

    def _work(self) -> None:
        self.worked += 1


_kept: list[CrashingSlot] = []
"""A slot whose object is gone would not be called."""

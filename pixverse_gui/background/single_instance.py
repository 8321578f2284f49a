"""One program a data folder: the second start hands over what was named on its command line, and the first takes it.

The lock of the folder decides who is the first. This module imports QtNetwork, which takes some hundredths of a second:
import it after the first paint.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from pixverse_gui.core.hand_over_message import TAKEN, HandOverReader, hand_over_message

SOCKET_NAME = "running"
_PATH_MAX_BYTES = 80
"""The system ends such paths at 104 bytes (macOS) or 108 (Linux), and Qt makes a folder beside it for a moment."""


def socket_address(folder: Path) -> str:
    """In the data folder, where no other user can put a socket of hers; else a name that only fits this folder."""
    inside = folder.resolve() / SOCKET_NAME
    if sys.platform != "win32" and len(os.fsencode(inside)) <= _PATH_MAX_BYTES:
        return str(inside)
    return f"pixverse-gui-{hashlib.sha256(os.fsencode(inside)).hexdigest()[:24]}"


class RunningInstance(QObject):
    """The first program listens. `handed_over(object)`: what a second start was given, perhaps nothing.

    GUI thread only; reads a few bytes of a program of the same user. Listen only while the folder's lock is held.
    """

    handed_over = Signal(object)

    def __init__(self, folder: Path, patience_s: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address, self._patience_ms = socket_address(folder), round(1000 * patience_s)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)

    def listen(self) -> bool:
        """False where the folder cannot hold a socket: a second start then says that the program is open."""
        QLocalServer.removeServer(self._address)  # left by a program that was killed; the lock says it is gone
        return self._server.listen(self._address)

    def close(self) -> None:
        """A second start from now on waits for the lock."""
        self._server.close()

    def _meet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            visitor = _Visitor(socket, self._patience_ms, self)
            visitor.said.connect(self.handed_over)


class _Visitor(QObject):
    """A second start while it talks to us; whoever connects and says nothing is not kept for ever."""

    said = Signal(object)

    def __init__(self, socket: QLocalSocket, patience_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._socket, self._reader = socket, HandOverReader()
        socket.setParent(self)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self.deleteLater)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._hang_up)
        self._patience.start(patience_ms)

    def _read(self) -> None:
        try:
            named = self._reader.feed(bytes(self._socket.readAll().data()))
        except ValueError:
            self._hang_up()
            return
        if named is not None:
            self._socket.write(TAKEN)
            self._socket.disconnectFromServer()
            self.said.emit(named)

    def _hang_up(self) -> None:
        self._socket.abort()


class HandOver(QObject):
    """The second start asks the first. One of the signals comes, within `patience_s`. GUI thread only."""

    accepted = Signal()
    refused = Signal()

    def __init__(self, folder: Path, named: Sequence[str], patience_s: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address, self._message, self._is_over = socket_address(folder), hand_over_message(named), False
        self._socket = QLocalSocket(self)
        self._socket.connected.connect(self._say)
        self._socket.readyRead.connect(self._read)
        # Methods, not lambdas: Qt takes those connections down before the socket, which says so while it dies.
        self._socket.disconnected.connect(self._refuse)
        self._socket.errorOccurred.connect(self._refuse)
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.setInterval(round(1000 * patience_s))
        self._deadline.timeout.connect(self._refuse)

    def start(self) -> None:
        self._deadline.start()
        _let_the_other_come_forward()
        self._socket.connectToServer(self._address)

    def _say(self) -> None:
        self._socket.write(self._message)

    def _read(self) -> None:
        if self._socket.bytesAvailable() >= len(TAKEN):
            self._end(accepted=bytes(self._socket.readAll().data()) == TAKEN)

    def _refuse(self) -> None:
        self._end(accepted=False)

    def _end(self, *, accepted: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._deadline.stop()
        self._socket.abort()
        (self.accepted if accepted else self.refused).emit()


def _let_the_other_come_forward() -> None:
    """Windows lets only the program in front, which we are, say who may come to the front next."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - for one system

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)

"""Whether an X display answers and lets us in; what was opened for that stays open until Qt has its own connection.

An X server that was started without -noreset begins anew when its last client leaves, and throws out whoever comes
while it does so. A look that came and went would be that last client: it would slow down or end the start it is for.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

ANSWER_TIMEOUT_S = 3.0
"""A display that runs answers within a millisecond, one over ssh within some hundred."""

_DISPLAY = re.compile(r"(?P<host>[^:/]*)(?:/unix)?:(?P<number>\d{1,4})(?:\.\d+)?")
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_ANY_COMPUTER = 0xFFFF
"""FamilyWild: an entry for whatever the computer is called."""


class Answer(Enum):
    """What became of an attempt to connect."""

    CONNECTED = auto()
    SILENT = auto()  # takes the connection and says nothing
    NOT_THERE = auto()
    REFUSED = auto()
    MALFORMED = auto()  # no name of a display


_OF_XCB = {0: Answer.CONNECTED, 5: Answer.MALFORMED}
"""What xcb_connection_has_error says: 5 is XCB_CONN_CLOSED_PARSE_ERR. The others do not tell why."""


def connect_to_display(display: str, kept: ExitStack) -> Answer:
    """Connect as Qt will. The connection is closed with `kept`: close that once the QApplication is there.

    Tried once more where the server hung up: it may just have begun anew, after somebody else had left.
    """
    answer = _connect_once(display, kept)
    return _connect_once(display, kept) if answer in {Answer.NOT_THERE, Answer.REFUSED} else answer


def connect_to_socket(path: str) -> socket.socket:
    """A connection to this socket file, or on Linux to an abstract name after a NUL. Raises OSError."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER_TIMEOUT_S)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _connect_once(display: str, kept: ExitStack) -> Answer:
    """libxcb would wait for ever for a server that hangs, so we greet it first. Forms we do not know are left to it."""
    parts = _DISPLAY.fullmatch(display)
    with ExitStack() as until_xcb_is_in:
        if parts is not None:
            try:
                greeted = until_xcb_is_in.enter_context(_connect(parts["host"], int(parts["number"])))
                greeted.sendall(_hello(parts["number"]))
                if not greeted.recv(1):
                    return Answer.NOT_THERE
            except TimeoutError:
                return Answer.SILENT
            except UnicodeError:  # of a host that no name look-up can take
                return Answer.MALFORMED
            except OSError:
                return Answer.NOT_THERE
        answer = _OF_XCB.get(_connect_xcb(display, kept))
    return answer or (Answer.NOT_THERE if parts is None else Answer.REFUSED)


def _connect(host: str, number: int) -> socket.socket:
    if host not in {"", "unix"}:
        return socket.create_connection((host, 6000 + number), ANSWER_TIMEOUT_S)
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers put it
    try:  # the abstract name first, as libxcb does: it works where /tmp is another one
        return connect_to_socket(f"\0{path}")
    except OSError:
        return connect_to_socket(path)


def _hello(number: str) -> bytes:
    """What any X client says first: byte order, protocol 11.0, and its cookie, as one that is refused leaves again."""
    name, cookie = (_COOKIE, found) if (found := _cookie(number)) else (b"", b"")
    sizes = struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(name), len(cookie))
    return sizes + b"".join(part + bytes(-len(part) % 4) for part in (name, cookie))


def _cookie(number: str) -> bytes:
    """The one this user has for that display; a wrong guess does no harm, for libxcb chooses with more care."""
    try:
        entries = list(_entries(_authority_file().read_bytes()))
    except (OSError, RuntimeError, struct.error):  # RuntimeError: a user without a home
        return b""
    here = socket.gethostname().encode()
    fitting = [one for one in entries if one.name == _COOKIE and one.number in {b"", number.encode()}]
    fitting.sort(key=lambda one: one.family != _ANY_COMPUTER and one.address != here)
    return fitting[0].data if fitting else b""


def _authority_file() -> Path:
    named = os.environ.get("XAUTHORITY")
    return Path(named) if named else Path.home() / ".Xauthority"


class _Entry(NamedTuple):
    family: int
    address: bytes
    number: bytes
    name: bytes
    data: bytes


def _entries(file: bytes) -> Iterator[_Entry]:
    """Each is a number and four texts with their lengths. Raises struct.error where the file ends too early."""
    at = 0
    while at < len(file):
        (family,) = struct.unpack_from(">H", file, at)
        at += 2
        texts = []
        for _ in range(4):
            (size,) = struct.unpack_from(">H", file, at)
            texts.append(file[at + 2 : at + 2 + size])
            at += 2 + size
        yield _Entry(family, *texts)


def _connect_xcb(display: str, kept: ExitStack) -> int:
    """The library's error code; 0 where we are in, and stay so until `kept` is closed."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    with _silenced_stderr():  # the server's own words, which libxcb prints; our sentence says more
        connection = xcb.xcb_connect(os.fsencode(display), None)
    error = int(xcb.xcb_connection_has_error(connection))
    if error:
        xcb.xcb_disconnect(connection)
    else:
        kept.callback(xcb.xcb_disconnect, connection)
    return error


@contextmanager
def _silenced_stderr() -> Iterator[None]:
    """Below Python's own stream, for what a C library prints."""
    try:
        kept = os.dup(2)
    except OSError:  # closed: a program without a terminal
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)

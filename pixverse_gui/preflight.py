"""Before a QApplication is made: is there a display that answers, and do Qt's system libraries load?

Qt itself ends the process with a signal and a page of plug-in names in these cases. Nothing here imports Qt. What is
loaded here is what Qt would load next, so the look costs a few milliseconds at most.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec

ANSWER_TIMEOUT_S = 3.0
"""A display that runs answers within a millisecond, one over ssh within some hundred."""

_PACKAGES = ("PySide6", "requests", "PIL", "keyring", "truststore")

# Shared library -> Debian package. What libQt6Gui and libQt6DBus name as needed, then the platform plug-ins.
_ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_FOR_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_FOR_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

_X_DISPLAY = re.compile(r"(?P<host>[^:/]*)(?:/unix)?:(?P<number>\d{1,4})(?:\.\d+)?")
_X_HELLO = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)
"""The first 12 bytes any X client sends: byte order, protocol 11.0, no authorization."""

NO_DISPLAY = (
    "There is no display to open a window on. Start it from a desktop session, or connect with ssh -X; "
    "on a server without a screen type: apt-get install xvfb xauth && xvfb-run pixverse-gui"
)


def find_problem(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> str | None:
    """One sentence that says what is missing and what to install or type, or None. `system` is a `sys.platform`."""
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if missing:
        return f"Not installed for this Python: {', '.join(missing)}. In the project's folder type: pip install ."
    if not system.startswith(("linux", "freebsd")):
        return None
    platforms = _wanted_platforms(environ)
    if not platforms:
        return _missing_libraries(_ALWAYS | _FOR_XCB) or NO_DISPLAY
    problems = [_platform_problem(platform, environ) for platform in platforms]
    return None if None in problems else problems[0]


def explain_import_error(error: ImportError) -> str | None:
    """The sentence for an import of Qt that failed all the same; None where `error` is not about Qt at all."""
    if not (error.name or "").startswith(("PySide6", "shiboken6")):
        return None
    return f"Qt could not be loaded: {error}. Install what it names, or install the program anew: pip install ."


def _wanted_platforms(environ: Mapping[str, str]) -> list[str]:
    """What Qt will try: `QT_QPA_PLATFORM` ("wayland;xcb", "offscreen:options") or what the session names."""
    named = environ.get("QT_QPA_PLATFORM", "")
    if named:
        return [name.split(":")[0].lower() for name in named.split(";") if name]
    found = []
    if environ.get("DISPLAY"):
        found.append("xcb")
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        found.append("wayland")
    return found


def _platform_problem(platform: str, environ: Mapping[str, str]) -> str | None:
    if platform == "xcb":
        return _missing_libraries(_ALWAYS | _FOR_XCB) or _x_problem(environ.get("DISPLAY", ""))
    if platform.startswith("wayland"):
        return _missing_libraries(_ALWAYS | _FOR_WAYLAND) or _wayland_problem(environ)
    return _missing_libraries(_ALWAYS)


def _missing_libraries(needed: Mapping[str, str]) -> str | None:
    missing = [name for name in needed if not _loads(name)]
    if not missing:
        return None
    packages = " ".join(needed[name] for name in missing)
    return f"Qt needs system libraries that are missing: {', '.join(missing)}. Type: sudo apt-get install {packages}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x_problem(display: str) -> str | None:
    if not display:
        return NO_DISPLAY
    if not _x_server_answers(display):
        return f'The display "{display}" does not answer. Start its X server, or set DISPLAY to one that runs.'
    if not _x_server_accepts(display):
        return (
            f'The display "{display}" does not let this user in. Start the program as the user who is logged in there, '
            "or set XAUTHORITY to that user's .Xauthority file."
        )
    return None


def _x_server_answers(display: str) -> bool:
    """libxcb would wait for ever for a server that hangs, so this asks first. Forms it does not know are left to it."""
    parts = _X_DISPLAY.fullmatch(display)
    if parts is None:
        return True
    host, number = parts["host"], int(parts["number"])
    try:
        with _connect_to_x(host, number) as connection:
            connection.sendall(_X_HELLO)
            return len(connection.recv(1)) == 1
    except OSError:
        return False


def _connect_to_x(host: str, number: int) -> socket.socket:
    if host not in {"", "unix"}:
        return socket.create_connection((host, 6000 + number), ANSWER_TIMEOUT_S)
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers put it
    try:  # the abstract name first, as libxcb does: it works where /tmp is another one
        return _connect_to_socket(f"\0{path}")
    except OSError:
        return _connect_to_socket(path)


def _connect_to_socket(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER_TIMEOUT_S)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _x_server_accepts(display: str) -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    with _silenced_stderr():  # the server's own words, which libxcb prints; our sentence says more
        connection = xcb.xcb_connect(os.fsencode(display), None)
    accepted = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return accepted


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


def _wayland_problem(environ: Mapping[str, str]) -> str | None:
    if environ.get("WAYLAND_SOCKET"):  # an open file handed over by the compositor
        return None
    name = environ.get("WAYLAND_DISPLAY") or "wayland-0"
    path = os.path.join(environ.get("XDG_RUNTIME_DIR", ""), name)  # noqa: PTH118 - an absolute name wins, as in libwayland
    try:
        _connect_to_socket(path).close()
    except OSError:
        return f'The Wayland display "{name}" does not answer. Start the program inside that session, or set DISPLAY.'
    return None

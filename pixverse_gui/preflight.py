"""Before a QApplication is made: is there a display that answers, and do Qt's system libraries load?

Qt itself ends the process with a signal and a page of plug-in names in these cases. Nothing here imports Qt. What is
loaded here is what Qt would load next, so the look costs a few milliseconds at most.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec

from pixverse_gui.x_display import Answer, connect_to_display, connect_to_socket

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

NO_DISPLAY = (
    "There is no display to open a window on. Start it from a desktop session, or connect with ssh -X; "
    "on a server without a screen type: apt-get install xvfb xauth && xvfb-run pixverse-gui"
)
_NO_ANSWER = 'The display "{display}" does not answer. Start its X server, or set DISPLAY to one that runs.'
_X_PROBLEMS = {
    Answer.CONNECTED: "",
    Answer.SILENT: _NO_ANSWER,
    Answer.NOT_THERE: _NO_ANSWER,
    Answer.REFUSED: (
        'The display "{display}" does not let this user in. Start the program as the user who is logged in there, '
        "or set XAUTHORITY to that user's .Xauthority file."
    ),
    Answer.MALFORMED: (
        'DISPLAY is "{display}", which is no name of a display. Such names look like :0 or localhost:10.0.'
    ),
}


def find_problem(
    environ: Mapping[str, str] = os.environ, system: str = sys.platform, *, kept: ExitStack | None = None
) -> str | None:
    """One sentence that says what is missing and what to install or type, or None. `system` is a `sys.platform`.

    `kept` gets the connection to the display: it must not be closed before the QApplication has its own
    (`x_display` says why). Without it the connection ends here.
    """
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if missing:
        return f"Not installed for this Python: {', '.join(missing)}. In the project's folder type: pip install ."
    if not system.startswith(("linux", "freebsd")):
        return None
    platforms = _wanted_platforms(environ)
    if not platforms:
        return _missing_libraries(_ALWAYS | _FOR_XCB) or NO_DISPLAY
    with ExitStack() as until_here:
        problems = [_platform_problem(platform, environ, kept or until_here) for platform in platforms]
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


def _platform_problem(platform: str, environ: Mapping[str, str], kept: ExitStack) -> str | None:
    if platform == "xcb":
        return _missing_libraries(_ALWAYS | _FOR_XCB) or _x_problem(environ.get("DISPLAY", ""), kept)
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


def _x_problem(display: str, kept: ExitStack) -> str | None:
    if not display:
        return NO_DISPLAY
    return _X_PROBLEMS[connect_to_display(display, kept)].format(display=display) or None


def _wayland_problem(environ: Mapping[str, str]) -> str | None:
    if environ.get("WAYLAND_SOCKET"):  # an open file handed over by the compositor
        return None
    name = environ.get("WAYLAND_DISPLAY") or "wayland-0"
    path = os.path.join(environ.get("XDG_RUNTIME_DIR", ""), name)  # noqa: PTH118 - an absolute name wins, as in libwayland
    try:
        connect_to_socket(path).close()
    except OSError:
        return f'The Wayland display "{name}" does not answer. Start the program inside that session, or set DISPLAY.'
    return None

"""A private desktop: X server, window manager, session bus, accessibility bus, password store; all in one folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.helpers.desktop_processes import Processes
from tests.helpers.keyring_session import KeyringSession
from tests.helpers.waiting import wait_for

# Command -> Debian package. tests/run installs these; where it may not, the end-to-end tests say which are missing.
COMMANDS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xclip": "xclip",
    "xprop": "x11-utils",
    "import": "imagemagick",
    "dbus-daemon": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
}
SYSTEM_PYTHON = "/usr/bin/python3"
"""The accessibility library's Python binding comes with the system's Python, not from the package index."""

_ACCESSIBILITY_SERVICE = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")

_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
_RECORD_LINK = '#!/bin/sh\nenv >>"{folder}/opened-with"\nprintf "%s\\n" "$1" >>"{folder}/opened-links"\n'


def missing_parts() -> list[str]:
    """Debian packages that a desktop needs and this computer lacks."""
    missing = [package for command, package in COMMANDS.items() if shutil.which(command) is None]
    if not _ACCESSIBILITY_SERVICE.exists():
        missing.append("at-spi2-core")
    if not _has_accessibility_library():
        missing.append("python3-gi gir1.2-atspi-2.0")
    return missing


def _has_accessibility_library() -> bool:
    code = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    try:
        return subprocess.run([SYSTEM_PYTHON, "-c", code], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


class Desktop:
    """Use as a context manager. `environ` is what a program of this desktop's user starts with.

    The session bus can start the accessibility bus and nothing else, so a password store that was stopped stays away.
    """

    def __init__(self, folder: Path, *, size: str = "1600x1200") -> None:
        self._folder = folder
        self._size = size
        self._processes = Processes(folder)
        self.environ: dict[str, str] = {}
        self.keyring: KeyringSession

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._processes.end_all()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.end_all()

    def _start(self) -> None:
        self.environ = self._base_environ()
        screen = ["-screen", "0", f"{self._size}x24", "-nolisten", "tcp", "-noreset"]
        number = self._processes.start_announcing(["Xvfb", "-displayfd", "{fd}", *screen], self.environ)
        self.environ["DISPLAY"] = f":{number}"
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus()
        self._processes.start(["openbox", "--sm-disable"], self.environ)
        wait_for(self._has_window_manager, "the window manager")
        self.keyring = KeyringSession(self._processes, self.environ, self.environ["DBUS_SESSION_BUS_ADDRESS"])
        self.keyring.start()

    def _base_environ(self) -> dict[str, str]:
        programs = self._folder / "bin"
        programs.mkdir()
        opener = programs / "xdg-open"
        opener.write_text(_RECORD_LINK.format(folder=self._folder))
        opener.chmod(0o755)
        environ = {
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "NO_AT_BRIDGE": "1",
            "PYTHONUNBUFFERED": "1",
        }
        for name in ("data", "config", "cache"):
            environ[f"XDG_{name.upper()}_HOME"] = str(self._folder / name)
        run = self._folder / "run"
        run.mkdir(mode=0o700)
        environ["XDG_RUNTIME_DIR"] = str(run)
        return environ

    def _start_bus(self) -> str:
        services = self._folder / "services"
        services.mkdir()
        shutil.copy(_ACCESSIBILITY_SERVICE, services)
        config = self._folder / "bus.conf"
        config.write_text(_BUS_CONFIG.format(folder=self._folder))
        command = ["dbus-daemon", "--nofork", f"--config-file={config}", "--print-address={fd}"]
        return self._processes.start_announcing(command, self.environ)

    def _has_window_manager(self) -> bool:
        return "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")

    def run(self, *command: str, told: bytes = b"") -> str:
        """Runs a command on this desktop and returns what it printed; a failed one is an AssertionError."""
        done = subprocess.run(command, env=self.environ, input=told, capture_output=True, timeout=30, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr.decode(errors='replace')}"
        return done.stdout.decode(errors="replace")

    def windows(self, title: str) -> list[str]:
        """Ids of the visible windows whose title matches this regular expression, oldest first."""
        command = ["xdotool", "search", "--onlyvisible", "--name", title]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout.split()

    def wait_for_window(self, title: str) -> str:
        return wait_for(lambda: self.windows(title), f"a window titled {title!r}")[-1]

    def focus(self, window: str) -> None:
        self.run("xdotool", "windowactivate", "--sync", window)

    def keys(self, *keys: str) -> None:
        """Real key events to the window that has the focus, in xdotool's names: `ctrl+v`, `Return`, `alt+Down`."""
        self.run("xdotool", "key", "--delay", "30", *keys)

    def type_text(self, text: str) -> None:
        """ASCII only: for other letters xdotool changes the keyboard while it types, and some get lost."""
        self.run("xdotool", "type", "--delay", "15", "--", text)

    def click(self, x: int, y: int, *, button: int = 1, times: int = 1) -> None:
        clicks = ["click", "--repeat", str(times), "--delay", "40", str(button)]
        self.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.05", *clicks)

    def geometry(self, window: str) -> tuple[int, int, int, int]:
        """x, y, width and height on the screen, without the frame."""
        lines = self.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        found = dict(line.split("=", 1) for line in lines)
        return int(found["X"]), int(found["Y"]), int(found["WIDTH"]), int(found["HEIGHT"])

    def clipboard(self, target: str = "UTF8_STRING") -> str:
        """What another program gets on paste, asked for under this target."""
        return self.run("xclip", "-selection", "clipboard", "-out", "-target", target)

    def clipboard_targets(self) -> list[str]:
        try:
            return self.clipboard("TARGETS").split()
        except AssertionError:  # nobody owns the clipboard yet
            return []

    def set_clipboard(self, data: bytes | str, target: str = "UTF8_STRING") -> None:
        """Copied in another program: `text/uri-list`, `image/png`, `text/html`. That program stays the owner."""
        command = ["xclip", "-selection", "clipboard", "-in", "-quiet", "-target", target]
        self._processes.start(command, self.environ, told=data.encode() if isinstance(data, str) else data)
        wait_for(lambda: target in self.clipboard_targets(), f"the clipboard to offer {target}")

    def opened_with(self) -> str:
        """The environments that all openers of links were started with."""
        path = self._folder / "opened-with"
        return path.read_text(errors="replace") if path.exists() else ""

    def opened_links(self) -> list[str]:
        """What the programs of this desktop asked the system to open, in order."""
        opened = self._folder / "opened-links"
        return opened.read_text().splitlines() if opened.exists() else []

    def screenshot(self, picture: Path, window: str = "root") -> None:
        """The whole screen, or one window without its frame, as a PNG."""
        self.run("import", "-window", window, "-depth", "8", f"png24:{picture}")

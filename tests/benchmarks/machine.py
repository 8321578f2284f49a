"""The machine and the versions that the figures belong to."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("PySide6-Essentials", "pillow", "requests", "urllib3")
_TOOLS = {"vipsthumbnail": "--vips-version", "curl": "--version"}


def described() -> Iterator[str]:
    """Some lines for the top of the tables."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    today = dt.datetime.now().astimezone().date().isoformat()
    yield f"{today}: {os.cpu_count()} × {_processor()}, {pages / 2**30:.0f} GiB; load {load}"
    yield f"{platform.platform()}, Python {platform.python_version()}"
    yield f"{ssl.OPENSSL_VERSION}, SQLite {sqlite3.sqlite_version}"
    yield ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield "; ".join(_tool(name, option) for name, option in _TOOLS.items())


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _tool(name: str, option: str) -> str:
    if shutil.which(name) is None:
        return f"{name}: not installed"
    said = subprocess.run([name, option], capture_output=True, text=True, check=False).stdout
    return f"{name}: {said.splitlines()[0][:60] if said else 'version unknown'}"

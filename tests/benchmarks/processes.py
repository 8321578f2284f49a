"""Contenders as processes of their own: what they took, and the environment they get."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-0123456789abcdef0123456789abcdef"
_PATIENCE_S = 600


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of processor time."""

    wall: float
    cpu: float


def said_by(module: str, **given: Any) -> dict[str, Any]:
    """Run a module of this folder with its orders as JSON on stdin; returns the JSON of the last line it prints."""
    environ: Mapping[str, str] = given.pop("environ", {})
    with tempfile.TemporaryDirectory() as home:
        run = subprocess.run(
            [sys.executable, "-m", f"tests.benchmarks.{module}"],
            input=json.dumps(given),
            cwd=ROOT,
            env={**environ_for(Path(home)), **environ},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    if run.returncode != 0 or not run.stdout.strip():
        raise RuntimeError(f"{module} ended with {run.returncode}: {run.stderr[-2000:]}")
    brought: dict[str, Any] = json.loads(run.stdout.strip().splitlines()[-1])
    return brought


def orders() -> dict[str, Any]:
    """What `said_by` gave, in the process that it started."""
    given: dict[str, Any] = json.load(sys.stdin)
    return given


def timed(*commands: Sequence[str], environ: Mapping[str, str] | None = None) -> Took:
    """Run these at the same time until the last one ended. Raises RuntimeError where one fails."""
    began = time.perf_counter()
    running = [
        subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(environ or {})}
        )
        for command in commands
    ]
    cpu = 0.0
    for process in running:
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.stderr:
            process.stderr.close()
        if process.returncode:
            raise RuntimeError(f"{process.args!r:.80} ended with {process.returncode}: {said[-500:]!r}")
        cpu += usage.ru_utime + usage.ru_stime
    return Took(time.perf_counter() - began, cpu)


def environ_for(home: Path) -> dict[str, str]:
    """A home of its own, a key that is none, no key store, and a screen in memory."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PIXVERSE_API_KEY": KEY,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "QT_QPA_PLATFORM": "offscreen",
    }

"""Starts the server that takes pictures and throws them away, and whom to trust for it."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.benchmarks.processes import ROOT


class Sink:
    """Use as a context manager. `trusted`: the system's authorities and the server's own, for clients to load."""

    def __init__(self, *, latency_s: float = 0.0, bytes_a_second: float | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._given = {"folder": self._folder.name, "latency_s": latency_s, "bytes_a_second": bytes_a_second}
        self.trusted = Path(self._folder.name) / "trusted.pem"
        self.url = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.sink_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(self._given))
        self._process.stdin.close()
        self.url = f"https://localhost:{json.loads(self._process.stdout.readline())['port']}"
        # With the authority alone clients would start faster than they do at anybody's desk.
        system = ssl.get_default_verify_paths().openssl_cafile
        found = Path(system).read_bytes() if Path(system).exists() else b""
        for bundle in (Path("/etc/ssl/certs/ca-certificates.crt"),):
            found = found or (bundle.read_bytes() if bundle.exists() else b"")
        self.trusted.write_bytes(found + (Path(self._folder.name) / "authority.pem").read_bytes())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._folder.cleanup()

    @property
    def environ(self) -> dict[str, str]:
        """For programs that use the system's authorities."""
        return {"SSL_CERT_FILE": str(self.trusted)}

    def seen(self) -> dict[str, Any]:
        """Uploads, connections and bytes so far; asking is a connection too."""
        context = ssl.create_default_context(cafile=str(self.trusted))
        with urllib.request.urlopen(f"{self.url}/stats", context=context) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

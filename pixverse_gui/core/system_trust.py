"""SystemTrust: TLS for connections to whom this computer trusts."""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import truststore


class SystemTrust:
    """Any thread. Imports OpenSSL, so import it late.

    Where the system's authorities are one file (most of Linux) reading it takes 30 to 50 ms, and truststore reads it
    for each connection: here it is read once, and again when it has changed. Everywhere else truststore has a context
    of its own for each session, because handshakes with one of its contexts wait for each other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shared: _SharedContext | None = None

    def context(self) -> ssl.SSLContext:
        """One for a session. Made directly, not by ssl.create_default_context: that one heeds SSLKEYLOGFILE."""
        if not sys.platform.startswith("linux") or ssl.get_default_verify_paths().cafile is None:
            return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with self._lock:
            if self._shared is None:
                self._shared = _SharedContext(ssl.PROTOCOL_TLS_CLIENT)
            return self._shared


class _SharedContext(ssl.SSLContext):
    """One that threads may use at the same time.

    urllib3 sets the protocols at each connection, which frees what another connection's handshake may be copying:
    requests took a context for all sessions back for such a reason (2.32.5). Here they are set once.
    """

    def __init__(self, *_: object) -> None:
        super().__init__()
        super().set_alpn_protocols(["http/1.1"])
        self._lock = threading.Lock()
        self._read: tuple[object, ...] = ()

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Nothing: there is one protocol that this program speaks."""

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        self._read_authorities()
        return super().wrap_socket(*args, **kwargs)

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        self._read_authorities()
        return super().wrap_bio(*args, **kwargs)

    def _read_authorities(self) -> None:
        """As they are now: trying again helps once somebody has added one that was missing."""
        with self._lock:
            found = _authorities()
            if found != self._read:
                self.load_default_certs()
                self._read = found


def _authorities() -> tuple[object, ...]:
    path = ssl.get_default_verify_paths().cafile or ""
    try:
        status = Path(path).stat()
    except OSError:
        return (path,)
    return (path, status.st_ino, status.st_size, status.st_mtime_ns)

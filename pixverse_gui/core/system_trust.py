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
    """What threads may use at the same time: each handshake is that of a context within, which nobody else can reach.

    urllib3 sets up the context it is given at each connection, the protocols among it, which OpenSSL frees and another
    connection's handshake may be copying just then.
    """

    def __init__(self, *_: object) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._known: tuple[object, ...] = ()
        self._within: ssl.SSLContext | None = None

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Nothing: there is one protocol that this program speaks."""

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        return self._present().wrap_socket(*args, **kwargs)

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        return self._present().wrap_bio(*args, **kwargs)

    def _present(self) -> ssl.SSLContext:
        """Trusts whom the system trusts now: trying again helps once an authority that was missing has been added."""
        with self._lock:
            found = _authorities()
            if self._within is None or found != self._known:
                within = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                within.set_alpn_protocols(["http/1.1"])
                within.load_default_certs()
                self._within, self._known = within, found
            return self._within


def _authorities() -> tuple[object, ...]:
    path = ssl.get_default_verify_paths().cafile
    try:
        status = Path(path).stat() if path else None
    except OSError:
        status = None
    return (path, status.st_ino, status.st_size, status.st_mtime_ns) if status else (path,)

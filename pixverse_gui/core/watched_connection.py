"""urllib3 connections whose socket another thread can shut down, and whose answers have one deadline for the whole.

Part of `client`. A `Lane` is what one worker thread uses at a time; every connection belongs to one lane and reports
its socket to the attempt that the lane is busy with.
"""

from __future__ import annotations

import functools
import http.client
import io
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ProxyError
from urllib3.util.wait import wait_for_read

from pixverse_gui.core.attempt_control import AttemptControl

# Servers drop connections that were idle for some seconds; a request that meets such a drop is lost work.
_IDLE_MAX_S = 4.0
# One second is the first resend of a lost SYN: less would give up on a line that merely lost one packet.
_ADDRESS_MIN_S = 2.0

# At most so many bytes wait in the system besides those on their way. Without it the system takes megabytes ahead of a
# slow line in large gulps, and what was handed over says little about what was sent. Windows has no such option.
_UNSENT_MAX_BYTES = 128 * 1024


class Lane:
    """The attempt that is being made, as its connection needs to know it. One thread at a time.

    `is_connected`: there was a usable connection, so something may have been sent.
    """

    def __init__(self, *, connect_timeout_s: float, stall_timeout_s: float) -> None:
        self.connect_timeout_s = connect_timeout_s
        self.stall_timeout_s = stall_timeout_s
        self.answer_timeout_s = 0.0
        self.is_connected = False
        self._control: AttemptControl | None = None
        self._retired: list[socket.socket] = []

    def begin(self, control: AttemptControl, answer_timeout_s: float) -> None:
        """An attempt starts."""
        self._control = control
        self.answer_timeout_s = answer_timeout_s
        self.is_connected = False

    def end(self) -> None:
        """The attempt is over; from now on nobody can shut its socket down."""
        if self._control is not None:
            self._control.finish()
            self._control = None
        while self._retired:
            self._retired.pop().close()

    def watch(self, handle: socket.socket) -> None:
        """Let the attempt shut `handle` down. Raises ConnectionAbortedError if it was ended."""
        if self._control is not None:
            self._control.attach(handle)

    def unwatch(self, handle: socket.socket) -> None:
        """`handle` is of no use any more."""
        if self._control is not None:
            self._control.detach(handle)
        handle.close()

    def retire(self, handle: socket.socket) -> None:
        """Keep `handle` until the attempt ends: its connection was closed, but an answer may still be read from it."""
        if self._control is None:
            handle.close()
        else:
            self._retired.append(handle)

    def raise_if_ended(self) -> None:
        if self._control is not None:
            self._control.raise_if_ended()


class _BoundedReader(io.RawIOBase):
    """Reads a socket up to one moment: an answer that drips byte by byte cannot take for ever."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._raw, self._sock, self._deadline = raw, sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    def __init__(self, sock: Any, *args: Any, seconds: Callable[[], float], **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_BoundedReader(raw, sock, time.monotonic() + seconds()))


class WatchedHTTPConnection(HTTPConnection):
    """Plain HTTP; for loopback only."""

    def __init__(self, *args: Any, lane: Lane, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lane = lane
        self._handle: socket.socket | None = None
        self._used_at = 0.0
        self._is_ready = False
        self.response_class = functools.partial(  # type: ignore[assignment]  # called, never derived from
            _BoundedResponse, seconds=self._answer_seconds
        )

    def _answer_seconds(self) -> float:
        # Before the connection is ready it is the proxy that answers, to CONNECT.
        return self._lane.answer_timeout_s if self._is_ready else self._lane.connect_timeout_s

    @property
    def is_connected(self) -> bool:
        """Whether it can be used once more; a server may be about to drop one that was idle for long."""
        if self.sock is None or time.monotonic() - self._used_at > _IDLE_MAX_S:
            return False
        return not wait_for_read(self.sock, timeout=0.0)

    def _new_conn(self) -> socket.socket:
        sys.audit("http.client.connect", self, self.host, self.port)
        sock = connect_within(self._dns_host, self.port or 0, self._lane.connect_timeout_s, self._watch)
        try:
            # A connect that was shut down on its way may well call itself successful (seen on Linux).
            self._lane.raise_if_ended()
        except ConnectionAbortedError:
            sock.close()
            raise
        return sock

    def _watch(self, sock: socket.socket) -> None:
        if self._handle is not None:
            self._lane.unwatch(self._handle)
        for level, name, value in self.socket_options or ():
            sock.setsockopt(level, name, value)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_MAX_BYTES)
        self._handle = sock.dup()
        self._lane.watch(self._handle)

    def _tunnel(self) -> None:
        try:
            super()._tunnel()
        except (OSError, http.client.HTTPException) as error:
            raise ProxyError("no tunnel", error) from error

    def connect(self) -> None:
        """Connect, through a proxy's tunnel and with TLS where that is so."""
        self._is_ready = False
        super().connect()
        self._lane.raise_if_ended()
        self._is_ready = True

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
        """Send a request and its body; each piece may take as long as a stalled one is waited for."""
        if self.sock is None:
            self.connect()
        elif self._handle is not None:
            self._lane.watch(self._handle)
        self._lane.is_connected = True
        # requests knows a time for connecting and one for reading, and gives sending the one for connecting.
        self.timeout = self._lane.stall_timeout_s
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        super().request(method, url, body=body, headers=headers, **options)

    def getresponse(self) -> Any:
        """The answer's head; its body is read within the same deadline."""
        response = super().getresponse()
        self._used_at = time.monotonic()
        return response

    def close(self) -> None:
        """Close it. What is still being read from it can be shut down until the attempt ends."""
        handle, self._handle = self._handle, None
        self._is_ready = False
        try:
            super().close()
        finally:
            if handle is not None:
                self._lane.retire(handle)


class WatchedHTTPSConnection(WatchedHTTPConnection, HTTPSConnection):
    """The same with TLS."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = WatchedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedHTTPSConnection


def pool_classes(lane: Lane) -> dict[str, Any]:
    """For a pool manager's `pool_classes_by_scheme`: unknown keywords of a pool go on to its connections."""
    return {"http": functools.partial(_HTTPPool, lane=lane), "https": functools.partial(_HTTPSPool, lane=lane)}


def connect_within(host: str, port: int, timeout_s: float, on_socket: Callable[[socket.socket], None]) -> socket.socket:
    """A connected socket, or OSError, within `timeout_s` for all addresses together (the name look-up not counted).

    `on_socket` gets each socket before it connects.
    """
    addresses = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    deadline = time.monotonic() + timeout_s
    failure: OSError | None = None
    for index, (family, kind, protocol, _, address) in enumerate(addresses):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            on_socket(sock)
            sock.settimeout(min(left, max(left / (len(addresses) - index), _ADDRESS_MIN_S)))
            sock.connect(address)
        except ConnectionAbortedError:
            sock.close()
            raise
        except OSError as error:
            failure = error
            sock.close()
            continue
        sock.settimeout(timeout_s)
        return sock
    raise failure or TimeoutError("no address answered in time")

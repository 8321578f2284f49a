"""A server on 127.0.0.1 with a thread for each connection, all of which have ended when it is stopped."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

_READ_BYTES = 64 * 1024


class GoneError(Exception):
    """The connection is to end now."""


class Wire:
    """A connection with a buffer in front, so that a head can be read without taking any of the body."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = bytearray()

    def read_head(self) -> bytes | None:
        """Everything up to the empty line; None when the client went away before."""
        return self.read_until(b"\r\n\r\n")

    def read_until(self, mark: bytes, limit: int = 1 << 20) -> bytes | None:
        while mark not in self._buffer:
            if len(self._buffer) > limit or not self._fill(_READ_BYTES):
                return None
        end = self._buffer.index(mark) + len(mark)
        taken = bytes(self._buffer[:end])
        del self._buffer[:end]
        return taken

    def read_some(self, most: int) -> bytes:
        """Up to `most` bytes; nothing when the client went away."""
        if not self._buffer:
            self._fill(min(most, _READ_BYTES))
        taken = bytes(self._buffer[:most])
        del self._buffer[:most]
        return taken

    def _fill(self, most: int) -> bool:
        block = self.sock.recv(most)
        self._buffer += block
        return bool(block)


class LoopbackServer:
    """Listens from the start, answers while the `with` block lasts. Derive and say what to do in `serve_one`."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.connections = 0
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self._connected = threading.Condition(self.lock)
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{self.port}"

    def __enter__(self) -> Self:
        self.spawn(self._accept)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    def wait_for_connection(self) -> None:
        """Wait until somebody has connected."""
        with self._connected:
            if not self._connected.wait_for(lambda: self.connections, timeout=20):
                raise AssertionError("nobody connected")

    def serve_one(self, wire: Wire) -> bool:
        """Answer one request; False to hang up. May raise GoneError, OSError or ValueError, which hang up too."""
        raise NotImplementedError

    def stop(self) -> None:
        """End every connection and every thread."""
        self.stopping.set()
        self.shut(self._listener)
        self._listener.close()
        with self.lock:
            for sock in self._open:
                self.shut(sock)
        for thread in list(self._threads):
            thread.join()

    def spawn(self, work: Callable[..., None], *arguments: object) -> None:
        """Run `work` on a thread that `stop` waits for."""
        thread = threading.Thread(target=work, args=arguments, name="scripted-server")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._connected:
                self.connections += 1
                self._open.add(sock)
                self._connected.notify_all()
            self.spawn(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        plain = sock
        try:
            if self._tls is not None:
                # While it shakes hands nobody can shut it down: TLS took the descriptor from `plain`.
                sock.settimeout(10)
                sock = self._tls.wrap_socket(sock, server_side=True)
                with self.lock:
                    self._open.add(sock)
                sock.settimeout(None)
            wire = Wire(sock)
            while not self.stopping.is_set() and self.serve_one(wire):
                pass
        except (OSError, GoneError, ValueError):
            # The client hung up, refused our certificate, or sent nonsense: all in a day's work here.
            pass
        finally:
            with self.lock:
                self._open.discard(plain)
                self._open.discard(sock)
            sock.close()
            plain.close()

    @staticmethod
    def shut(sock: socket.socket, how: int = socket.SHUT_RDWR) -> None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, how)

    def tunnel(self, sock: socket.socket, host: str, port: int) -> None:
        """Pass everything on, both ways, until one side hangs up."""
        with socket.create_connection((host, port), timeout=10) as other:
            other.settimeout(None)
            with self.lock:
                self._open.add(other)
            self.spawn(self._pump, other, sock)
            self._pump(sock, other)
            with self.lock:
                self._open.discard(other)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(_READ_BYTES):
                target.sendall(block)
        self.shut(source)
        self.shut(target)

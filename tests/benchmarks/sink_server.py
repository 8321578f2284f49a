"""A service that takes pictures over TLS and throws them away, as a process of its own: `sink.Sink` starts it.

It does as little as can be, so that the machine belongs to whoever sends. A GET of /stats tells what it saw.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import sys
import threading
import time
from pathlib import Path

from tests.benchmarks.processes import orders
from tests.helpers.certificates import Authority
from tests.helpers.usual_answers import BALANCE_PATH

_BLOCK_BYTES = 256 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_FIRST_ID = 300_000_000_000_000


class SlowLine:
    """So many bytes a second for all connections together; None is as fast as it goes."""

    def __init__(self, bytes_a_second: float | None) -> None:
        self._rate = bytes_a_second
        self._free_at = time.monotonic()
        self._lock = threading.Lock()
        self._never = threading.Event()

    def take(self, count: int) -> None:
        if self._rate is None:
            return
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now - 0.02) + count / self._rate
            left = self._free_at - now
        if left > 0:
            self._never.wait(left)


class Seen:
    """Counts of all connections."""

    def __init__(self) -> None:
        self.uploads = self.connections = self.bytes = 0
        self._lock = threading.Lock()

    def connection(self) -> None:
        with self._lock:
            self.connections += 1

    def upload(self, size: int) -> int:
        with self._lock:
            self.uploads += 1
            self.bytes += size
            return self.uploads


class Connection:
    """One connection until it is closed."""

    def __init__(self, sock: socket.socket, seen: Seen, line: SlowLine, latency_s: float) -> None:
        self._sock, self._seen, self._line, self._latency_s = sock, seen, line, latency_s
        self._buffer = bytearray(_BLOCK_BYTES)
        self._never = threading.Event()

    def serve(self) -> None:
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._seen.connection()
        rest = b""
        while (found := self._head(rest)) is not None:
            head, rest = found
            length = _LENGTH.search(head)
            size = int(length[1]) if length else 0
            if not self._swallow(size - len(rest)):
                return
            rest = b""
            self._answer(head, size)

    def _head(self, rest: bytes) -> tuple[bytes, bytes] | None:
        while b"\r\n\r\n" not in rest:
            block = self._sock.recv(64 * 1024)
            if not block:
                return None
            rest += block
        head, _, body = rest.partition(b"\r\n\r\n")
        return head, body

    def _swallow(self, left: int) -> bool:
        view = memoryview(self._buffer)
        while left > 0:
            count = self._sock.recv_into(view[: min(left, _BLOCK_BYTES)])
            if not count:
                return False
            left -= count
            self._line.take(count)
        return True

    def _answer(self, head: bytes, size: int) -> None:
        path = head.split(b" ", 2)[1].decode()
        if path == "/stats":
            told = {name: value for name, value in vars(self._seen).items() if not name.startswith("_")}
        elif path == BALANCE_PATH:
            told = {"ErrCode": 0, "ErrMsg": "success", "Resp": {"account_id": 4711, "credit_monthly": 90}}
        else:
            self._never.wait(self._latency_s)
            identity = _FIRST_ID + self._seen.upload(size)
            link = f"https://media.pixverse.invalid/openapi/{identity}.jpg"
            told = {"ErrCode": 0, "ErrMsg": "success", "Resp": {"img_id": identity, "img_url": link}}
        body = json.dumps(told).encode()
        lines = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._sock.sendall(lines.encode() + body)


def main() -> None:
    given = orders()
    folder = Path(given["folder"])
    context = Authority(folder).server_context("localhost")
    seen, line = Seen(), SlowLine(given.get("bytes_a_second"))

    def serve(plain: socket.socket) -> None:
        try:
            with context.wrap_socket(plain, server_side=True) as sock:
                Connection(sock, seen, line, given["latency_s"]).serve()
        except (OSError, ssl.SSLError):
            plain.close()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        print(json.dumps({"port": server.getsockname()[1]}), flush=True)
        while True:
            threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())

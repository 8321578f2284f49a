"""A loopback stand-in for the service: takes uploads and balance calls, records each, and misbehaves as told.

    with ScriptedServer() as server:
        server.script(behaviours.moderation(), arrival=7)
        ... server.url, server.uploads, server.stored

As a process of its own: `python -m tests.helpers.scripted_server --record FILE` prints `READY <port>`; see
server_commands for how to script and ask it then.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.behaviours import Behaviour, Rule, answer_json
from tests.helpers.loopback_server import GoneError, LoopbackServer, Wire
from tests.helpers.scripted_request import (
    Arrival,
    boundary_of,
    parse_head,
    parse_parts,
    size_of_only_part,
)
from tests.helpers.server_commands import administer
from tests.helpers.usual_answers import Page, answer_bytes, kind_of, usual_answer

FIRST_ID = 2**53 + 1


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture the service has: what the history must agree with."""

    img_id: str
    trace_id: str
    key: str
    sha256: str | None
    link: str | None


class ScriptedServer(LoopbackServer):
    """Listens on 127.0.0.1 while the `with` block lasts; every thread has ended when it is left."""

    def __init__(
        self,
        *,
        port: int = 0,
        keys: set[str] | None = None,
        tls: ssl.SSLContext | None = None,
        record: Path | None = None,
        pages: Mapping[str, Page] | None = None,
        credit_monthly: int = 1_069_020,
        credit_package: int = 3_630,
        account_id: int = 123452341,
        first_id: int = FIRST_ID,
    ) -> None:
        super().__init__(port=port, tls=tls)
        self.keys = keys
        self.pages: dict[str, Page] = dict(pages or {})
        self.balance = {"account_id": account_id, "credit_monthly": credit_monthly, "credit_package": credit_package}
        self.arrivals: list[Arrival] = []
        self.stored: list[Stored] = []
        self.most_at_once = 0
        self._rules: list[Rule] = []
        self._record, self._next_id = record, first_id
        self._news = threading.Condition(self.lock)
        self._at_once = 0
        self._released = threading.Event()

    # --- what a test says and asks ----------------------------------------------------------------------------------

    def script(self, behaviour: Behaviour, **when: Any) -> None:
        """Treat requests that fit `when` (fields of Rule) so. The rule that was added first and fits counts."""
        with self.lock:
            self._rules.append(Rule(behaviour, **when))

    def clear(self) -> None:
        """Forget rules and records; numbers start at 1 again, ids go on."""
        with self.lock:
            self._rules.clear()
            self.arrivals.clear()
            self.stored.clear()
            self.most_at_once = 0

    def release(self) -> None:
        """Let everything that stalls go on, now and later."""
        self._released.set()

    @property
    def uploads(self) -> list[Arrival]:
        return [arrival for arrival in list(self.arrivals) if arrival.kind == "upload"]

    def wait_for(self, count: int, kind: str = "upload") -> None:
        """Wait until `count` requests of a kind have come (their heads, at least)."""
        self._wait_until(lambda: sum(arrival.kind == kind for arrival in self.arrivals) >= count)

    def wait_until_stored(self, count: int) -> None:
        """Wait until `count` pictures are stored."""
        self._wait_until(lambda: len(self.stored) >= count)

    def _wait_until(self, happened: Callable[[], bool]) -> None:
        with self._news:
            if not self._news.wait_for(happened, timeout=20):
                raise AssertionError(f"only {len(self.arrivals)} requests came, {len(self.stored)} were stored")

    def stop(self) -> None:
        """End every connection and every thread."""
        self._released.set()
        super().stop()

    # --- one request --------------------------------------------------------------------------------------------------

    def serve_one(self, wire: Wire) -> bool:
        head = wire.read_head()
        if head is None:
            return False
        method, path, headers = parse_head(head)
        if path.startswith("/_"):
            self._administer(wire, method, path, int(headers.get("content-length", "0")))
            return True
        arrival = self._note(method, path, headers)
        try:
            behaviour = self._take_body(wire, arrival)
            return self._reply(wire, arrival, behaviour)
        finally:
            if arrival.kind == "upload":
                with self.lock:
                    self._at_once -= 1

    def _note(self, method: str, path: str, headers: dict[str, str]) -> Arrival:
        kind = kind_of(method, path)
        with self._news:
            number = 1 + sum(other.kind == kind for other in self.arrivals)
            if kind == "upload":
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
            arrival = Arrival(number, kind, method, path, headers, in_flight=self._at_once)
            self.arrivals.append(arrival)
            self._news.notify_all()
        return arrival

    def _take_body(self, wire: Wire, arrival: Arrival) -> Behaviour:
        """Read the body as the rules say; the behaviour for the answer."""
        total = int(arrival.headers.get("content-length", "0"))
        boundary = boundary_of(arrival.headers)
        part_head = (wire.read_until(b"\r\n\r\n") or b"") if boundary and total else b""
        size = size_of_only_part(total, part_head, boundary) if boundary else None
        behaviour = self._rule_for(arrival, size, body_known=False)
        early = behaviour or Behaviour()
        if early.reset == "before":
            self._reset(wire, arrival)
        if early.early:
            self._answer_early(wire, arrival, early)
        body = self._read(wire, arrival, part_head, total, early)
        if boundary and len(body) == total:
            arrival.parts = parse_parts(body, boundary)
        arrival.complete = len(body) == total
        if not arrival.complete:
            self._write_down(arrival, "went away")
            raise GoneError
        return (
            behaviour
            or self._rule_for(arrival, size, body_known=True)
            or usual_answer(arrival, self.keys, self.pages, self.balance, self._trace_ids_before(arrival))
        )

    def _read(self, wire: Wire, arrival: Arrival, start: bytes, total: int, behaviour: Behaviour) -> bytes:
        body = bytearray(start)
        while len(body) < total:
            if behaviour.reset == "during" and len(body) >= total // 2:
                self._reset(wire, arrival)
            if behaviour.stall_after is not None and len(body) >= behaviour.stall_after and not self._released.is_set():
                self._write_down(arrival, "stalled")
                self._released.wait()
            block = wire.read_some(min(total - len(body), behaviour.bytes_per_s // 10 or total))
            if not block:
                break
            body += block
            if behaviour.bytes_per_s:
                self.stopping.wait(len(block) / behaviour.bytes_per_s)
        return bytes(body)

    def _answer_early(self, wire: Wire, arrival: Arrival, behaviour: Behaviour) -> None:
        self._write_down(arrival, f"early {behaviour.status}")
        self._send(wire.sock, behaviour, answer_bytes(behaviour, None))
        # Hanging up on bytes nobody took would reset the connection, answer and all.
        self.shut(wire.sock, socket.SHUT_WR)
        while wire.read_some(1 << 20):
            pass
        raise GoneError

    def _rule_for(self, arrival: Arrival, size: int | None, *, body_known: bool) -> Behaviour | None:
        with self.lock:
            for rule in self._rules:
                if rule.needs_body() and not body_known:
                    continue
                if rule.fits(arrival, size):
                    if rule.times is not None:
                        rule.times -= 1
                    return rule.behaviour
        return None

    def _trace_ids_before(self, arrival: Arrival) -> set[str]:
        return {other.trace_id for other in list(self.arrivals) if other is not arrival and other.kind == arrival.kind}

    # --- the answer ---------------------------------------------------------------------------------------------------

    def _reply(self, wire: Wire, arrival: Arrival, behaviour: Behaviour) -> bool:
        if behaviour.reset in {"after", "during"}:
            self._reset(wire, arrival)
        if behaviour.stores and arrival.kind == "upload":
            self._store(arrival)
        self._write_down(arrival, behaviour.reset or ("silent" if behaviour.silent else str(behaviour.status)))
        if behaviour.reset:
            self._reset(wire, arrival, written=True)
        if behaviour.silent:
            self._released.wait()
            return False
        if behaviour.delay_s:
            self.stopping.wait(behaviour.delay_s)
        self._send(wire.sock, behaviour, answer_bytes(behaviour, arrival.stored_id))
        if behaviour.tunnel:
            host, _, port = arrival.path.rpartition(":")
            self.tunnel(wire.sock, host, int(port))
            return False
        return not (behaviour.hang_up or behaviour.raw is not None or behaviour.cut_after is not None)

    def _send(self, sock: socket.socket, behaviour: Behaviour, data: bytes) -> None:
        if behaviour.cut_after is not None:
            data = data[: data.index(b"\r\n\r\n") + 4 + behaviour.cut_after]
        if behaviour.drip is None:
            sock.sendall(data)
        else:
            count, seconds = behaviour.drip
            for start in range(0, len(data), count):
                sock.sendall(data[start : start + count])
                if self.stopping.wait(seconds):
                    raise GoneError
        while behaviour.endless and not self.stopping.is_set():
            sock.sendall(b" " * 65536)

    def _store(self, arrival: Arrival) -> None:
        with self._news:
            identity, self._next_id = str(self._next_id), self._next_id + 1
            image = arrival.image
            arrival.stored_id = identity
            self.stored.append(
                Stored(identity, arrival.trace_id, arrival.key, image.sha256 if image else None, arrival.link)
            )
            self._news.notify_all()

    def _reset(self, wire: Wire, arrival: Arrival, *, written: bool = False) -> None:
        if not written:
            self._write_down(arrival, "reset")
        wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise GoneError

    def _write_down(self, arrival: Arrival, answered: str) -> None:
        """On disk before anything is answered, so that it can be compared with after a crash of the client."""
        arrival.answered = answered
        if self._record is None:
            return
        line = json.dumps(arrival.as_json())
        with self.lock, self._record.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def _administer(self, wire: Wire, method: str, path: str, size: int) -> None:
        body = bytearray()
        while len(body) < size and (block := wire.read_some(size - len(body))):
            body += block
        value = administer(self, f"{method} {path}", json.loads(body or b"{}"))
        wire.sock.sendall(answer_bytes(answer_json(value), None))


def main() -> None:
    """Serve until the process is ended."""
    import argparse
    import signal

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--key", action="append", help="accept this key only; may be given several times")
    parser.add_argument("--tls", type=Path, help="a PEM file with a key and its certificate")
    parser.add_argument("--script", type=Path, help="a file of rules, one JSON object a line")
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    keys = set(options.key) if options.key else None
    tls = None
    if options.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.tls)
    with ScriptedServer(port=options.port, record=options.record, keys=keys, tls=tls) as server:
        for line in options.script.read_text("utf-8").splitlines() if options.script else []:
            administer(server, "POST /_script", json.loads(line))
        print(f"READY {server.port}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()

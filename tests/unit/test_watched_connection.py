from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from pixverse_gui.core import watched_connection
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.watched_connection import Lane, connect_within
from tests.helpers.full_port import full_port

Address = tuple[int, int, int, str, tuple[str, int]]


def to(port: int) -> Address:
    return (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))


def ignore(_: socket.socket) -> None:
    pass


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def full() -> Iterator[int]:
    with full_port() as port:
        yield port


def names(monkeypatch: pytest.MonkeyPatch, *addresses: Address) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: list(addresses))


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def test_the_next_address_is_tried_when_one_refuses(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        nobody = port_of(gone)
    names(monkeypatch, to(nobody), to(port_of(listener)))
    seen: list[socket.socket] = []
    with connect_within("host", 1, 5, seen.append) as sock:
        assert sock.getpeername()[1] == port_of(listener)
    assert len(seen) == 2
    assert seen[0].fileno() == -1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems queue connections otherwise")
def test_a_silent_address_leaves_time_for_the_next(
    listener: socket.socket, full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_connection, "_ADDRESS_MIN_S", 0.05)
    names(monkeypatch, to(full), to(port_of(listener)))
    with connect_within("host", 1, 0.6, ignore) as sock:
        assert sock.getpeername()[1] == port_of(listener)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems queue connections otherwise")
def test_all_addresses_together_have_one_deadline(full: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, *(to(full) for _ in range(50)))
    seen: list[socket.socket] = []
    with pytest.raises(TimeoutError):
        connect_within("host", 1, 0.2, seen.append)
    assert len(seen) < 50


def test_no_address_at_all_is_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch)
    with pytest.raises(TimeoutError):
        connect_within("host", 1, 1, ignore)


def test_an_ended_attempt_tries_no_further_address(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, to(port_of(listener)), to(port_of(listener)))
    control = AttemptControl(Limits())
    control.cancel()
    seen: list[socket.socket] = []

    def attach(sock: socket.socket) -> None:
        seen.append(sock)
        control.attach(sock)

    with pytest.raises(ConnectionAbortedError):
        connect_within("host", 1, 5, attach)
    assert len(seen) == 1
    assert seen[0].fileno() == -1


def lane() -> Lane:
    return Lane(connect_timeout_s=1, stall_timeout_s=1)


def test_a_closed_connection_can_be_shut_down_until_its_attempt_ends(listener: socket.socket) -> None:
    ours = socket.create_connection(listener.getsockname())
    theirs, _ = listener.accept()
    with ours, theirs:
        one, control, handle = lane(), AttemptControl(Limits()), ours.dup()
        one.begin(control, 1)
        one.watch(handle)
        one.retire(handle)
        control.cancel()
        assert theirs.recv(1) == b""
        one.end()
        assert handle.fileno() == -1


def test_between_two_attempts_a_closed_connection_is_let_go_at_once(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()) as ours:
        one, handle = lane(), ours.dup()
        one.watch(handle)
        one.raise_if_ended()
        one.retire(handle)
        assert handle.fileno() == -1
        other = ours.dup()
        one.unwatch(other)
        assert other.fileno() == -1
        one.end()

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from pixverse_gui.core import watched_connection
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.watched_connection import Lane, connect_within

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
    """A port whose queue is full, so that connecting to it takes for ever."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


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


@pytest.mark.skipif(not hasattr(socket, "TCP_NOTSENT_LOWAT"), reason="other systems queue connections otherwise")
def test_a_silent_address_leaves_time_for_the_next(
    listener: socket.socket, full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_connection, "_ADDRESS_MIN_S", 0.05)
    names(monkeypatch, to(full), to(port_of(listener)))
    with connect_within("host", 1, 0.6, ignore) as sock:
        assert sock.getpeername()[1] == port_of(listener)


@pytest.mark.skipif(not hasattr(socket, "TCP_NOTSENT_LOWAT"), reason="other systems queue connections otherwise")
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


@pytest.mark.skipif(not hasattr(socket, "TCP_NOTSENT_LOWAT"), reason="other systems wake connect only by its time-out")
def test_cancelling_wakes_a_thread_that_is_connecting(full: int) -> None:
    control = AttemptControl(Limits())
    attached = threading.Event()
    handles: list[socket.socket] = []
    failures: list[OSError] = []

    def watch(sock: socket.socket) -> None:
        handles.append(sock.dup())
        control.attach(handles[0])
        attached.set()

    def connect() -> None:
        try:
            connect_within("127.0.0.1", full, 60, watch).close()
        except OSError as error:
            failures.append(error)

    worker = threading.Thread(target=connect)
    worker.start()
    attached.wait(10)
    while worker.is_alive():
        # The first call may come before the system has begun to connect.
        control.cancel()
        worker.join(0.05)
    handles[0].close()
    assert len(failures) == 1


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

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from pixverse_gui.core.attempt_control import AttemptControl, EndReason
from pixverse_gui.core.errors import UploadCancelled
from pixverse_gui.core.limits import Limits

LIMITS = Limits(stall_timeout_s=30.0, answer_timeout_s=120.0)
Pair = tuple[socket.socket, socket.socket]


class FakeClock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def control(clock: FakeClock) -> AttemptControl:
    return AttemptControl(LIMITS, clock)


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_an_attempt_that_waits_for_its_thread_is_left_alone(control: AttemptControl, clock: FakeClock) -> None:
    control.begin_body(10)
    clock.now += 10_000
    control.check()
    assert control.end_reason is None


def test_an_attempt_that_connects_for_too_long_is_ended_as_stalled(
    control: AttemptControl, clock: FakeClock, pair: Pair
) -> None:
    control.begin_body(10)
    control.attach(pair[0])
    clock.now += 30.1
    control.check()
    assert control.end_reason is EndReason.STALLED


@pytest.mark.parametrize(("seconds", "reason"), [(30.0, None), (30.1, EndReason.DRIVE)])
def test_a_read_that_does_not_move_is_ended_for_its_drive(
    control: AttemptControl, clock: FakeClock, seconds: float, reason: EndReason | None
) -> None:
    with control.read_watch.reading("/a.png"):
        clock.now += 20
        control.read_watch.moved()
        clock.now += seconds
        control.check()
    assert control.end_reason is reason


def test_a_name_look_up_counts_and_reading_before_it_does_not(control: AttemptControl, clock: FakeClock) -> None:
    with control.read_watch.reading("/a.png"):
        clock.now += 25
    control.expect_connection()
    clock.now += 29
    control.check()
    assert control.end_reason is None
    clock.now += 2
    control.check()
    assert control.end_reason is EndReason.STALLED
    assert not control.was_connected


@pytest.mark.parametrize(("seconds", "reason"), [(29.9, None), (30.0, None), (30.1, EndReason.STALLED)])
def test_a_body_that_does_not_move_for_the_stall_limit_is_ended(
    control: AttemptControl, clock: FakeClock, seconds: float, reason: EndReason | None
) -> None:
    control.begin_body(10)
    control.handed_over(4)
    clock.now += seconds
    control.check()
    assert control.end_reason is reason


def test_every_byte_that_moves_starts_the_stall_limit_again(control: AttemptControl, clock: FakeClock) -> None:
    control.begin_body(100)
    for _ in range(50):
        control.handed_over(1)
        clock.now += 29
        control.check()
    assert control.end_reason is None
    assert control.bytes_handed == 50


@pytest.mark.parametrize(("seconds", "reason"), [(31, None), (120, None), (120.1, EndReason.NO_ANSWER)])
def test_after_the_last_byte_the_answer_has_a_limit_of_its_own(
    control: AttemptControl, clock: FakeClock, seconds: float, reason: EndReason | None
) -> None:
    control.begin_body(10)
    control.handed_over(10)
    clock.now += seconds
    control.check()
    assert control.end_reason is reason


def test_the_body_is_complete_with_its_last_byte_and_not_before(control: AttemptControl) -> None:
    control.begin_body(10)
    control.handed_over(9)
    assert not control.body_complete
    control.handed_over(1)
    assert control.body_complete


def test_a_request_without_a_body_waits_for_its_answer_only(
    control: AttemptControl, clock: FakeClock, pair: Pair
) -> None:
    control.begin_body(0)
    control.attach(pair[0])
    clock.now += 119
    control.check()
    assert control.end_reason is None
    assert control.body_complete


def test_a_finished_attempt_is_never_ended_by_the_watchdog(control: AttemptControl, clock: FakeClock) -> None:
    control.begin_body(10)
    control.handed_over(10)
    control.finish()
    clock.now += 1000
    control.check()
    assert control.end_reason is None


def test_the_first_reason_to_end_an_attempt_stays(control: AttemptControl) -> None:
    control.abort("asleep")
    control.cancel()
    assert control.end_reason is EndReason.ASLEEP
    assert not control.is_cancelled


def test_an_unknown_reason_is_a_bug_and_says_so(control: AttemptControl) -> None:
    with pytest.raises(ValueError, match="bored"):
        control.abort("bored")


def test_cancelling_wakes_a_thread_that_waits_for_the_other_side(control: AttemptControl, pair: Pair) -> None:
    received: list[bytes] = []
    handle = pair[0].dup()
    control.attach(handle)
    worker = threading.Thread(target=lambda: received.append(pair[0].recv(1)))
    worker.start()
    control.cancel()
    worker.join(10)
    control.detach(handle)
    handle.close()
    assert received == [b""]


def test_a_socket_that_is_attached_after_the_end_is_refused(control: AttemptControl, pair: Pair) -> None:
    control.cancel()
    with pytest.raises(ConnectionAbortedError):
        control.attach(pair[0])


@pytest.mark.parametrize("how", ["detach", "finish"])
def test_a_socket_that_was_given_back_is_not_touched(control: AttemptControl, pair: Pair, how: str) -> None:
    control.attach(pair[0])
    control.detach(pair[0]) if how == "detach" else control.finish()
    control.cancel()
    pair[1].sendall(b"still open")
    assert pair[0].recv(100) == b"still open"


def test_detaching_an_old_socket_keeps_the_new_one(control: AttemptControl, pair: Pair) -> None:
    with socket.socket() as old:
        control.attach(old)
        control.attach(pair[0])
        control.detach(old)
    control.cancel()
    assert pair[1].recv(1) == b""


def test_ending_is_quiet_while_the_socket_is_not_connected(control: AttemptControl) -> None:
    with socket.socket() as unconnected:
        control.attach(unconnected)
        control.cancel()
    assert control.is_cancelled
    with pytest.raises(ConnectionAbortedError):
        control.raise_if_ended()


def test_a_wait_ends_with_the_attempt(control: AttemptControl) -> None:
    assert not control.wait(0)
    control.cancel()
    assert control.wait(60)


@pytest.mark.parametrize("complete", [False, True])
def test_a_cancelled_attempt_says_whether_the_picture_may_be_there(control: AttemptControl, complete: bool) -> None:
    control.raise_if_cancelled()
    control.begin_body(2)
    control.handed_over(2 if complete else 1)
    control.cancel()
    with pytest.raises(UploadCancelled) as caught:
        control.raise_if_cancelled()
    assert caught.value.maybe_stored is complete


@pytest.mark.parametrize("module", ["attempt_control", "failure_table", "sending", "multipart_body", "envelope"])
def test_what_the_start_needs_imports_nothing_heavy(module: str) -> None:
    heavy = ("requests", "urllib3", "PIL", "keyring", "PySide6")
    code = f"import sys, pixverse_gui.core.{module}; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"

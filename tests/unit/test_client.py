"""The client against a scripted server, over real sockets."""

from __future__ import annotations

import hashlib
import socket
import sys
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from pixverse_gui.core import errors, watched_connection
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client import ImagePayload, PixVerseClient
from pixverse_gui.core.errors import ApiError, UploadCancelled
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance, ImageFormat, UploadResult
from pixverse_gui.core.practice import PracticeAdapter, PracticeService
from pixverse_gui.core.secret import Secret
from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour
from tests.helpers.full_port import full_port
from tests.helpers.scripted_server import FIRST_ID, ScriptedServer

KEY = "sk-canary0123456789abcdef0123456789"
# Short enough not to be waited for, long enough for a busy machine.
LIMITS = Limits(connect_timeout_s=5, stall_timeout_s=5, answer_timeout_s=5, balance_timeout_s=5)
SHORT = Limits(connect_timeout_s=0.3, stall_timeout_s=0.3, answer_timeout_s=0.3, balance_timeout_s=0.3)
SMALL = ImagePayload(b"\x89PNG" + bytes(2000), ImageFormat.PNG)
# For attempts that only the test ends.
PATIENT = Limits(connect_timeout_s=600, stall_timeout_s=600, answer_timeout_s=600)
# More than loopback buffers swallow, so that sending it takes as long as the server wants.
LARGE = ImagePayload(bytes(12_000_000), ImageFormat.JPEG)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(keys={KEY}) as server:
        yield server


@pytest.fixture
def client_for() -> Iterator[Callable[..., PixVerseClient]]:
    made: list[PixVerseClient] = []

    def make(url: str, limits: Limits = LIMITS, key: str = KEY, **options: Any) -> PixVerseClient:
        made.append(PixVerseClient(url, Secret(key), limits, **options))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(server: ScriptedServer, client_for: Callable[..., PixVerseClient]) -> PixVerseClient:
    return client_for(server.url)


def trace_id() -> str:
    return str(uuid.uuid4())


def upload(
    client: PixVerseClient, payload: ImagePayload = SMALL, control: AttemptControl | None = None
) -> UploadResult:
    return client.upload_image(payload, trace_id(), control or AttemptControl(LIMITS))


def failure(
    client: PixVerseClient, payload: ImagePayload = SMALL, control: AttemptControl | None = None
) -> ApiError | UploadCancelled:
    try:
        result = upload(client, payload, control)
    except (ApiError, UploadCancelled) as error:
        return error
    raise AssertionError(f"no failure but {result}")


def texts_of(error: BaseException) -> str:
    """Everything anyone could print of an error and of what hangs on it, short of the variables of its frames."""
    text = "".join(traceback.format_exception(error))
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        request = getattr(one, "request", None)
        text += f"{one!r} {one} {one.args!r} {vars(one)!r} {getattr(request, 'headers', '')!r}"
        related = (one.__cause__, one.__context__, *one.args, *vars(one).values())
        waiting += [other for other in related if isinstance(other, BaseException)]
    return text


class Attempt:
    """An upload on a thread of its own."""

    def __init__(self, client: PixVerseClient, payload: ImagePayload = LARGE) -> None:
        self.control = AttemptControl(LIMITS)
        self.outcome: UploadResult | BaseException | None = None
        self._client, self._payload = client, payload
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.outcome = upload(self._client, self._payload, self.control)
        except (ApiError, UploadCancelled) as error:
            self.outcome = error

    def ended(self, within_s: float = 20) -> UploadResult | BaseException | None:
        self._thread.join(within_s)
        return self.outcome


# --- what is sent ---


def test_a_picture_is_sent_once_in_one_part_with_key_and_trace_id(
    server: ScriptedServer, client: PixVerseClient
) -> None:
    trace, control = trace_id(), AttemptControl(LIMITS)
    result = client.upload_image(LARGE, trace, control)
    assert result == UploadResult(str(FIRST_ID), f"https://media.pixverse.invalid/openapi/{FIRST_ID}_auto.jpg")
    (arrival,) = server.arrivals
    assert (arrival.kind, arrival.key, arrival.trace_id) == ("upload", KEY, trace)
    assert [part.name for part in arrival.parts] == ["image"]
    assert arrival.parts[0].file_name == "image.jpg"
    assert arrival.parts[0].type == "image/jpeg"
    assert arrival.parts[0].sha256 == hashlib.sha256(LARGE.data).hexdigest()
    assert control.bytes_handed == control.body_bytes == int(arrival.headers["content-length"])
    assert control.body_complete


def test_a_link_is_sent_byte_for_byte(server: ScriptedServer, client: PixVerseClient) -> None:
    link = "https://a.example/openapi%2Fx.jpg?y=%20+\u56fe"
    client.upload_link(link, trace_id(), AttemptControl(LIMITS))
    (arrival,) = server.uploads
    assert arrival.link == link
    assert arrival.image is None


def test_a_link_that_is_no_text_is_refused_without_a_request(server: ScriptedServer, client: PixVerseClient) -> None:
    with pytest.raises(errors.RejectedImageError):
        client.upload_link("https://a.example/\ud800", trace_id(), AttemptControl(LIMITS))
    assert server.arrivals == []


def test_the_balance_proves_the_key(server: ScriptedServer, client: PixVerseClient) -> None:
    assert client.balance(trace_id(), AttemptControl(LIMITS)) == Balance("123452341", 1_072_650)
    assert server.arrivals[0].method == "GET"


def test_nothing_is_sent_that_was_not_asked_for(server: ScriptedServer, client: PixVerseClient) -> None:
    upload(client)
    assert set(server.arrivals[0].headers) == {
        *("host", "user-agent", "accept", "accept-encoding", "content-type", "content-length", "ai-trace-id", "api-key")
    }
    assert server.arrivals[0].headers["accept-encoding"] == "identity"


def test_connections_are_used_again(server: ScriptedServer, client: PixVerseClient) -> None:
    for _ in range(3):
        upload(client)
    client.balance(trace_id(), AttemptControl(LIMITS))
    assert server.connections == 1


def test_a_connection_that_was_idle_for_long_is_not_trusted(
    server: ScriptedServer, client: PixVerseClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(client)
    monkeypatch.setattr(watched_connection, "_IDLE_MAX_S", -1.0)
    upload(client)
    assert server.connections == 2


def test_three_threads_send_at_once_over_connections_of_their_own(
    server: ScriptedServer, client: PixVerseClient
) -> None:
    server.script(behaviours.delayed(0.2))
    with ThreadPoolExecutor(3) as pool:
        ids = {result.img_id for result in pool.map(lambda _: upload(client), range(9))}
    assert len(ids) == 9
    assert server.most_at_once <= 3
    assert server.connections == 3
    assert len({arrival.trace_id for arrival in server.uploads}) == 9


def test_a_closed_client_has_no_connection_left_and_still_works(server: ScriptedServer, client: PixVerseClient) -> None:
    upload(client)
    client.close()
    upload(client)
    assert server.connections == 2


def test_a_client_closed_during_a_call_keeps_no_connection_of_it(
    server: ScriptedServer, client: PixVerseClient
) -> None:
    server.script(behaviours.delayed(0.2), times=1)
    attempt = Attempt(client, SMALL)
    server.wait_for(1)
    client.close()
    assert isinstance(attempt.ended(), UploadResult)
    upload(client)
    assert server.connections == 2


# --- where the key goes ---


@pytest.mark.parametrize("url", ["http://example.com", "ftp://example.com", "https://u:p@example.com", "", "https://"])
def test_an_address_the_key_must_not_go_to_is_refused(url: str) -> None:
    with pytest.raises(errors.ServiceAddressError):
        PixVerseClient(url, Secret(KEY), LIMITS)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_not_even_read(
    server: ScriptedServer, client: PixVerseClient, status: int
) -> None:
    with ScriptedServer() as trap:
        server.script(behaviours.redirect(trap.url + "/openapi/v2/image/upload", status))
        error = failure(client)
        assert isinstance(error, errors.RedirectRefusedError)
        assert not error.maybe_stored
        assert trap.connections == 0
    assert len(server.arrivals) == 1


@pytest.mark.parametrize("location", ["http://[", "//", "javascript:alert(1)", "/again", "\x00"])
def test_a_redirect_to_nonsense_is_just_a_redirect(
    server: ScriptedServer, client: PixVerseClient, location: str
) -> None:
    server.script(behaviours.redirect(location))
    assert isinstance(failure(client), errors.RedirectRefusedError)


def test_the_key_never_leaves_for_another_origin(client: PixVerseClient, server: ScriptedServer) -> None:
    prepared = requests.Request("GET", "http://127.0.0.1:1/openapi/v2/account/balance").prepare()
    with pytest.raises(errors.ServiceAddressError):
        client._add_key(prepared)
    assert "API-KEY" not in prepared.headers


@pytest.mark.parametrize("key", ["", "with blank", "line\n", "\u2026", "\u200bzero"])
def test_a_key_that_would_break_the_header_is_not_sent_and_not_shown(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient], key: str
) -> None:
    with pytest.raises(errors.MalformedApiKeyError) as caught:
        upload(client_for(server.url, key=key))
    assert not key or key not in str(caught.value)
    assert server.arrivals == []


def test_a_wrong_key_is_refused_by_its_code(server: ScriptedServer, client_for: Callable[..., PixVerseClient]) -> None:
    with pytest.raises(errors.AccountRefusedError) as caught:
        client_for(server.url, key="sk-another-key").balance(trace_id(), AttemptControl(LIMITS))
    assert caught.value.facts.api_code == 10005
    assert not caught.value.maybe_stored


FAULTS = [
    *(behaviours.reset(when) for when in ("before", "during", "after", "stored")),
    *(behaviours.html(status) for status in (200, 403, 502)),
    *(behaviours.busy(), behaviours.busy(503), behaviours.redirect("http://127.0.0.1:1/"), behaviours.cut()),
    *(behaviours.huge(), behaviours.endless(), behaviours.zipped(), behaviours.moderation()),
    behaviours.api_error(10005, f"no such key {KEY}"),
    behaviours.answer(f"who is {KEY}?", status=500),
    behaviours.succeed(img_url=f"https://x/{KEY}", img_id=0),
    *(behaviours.raw(text) for text in ("", "\x00\x01", f"HTTP/9.9 {KEY}\r\n\r\n", f"{KEY}\r\n\r\n")),
    behaviours.raw("HTTP/1.1 200 OK\r\n" + "a: b\r\n" * 200 + "\r\n"),
    behaviours.raw("HTTP/1.1 200 OK\r\na: " + "b" * 70_000 + "\r\n\r\n"),
    behaviours.raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}"),
    behaviours.raw("HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n{}"),
    behaviours.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    behaviours.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=range(len(FAULTS)))
def test_whatever_happens_ends_as_one_of_our_errors_without_the_key(
    server: ScriptedServer, client: PixVerseClient, fault: Behaviour
) -> None:
    server.script(fault, times=1)
    error = failure(client)
    assert KEY not in texts_of(error)
    assert error.__context__ is None
    assert upload(client).img_id.isdigit()


def test_the_cause_of_an_error_holds_neither_request_nor_variables(
    server: ScriptedServer, client: PixVerseClient
) -> None:
    server.script(behaviours.reset("after"))
    cause = failure(client).__cause__
    assert cause is not None
    assert getattr(cause, "request", None) is None
    assert getattr(cause, "response", None) is None
    frames = [frame for frame, _ in traceback.walk_tb(cause.__traceback__)]
    assert all(not frame.f_locals for frame in frames if "pixverse_gui" not in frame.f_code.co_filename)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [(behaviours.zipped(), "encoding"), (behaviours.huge(), "too_large"), (behaviours.endless(), "too_large")],
)
def test_an_answer_that_is_too_much_is_not_taken(
    server: ScriptedServer, client: PixVerseClient, behaviour: Behaviour, reason: str
) -> None:
    server.script(behaviour)
    error = failure(client)
    assert isinstance(error, errors.UnexpectedAnswerError)
    assert error.params == {"reason": reason}


def test_a_connection_that_is_reset_while_it_is_made_is_unreachable(
    client: PixVerseClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reset(*_: object) -> None:
        raise ConnectionResetError(104, "reset")

    monkeypatch.setattr(watched_connection, "connect_within", reset)
    assert isinstance(failure(client), errors.UnreachableError)


# --- hidden helpfulness of the HTTP stack ---


def test_nothing_is_sent_twice_under_one_trace_id(server: ScriptedServer, client: PixVerseClient) -> None:
    for behaviour in (behaviours.reset("after"), behaviours.busy(429, "0"), behaviours.busy(503, "0")):
        server.script(behaviour, times=1)
        failure(client)
    assert len(server.arrivals) == 3


def test_cookies_are_never_sent_back(server: ScriptedServer, client: PixVerseClient) -> None:
    server.script(behaviours.answer("{}", set_cookie="a=b; Path=/"), times=1)
    failure(client)
    upload(client)
    assert "cookie" not in server.arrivals[1].headers


def test_netrc_and_proxies_of_the_environment_do_not_reach_a_loopback_service(
    server: ScriptedServer,
    client_for: Callable[..., PixVerseClient],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    (tmp_path / "netrc").write_text("default login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file")
    assert upload(client_for(server.url)).img_id == str(FIRST_ID)
    assert "authorization" not in server.arrivals[0].headers


# --- what may be stored ---


@pytest.mark.parametrize(
    ("when", "maybe_stored"), [("before", False), ("during", False), ("after", True), ("stored", True)]
)
def test_a_break_may_have_stored_the_picture_only_after_its_last_byte(
    server: ScriptedServer, client: PixVerseClient, when: str, maybe_stored: bool
) -> None:
    server.script(behaviours.reset(when))
    error = failure(client, LARGE)
    assert isinstance(error, errors.ConnectionBrokenError)
    assert error.params == {"reason": "reset"}
    assert error.maybe_stored is maybe_stored
    assert bool(server.stored) is (when == "stored")


@pytest.mark.parametrize(
    "behaviour", [behaviours.cut(), behaviours.huge(), behaviours.html(), behaviours.answer("x", 500)]
)
def test_a_lost_answer_may_have_stored_the_picture(
    server: ScriptedServer, client: PixVerseClient, behaviour: Behaviour
) -> None:
    server.script(behaviour)
    assert failure(client).maybe_stored


def test_a_balance_call_never_stores_anything(server: ScriptedServer, client: PixVerseClient) -> None:
    for behaviour in (behaviours.reset("after"), behaviours.html()):
        server.script(behaviour, kind="balance", times=1)
        with pytest.raises(ApiError) as caught:
            client.balance(trace_id(), AttemptControl(LIMITS))
        assert not caught.value.maybe_stored


def test_an_answer_that_comes_before_the_body_is_sent_is_heard(server: ScriptedServer, client: PixVerseClient) -> None:
    server.script(Behaviour(early=True, status=413, body=b"too large", stores=False))
    error = failure(client, LARGE)
    assert isinstance(error, errors.RejectedImageError)
    assert not error.maybe_stored


# --- time ---


def test_a_server_that_stops_reading_is_noticed(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient]
) -> None:
    server.script(behaviours.stall(1000))
    error = failure(client_for(server.url, SHORT), LARGE)
    assert isinstance(error, errors.ConnectionBrokenError)
    assert error.params == {"reason": "stalled"}
    assert not error.maybe_stored


@pytest.mark.parametrize(
    "behaviour", [behaviours.silent(), behaviours.drip(1, 0.05), behaviours.raw("HTTP/1.1 100 Continue\r\n\r\n" * 9)]
)
def test_an_answer_has_one_deadline_for_the_whole(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient], behaviour: Behaviour
) -> None:
    server.script(behaviour)
    error = failure(client_for(server.url, SHORT))
    assert isinstance(error, errors.ConnectionBrokenError)
    assert error.maybe_stored


def test_a_slow_reader_is_not_a_stalled_one(server: ScriptedServer, client_for: Callable[..., PixVerseClient]) -> None:
    server.script(behaviours.slow_read(3_000_000))
    # Each piece takes longer than a connection may take to be made.
    limits = Limits(connect_timeout_s=0.05, stall_timeout_s=5, answer_timeout_s=20)
    assert upload(client_for(server.url, limits), ImagePayload(bytes(5_000_000), ImageFormat.PNG)).img_id


# --- ending an attempt from another thread ---


PLACES = {
    "while the body is sent": (behaviours.stall(1000), False),
    "while the answer is awaited": (behaviours.silent(), True),
    "while the answer's head drips": (behaviours.drip(1, 0.2), True),
    "while the answer's body goes on": (behaviours.hanging_up(Behaviour(drip=(150, 5.0))), True),
}


@pytest.mark.parametrize("is_used_again", [False, True], ids=["new connection", "used connection"])
@pytest.mark.parametrize("place", PLACES)
def test_cancelling_takes_effect_at_once(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient], place: str, is_used_again: bool
) -> None:
    client = client_for(server.url, PATIENT)
    if is_used_again:
        upload(client)
    behaviour, maybe_stored = PLACES[place]
    server.script(behaviour, times=1)
    attempt = Attempt(client, LARGE)
    server.wait_for(1 + is_used_again)
    if maybe_stored:
        server.wait_until_stored(1 + is_used_again)
    attempt.control.cancel()
    outcome = attempt.ended()
    assert isinstance(outcome, UploadCancelled)
    assert outcome.maybe_stored is maybe_stored
    assert upload(client).img_id


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only its time-out ends a connect")
def test_cancelling_takes_effect_while_connecting(client_for: Callable[..., PixVerseClient]) -> None:
    with full_port() as port:
        attempt = Attempt(client_for(f"http://127.0.0.1:{port}", PATIENT))
        for _ in range(100):
            # The first calls may come before there is anything to shut down.
            attempt.control.cancel()
            if attempt.ended(within_s=0.05):
                break
        outcome = attempt.ended()
    assert isinstance(outcome, UploadCancelled)
    assert not outcome.maybe_stored


def test_a_connection_that_comes_about_after_the_end_is_not_used(
    server: ScriptedServer, client: PixVerseClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, connect = AttemptControl(LIMITS), watched_connection.connect_within
    made: list[socket.socket] = []

    def connect_and_cancel(*arguments: Any) -> socket.socket:
        made.append(connect(*arguments))
        control.cancel()
        return made[0]

    monkeypatch.setattr(watched_connection, "connect_within", connect_and_cancel)
    assert isinstance(failure(client, SMALL, control), UploadCancelled)
    assert made[0].fileno() == -1
    assert server.arrivals == []


@pytest.mark.parametrize("reason", ["stalled", "no_answer", "asleep"])
def test_an_aborted_attempt_is_a_broken_one_with_that_reason(
    server: ScriptedServer, client_for: Callable[..., PixVerseClient], reason: str
) -> None:
    server.script(behaviours.stall(1000), times=1)
    attempt = Attempt(client_for(server.url, PATIENT))
    server.wait_for(1)
    attempt.control.abort(reason)
    outcome = attempt.ended()
    assert isinstance(outcome, errors.ConnectionBrokenError)
    assert outcome.params == {"reason": reason}
    assert not outcome.maybe_stored


def test_an_attempt_cancelled_before_it_starts_sends_nothing(server: ScriptedServer, client: PixVerseClient) -> None:
    control = AttemptControl(LIMITS)
    control.cancel()
    assert isinstance(failure(client, SMALL, control), UploadCancelled)
    assert server.arrivals == []


def test_cancelling_after_the_answer_harms_no_later_attempt(server: ScriptedServer, client: PixVerseClient) -> None:
    control = AttemptControl(LIMITS)
    upload(client, SMALL, control)
    control.cancel()
    upload(client)
    assert server.connections == 1


def test_an_answer_that_is_there_counts_even_if_the_row_was_cancelled_meanwhile(
    client_for: Callable[..., PixVerseClient],
) -> None:
    control = AttemptControl(LIMITS)

    class LateAdapter(PracticeAdapter):
        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            response = super().send(request)
            control.cancel()
            return response

    def adapter() -> PracticeAdapter:
        return LateAdapter(PracticeService(77), bytes_per_second=0, answer_delay_s=0)

    client = client_for("https://practice.invalid", adapter_factory=adapter, proxies={})
    assert upload(client, SMALL, control).img_id == "77"

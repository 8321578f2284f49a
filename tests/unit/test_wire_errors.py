from __future__ import annotations

import socket
import ssl
import traceback
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ProxyError, ReadTimeoutError

from pixverse_gui.core import errors
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.wire_errors import FOREIGN, chain_of, translate, without_request

KEY = "sk-canary0123456789abcdef0123456789"


def translated(error: BaseException, **changes: Any) -> Any:
    control = changes.pop("control", None) or AttemptControl(Limits())
    options = {"host": "api.example", "is_connected": False, "stores": True, "trace_id": "trace-1", **changes}
    return translate(error, control, **options)


def sent_whole() -> AttemptControl:
    control = AttemptControl(Limits())
    control.begin_body(3)
    control.handed_over(3)
    return control


def wrapped(error: BaseException) -> requests.RequestException:
    """As requests hands over what urllib3 could not retry."""
    pool: Any = SimpleNamespace()
    return requests.ConnectionError(MaxRetryError(pool, "/x", error if isinstance(error, Exception) else None))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(-2, "not known"), "name"),
        (UnicodeError("label too long"), "name"),
        (ConnectionRefusedError(111, "refused"), "refused"),
        (TimeoutError("timed out"), "timeout"),
        (ReadTimeoutError(None, "/x", "handshake"), "timeout"),  # type: ignore[arg-type]
        (OSError(101, "network is unreachable"), "network"),
        (ssl.SSLEOFError(8, "eof"), "network"),
        (ProxyError("no", OSError("x")), "proxy"),
        (ProxyError("no", socket.gaierror(-2, "not known")), "proxy"),
        (OSError("Tunnel connection failed: 502 Bad Gateway"), "proxy"),
        (requests.exceptions.InvalidProxyURL("malformed"), "proxy"),
    ],
    ids=str,
)
@pytest.mark.parametrize("wrap", [lambda error: error, wrapped])
def test_before_a_connection_everything_is_unreachable_for_a_reason(error: Exception, reason: str, wrap: Any) -> None:
    result = translated(wrap(error), control=sent_whole())
    assert type(result) is errors.UnreachableError
    assert result.params == {"reason": reason}
    assert not result.maybe_stored
    assert result.facts.trace_id == "trace-1"


def test_a_proxy_that_wants_a_login_is_not_just_out_of_reach() -> None:
    result = translated(wrapped(ProxyError("no", OSError("Tunnel connection failed: 407 Login"))))
    assert isinstance(result, errors.AccountRefusedError)
    assert result.params == {"reason": "proxy"}


@pytest.mark.parametrize("is_connected", [False, True])
def test_a_bad_certificate_names_the_host(is_connected: bool) -> None:
    result = translated(wrapped(ssl.SSLCertVerificationError("self signed")), is_connected=is_connected)
    assert isinstance(result, errors.CertificateRefusedError)
    assert result.params == {"host": "api.example"}


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (ConnectionResetError(104, "reset"), errors.ConnectionBrokenError, "reset"),
        (OSError(113, "no route"), errors.ConnectionBrokenError, "reset"),
        (ssl.SSLEOFError(8, "eof"), errors.ConnectionBrokenError, "reset"),
        (ProtocolError("aborted", ConnectionResetError(104, "reset")), errors.ConnectionBrokenError, "reset"),
        (ReadTimeoutError(None, "/x", "slow"), errors.ConnectionBrokenError, "no_answer"),  # type: ignore[arg-type]
        (RecursionError("deep"), errors.UnexpectedAnswerError, "shape"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), errors.UnexpectedAnswerError, "shape"),
        (requests.exceptions.ContentDecodingError("bad"), errors.UnexpectedAnswerError, "shape"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_after_the_last_byte_everything_may_have_stored_the_picture(
    error: Exception, kind: type[errors.ApiError], reason: str
) -> None:
    result = translated(error, control=sent_whole(), is_connected=True)
    assert type(result) is kind
    assert result.params == {"reason": reason}
    assert result.maybe_stored
    assert not translated(error, control=sent_whole(), is_connected=True, stores=False).maybe_stored


def test_a_time_out_before_the_last_byte_is_a_stall() -> None:
    result = translated(TimeoutError("timed out"), is_connected=True)
    assert result.params == {"reason": "stalled"}
    assert not result.maybe_stored


def test_who_ended_the_attempt_explains_every_error_that_followed() -> None:
    control = sent_whole()
    control.abort("asleep")
    result = translated(ssl.SSLCertVerificationError("whatever"), control=control)
    assert isinstance(result, errors.ConnectionBrokenError)
    assert result.params == {"reason": "asleep"}
    assert result.maybe_stored


def test_every_exception_of_requests_is_translated() -> None:
    def kinds(kind: type[BaseException]) -> list[type[BaseException]]:
        return [kind, *(one for child in kind.__subclasses__() for one in kinds(child))]

    assert all(issubclass(kind, FOREIGN) for kind in kinds(requests.RequestException))


def test_a_chain_holds_everything_once_even_if_it_bites_its_tail() -> None:
    inner, middle, outer = ValueError("inner"), OSError("middle"), requests.ConnectionError()
    outer.args = (middle,)
    middle.__cause__ = inner
    inner.__context__ = outer
    assert {id(one) for one in chain_of(outer)} == {id(inner), id(middle), id(outer)}


def test_an_error_loses_its_request_and_the_variables_of_its_frames() -> None:
    def fail(secret_headers: dict[str, str]) -> None:
        request = requests.Request("GET", "https://api.example", headers=secret_headers).prepare()
        raise requests.ConnectionError("broke", request=request)

    with pytest.raises(requests.ConnectionError) as caught:
        fail({"API-KEY": KEY})
    assert without_request(caught.value, KEY) is caught.value
    assert caught.value.request is None
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    (inner,) = (frame for frame in frames if frame.f_code.co_name == "fail")
    assert inner.f_locals == {}


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"Invalid header value {KEY!r}"),
        wrapped(ProtocolError("aborted", ValueError(KEY.encode()))),
        requests.ConnectionError(NewConnectionError(None, f"to {KEY}")),  # type: ignore[arg-type]
    ],
    ids=range(3),
)
def test_an_error_that_says_the_key_is_not_kept_at_all(error: Exception) -> None:
    assert without_request(error, KEY) is None


def test_an_error_that_says_nothing_is_kept() -> None:
    assert without_request(OSError(5, "plain"), "") is not None

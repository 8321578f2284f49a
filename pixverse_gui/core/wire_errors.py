"""Exceptions of the HTTP stack -> our tree, without the request (and so the key) that they carry.

Part of `client`, and apart from it because it is a table of its own.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import traceback
from collections.abc import Iterator

from urllib3.exceptions import HTTPError, LocationParseError, ProxyError, ReadTimeoutError

from pixverse_gui.core import errors
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.errors import AnswerFacts

# requests' own exceptions are OSErrors, its complaints about addresses and headers ValueErrors. RuntimeError: a
# RecursionError, or a connection used out of turn.
FOREIGN = (OSError, HTTPError, http.client.HTTPException, ValueError, RuntimeError, LookupError)

_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})")
_PROXY_LOGIN_NEEDED = "407"
_TIMEOUTS = (TimeoutError, ReadTimeoutError)


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it came from: causes, contexts, `reason`s and wrapped arguments, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        related = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting.extend(other for other in related if isinstance(other, BaseException))


def without_request(error: BaseException, secret: str) -> BaseException | None:
    """`error` as a cause that may be kept: no request, no response, no local variables, no key in any text.

    A traceback keeps the frames alive, and so the headers and twenty megabytes of picture. None where a text has the
    key in it.
    """
    for one in chain_of(error):
        for name in vars(one).keys() & {"request", "response", "conn", "pool", "_pool", "object"}:
            setattr(one, name, None)
        traceback.clear_frames(one.__traceback__)
        if secret and secret in f"{one} {one.args!r}":
            return None
    return error


def translate(
    error: BaseException, control: AttemptControl, *, host: str, is_connected: bool, stores: bool, trace_id: str
) -> errors.ApiError | errors.UploadCancelled:
    """What a foreign exception means. `stores`: the request could have left a picture there."""
    maybe_stored = stores and control.body_complete
    facts = AnswerFacts(trace_id=trace_id)
    if control.is_cancelled:
        return errors.UploadCancelled(maybe_stored=maybe_stored)
    if control.end_reason is not None:
        return errors.ConnectionBrokenError(facts, maybe_stored=maybe_stored, reason=control.end_reason.value)
    chain = list(chain_of(error))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return errors.CertificateRefusedError(facts, host=host)
    if not is_connected:
        return _unreachable(chain, facts)
    if any(isinstance(one, _TIMEOUTS) for one in chain):
        reason = "no_answer" if control.body_complete else "stalled"
        return errors.ConnectionBrokenError(facts, maybe_stored=maybe_stored, reason=reason)
    if any(_is_break(one) for one in chain):
        return errors.ConnectionBrokenError(facts, maybe_stored=maybe_stored, reason="reset")
    return errors.UnexpectedAnswerError(facts, maybe_stored=maybe_stored, reason="shape")


def _unreachable(chain: list[BaseException], facts: AnswerFacts) -> errors.ApiError:
    refusals = [match[1] for one in chain if (match := _TUNNEL_REFUSED.search(str(one)))]
    if _PROXY_LOGIN_NEEDED in refusals:
        return errors.AccountRefusedError(facts, reason="proxy")
    if refusals or any(isinstance(one, ProxyError) for one in chain):
        return errors.UnreachableError(facts, reason="proxy")
    for kinds, reason in _REASONS:
        if any(isinstance(one, kinds) for one in chain):
            return errors.UnreachableError(facts, reason=reason)
    return errors.UnreachableError(facts, reason="network")


_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((socket.gaierror, LocationParseError, UnicodeError), "name"),
    ((ConnectionRefusedError,), "refused"),
    (_TIMEOUTS, "timeout"),
    # The service's address was checked before; what is left to be wrong is the proxy's.
    ((ValueError,), "proxy"),
)


def _is_break(error: BaseException) -> bool:
    """Whether the connection went, rather than brought something that makes no sense.

    An OSError of the system has a number; requests' exceptions, OSErrors too, have none.
    """
    if isinstance(error, ConnectionError | ssl.SSLError | http.client.IncompleteRead):
        return True
    return isinstance(error, OSError) and error.errno is not None

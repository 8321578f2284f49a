"""Every kind of bad answer there is a name for, and what has to become of the one picture that gets it.

Written from what the service and networks do, not from the program's own table of failures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour

FAILED, DONE = "failed", "done"


@dataclass(frozen=True, slots=True)
class Kind:
    """`times`: how often the server does it, None for always. `tries`: how often the picture is sent in all.

    `is_flagged`: the row says that a second copy may exist. `is_big`: the picture is larger than what the system's
    buffers take at once. `is_slow`: it takes the program's time-outs.
    """

    name: str
    behaviour: Behaviour
    state: str
    tries: int
    is_flagged: bool
    times: int | None = None
    is_big: bool = False
    is_slow: bool = False


def kinds(trap: str) -> list[Kind]:
    """All of them; `trap` is the address of a server that nobody may be sent to."""
    return [
        *_no_fault(),
        *_refused(),
        *_busy(),
        *_pausing(),
        *_lost(),
        *_nonsense(),
        *_redirects(trap),
    ]


def _no_fault() -> Iterator[Kind]:
    for name, behaviour in (
        ("slow answer", behaviours.delayed(0.3)),
        ("answer in pieces", behaviours.drip(40, 0.01)),
        ("connection not kept", behaviours.hanging_up(Behaviour())),
        ("cookie", Behaviour(headers={"Set-Cookie": "session=1; Path=/"})),
        ("id as text", behaviours.succeed(img_id="18014398509481985")),
        ("largest id", behaviours.succeed(img_id=2**64 - 1)),
        ("link missing", behaviours.succeed(img_url=None)),
    ):
        yield Kind(name, behaviour, DONE, 1, is_flagged=False)


def _refused() -> Iterator[Kind]:
    for code in (500052, 500054, 500063):
        yield Kind(f"moderation {code}", behaviours.moderation(code), FAILED, 1, is_flagged=False)
    for code in (400011, 400013, 400017, 500030, 500031, 500032, 500033, 500042, 424242, -7):
        yield Kind(f"code {code}", behaviours.api_error(code), FAILED, 1, is_flagged=False)
    for code in (500041, 500100, 99999):
        yield Kind(f"code {code}", behaviours.api_error(code), FAILED, 2, is_flagged=False)
    for status in (413, 415):
        yield Kind(f"status {status}", behaviours.answer("", status=status), FAILED, 1, is_flagged=False)
    early = replace(behaviours.answer("too large", status=413), early=True)
    yield Kind("early 413", early, FAILED, 1, is_flagged=False, is_big=True)
    both = {"ErrCode": 0, "err_code": 500052, "Resp": {"img_id": 5}}
    yield Kind("success and refusal in one", behaviours.answer_json(both), FAILED, 1, is_flagged=False)


def _busy() -> Iterator[Kind]:
    for status in (429, 503):
        for retry_after in (None, "0", "1", "999999", "soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT"):
            behaviour = behaviours.busy(status, retry_after)
            yield Kind(f"{status}, Retry-After {retry_after}", behaviour, DONE, 2, is_flagged=False, times=1)
    late = replace(behaviours.busy(429, "0"), delay_s=0.3)
    yield Kind("late 429", late, DONE, 2, is_flagged=False, times=1)
    yield Kind("503 with a page", behaviours.html(503), DONE, 2, is_flagged=False, times=1)
    yield Kind("code 500069", behaviours.api_error(500069), DONE, 2, is_flagged=False, times=1)
    yield Kind("429 six times", behaviours.busy(429, "0"), DONE, 7, is_flagged=False, times=6)


def _pausing() -> Iterator[Kind]:
    """The queue pauses, keeps the row, and goes on when the operator says so."""
    for code in (10001, 10002, 10003, 10004, 10005, 400012, 500020, 500090):
        yield Kind(f"code {code}", behaviours.api_error(code), DONE, 2, is_flagged=False, times=1)
    for status in (401, 407):
        yield Kind(f"status {status}", behaviours.answer("", status=status), DONE, 2, is_flagged=False, times=1)
    yield Kind("status 403", behaviours.answer("", status=403), DONE, 2, is_flagged=False, times=1)
    for status in (401, 403):
        yield Kind(f"status {status} with a page", behaviours.html(status), DONE, 2, is_flagged=False, times=1)


def _lost() -> Iterator[Kind]:
    """Nobody knows whether the picture is stored: sent three times, and flagged."""
    yield Kind("reset before the body", behaviours.reset("before"), FAILED, 3, is_flagged=False, is_big=True)
    yield Kind("reset in the body", behaviours.reset("during"), FAILED, 3, is_flagged=False, is_big=True)
    yield Kind("stalled reading", behaviours.stall(1000), FAILED, 3, is_flagged=False, is_big=True, is_slow=True)
    for name, behaviour in (
        ("reset after the body", behaviours.reset("after")),
        ("reset after storing", behaviours.reset("stored")),
        ("answer cut", behaviours.cut(5)),
        ("answer too large", behaviours.huge()),
        ("endless answer", behaviours.endless()),
        ("packed answer", behaviours.zipped()),
        ("502 with a page", behaviours.html(502)),
        ("504", behaviours.answer("", status=504)),
        ("500 without a code", behaviours.answer("oops", status=500)),
        ("599", behaviours.answer("", status=599)),
        ("500 with code 0", behaviours.answer_json({"ErrCode": 0, "Resp": {"img_id": 5}}, status=500)),
        ("sign-in page", behaviours.html(200)),
    ):
        yield Kind(name, behaviour, FAILED, 3, is_flagged=True)
    yield Kind("no answer", behaviours.silent(), FAILED, 3, is_flagged=True, is_slow=True)
    yield Kind("answer that drips", behaviours.drip(1, 0.5), FAILED, 3, is_flagged=True, is_slow=True)


def _nonsense() -> Iterator[Kind]:
    ids: tuple[Any, ...] = (0, -1, 2**64, None, True, 1.5, "abc", "", "1e5", [1], {"a": 1}, 10**400)
    for value in ids:
        yield Kind(f"id {str(value)[:20]!r}", behaviours.succeed(img_id=value), FAILED, 3, is_flagged=True)
    codes: tuple[Any, ...] = (None, True, [], {}, "abc", 1.5)
    for code in codes:
        body = {"ErrCode": code, "Resp": {"img_id": 5}}
        yield Kind(f"code {code!r}", behaviours.answer_json(body), FAILED, 3, is_flagged=True)
    for name, text in (
        ("200,000 brackets", b"[" * 200_000),
        ("6,000 digits", b'{"ErrCode":0,"Resp":{"img_id":' + b"9" * 6000 + b"}}"),
        ("NaN", b'{"ErrCode":0,"Resp":{"img_id":NaN}}'),
        ("UTF-16", json.dumps({"ErrCode": 0, "Resp": {"img_id": 5}}).encode("utf-16")),
        ("no UTF-8", b'{"ErrCode":0,"ErrMsg":"\xff","Resp":{"img_id":5}}'),
        ("two ids", b'{"ErrCode":0,"Resp":{"img_id":5,"img_id":6}}'),
        ("empty", b""),
        ("null", b"null"),
        ("a list", b"[]"),
        ("a word", b'"fine"'),
    ):
        behaviour = behaviours.answer(text, type="application/json")
        yield Kind(f"body: {name}", behaviour, FAILED, 3, is_flagged=True)
    for name, raw in (
        ("nothing", ""),
        ("no HTTP", "220 ready\r\n\r\n"),
        ("status in words", "HTTP/1.1 abc\r\n\r\n"),
        ("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"),
        ("short body", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}"),
        ("500 headers", "HTTP/1.1 200 OK\r\n" + "X-Y: z\r\n" * 500 + "\r\n{}"),
        ("long header", "HTTP/1.1 200 OK\r\nX: " + "y" * 100_000 + "\r\n\r\n{}"),
        ("odd bytes", "HTTP/1.1 200 \xff\xfe\r\nX-\xe9: \x00\x07\r\n\r\n{}"),
        ("bad chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}"),
    ):
        yield Kind(f"on the wire: {name}", behaviours.raw(raw), FAILED, 3, is_flagged=True)


def _redirects(trap: str) -> Iterator[Kind]:
    for status in (301, 302, 303, 307, 308):
        to = f"{trap}/openapi/v2/image/upload"
        yield Kind(f"redirect {status}", behaviours.redirect(to, status), FAILED, 1, is_flagged=False)

"""An answer's text -> UploadResult, Balance or an ApiError. Pure and driven by tables.

The facts are those of the public reference (Upload Image, Get user credit balance, Error codes) and of what clients of
the service report. Success is an HTTP 2xx, code 0 *and* a usable id. Keys are matched without regard to case and
underscore, because refusals by moderation come as HTTP 500 with `err_code`, all else with `ErrCode`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from pixverse_gui.core import errors
from pixverse_gui.core.errors import AnswerFacts, ApiError
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance, UploadResult

_MAX_TEXT_CHARS = 300
_START_BYTES: Final = 8_192
"""Of an answer that is none of ours: enough for its first sentence."""
_MAX_LINK_CHARS = 4096
_MAX_ID = 2**64 - 1
_MAX_CODE = 2**31 - 1
_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
_CODE = re.compile(r"(?!-0+\Z)-?[0-9]{1,10}", re.ASCII)
"""Nobody writes a zero with a sign: what does is not to be taken for the code of a success."""
# Controls, halves of characters, and everything that changes the direction of text or takes no room.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]+"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `unread` says why the body was not taken (too_large, encoding), "" where it was.

    `for_link`: the request named a link, so "could not be read" is about the link. `scrub` takes the key out of every
    text, in whatever form a server says it back.
    `now` is when it came, for a Retry-After that is a date.
    """

    http_status: int
    body: bytes = field(repr=False)
    trace_id: str
    content_type: str = ""
    retry_after: str = ""
    unread: str = ""
    for_link: bool = False
    scrub: Callable[[str], str] = field(default=str, repr=False)
    now: datetime | None = None


_Make = Callable[[AnswerFacts], ApiError]


def _account(reason: str) -> _Make:
    return lambda facts: errors.AccountRefusedError(facts, reason=reason)


def _rejected(reason: str) -> _Make:
    return lambda facts: errors.RejectedImageError(facts, reason=reason)


def _busy(retry_after_s: float | None) -> _Make:
    return lambda facts: errors.RateLimitedError(facts, retry_after_s=retry_after_s)


def _unknown(facts: AnswerFacts) -> ApiError:
    return errors.UnknownApiError(facts, api_code=facts.api_code or 0)


CODES: Final[dict[int, _Make]] = {
    10001: _account("key"),
    10002: _account("key"),
    10003: _account("key"),
    10004: _account("key"),  # sources disagree whether it means an empty key; the server's text is shown
    10005: _account("key"),
    400011: _rejected("parameter"),
    400012: _account("account"),
    400013: _rejected("parameter"),
    400017: _rejected("parameter"),
    500020: _account("permission"),
    500030: _rejected("size"),
    500031: _rejected("format"),
    500032: _rejected("format"),
    500033: _rejected("dimensions"),
    500041: errors.ServerError,
    500042: _rejected("parameter"),
    500044: _busy(60.0),  # about generations, not uploads: long waits if it is ever seen
    500052: errors.ContentRefusedError,  # on the upload page alone; the table of codes has the next two instead
    500054: errors.ContentRefusedError,
    500063: errors.ContentRefusedError,
    500069: _busy(None),
    500090: _account("balance"),
    500100: errors.ServerError,
    99999: errors.ServerError,
}
"""Error codes -> errors. A code that is not here is final for its row and shown as it is."""

LINK_CODES: Final[dict[int, _Make]] = {
    500031: errors.RemoteFetchError,
    500042: errors.RemoteFetchError,
}
"""The same codes mean something else when the service had to fetch the picture itself."""

STATUSES: Final[dict[int, _Make]] = {
    401: _account("key"),
    403: _account("permission"),
    407: _account("proxy"),
    413: _rejected("size"),
    415: _rejected("format"),
}
"""HTTP statuses that say no by themselves, where the body has no code that says it better."""

# A sign-in page answers 403 as well; the other statuses mean the same whoever sends them.
_STATUSES_OF_ANY_SENDER: Final = frozenset({401, 407, 413, 415})


def read_upload(answer: Answer, limits: Limits) -> UploadResult:
    """The result of an upload. Raises ApiError; its `maybe_stored` supposes that the whole body was sent."""
    fields = _successful_fields(answer, limits)
    ids = {_id_text(value) for value in _values(fields, "imgid")}
    if len(ids) != 1 or None in ids:
        raise errors.UnexpectedAnswerError(_facts(answer, 0), maybe_stored=True, reason="no_id")
    links = [value for value in _values(fields, "imgurl") if isinstance(value, str)]
    return UploadResult(str(ids.pop()), _usable_link(links[0], answer.scrub) if links else "")


def read_balance(answer: Answer, limits: Limits) -> Balance:
    """The result of a balance call: plan credits and bought credits together. Raises ApiError."""
    fields = _successful_fields(answer, limits)
    ids = {_id_text(value) for value in _values(fields, "accountid")}
    amounts = [_whole(value) for name in ("creditmonthly", "creditpackage") for value in _values(fields, name)[:1]]
    known = [amount for amount in amounts if amount is not None]
    if len(ids) != 1 or None in ids:
        raise errors.UnexpectedAnswerError(_facts(answer, 0), reason="no_id")
    if not known:
        raise errors.UnexpectedAnswerError(_facts(answer, 0), reason="shape")
    return Balance(str(ids.pop()), sum(known))


def clean_text(text: str, scrub: Callable[[str], str] = str) -> str:
    """Server text that is safe to keep and to show as plain text: one line, no controls, at most 300 characters."""
    text = scrub(text)
    text = " ".join(_UNSEEN.sub(" ", text[: 16 * _MAX_TEXT_CHARS]).split())
    # Again: a key may have been taken apart by something that was just removed.
    return scrub(text)[:_MAX_TEXT_CHARS]


def retry_after_s(text: str, now: datetime, limits: Limits) -> float | None:
    """A Retry-After header (seconds or an HTTP date) in seconds, clamped; None for nothing and for nonsense."""
    text = text.strip()
    if re.fullmatch(r"[0-9]+", text, re.ASCII):
        seconds = float(text)  # infinite, at the worst
    else:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError):
            return None
        seconds = (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, limits.retry_after_min_s), limits.retry_after_max_s)


@dataclass(frozen=True, slots=True)
class _Object:
    """A JSON object with every pair it had: a key may stand there twice, or in two spellings."""

    pairs: list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class _Envelope:
    """`fields` is None, with the reason in `problem`, where the body is not a JSON object.

    `code` is None where there is none or none that can be understood; then `problem` is "shape".
    """

    fields: _Object | None
    code: int | None
    text: str
    problem: str


def _successful_fields(answer: Answer, limits: Limits) -> _Object:
    envelope = _open(answer)
    _raise_refusal(answer, envelope, limits)
    status = answer.http_status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and envelope.code == 0 and envelope.fields is not None:
        # All of them count: of two that name different ids neither is to be believed.
        found = (value.pairs for value in _values(envelope.fields, "resp") if isinstance(value, _Object))
        return _Object([pair for pairs in found for pair in pairs])
    facts = _facts(answer, envelope.code, envelope.text)
    # 1xx and 4xx without a code: whoever answered did not take it.
    maybe_stored = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if envelope.fields is None and _is_html(answer):
        raise errors.InterceptedError(facts, maybe_stored=maybe_stored, reason="not_json")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        # Without a code nobody says what went wrong, and the code 0 of a success is not one.
        raise errors.ServerError(_facts(answer, None, envelope.text), maybe_stored=True)
    raise errors.UnexpectedAnswerError(facts, maybe_stored=maybe_stored, reason=envelope.problem or "shape")


def _raise_refusal(answer: Answer, envelope: _Envelope, limits: Limits) -> None:
    """Raise if the answer says no: by its code where that is known, else by its status."""
    status, code = answer.http_status, envelope.code
    facts = _facts(answer, code, envelope.text)
    asked_s = retry_after_s(answer.retry_after, answer.now or datetime.now(UTC), limits)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise errors.RedirectRefusedError(facts)
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        raise errors.RateLimitedError(facts, retry_after_s=asked_s)
    if code:
        make = (answer.for_link and LINK_CODES.get(code)) or CODES.get(code)
        if make is not None:
            error = make(facts)
            if isinstance(error, errors.RateLimitedError) and asked_s is not None:
                error.retry_after_s = asked_s
            raise error
    is_page = envelope.fields is None and _is_html(answer)
    if status in STATUSES and (not is_page or status in _STATUSES_OF_ANY_SENDER):
        raise STATUSES[status](facts)
    if code:
        raise _unknown(facts)


def _open(answer: Answer) -> _Envelope:
    start = clean_text(answer.body[:_START_BYTES].decode("utf-8", "replace"), answer.scrub)[:200]
    if answer.unread:
        return _Envelope(None, None, start, answer.unread)
    try:
        value = json.loads(answer.body.decode("utf-8-sig"), object_pairs_hook=_Object, parse_constant=_refuse)
    except UnicodeDecodeError:
        return _Envelope(None, None, start, "encoding")
    except (ValueError, RecursionError):
        # RecursionError: 200,000 brackets. ValueError also for a number of more than 4,300 digits.
        return _Envelope(None, None, start, "not_json")
    if not isinstance(value, _Object):
        return _Envelope(None, None, start, "shape")
    texts = [text for text in _values(value, "errmsg") if isinstance(text, str)]
    codes = [_code(code) for code in _values(value, "errcode") if code is not None]
    refusals = [code for code in codes if code]
    known = [code for code in refusals if code in CODES]
    # Where one answer says both, the error counts.
    code = next(iter(known or refusals), 0 if codes and None not in codes else None)
    return _Envelope(value, code, clean_text(texts[0], answer.scrub) if texts else "", "shape" if code is None else "")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _values(fields: _Object, name: str) -> list[Any]:
    return [value for key, value in fields.pairs if key.replace("_", "").lower() == name]


def _code(value: object) -> int | None:
    if isinstance(value, str) and _CODE.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MAX_CODE else None


def _id_text(value: object) -> str | None:
    """An id as text: a whole number from 1 to 2^64-1, bare or quoted. True and 1.0 are not numbers of anything."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_ID:
        return str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) and int(value) <= _MAX_ID else None


def _whole(value: object) -> int | None:
    if isinstance(value, float) and math.isfinite(value):
        return int(value)
    return _code(value) if not isinstance(value, bool) else None


def _usable_link(link: str, scrub: Callable[[str], str]) -> str:
    """The link as sent, or "" where it could not be kept or shown as it is."""
    if len(link) > _MAX_LINK_CHARS or _UNSEEN.search(link) or scrub(link) != link:
        return ""
    return link.strip()


def _is_html(answer: Answer) -> bool:
    return "html" in answer.content_type.lower() or answer.body[:200].lstrip().lower().startswith(
        (b"<!doctype html", b"<html")
    )


def _facts(answer: Answer, code: int | None, text: str = "") -> AnswerFacts:
    return AnswerFacts(answer.http_status, code, text, answer.trace_id)

"""PixVerseClient: one request a call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import requests
from requests.adapters import BaseAdapter

from pixverse_gui.core import envelope
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client_session import Line, WatchedAdapter, new_session, system_proxies
from pixverse_gui.core.envelope import Answer
from pixverse_gui.core.errors import (
    AnswerFacts,
    ApiError,
    MalformedApiKeyError,
    RejectedImageError,
    ServiceAddressError,
)
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance, UploadResult
from pixverse_gui.core.multipart_body import ImagePayload, MultipartBody
from pixverse_gui.core.scrubbing import Scrubber
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.service_address import host_of, parse_service_address
from pixverse_gui.core.system_trust import SystemTrust
from pixverse_gui.core.watched_connection import Lane
from pixverse_gui.core.wire_errors import FOREIGN, translate, without_request

__all__ = ["ImagePayload", "PixVerseClient", "system_proxies"]

UPLOAD_PATH = "/openapi/v2/image/upload"
BALANCE_PATH = "/openapi/v2/account/balance"
KEY_HEADER = "API-KEY"
TRACE_HEADER = "Ai-trace-id"

_Result = TypeVar("_Result", UploadResult, Balance)


class PixVerseClient:
    """The two calls of the service that this program needs, for one address and one key.

    May be used from several threads at once: each call has a session of its own while it lasts, taken from those that
    are free, so connections are used again. (Sessions in `threading.local` would be lost after every task on threads
    that Qt made: Python forgets those between two calls.)

    `proxies` as requests has them; None takes the system's. Raises ServiceAddressError for an address to which the
    key must not go.
    """

    def __init__(
        self,
        api_url: str,
        key: Secret,
        limits: Limits,
        *,
        adapter_factory: Callable[[], BaseAdapter] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        self._api_url = parse_service_address(api_url)
        self._key = key
        self._limits = limits
        self._adapter_factory, self._trust = adapter_factory, SystemTrust()
        # Over plain http a proxy would read the key, and nothing on loopback needs one.
        found = system_proxies(self._api_url) if proxies is None else dict(proxies)
        self._proxies = found if self._api_url.startswith("https:") else {}
        self._lock = threading.Lock()
        self._free: list[Line] = []
        self._is_closed = False
        self._scrub = Scrubber()
        self._scrub.register(key.reveal())

    def upload_image(self, payload: ImagePayload, trace_id: str, control: AttemptControl) -> UploadResult:
        """Send a picture. Blocks; raises ApiError or UploadCancelled."""
        body = MultipartBody.image(payload, control, self._limits.body_chunk_bytes)
        return self._upload(body, trace_id, control, for_link=False)

    def upload_link(self, link: str, trace_id: str, control: AttemptControl) -> UploadResult:
        """Send a link, byte for byte; the service fetches the picture. Blocks; raises ApiError or UploadCancelled."""
        try:
            body = MultipartBody.link(link, control, self._limits.body_chunk_bytes)
        except UnicodeError:
            raise RejectedImageError(AnswerFacts(trace_id=trace_id), reason="parameter") from None
        return self._upload(body, trace_id, control, for_link=True)

    def balance(self, trace_id: str, control: AttemptControl) -> Balance:
        """Ask for the credits, which also proves the key. Blocks; raises ApiError or UploadCancelled."""
        control.begin_body(0)
        request = requests.Request("GET", self._api_url + BALANCE_PATH)
        call = _Call(request, trace_id, control, self._limits.balance_timeout_s)
        return self._attempt(call, envelope.read_balance)

    def close(self) -> None:
        """Close every session that is free now, and each other one when its call ends. Never waits."""
        with self._lock:
            self._is_closed = True
            lines, self._free = self._free, []
        for line in lines:
            line.close()

    def _upload(self, body: MultipartBody, trace_id: str, control: AttemptControl, *, for_link: bool) -> UploadResult:
        control.begin_body(len(body))
        request = requests.Request(
            "POST",
            self._api_url + UPLOAD_PATH,
            data=body,  # any iterable with a length is sent as a stream
            headers={"Content-Type": body.content_type},
        )
        call = _Call(request, trace_id, control, self._limits.answer_timeout_s, stores=True, for_link=for_link)
        return self._attempt(call, envelope.read_upload)

    def _attempt(self, call: _Call, read: Callable[[Answer, Limits], _Result]) -> _Result:
        line = self._take_line()
        line.lane.begin(call.control, call.answer_timeout_s)
        failure: BaseException | None = None
        cause: BaseException | None = None
        answer: Answer | None = None
        try:
            answer = self._exchange(line.session, call)
        except FOREIGN as error:
            failure = translate(
                error,
                call.control,
                host=host_of(self._api_url),
                is_connected=line.lane.is_connected,
                stores=call.stores,
                trace_id=call.trace_id,
            )
            cause = without_request(error, self._key.reveal())
        finally:
            line.lane.end()
            self._give_back(line)
        if answer is None:
            # Outside of the except clause, or the original would hang on it as its context, request and all.
            raise failure or AssertionError from cause
        try:
            return read(answer, self._limits)
        except ApiError as error:
            error.maybe_stored = error.maybe_stored and call.stores and call.control.body_complete
            raise

    def _exchange(self, session: requests.Session, call: _Call) -> Answer:
        prepared = session.prepare_request(call.request)
        prepared.headers[TRACE_HEADER] = call.trace_id
        self._add_key(prepared)
        response = session.send(
            prepared,
            stream=True,
            timeout=(self._limits.connect_timeout_s, call.answer_timeout_s),
            allow_redirects=False,
            verify=True,
            proxies=self._proxies,
        )
        try:
            return self._answer(response, call)
        finally:
            response.close()

    def _add_key(self, prepared: requests.PreparedRequest) -> None:
        """The one place where a request gets the key: only if it goes where the key belongs."""
        if _origin_of(prepared.url or "") != self._api_url:
            raise ServiceAddressError(reason="host")
        key = self._key.reveal()
        if not key or any(not "!" <= character <= "~" for character in key):
            # http.client would say so with the key in its message.
            raise MalformedApiKeyError(reason="characters")
        prepared.headers[KEY_HEADER] = key

    def _answer(self, response: requests.Response, call: _Call) -> Answer:
        body, unread = b"", ""
        cap = self._limits.max_answer_bytes
        if response.headers.get("Content-Encoding", "").strip().lower() not in {"", "identity"}:
            # We asked for none, and 64 kB of gzip can be 64 MB of text.
            unread = "encoding"
        elif not response.is_redirect:
            # Until there is nothing more: only then a cut answer is told from a short one.
            while len(body) <= cap and (block := response.raw.read(cap + 1 - len(body), decode_content=False)):
                body += block
            if len(body) > cap:
                unread = "too_large"
        return Answer(
            http_status=response.status_code,
            body=body,
            trace_id=call.trace_id,
            content_type=response.headers.get("Content-Type", ""),
            retry_after=response.headers.get("Retry-After", ""),
            unread=unread,
            for_link=call.for_link,
            scrub=self._scrub,
        )

    def _take_line(self) -> Line:
        with self._lock:
            if self._free:
                return self._free.pop()
        lane = Lane(connect_timeout_s=self._limits.connect_timeout_s, stall_timeout_s=self._limits.stall_timeout_s)
        adapter = WatchedAdapter(lane, self._trust) if self._adapter_factory is None else self._adapter_factory()
        return Line(lane, new_session(adapter))

    def _give_back(self, line: Line) -> None:
        with self._lock:
            if not self._is_closed:
                self._free.append(line)
                return
        line.close()


@dataclass(frozen=True, slots=True)
class _Call:
    """One request and how to judge it. `stores`: the service may keep something of it."""

    request: requests.Request
    trace_id: str
    control: AttemptControl
    answer_timeout_s: float
    stores: bool = False
    for_link: bool = False


def _origin_of(url: str) -> str:
    """Scheme, host and port, as `parse_service_address` writes them. Raises ServiceAddressError."""
    scheme, _, rest = url.partition("://")
    return parse_service_address(f"{scheme}://{rest.partition('/')[0]}")

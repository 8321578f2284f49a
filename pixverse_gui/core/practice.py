"""Practice mode: a requests transport that answers as the service does, without a network and with made-up ids."""

from __future__ import annotations

import io
import itertools
import json
import re
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client import BALANCE_PATH, KEY_HEADER, TRACE_HEADER, UPLOAD_PATH, PixVerseClient
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.multipart_body import MultipartBody
from pixverse_gui.core.practice_account import PRACTICE_API_URL, PRACTICE_KEY

PRACTICE_ACCOUNT_ID: Final = 1234500000000
PRACTICE_CREDITS: Final = 1_000_000

_FIRST_ID = 1234500000001
# Ids of a later start begin after those of an earlier one, which the practice history still shows.
_FIRST_ID_EVER = 1234500000000000
_IDS_PER_SECOND = 100
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_BYTES_PER_SECOND = 4_000_000
_ANSWER_DELAY_S = 0.4
_PART_TYPES = {b"image/png", b"image/jpeg", b"image/jpg", b"image/webp"}
_PART = re.compile(
    rb"--(?P<boundary>[^\r\n]+)\r\n(?P<head>.+?)\r\n\r\n(?P<content>.*)\r\n--(?P=boundary)--\r\n", re.DOTALL
)

_EMPTY_PARAMETER = 400011, "empty parameter"
_WRONG_PARAMETER = 400017, "invalid parameter"
_WRONG_FORMAT = 500032, "invalid image format"


class PracticeService:
    """What the transports of one practice client share: the ids given and the trace ids seen. Any thread."""

    def __init__(self, first_id: int = _FIRST_ID) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(first_id)
        self._trace_ids: set[str] = set()

    def next_id(self) -> int:
        with self._lock:
            return next(self._ids)

    def is_new(self, trace_id: str) -> bool:
        """Whether this trace id is seen for the first time, as the service wants it."""
        with self._lock:
            if trace_id in self._trace_ids:
                return False
            self._trace_ids.add(trace_id)
            return True


class PracticeAdapter(BaseAdapter):
    """Takes a request's body at the pace of a good line, looks at it as the service would, and answers.

    `bytes_per_second` 0 means at once. Ending the attempt ends every wait.
    """

    def __init__(
        self,
        service: PracticeService,
        *,
        bytes_per_second: int = _BYTES_PER_SECOND,
        answer_delay_s: float = _ANSWER_DELAY_S,
    ) -> None:
        super().__init__()
        self._service = service
        self._bytes_per_second = bytes_per_second
        self._answer_delay_s = answer_delay_s

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Answer one request. Raises ConnectionAbortedError or UploadCancelled when the attempt is ended."""
        answer = self._refusal_of_headers(request.headers) or self._answer(request)
        return _response(request, answer)

    def close(self) -> None:
        """There is nothing to close."""

    def _refusal_of_headers(self, headers: Mapping[str, str | bytes]) -> dict[str, Any] | None:
        if not headers.get(KEY_HEADER):
            return _refusal(10001, "API-KEY is missing")
        if not self._service.is_new(str(headers.get(TRACE_HEADER, ""))):
            return _refusal(*_WRONG_PARAMETER)
        return None

    def _answer(self, request: requests.PreparedRequest) -> dict[str, Any]:
        path = urlsplit(request.url or "").path
        if request.method == "GET" and path == BALANCE_PATH:
            credits_left = {"credit_monthly": PRACTICE_CREDITS, "credit_package": 0}
            return _success({"account_id": PRACTICE_ACCOUNT_ID, **credits_left})
        body: Any = request.body
        if request.method != "POST" or path != UPLOAD_PATH or not isinstance(body, MultipartBody):
            return _refusal(500008, "requested data not found")
        content = self._take(body, body.control)
        refusal = _refusal_of_body(content)
        if refusal is not None:
            return refusal
        image_id = self._service.next_id()
        return _success({"img_id": image_id, "img_url": f"{PRACTICE_API_URL}/openapi/{image_id}_made_up.jpg"})

    def _take(self, body: Iterable[memoryview], control: AttemptControl) -> bytes:
        content = bytearray()
        for piece in body:
            content += piece
            if self._bytes_per_second:
                control.wait(len(piece) / self._bytes_per_second)
        control.wait(self._answer_delay_s)
        control.raise_if_ended()
        return bytes(content)


def practice_client(limits: Limits, *, first_id: int | None = None) -> PixVerseClient:
    """The real client on the practice transport; the key is as made up as the ids, which count up from `first_id`.

    Without one they begin with 12345 and after all that an earlier start can have given.
    """
    service = PracticeService(_first_id_of_this_run(datetime.now(UTC)) if first_id is None else first_id)
    return PixVerseClient(
        PRACTICE_API_URL, PRACTICE_KEY, limits, adapter_factory=lambda: PracticeAdapter(service), proxies={}
    )


def _first_id_of_this_run(now: datetime) -> int:
    return _FIRST_ID_EVER + 1 + int((now - _BEGINNING).total_seconds()) * _IDS_PER_SECOND


def _refusal_of_body(content: bytes) -> dict[str, Any] | None:
    """The service's rules: exactly one part, `image` of a known type or `image_url`."""
    part = _PART.fullmatch(content)
    if part is None or b"--" + part["boundary"] in part["content"]:
        return _refusal(*_WRONG_PARAMETER)
    if not part["content"]:
        return _refusal(*_EMPTY_PARAMETER)
    head = part["head"]
    if b'name="image_url"' in head:
        return None if part["content"].startswith((b"https://", b"http://")) else _refusal(*_WRONG_PARAMETER)
    if b'name="image"' not in head:
        return _refusal(*_WRONG_PARAMETER)
    type_line = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"content-type:")), b"")
    return None if type_line.partition(b":")[2].strip() in _PART_TYPES else _refusal(*_WRONG_FORMAT)


def _success(fields: dict[str, Any]) -> dict[str, Any]:
    return {"ErrCode": 0, "ErrMsg": "Success", "Resp": fields}


def _refusal(code: int, message: str) -> dict[str, Any]:
    return {"ErrCode": code, "ErrMsg": message, "Resp": None}


def _response(request: requests.PreparedRequest, answer: dict[str, Any]) -> requests.Response:
    text = json.dumps(answer).encode("ascii")
    headers = {"Content-Type": "application/json"}
    response = requests.Response()
    response.status_code = 200
    response.headers.update(headers)
    response.raw = HTTPResponse(body=io.BytesIO(text), headers=headers, status=200, preload_content=False)
    response.request = request
    response.url = request.url or ""
    return response

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from pixverse_gui.core import errors, practice
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.client import ImagePayload, PixVerseClient
from pixverse_gui.core.errors import UploadCancelled
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance, ImageFormat, UploadResult
from pixverse_gui.core.multipart_body import MultipartBody
from pixverse_gui.core.practice import (
    PRACTICE_ACCOUNT_ID,
    PRACTICE_CREDITS,
    PracticeAdapter,
    PracticeService,
    practice_client,
)
from pixverse_gui.core.practice_account import PRACTICE_API_URL, PRACTICE_KEY

LIMITS = Limits()
PICTURE = ImagePayload(bytes(1_000_000), ImageFormat.PNG)
UPLOAD = PRACTICE_API_URL + "/openapi/v2/image/upload"


def quick_client(service: PracticeService | None = None) -> PixVerseClient:
    shared = service or PracticeService()
    return PixVerseClient(
        PRACTICE_API_URL,
        PRACTICE_KEY,
        LIMITS,
        adapter_factory=lambda: PracticeAdapter(shared, bytes_per_second=0, answer_delay_s=0),
        proxies={},
    )


def slow_client() -> PixVerseClient:
    """Takes a minute for `PICTURE`."""
    service = PracticeService()
    return PixVerseClient(
        PRACTICE_API_URL,
        PRACTICE_KEY,
        LIMITS,
        adapter_factory=lambda: PracticeAdapter(service, bytes_per_second=16_000),
        proxies={},
    )


def trace_id() -> str:
    return str(uuid.uuid4())


def control() -> AttemptControl:
    return AttemptControl(LIMITS)


def ask(method: str, url: str, data: Any = None, **headers: str) -> dict[str, Any]:
    """What the transport answers to a request that our client would never make."""
    adapter = PracticeAdapter(PracticeService(), bytes_per_second=0, answer_delay_s=0)
    all_headers = {"API-KEY": "k", "Ai-trace-id": trace_id(), **headers}
    request = requests.Request(method, url, headers=all_headers, data=data).prepare()
    answer: dict[str, Any] = adapter.send(request).json()
    adapter.close()
    return answer


def body(content: bytes = b"x", name: str = "image", part_type: str | None = "image/png") -> MultipartBody:
    return MultipartBody(content, control(), name=name, file_name="image.png", part_type=part_type, max_piece_bytes=100)


def test_made_up_ids_count_up_from_a_number_that_is_plainly_made_up() -> None:
    client = quick_client()
    assert [client.upload_image(PICTURE, trace_id(), control()).img_id for _ in range(3)] == [
        "1234500000001",
        "1234500000002",
        "1234500000003",
    ]


def test_the_numbers_can_go_on_where_they_ended_last_time() -> None:
    result = quick_client(PracticeService(1234500000078)).upload_link("https://a.example/x.png", trace_id(), control())
    assert result == UploadResult("1234500000078", "https://practice.invalid/openapi/1234500000078_made_up.jpg")


def test_the_balance_is_made_up_too() -> None:
    assert quick_client().balance(trace_id(), control()) == Balance(str(PRACTICE_ACCOUNT_ID), PRACTICE_CREDITS)


def test_the_client_of_practice_mode_takes_its_time_and_counts_every_byte() -> None:
    client, attempt = practice_client(LIMITS, first_id=7), control()
    small = ImagePayload(b"picture", ImageFormat.WEBP)
    assert client.upload_image(small, trace_id(), attempt).img_id == "7"
    assert attempt.bytes_handed == attempt.body_bytes
    assert attempt.body_complete
    client.close()


def test_ids_of_a_later_start_come_after_those_of_an_earlier_one() -> None:
    def first_id(second: int) -> int:
        return practice._first_id_of_this_run(datetime(2026, 1, 2, 12, 0, second, tzinfo=UTC))

    assert str(first_id(0)).startswith("12345")
    assert first_id(1) - first_id(0) == 100
    small = ImagePayload(b"picture", ImageFormat.PNG)
    client = practice_client(LIMITS)
    ids = [int(client.upload_image(small, trace_id(), control()).img_id) for _ in range(2)]
    assert first_id(0) < ids[0] == ids[1] - 1


def test_several_threads_never_get_the_same_id() -> None:
    client = quick_client()
    small = ImagePayload(b"picture", ImageFormat.PNG)
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda _: client.upload_image(small, trace_id(), control()).img_id, range(60)))
    assert len(set(ids)) == 60


@pytest.mark.parametrize("how", ["cancelled", "stalled"])
def test_ending_an_attempt_ends_its_wait(how: str) -> None:
    attempt = control()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(slow_client().upload_image, PICTURE, trace_id(), attempt)
        while not attempt.bytes_handed:
            attempt.wait(0.01)
        attempt.cancel() if how == "cancelled" else attempt.abort(how)
        error = future.exception(20)
    assert isinstance(error, UploadCancelled if how == "cancelled" else errors.ConnectionBrokenError)
    assert not error.maybe_stored


def test_an_attempt_ended_while_its_answer_is_awaited_ends_too() -> None:
    service, attempt = PracticeService(), control()
    client = PixVerseClient(
        PRACTICE_API_URL,
        PRACTICE_KEY,
        LIMITS,
        adapter_factory=lambda: PracticeAdapter(service, bytes_per_second=0, answer_delay_s=60),
        proxies={},
    )
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(client.upload_image, PICTURE, trace_id(), attempt)
        while not attempt.body_complete:
            attempt.wait(0.01)
        attempt.cancel()
        error = future.exception(20)
    assert isinstance(error, UploadCancelled)
    assert error.maybe_stored


def test_a_trace_id_may_be_used_once() -> None:
    client, trace = quick_client(), trace_id()
    client.balance(trace, control())
    with pytest.raises(errors.RejectedImageError):
        client.balance(trace, control())


def test_a_link_that_is_none_is_refused_as_the_service_would() -> None:
    with pytest.raises(errors.RejectedImageError):
        quick_client().upload_link("javascript:alert(1)", trace_id(), control())


def test_an_empty_picture_is_refused_as_the_service_would() -> None:
    with pytest.raises(errors.RejectedImageError) as caught:
        quick_client().upload_image(ImagePayload(b"", ImageFormat.PNG), trace_id(), control())
    assert caught.value.facts.api_code == 400011


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda: ask("POST", UPLOAD, body(), **{"API-KEY": ""}), 10001),
        (lambda: ask("POST", UPLOAD, body(part_type="application/octet-stream")), 500032),
        (lambda: ask("POST", UPLOAD, body(part_type=None)), 500032),
        (lambda: ask("POST", UPLOAD, body(name="file")), 400017),
        (lambda: ask("POST", UPLOAD, b"raw bytes"), 500008),
        (lambda: ask("GET", UPLOAD), 500008),
        (lambda: ask("GET", PRACTICE_API_URL + "/elsewhere"), 500008),
    ],
)
def test_a_request_the_service_would_refuse_is_refused(answer: Any, code: int) -> None:
    assert answer()["ErrCode"] == code


def test_two_parts_are_refused() -> None:
    two = body()
    boundary = two.content_type.partition("boundary=")[2]
    middle = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="image_url"\r\n\r\nhttps://a'.encode()
    two._parts = (two._parts[0], b"x" + middle, two._parts[2])
    assert ask("POST", UPLOAD, two)["ErrCode"] == 400017

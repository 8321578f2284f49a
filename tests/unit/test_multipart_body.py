from __future__ import annotations

import gc
import hashlib
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.errors import UploadCancelled
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import ImageFormat
from pixverse_gui.core.multipart_body import ImagePayload, MultipartBody
from tests.helpers.scripted_request import Part, boundary_of, parse_parts

PIECE = 256 * 1024


def only_part(body: MultipartBody) -> Part:
    boundary = boundary_of({"content-type": body.content_type})
    assert boundary is not None
    (part,) = parse_parts(b"".join(body), boundary)
    return part


@pytest.fixture
def control() -> AttemptControl:
    return AttemptControl(Limits())


@pytest.mark.parametrize(
    ("image_format", "name", "mime"),
    [
        (ImageFormat.PNG, "image.png", "image/png"),
        (ImageFormat.JPEG, "image.jpg", "image/jpeg"),
        (ImageFormat.WEBP, "image.webp", "image/webp"),
    ],
)
def test_a_picture_is_one_part_with_a_neutral_name_and_the_type_of_its_bytes(
    control: AttemptControl, image_format: ImageFormat, name: str, mime: str
) -> None:
    data = bytes(range(256)) * 40
    part = only_part(MultipartBody.image(ImagePayload(data, image_format), control, PIECE))
    assert (part.name, part.file_name, part.type) == ("image", name, mime)
    assert part.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "link",
    ["https://a.example/openapi%2Fx.jpg?b=%20c&d=e+f", "https://a.example/\u56fe.png", "https://a.example/a\r\nb--"],
)
def test_a_link_is_one_text_part_byte_for_byte(control: AttemptControl, link: str) -> None:
    part = only_part(MultipartBody.link(link, control, PIECE))
    assert (part.name, part.file_name, part.type, part.text) == ("image_url", None, None, link)


def test_half_a_character_in_a_link_cannot_be_sent(control: AttemptControl) -> None:
    with pytest.raises(UnicodeEncodeError):
        MultipartBody.link("https://a.example/\ud800", control, PIECE)


@given(data=st.binary(max_size=5000), piece=st.integers(1, 700))
def test_the_length_is_told_beforehand_and_every_byte_counted_once(data: bytes, piece: int) -> None:
    control = AttemptControl(Limits())
    body = MultipartBody.image(ImagePayload(data, ImageFormat.PNG), control, piece)
    control.begin_body(len(body))
    pieces = list(body)
    assert sum(map(len, pieces)) == len(body) == control.bytes_handed
    assert max(map(len, pieces)) <= piece
    assert data in b"".join(pieces)


def test_pieces_grow_to_the_largest_on_a_quick_line_and_are_never_copied(control: AttemptControl) -> None:
    data = bytes(3_000_000)
    pieces = list(MultipartBody.image(ImagePayload(data, ImageFormat.PNG), control, PIECE))
    assert max(map(len, pieces)) == PIECE
    assert sum(piece.obj is data for piece in pieces) == len(pieces) - 2


@pytest.mark.parametrize(("took_s", "size"), [(0.01, 131072), (0.5, 65536), (5.0, 32768)])
def test_pieces_shrink_while_the_line_is_slow(control: AttemptControl, took_s: float, size: int) -> None:
    body = MultipartBody.image(ImagePayload(b"", ImageFormat.PNG), control, PIECE)
    assert body._next_size(65536, took_s) == size


def test_a_piece_counts_only_when_the_next_one_is_asked_for(control: AttemptControl) -> None:
    body = MultipartBody.image(ImagePayload(bytes(1000), ImageFormat.PNG), control, 10_000)
    control.begin_body(len(body))
    pieces = iter(body)
    first = next(pieces)
    assert control.bytes_handed == 0
    next(pieces)
    assert control.bytes_handed == len(first)
    last = next(pieces)
    assert control.bytes_handed == len(body) - len(last)
    assert not control.body_complete
    assert next(pieces, None) is None
    assert control.body_complete


def test_cancelling_ends_the_body_before_its_next_piece(control: AttemptControl) -> None:
    pieces = iter(MultipartBody.image(ImagePayload(bytes(1000), ImageFormat.PNG), control, 100))
    next(pieces)
    control.cancel()
    with pytest.raises(UploadCancelled) as caught:
        next(pieces)
    assert not caught.value.maybe_stored


def test_an_attempt_that_was_ended_sends_no_more_of_its_body(control: AttemptControl) -> None:
    pieces = iter(MultipartBody.image(ImagePayload(bytes(1000), ImageFormat.PNG), control, 100))
    next(pieces)
    control.abort("asleep")
    with pytest.raises(ConnectionAbortedError):
        next(pieces)


def test_the_boundary_is_another_one_each_time(control: AttemptControl) -> None:
    payload = ImagePayload(b"x", ImageFormat.PNG)
    assert len({MultipartBody.image(payload, control, PIECE).content_type for _ in range(20)}) == 20


def test_a_payload_does_not_show_its_bytes() -> None:
    assert "secret" not in repr(ImagePayload(b"secret picture", ImageFormat.PNG))


def test_a_worker_that_is_left_behind_keeps_no_picture(control: AttemptControl) -> None:
    payload = ImagePayload(bytes(1000), ImageFormat.PNG)
    control.keep_until_left_behind(payload.drop)
    body = MultipartBody.image(payload, control, 100)
    length = len(body)
    control.cancel()
    control.leave_behind()
    assert payload.data == b""
    assert list(body) == []
    assert len(body) == length  # no request is shorter than it says: the socket is refused before it begins
    late = ImagePayload(bytes(1000), ImageFormat.PNG)
    control.keep_until_left_behind(late.drop)
    assert late.data == b""


def test_a_body_is_gone_with_its_attempt_and_waits_for_no_collector(control: AttemptControl) -> None:
    body = MultipartBody.image(ImagePayload(bytes(1000), ImageFormat.PNG), control, 100)
    gone = weakref.ref(body)
    control.finish()
    gc.disable()
    try:
        del body
        assert gone() is None
    finally:
        gc.enable()

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pixverse_gui.core import sending
from pixverse_gui.core.attempt_control import AttemptControl, EndReason
from pixverse_gui.core.errors import (
    ConnectionBrokenError,
    DriveSilentError,
    SourceChangedError,
    SourceMissingError,
    SourceUnreadableError,
    UnreachableError,
    UploadCancelled,
)
from pixverse_gui.core.file_rooms import FileRooms
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import (
    ImageFacts,
    ImageFormat,
    Source,
    SourceKind,
    Upload,
    UploadResult,
    UploadState,
)
from pixverse_gui.core.multipart_body import ImagePayload

LIMITS = Limits()
RESULT = UploadResult("9007199254740993", "")
DATA = b"picture" * 500_000


class FakeClient:
    def __init__(self) -> None:
        self.sent: list[ImagePayload | str] = []

    def upload_image(self, payload: ImagePayload, trace_id: str, control: AttemptControl) -> UploadResult:
        self.sent.append(payload)
        return RESULT

    def upload_link(self, link: str, trace_id: str, control: AttemptControl) -> UploadResult:
        self.sent.append(link)
        return RESULT


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "castle.png"
    path.write_bytes(DATA)
    return path


def inspected(path: Path | str, data: bytes = DATA, **changes: object) -> Upload:
    facts = ImageFacts(len(data), ImageFormat.PNG, 10, 10, 1, hashlib.sha256(data).hexdigest())
    source = Source(SourceKind.FILE, str(path), "castle.png")
    values: dict[str, object] = {"facts": facts, "source": source, **changes}
    return Upload(1, 1, 1, state=UploadState.UPLOADING, added_at=datetime.now(UTC), **values)  # type: ignore[arg-type]


def send(upload: Upload, client: FakeClient, control: AttemptControl | None = None) -> UploadResult:
    return sending.send(upload, "trace", client, control or AttemptControl(LIMITS), LIMITS, rooms=FileRooms())


def test_the_bytes_that_were_inspected_are_sent(picture: Path, client: FakeClient) -> None:
    assert send(inspected(picture), client) == RESULT
    assert client.sent == [ImagePayload(DATA, ImageFormat.PNG)]


class Holding(FakeClient):
    """Keeps hold of the bytes as they were while they were sent, and of nothing else."""

    def __init__(self, during: Callable[[ImagePayload], object] = lambda _: None) -> None:
        super().__init__()
        self.during, self.hashes = during, list[str]()

    def upload_image(self, payload: ImagePayload, trace_id: str, control: AttemptControl) -> UploadResult:
        self.hashes.append(hashlib.sha256(payload.data).hexdigest())
        self.during(payload)
        return RESULT


def test_large_pictures_after_each_other_are_sent_each_with_its_own_bytes(tmp_path: Path) -> None:
    rooms, large = FileRooms(), list[tuple[Path, bytes]]()
    for number, size in enumerate((6_000_000, 5_000_000, 5_999_999, 7_000_000)):
        large.append((tmp_path / f"{number}.png", bytes([number + 1]) * size))
        large[-1][0].write_bytes(large[-1][1])
    client = Holding()
    with rooms.room_for(5_000_000):  # somebody else is sending, so that they use the same room
        for path, data in large:
            sending.send(inspected(path, data), "trace", client, AttemptControl(LIMITS), LIMITS, rooms=rooms)
    assert client.hashes == [hashlib.sha256(data).hexdigest() for _, data in large]


def test_an_attempt_that_is_left_behind_keeps_no_picture(tmp_path: Path) -> None:
    path, data = tmp_path / "large.png", b"x" * 6_000_000
    path.write_bytes(data)
    control, memory = AttemptControl(LIMITS), list[weakref.ref[object]]()

    def hang(payload: ImagePayload) -> None:
        assert isinstance(payload.data, memoryview)
        memory.append(weakref.ref(payload.data.obj))
        control.cancel()
        control.leave_behind()
        assert memory[0]() is None

    client = Holding(hang)
    sending.send(inspected(path, data), "trace", client, control, LIMITS, rooms=FileRooms())
    assert memory


def test_a_new_time_stamp_alone_does_not_matter(picture: Path, client: FakeClient) -> None:
    os.utime(picture, (1, 1))
    assert send(inspected(picture), client) == RESULT


@pytest.mark.parametrize(
    "now", [DATA[:-1], DATA + b"x", b"", DATA[:-1] + b"!"], ids=["cut", "grown", "empty", "edited"]
)
def test_a_file_that_is_not_what_was_inspected_is_not_sent(picture: Path, client: FakeClient, now: bytes) -> None:
    picture.write_bytes(now)
    with pytest.raises(SourceChangedError):
        send(inspected(picture), client)
    assert client.sent == []


@pytest.mark.parametrize(
    "facts", [None, ImageFacts(5), ImageFacts(5, ImageFormat.PNG), ImageFacts(5, sha256="ab")], ids=str
)
def test_what_was_not_inspected_to_the_end_is_not_sent(picture: Path, client: FakeClient, facts: ImageFacts) -> None:
    with pytest.raises(SourceChangedError):
        send(inspected(picture, facts=facts), client)


def test_a_file_beyond_the_limit_is_never_read(picture: Path, client: FakeClient) -> None:
    too_small = Limits(max_file_bytes=len(DATA))
    with pytest.raises(SourceChangedError):
        sending.send(inspected(picture), "trace", client, AttemptControl(too_small), too_small, rooms=FileRooms())


def test_a_file_of_another_size_is_not_even_read(
    picture: Path, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = inspected(picture)
    picture.write_bytes(DATA * 2)
    monkeypatch.delattr(sending, "read_piece")
    with pytest.raises(SourceChangedError):
        send(upload, client)


def test_a_file_that_is_gone_is_missing(tmp_path: Path, client: FakeClient) -> None:
    with pytest.raises(SourceMissingError):
        send(inspected(tmp_path / "no such file"), client)
    with pytest.raises(SourceMissingError):
        send(inspected("/a\0b"), client)


def test_a_folder_that_became_a_file_makes_its_pictures_missing(picture: Path, client: FakeClient) -> None:
    with pytest.raises(SourceMissingError):
        send(inspected(picture / "inside.png"), client)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs fifos")
def test_a_fifo_in_the_place_of_the_file_is_refused_at_once(tmp_path: Path, client: FakeClient) -> None:
    fifo = tmp_path / "fifo.png"
    os.mkfifo(fifo)
    with pytest.raises(SourceUnreadableError) as caught:
        send(inspected(fifo), client)
    assert caught.value.params == {"reason": "not_a_file"}


@pytest.mark.skipif(os.name == "nt", reason="Windows does not open folders")
def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path, client: FakeClient) -> None:
    with pytest.raises(SourceUnreadableError) as caught:
        send(inspected(tmp_path), client)
    assert caught.value.params == {"reason": "not_a_file"}


@pytest.mark.parametrize(
    ("failure", "reason"), [(PermissionError(13, "no"), "permission"), (OSError(5, "i/o error"), "drive")]
)
def test_a_file_that_cannot_be_opened_says_why(
    picture: Path, client: FakeClient, monkeypatch: pytest.MonkeyPatch, failure: OSError, reason: str
) -> None:
    def refuse(*_: object) -> int:
        raise failure

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(SourceUnreadableError) as caught:
        send(inspected(picture), client)
    assert caught.value.params == {"reason": reason}


def test_a_drive_that_breaks_off_while_reading_is_not_a_bug(
    picture: Path, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object) -> int:
        raise OSError(5, "i/o error")

    monkeypatch.setattr(sending, "read_piece", break_off)
    with pytest.raises(SourceUnreadableError):
        send(inspected(picture), client)


def test_a_file_cut_while_it_is_read_is_changed(
    picture: Path, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, read = inspected(picture), sending.read_piece

    def read_and_cut(descriptor: int, place: memoryview) -> int:
        count = read(descriptor, place)
        os.truncate(picture, 100)
        return count

    monkeypatch.setattr(sending, "read_piece", read_and_cut)
    with pytest.raises(SourceChangedError):
        send(upload, client)


def test_a_link_goes_as_it_is(client: FakeClient) -> None:
    link = "https://a.example/x%2Fy.png"
    upload = inspected("", source=Source(SourceKind.LINK, link, "y.png"), facts=None)
    assert send(upload, client) == RESULT
    assert client.sent == [link]


def test_a_row_cancelled_before_its_turn_reads_nothing(tmp_path: Path, client: FakeClient) -> None:
    control = AttemptControl(LIMITS)
    control.cancel()
    with pytest.raises(UploadCancelled):
        send(inspected(tmp_path / "gone"), client, control)


def test_a_row_cancelled_while_its_file_is_read_is_not_sent(
    picture: Path, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, read = AttemptControl(LIMITS), sending.read_piece

    def read_and_cancel(descriptor: int, place: memoryview) -> int:
        control.cancel()
        return read(descriptor, place)

    monkeypatch.setattr(sending, "read_piece", read_and_cancel)
    with pytest.raises(UploadCancelled):
        send(inspected(picture), client, control)
    assert client.sent == []


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (EndReason.CANCELLED, UploadCancelled),
        (EndReason.DRIVE, DriveSilentError),
        (EndReason.STALLED, UnreachableError),
        (EndReason.NO_ANSWER, ConnectionBrokenError),
        (EndReason.ASLEEP, ConnectionBrokenError),
    ],
)
def test_an_attempt_that_was_ended_before_its_turn_reads_nothing_and_says_why(
    tmp_path: Path, client: FakeClient, reason: EndReason, expected: type[Exception]
) -> None:
    control = AttemptControl(LIMITS)
    control.abort(reason)
    with pytest.raises(expected):
        send(inspected(tmp_path / "gone"), client, control)
    assert client.sent == []


def test_an_attempt_that_is_given_up_while_its_file_is_read_is_not_sent(
    picture: Path, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, read = AttemptControl(LIMITS), sending.read_piece

    def read_and_end(descriptor: int, place: memoryview) -> int:
        control.abort(EndReason.DRIVE)
        return read(descriptor, place)

    monkeypatch.setattr(sending, "read_piece", read_and_end)
    with pytest.raises(DriveSilentError):
        send(inspected(picture), client, control)
    assert client.sent == []

"""One attempt of one row: read the file once, make sure it is what was inspected, send those bytes."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import Protocol

from pixverse_gui.core.attempt_control import AttemptControl, EndReason
from pixverse_gui.core.errors import (
    ApiError,
    ConnectionBrokenError,
    DriveSilentError,
    SourceChangedError,
    SourceError,
    SourceMissingError,
    SourceUnreadableError,
    UnreachableError,
    UploadCancelled,
)
from pixverse_gui.core.file_reading import OPEN_FLAGS, read_piece
from pixverse_gui.core.file_rooms import FileRooms
from pixverse_gui.core.limits import MIB, Limits
from pixverse_gui.core.models import SourceKind, Upload, UploadResult
from pixverse_gui.core.multipart_body import ImagePayload


class UploadClient(Protocol):
    """The part of PixVerseClient that is used here, so that this module stays light to import."""

    def upload_image(self, payload: ImagePayload, trace_id: str, control: AttemptControl, /) -> UploadResult: ...

    def upload_link(self, link: str, trace_id: str, control: AttemptControl, /) -> UploadResult: ...


def send(
    upload: Upload, trace_id: str, client: UploadClient, control: AttemptControl, limits: Limits, *, rooms: FileRooms
) -> UploadResult:
    """Send one row; on a worker thread, which it holds until there is an outcome.

    Raises SourceError (nothing was sent), ApiError, or UploadCancelled. SourceChangedError: the file is not, byte for
    byte, what was inspected; a new time stamp alone does not matter. `rooms`: those of everybody who sends.
    """
    control.has_begun = True
    _raise_if_over(control)
    if upload.source.kind is SourceKind.LINK:
        control.expect_connection()
        return client.upload_link(upload.source.location, trace_id, control)
    facts = upload.facts
    if facts is None or facts.format is None or facts.sha256 is None:
        raise SourceChangedError
    if facts.byte_size >= limits.max_file_bytes:
        raise SourceChangedError
    # One byte more than expected, to notice a file that grows meanwhile.
    with rooms.room_for(facts.byte_size + 1) as room:
        control.keep_until_left_behind(room.drop)
        with control.read_watch.reading(upload.source.location):
            payload = ImagePayload(read_whole(upload.source.location, room.place, control), facts.format)
        control.keep_until_left_behind(payload.drop)
        if hashlib.sha256(payload.data).hexdigest() != facts.sha256:
            raise SourceChangedError
        _raise_if_over(control)
        control.expect_connection()
        return client.upload_image(payload, trace_id, control)


def error_of_ended(control: AttemptControl) -> SourceError | ApiError | UploadCancelled | None:
    """What an attempt is that was ended from outside, whether or not its worker ever comes back; None for any other."""
    reason, maybe_stored = control.end_reason, control.body_complete
    if reason is None:
        return None
    if reason is EndReason.CANCELLED:
        return UploadCancelled(maybe_stored=maybe_stored)
    if reason is EndReason.DRIVE:
        return DriveSilentError()
    if reason is EndReason.STALLED and not control.was_connected:
        return UnreachableError(reason="timeout")
    return ConnectionBrokenError(maybe_stored=maybe_stored, reason=reason.value)


def _raise_if_over(control: AttemptControl) -> None:
    error = error_of_ended(control)
    if error is not None:
        raise error


def read_whole(path: str, place: memoryview, control: AttemptControl) -> memoryview:
    """Read a file that has one byte less than `place` into it; returns the part that holds it. Worker thread.

    Raises SourceError, or ApiError or UploadCancelled once the attempt was ended.
    """
    try:
        descriptor = os.open(path, OPEN_FLAGS)
        try:
            return _read_descriptor(descriptor, place, control)
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        # ValueError: a NUL or half a character in the path, which no file can have.
        raise SourceMissingError from error
    except PermissionError as error:
        raise SourceUnreadableError(reason="permission") from error
    except OSError as error:
        raise SourceUnreadableError(reason="drive") from error


def _read_descriptor(descriptor: int, place: memoryview, control: AttemptControl) -> memoryview:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise SourceUnreadableError(reason="not_a_file")
    if status.st_size != len(place) - 1:
        raise SourceChangedError
    # Right there: growing or joining would copy what is there again, with three uploads on their way.
    size = 0
    while size < len(place):
        _raise_if_over(control)
        count = read_piece(descriptor, place[size : size + MIB])
        control.read_watch.moved()
        if not count:
            break
        size += count
    return place[:size]

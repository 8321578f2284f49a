"""Every sentence about an error: title, meaning, next step, and the short form in the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pixverse_gui.core.errors import PixVerseGuiError
from pixverse_gui.core.models import ErrorRecord, ImageFacts, Param, Upload, UploadState
from pixverse_gui.ui import messages
from pixverse_gui.ui.messages_errors_reasons import BY_REASON
from pixverse_gui.ui.messages_errors_table import MESSAGES, ErrorMessage

__all__ = [
    "ErrorMessage",
    "message_for",
    "row_sentence",
    "second_copy_sentence",
    "upload_error_sentence",
]


class _Params(dict[str, Param]):
    """Params of a record; a placeholder that the record has no value for reads as a question mark."""

    def __missing__(self, name: str) -> str:
        return "?"


def message_for(error: ErrorRecord | PixVerseGuiError) -> ErrorMessage:
    """The sentences for an error or its record.

    A record may come from a newer version of the program: an unknown code or reason has the general sentences.
    """
    record = error.record() if isinstance(error, PixVerseGuiError) else error
    message = MESSAGES.get(record.code, MESSAGES["error"])
    changes = BY_REASON.get(record.code, {}).get(str(record.params.get("reason", "")), {})
    message = replace(message, **changes)
    params = _filled(record)
    return ErrorMessage(
        title=message.title.format_map(params),
        meaning=message.meaning.format_map(params),
        next_step=message.next_step.format_map(params),
        row=message.row.format_map(params),
    )


def _filled(record: ErrorRecord) -> Mapping[str, Param]:
    params = _Params(record.params)
    if record.api_code is not None:
        params.setdefault("api_code", record.api_code)
    return params


def row_sentence(
    error: ErrorRecord | PixVerseGuiError, *, waits: bool = False, times: int = 1, facts: ImageFacts | None = None
) -> str:
    """The short form for a row.

    `waits`: the row is sent again by itself. `times`: how many attempts ended like this. `facts` are named where the
    service refused the picture for what it is.
    """
    record = error.record() if isinstance(error, PixVerseGuiError) else error
    row = message_for(record).row
    if record.code == "unreachable" and waits:
        return f"{row}. We keep trying."
    if waits and record.code in _SENT_AGAIN:
        return f"{row}. We will try again."
    if record.code == "connection_broken" and times > 1:
        return f"The connection broke {messages.number(times)} times"
    if record.code == "rejected_image" and facts is not None and facts.width:
        return f"{row} ({facts.width}×{facts.height}, {messages.size(facts.byte_size)})"
    return row


_SENT_AGAIN = frozenset({"connection_broken", "server", "unexpected_answer", "intercepted"})


def upload_error_sentence(upload: Upload) -> str:
    """What a row says of its error; "" where it has none."""
    if upload.error is None:
        return ""
    times = sum(attempt.outcome == upload.error.code for attempt in upload.attempts)
    waits = upload.state in (UploadState.WAITING, UploadState.UPLOADING)
    return row_sentence(upload.error, waits=waits, times=times, facts=upload.facts)


def second_copy_sentence(upload: Upload) -> str:
    """Said of a row whose answer was lost on the way; "" for all others."""
    if not upload.may_have_second_copy:
        return ""
    if len(upload.attempts) > 1:
        return "Sent again because the answer was lost; a second copy may exist at PixVerse"
    return "The answer was lost; a copy may exist at PixVerse"

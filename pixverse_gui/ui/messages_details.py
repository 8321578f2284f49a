"""The sentences of the details panel, and what Copy details copies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pixverse_gui import __version__
from pixverse_gui.core.models import Attempt, Upload
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.messages_errors import message_for, second_copy_sentence
from pixverse_gui.ui.messages_rows import state_word
from pixverse_gui.ui.visible_name import visible_name

DETAILS = "Details"
CLOSE_DETAILS = "Close details"
COPY_DETAILS = "Copy details"
COPY = "Copy"
COPY_ID = "Copy ID"
OPEN_LINK = "Open link"
NO_PREVIEW = "No preview"
PREVIEW = "Preview"

STATE = "State"
ID = "ID"
LINK = "Link"
PICTURE = "Picture"
ACCOUNT = "Account"
ADDED = "Added"
FINISHED = "Finished"
TO_KNOW = "Good to know"
WHAT_TO_DO = "What to do"
PIXVERSE_CODE = "PixVerse code"
HTTP_STATUS = "HTTP status"
SERVER_TEXT = "PixVerse said"
ATTEMPTS = "Attempts"
MEANING = "What it means"
MESSAGE = "Message"
ERROR = "Error"
NAME = "Name"
PROGRAM = "Program"

_OUTCOMES: Mapping[str, str] = {"": "no answer yet", "done": "done", "cancelled": "cancelled"}


def account_name(account: str | None) -> str:
    """`<host>/<account id>` or `<host>/key:<fingerprint>` as people read it; "" for none."""
    if not account:
        return ""
    host, _, identity = account.partition("/")
    fingerprint = identity.removeprefix("key:")
    if fingerprint != identity:
        return f"PixVerse account at {host}, key {fingerprint}"
    return f"PixVerse account {identity} at {host}"


def outcome_of(attempt: Attempt) -> str:
    """How an attempt ended, in a word or two; an error by its code, which support may ask for."""
    outcome = _OUTCOMES.get(attempt.outcome, attempt.outcome)
    return f"{outcome}, a copy may exist at PixVerse" if attempt.maybe_stored else outcome


def moment_text(moment: datetime | None, dates: Dates) -> str:
    """Day and time on the clock of this computer; "" for none."""
    return "" if moment is None else f"{dates.short(moment)}, {dates.time(moment)}"


def attempt_lines(upload: Upload, dates: Dates) -> str:
    """Each attempt with its trace id, for the panel."""
    return "\n\n".join(
        f"{attempt.trace_id}\n{moment_text(attempt.started_at, dates)} · {outcome_of(attempt)}"
        for attempt in upload.attempts
    )


def details_text(upload: Upload) -> str:
    """Everything support may ask for, one fact a line, times in UTC. Holds no key and no path of this computer."""
    facts = [
        (PROGRAM, f"PixVerse Uploader {__version__}"),
        (NAME, visible_name(upload.source.label)),
        (STATE, state_word(upload.state)),
        *_error_facts(upload),
        (ID, upload.img_id or ""),
        (LINK, visible_name(upload.img_url or "")),
        (ACCOUNT, account_name(upload.account)),
        (TO_KNOW, second_copy_sentence(upload)),
        (ADDED, _utc(upload.added_at)),
        (FINISHED, _utc(upload.finished_at)),
        *_attempt_facts(upload),
    ]
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _error_facts(upload: Upload) -> list[tuple[str, str]]:
    error = upload.error
    if error is None:
        return []
    said = message_for(error)
    return [
        (MESSAGE, f"{said.title}. {said.meaning}"),
        (ERROR, error.code),
        (PIXVERSE_CODE, "" if error.api_code is None else str(error.api_code)),
        (HTTP_STATUS, "" if error.http_status is None else str(error.http_status)),
        (SERVER_TEXT, visible_name(error.server_text)),
    ]


def _attempt_facts(upload: Upload) -> list[tuple[str, str]]:
    facts = [
        ("Trace id", f"{attempt.trace_id} ({_utc(attempt.started_at)}, {outcome_of(attempt)})")
        for attempt in upload.attempts
    ]
    known = {attempt.trace_id for attempt in upload.attempts}
    if upload.error is not None and upload.error.trace_id and upload.error.trace_id not in known:
        facts.append(("Trace id", upload.error.trace_id))
    return facts


def _utc(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

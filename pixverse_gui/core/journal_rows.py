"""Uploads to rows of the journal and back, without loss; reading forgives what damage or another version left."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from pixverse_gui.core.models import (
    Attempt,
    ErrorRecord,
    ImageFacts,
    ImageFormat,
    Issue,
    IssueCode,
    Param,
    Severity,
    Source,
    SourceKind,
    Upload,
    UploadState,
)

UPLOAD_COLUMNS = (
    *("key", "batch", "position", "kind", "location", "label", "search_text", "state", "added_us"),
    *("byte_size", "format", "width", "height", "modified_ns", "sha256", "issues", "error"),
    *("img_id", "img_url", "account", "finished_us", "reused_from", "reused_us", "resend", "listed", "hidden"),
)
ATTEMPT_COLUMNS = ("upload_key", "sequence", "trace_id", "started_us", "outcome", "maybe_stored")

Cell = str | bytes | int | None
Row = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_Member = TypeVar("_Member", bound=StrEnum)
_Default = TypeVar("_Default")
_Made = TypeVar("_Made")


def cell_of_text(text: str) -> str | bytes:
    """Text as SQLite can hold it: names that are no UTF-8 have lone surrogates, and those go in as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, UTC. `moment` is aware."""
    return (moment - _EPOCH) // _MICROSECOND


def _moment(cell: Any) -> datetime:
    """The time that `microseconds` made a number of."""
    try:
        return _EPOCH + timedelta(microseconds=_number(cell))
    except OverflowError:
        return _EPOCH


def searchable(text: str) -> str:
    """The form in which texts are compared: without case, and alike however a system composes its letters.

    macOS hands names over decomposed while keyboards type composed letters; Chinese input has wide forms of ASCII.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    # A lone surrogate cannot be stored as text, and LIKE stops at NUL.
    return unicodedata.normalize("NFKC", text).encode("utf-8", "replace").decode().replace("\0", " ")


def row_of_upload(upload: Upload) -> tuple[Cell, ...]:
    """The cells of UPLOAD_COLUMNS."""
    source, facts = upload.source, upload.facts
    return (
        upload.key,
        upload.batch,
        upload.position,
        source.kind.value,
        cell_of_text(source.location),
        cell_of_text(source.label),
        "\n".join(searchable(text) for text in (source.label, upload.img_id or "", upload.img_url or "")),
        upload.state.value,
        microseconds(upload.added_at),
        *_cells_of_facts(facts),
        json.dumps([_issue_record(issue) for issue in upload.issues]),
        None if upload.error is None else json.dumps(_error_record(upload.error)),
        _optional(upload.img_id, cell_of_text),
        _optional(upload.img_url, cell_of_text),
        _optional(upload.account, cell_of_text),
        _optional(_finished_at(upload), microseconds),
        upload.reused_from,
        _optional(upload.reused_at, microseconds),
        int(upload.resend),
        int(upload.listed),
        int(upload.hidden),
    )


def rows_of_attempts(upload: Upload) -> list[tuple[Cell, ...]]:
    """The cells of ATTEMPT_COLUMNS, one row an attempt."""
    return [
        (
            upload.key,
            sequence,
            attempt.trace_id,
            microseconds(attempt.started_at),
            cell_of_text(attempt.outcome),
            int(attempt.maybe_stored),
        )
        for sequence, attempt in enumerate(upload.attempts)
    ]


def upload_of_row(row: Row, attempts: Iterable[Row] = ()) -> Upload:
    """The upload of a row, whatever its cells hold: a spoilt cell becomes the emptiest value, never an error.

    `row` and `attempts` map column names to cells; missing columns count as empty. `attempts` are in order.
    """
    img_id = _optional(row.get("img_id"), _text) or None
    return Upload(
        key=_number(row.get("key")),
        batch=_number(row.get("batch")),
        position=_number(row.get("position")),
        source=Source(
            kind=_member(SourceKind, row.get("kind"), SourceKind.FILE),
            location=_text(row.get("location")),
            label=_text(row.get("label")),
        ),
        state=_member(UploadState, row.get("state"), UploadState.DONE if img_id else UploadState.FAILED),
        added_at=_moment(row.get("added_us")),
        facts=_facts(row),
        issues=_issues(row.get("issues")),
        attempts=tuple(_attempt(attempt) for attempt in attempts),
        error=_error(row.get("error")),
        img_id=img_id,
        img_url=_optional(row.get("img_url"), _text),
        account=_optional(row.get("account"), _text),
        finished_at=_optional(row.get("finished_us"), _moment),
        reused_from=_optional(row.get("reused_from"), _number),
        reused_at=_optional(row.get("reused_us"), _moment),
        resend=bool(_number(row.get("resend"))),
        listed=bool(_number(row.get("listed"))),
        hidden=bool(_number(row.get("hidden"))),
    )


def _finished_at(upload: Upload) -> datetime | None:
    # The History is in order of this time; a row without it must not be missing there.
    return upload.finished_at or (upload.added_at if upload.state is UploadState.DONE else None)


def _cells_of_facts(facts: ImageFacts | None) -> tuple[Cell, ...]:
    if facts is None:
        return (None,) * 6
    return (
        str(facts.byte_size),
        _optional(facts.format, str),
        str(facts.width),
        str(facts.height),
        _optional(facts.modified_ns, str),
        facts.sha256,
    )


def _facts(row: Row) -> ImageFacts | None:
    if row.get("byte_size") is None:
        return None
    return ImageFacts(
        byte_size=_number(row.get("byte_size")),
        format=_member(ImageFormat, row.get("format"), None),
        width=_number(row.get("width")),
        height=_number(row.get("height")),
        modified_ns=_optional(row.get("modified_ns"), _number),
        sha256=_optional(row.get("sha256"), _text),
    )


def _attempt(row: Row) -> Attempt:
    return Attempt(
        trace_id=_text(row.get("trace_id")),
        started_at=_moment(row.get("started_us")),
        outcome=_text(row.get("outcome")),
        maybe_stored=bool(_number(row.get("maybe_stored"))),
    )


def _issue_record(issue: Issue) -> dict[str, Any]:
    return {"severity": issue.severity.value, "code": issue.code.value, "params": dict(issue.params)}


def _issues(cell: Any) -> tuple[Issue, ...]:
    """Issues with a code this version does not know are left out: there is no sentence for them."""
    records = _json(cell)
    made = (_issue(record) for record in records) if isinstance(records, list) else ()
    return tuple(issue for issue in made if issue is not None)


def _issue(record: Any) -> Issue | None:
    try:
        return Issue(Severity(record["severity"]), IssueCode(record["code"]), _params(record["params"]))
    except (KeyError, TypeError, ValueError):
        return None


def _error_record(error: ErrorRecord) -> dict[str, Any]:
    return {
        "code": error.code,
        "params": dict(error.params),
        "http_status": error.http_status,
        "api_code": error.api_code,
        "server_text": error.server_text,
        "trace_id": error.trace_id,
    }


def _error(cell: Any) -> ErrorRecord | None:
    record = _json(cell)
    if not isinstance(record, dict):
        return None
    return ErrorRecord(
        code=_text(record.get("code")),
        params=_params(record.get("params")),
        http_status=_optional(record.get("http_status"), _number),
        api_code=_optional(record.get("api_code"), _number),
        server_text=_text(record.get("server_text")),
        trace_id=_text(record.get("trace_id")),
    )


def _params(record: Any) -> dict[str, Param]:
    if not isinstance(record, dict):
        return {}
    return {name: value for name, value in record.items() if isinstance(value, str | int)}


def _json(cell: Any) -> Any:
    if cell is None or cell == "[]":  # nearly every row
        return None
    try:
        return json.loads(_text(cell))
    except (ValueError, RecursionError):
        return None


def _text(cell: Any) -> str:
    if isinstance(cell, bytes):
        try:
            return cell.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return cell.decode("utf-8", "replace")
    return "" if cell is None else str(cell)


def _number(cell: Any) -> int:
    try:
        return int(cell)
    except (TypeError, ValueError, OverflowError):
        return 0


def _member(members: type[_Member], cell: Any, default: _Default) -> _Member | _Default:
    try:
        return members(cell)
    except ValueError:
        return default


def _optional(value: Any, make: Callable[[Any], _Made]) -> _Made | None:
    return None if value is None else make(value)

"""Source, ImageFacts, Issue, Upload, UploadState: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pixverse_gui.core.black_bars import BlackBars

Param = str | int
"""A value inside an issue or an error: JSON can hold it, a sentence can show it."""


class SourceKind(StrEnum):
    """Where a picture comes from."""

    FILE = "file"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Source:
    """One picture the operator named: a file on this computer or a public link.

    `location` is an absolute path (`os.fsdecode`d, so it may hold surrogates) or the link, byte for byte as given.
    `label` is what the operator calls it: the file name, or host and last part of the link.
    """

    kind: SourceKind
    location: str
    label: str


class ImageFormat(StrEnum):
    """The three formats the service takes; the value is how people write the name."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WebP"

    @property
    def mime_type(self) -> str:
        """Type of the multipart part; the service refuses octet-stream."""
        return f"image/{self.value.lower()}"

    @property
    def extension(self) -> str:
        """Extension, with its dot, of the neutral name we send."""
        return {"PNG": ".png", "JPEG": ".jpg", "WebP": ".webp"}[self.value]


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What inspection learned of the bytes. Sides are pixels as stored, before any EXIF turn.

    The first pass fills everything but `sha256` (lower-case hex of all bytes), the second adds that.
    `modified_ns` is the file's `st_mtime_ns`; None for a link.
    """

    byte_size: int
    format: ImageFormat | None = None
    width: int = 0
    height: int = 0
    modified_ns: int | None = None
    sha256: str | None = None


class Severity(StrEnum):
    """A blocker keeps a picture from being sent, a warning never does."""

    BLOCKER = "blocker"
    WARNING = "warning"


class IssueCode(StrEnum):
    """Everything inspection can find; `ui/messages_rows.py` has a sentence for each. Params in brackets."""

    NOT_AN_IMAGE = "not_an_image"  # [format] of what it is instead, "" where that is unknown
    EMPTY = "empty"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"  # damaged, or the decoder refused it
    TOO_MANY_PIXELS = "too_many_pixels"  # [width, height, limit]
    TOO_MANY_BYTES = "too_many_bytes"  # [bytes, limit]
    FILE_MISSING = "file_missing"
    NO_PERMISSION = "no_permission"
    NOT_A_FILE = "not_a_file"  # a fifo, a device, a socket, a folder
    DRIVE_SILENT = "drive_silent"  # it was not checked: its drive did not answer
    LINK_NOT_PUBLIC = "link_not_public"  # [reason: scheme|credentials|host|length|characters]

    NEAR_BYTE_LIMIT = "near_byte_limit"  # [bytes]
    LARGE_SIDE = "large_side"  # [width, height, limit]
    ANIMATED = "animated"
    WRONG_EXTENSION = "wrong_extension"  # [extension, format]
    COLOURS_MAY_DIFFER = "colours_may_differ"  # [mode: CMYK|16 bit]
    SAME_PICTURE = "same_picture"  # [other: label]
    LINK_IS_A_PAGE = "link_is_a_page"
    LINK_IS_UNTYPED = "link_is_untyped"  # served as octet-stream [type]
    # [reason: unreachable|timeout|private|redirects|too_large|status|certificate|not_an_image]
    PREVIEW_FAILED = "preview_failed"
    CHANGED_SINCE_ADDED = "changed_since_added"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing the operator should know of a picture before it is sent."""

    severity: Severity
    code: IssueCode
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def is_blocker(self) -> bool:
        return self.severity is Severity.BLOCKER


@dataclass(frozen=True, slots=True)
class Glance:
    """The small picture that a camera put into its file: JPEG bytes as they stand there, and EXIF's orientation.

    `bars`: only if these are there, it is of this picture, and then what is between them.
    """

    data: bytes
    orientation: int
    bars: BlackBars | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one pass over a source found. `thumbnail` is a small encoded picture (PNG, JPEG or WebP bytes) or None.

    `glance`: what may be shown until there is one.
    """

    facts: ImageFacts | None
    issues: tuple[Issue, ...] = ()
    thumbnail: bytes | None = None
    glance: Glance | None = None

    @property
    def is_sendable(self) -> bool:
        return not any(issue.is_blocker for issue in self.issues)


class UploadState(StrEnum):
    """States of a row (`ui/messages_rows.py` has the spoken word of each)."""

    CHECKING = "checking"
    READY = "ready"
    BLOCKED = "blocked"
    WAITING = "waiting"
    UPLOADING = "uploading"
    DONE = "done"
    FAILED = "failed"


_S = UploadState
TRANSITIONS: Mapping[UploadState, frozenset[UploadState]] = {
    _S.CHECKING: frozenset({_S.READY, _S.BLOCKED, _S.DONE}),
    # DONE straight from READY: the account became known after the check, and it has this picture already; or the
    # answer of an attempt that was cancelled too late arrived after all.
    _S.READY: frozenset({_S.WAITING, _S.CHECKING, _S.DONE}),
    _S.BLOCKED: frozenset({_S.CHECKING}),
    _S.WAITING: frozenset({_S.UPLOADING, _S.READY}),
    # CHECKING: the file was found changed when its turn came.
    _S.UPLOADING: frozenset({_S.DONE, _S.FAILED, _S.WAITING, _S.READY, _S.CHECKING}),
    # READY: "Upload again" on a row that took its id from an earlier upload.
    _S.DONE: frozenset({_S.READY}),
    _S.FAILED: frozenset({_S.WAITING, _S.CHECKING}),
}
"""The one transition table; `Upload.moved_to` is the only way to a new state."""


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """An error as the journal keeps it: enough to show our sentence now and the raw facts under Details."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    http_status: int | None = None
    api_code: int | None = None
    server_text: str = ""
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request for one row. `outcome` is "" while in flight, then "done", "cancelled" or an error code."""

    trace_id: str
    started_at: datetime
    outcome: str = ""
    maybe_stored: bool = False


class IllegalTransitionError(RuntimeError):
    """A bug of ours: a row was to be moved along an arrow that `TRANSITIONS` does not have."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One row of the journal, from the moment it is added. Times are aware, in UTC. Ids are text, never numbers.

    `listed`: stands in the working list. `hidden`: taken out of the History by the operator.
    `reused_from`/`reused_at`: row key and time of the earlier upload whose id this row took over.
    `account` is `<api host>/<account id>`, or `<api host>/key:<fingerprint>` until the id is known.
    `resend`: the operator asked for "Upload again", so the id of an earlier upload is not taken over.
    """

    key: int
    batch: int
    position: int
    source: Source
    state: UploadState
    added_at: datetime
    facts: ImageFacts | None = None
    issues: tuple[Issue, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    error: ErrorRecord | None = None
    img_id: str | None = None
    img_url: str | None = None
    account: str | None = None
    finished_at: datetime | None = None
    reused_from: int | None = None
    reused_at: datetime | None = None
    resend: bool = False
    listed: bool = True
    hidden: bool = False

    @property
    def has_blocker(self) -> bool:
        return any(issue.is_blocker for issue in self.issues)

    @property
    def has_warning(self) -> bool:
        return any(not issue.is_blocker for issue in self.issues)

    @property
    def may_have_second_copy(self) -> bool:
        """An attempt whose answer was lost may have been stored, besides the one that counts."""
        return any(attempt.maybe_stored for attempt in self.attempts)

    def moved_to(self, state: UploadState, **changes: Any) -> Self:
        """This row in another state. Raises IllegalTransitionError where the table has no such arrow."""
        if state not in TRANSITIONS[self.state]:
            raise IllegalTransitionError(f"{self.state} -> {state}")
        return replace(self, state=state, **changes)


@dataclass(frozen=True, slots=True)
class EarlierUpload:
    """A finished upload of the same bytes under the same account."""

    key: int
    img_id: str
    img_url: str | None
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class UploadResult:
    """A success answer: `img_id` is a positive integer below 2^64 as text, `img_url` as sent ("" if none)."""

    img_id: str
    img_url: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Answer of the balance call. `account_id` is text; credits are whole numbers."""

    account_id: str
    credits: int

"""The error tree.

PixVerseGuiError                 code, params, is_retryable; no sentence inside
├─ SourceError                   the given thing cannot be used            -> the row
│   ├─ SourceMissingError           moved or deleted
│   ├─ SourceUnreadableError        no permission, not a regular file, the drive broke off
│   │   └─ DriveSilentError            the drive does not answer: the read was given up
│   └─ SourceChangedError           not the bytes that were inspected
├─ ServiceAddressError           not an address the key may be sent to      -> command line, settings
├─ CredentialError               -> key dialog, banner
│   ├─ MalformedApiKeyError         cannot be a key at all
│   ├─ MissingApiKeyError
│   ├─ KeyringLockedError           the operator may unlock and try again
│   ├─ KeyringSilentError           no answer within the deadline
│   ├─ KeyNotForgottenError         it was to be taken out of the store, and is still there
│   └─ KeyringUnavailableError      none, or one that loses what it is given: session only, never a file
├─ ApiError                      keeps HTTP status, ErrCode, ErrMsg, trace id
│   ├─ UnreachableError             name look-up, refused, connect timeout: nothing was sent
│   ├─ CertificateRefusedError
│   ├─ ConnectionBrokenError        broke, stalled or timed out on the way
│   ├─ RedirectRefusedError         any 3xx
│   ├─ AccountRefusedError          key, permission, plan or proxy login    -> the whole queue
│   ├─ RateLimitedError             429, 503, "high load"                   -> one gate for the whole queue
│   ├─ ContentRefusedError          moderation: final
│   ├─ RejectedImageError           size, format, dimensions: final
│   ├─ RemoteFetchError             the service could not read the link
│   ├─ ServerError                  5xx without a code, or a code that is a passing fault
│   ├─ UnexpectedAnswerError        the contract is broken
│   │   └─ InterceptedError            something in between answered (a proxy, a sign-in page)
│   └─ UnknownApiError              a code that no table has
└─ StorageError                  journal, thumbnails or settings: a banner, the program goes on
    ├─ CorruptFileError             set aside under a new name, never overwritten
    ├─ IdLostError                  a damaged file had the id of an upload    -> the row
    ├─ WriteError                   disk full, read-only, locked
    ├─ NewerFileError               written by a newer version of this program
    └─ FolderInUseError             another window of this program has the data folder
UploadCancelled                  deliberately outside the tree: never shown, never logged as an error

Foreign exceptions are translated at the border: requests in `client`, keyring in `credentials`, sqlite3 in `journal`,
OSError and Pillow in `inspection`; always `raise ... from`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pixverse_gui.core.models import ErrorRecord, Param


class PixVerseGuiError(Exception):
    """Root of the tree. `params` fill the placeholders of the sentence that `ui/messages_errors.py` has for `code`."""

    code: ClassVar[str] = "error"
    is_retryable: ClassVar[bool] = False

    def __init__(self, **params: Param) -> None:
        super().__init__(self.code, *(f"{name}={value}" for name, value in params.items()))
        self.params: dict[str, Param] = params

    def record(self) -> ErrorRecord:
        """This error as the journal keeps it."""
        # Only now: the window is there sooner without all that this loads.
        from pixverse_gui.core.models import ErrorRecord  # noqa: PLC0415

        return ErrorRecord(code=self.code, params=dict(self.params))


class SourceError(PixVerseGuiError):
    code = "source"


class SourceMissingError(SourceError):
    code = "source_missing"


class SourceUnreadableError(SourceError):
    """Params: reason (permission|not_a_file|drive)."""

    code = "source_unreadable"


class DriveSilentError(SourceUnreadableError):
    """Params: reason (drive)."""

    code = "drive_silent"

    def __init__(self, **params: Param) -> None:
        super().__init__(**({"reason": "drive"} | params))


class SourceChangedError(SourceError):
    code = "source_changed"


class ServiceAddressError(PixVerseGuiError):
    """Params: reason (scheme|host|userinfo|query|port|empty)."""

    code = "service_address"


class CredentialError(PixVerseGuiError):
    code = "credential"


class MalformedApiKeyError(CredentialError):
    """Params: reason (empty|characters|length|environment)."""

    code = "malformed_key"


class MissingApiKeyError(CredentialError):
    code = "missing_key"


class KeyringLockedError(CredentialError):
    code = "keyring_locked"
    is_retryable = True


class KeyringSilentError(CredentialError):
    code = "keyring_silent"
    is_retryable = True


class KeyNotForgottenError(CredentialError):
    code = "key_not_forgotten"


class KeyringUnavailableError(CredentialError):
    """Params: reason (missing|insecure|lost|failed)."""

    code = "keyring_unavailable"


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What the wire said: for Details and for support. `server_text` is cleaned and short, never markup."""

    http_status: int | None = None
    api_code: int | None = None
    server_text: str = ""
    trace_id: str = ""


class ApiError(PixVerseGuiError):
    """An attempt that brought no result.

    `maybe_stored`: the last body byte was handed over and no answer said no, so the picture may be at PixVerse.
    """

    code = "api"

    def __init__(self, facts: AnswerFacts | None = None, *, maybe_stored: bool = False, **params: Param) -> None:
        super().__init__(**params)
        self.facts = facts or AnswerFacts()
        self.maybe_stored = maybe_stored

    def record(self) -> ErrorRecord:
        return replace(
            super().record(),
            http_status=self.facts.http_status,
            api_code=self.facts.api_code,
            server_text=self.facts.server_text,
            trace_id=self.facts.trace_id,
        )


class UnreachableError(ApiError):
    """Params: reason (name|refused|timeout|network|proxy)."""

    code = "unreachable"
    is_retryable = True


class CertificateRefusedError(ApiError):
    """Params: host."""

    code = "certificate_refused"


class ConnectionBrokenError(ApiError):
    """Params: reason (reset|stalled|no_answer|asleep)."""

    code = "connection_broken"
    is_retryable = True


class RedirectRefusedError(ApiError):
    code = "redirected"


class AccountRefusedError(ApiError):
    """Params: reason (key|permission|account|proxy|balance)."""

    code = "account_refused"


class RateLimitedError(ApiError):
    """`retry_after_s` is what the service asked for, already clamped; None where it did not say or said nonsense."""

    code = "rate_limited"
    is_retryable = True

    def __init__(
        self, facts: AnswerFacts | None = None, *, retry_after_s: float | None = None, **params: Param
    ) -> None:
        super().__init__(facts, maybe_stored=False, **params)
        self.retry_after_s = retry_after_s


class ContentRefusedError(ApiError):
    code = "content_refused"


class RejectedImageError(ApiError):
    """Params: reason (size|format|dimensions|parameter)."""

    code = "rejected_image"


class RemoteFetchError(ApiError):
    code = "remote_fetch"


class ServerError(ApiError):
    code = "server"
    is_retryable = True


class UnexpectedAnswerError(ApiError):
    """Params: reason (not_json|too_large|no_id|encoding|shape)."""

    code = "unexpected_answer"
    is_retryable = True


class InterceptedError(UnexpectedAnswerError):
    code = "intercepted"


class UnknownApiError(ApiError):
    """Params: api_code."""

    code = "unknown_api_code"


class StorageError(PixVerseGuiError):
    code = "storage"


class CorruptFileError(StorageError):
    """Params: place (where the old file was kept)."""

    code = "corrupt_file"


class IdLostError(StorageError):
    code = "id_lost"


class WriteError(StorageError):
    """Params: reason (full|read_only|locked|other)."""

    code = "write"
    is_retryable = True


class NewerFileError(StorageError):
    code = "newer_file"


class FolderInUseError(StorageError):
    code = "folder_in_use"


class UploadCancelled(Exception):  # noqa: N818 - not an error: the operator asked for it
    """The operator cancelled. `maybe_stored` as in ApiError."""

    def __init__(self, *, maybe_stored: bool = False) -> None:
        super().__init__("cancelled")
        self.maybe_stored = maybe_stored

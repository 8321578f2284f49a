"""What a row says: words of the states, facts of the picture, a sentence for each issue, and the row spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pixverse_gui.core.limits import MIB
from pixverse_gui.core.models import Issue, IssueCode, Param, SourceKind, Upload, UploadState
from pixverse_gui.ui import messages
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.messages_errors import second_copy_sentence, upload_error_sentence
from pixverse_gui.ui.messages_errors_reasons import WRITE_WHY
from pixverse_gui.ui.visible_name import visible_name

__all__ = [
    "FILTER_WORDS", "already_uploaded", "facts_text", "issue_sentence", "live_word", "notes_of", "saved_late",
    "short_link", "spoken", "spoken_word", "state_word", "visible_name",
]  # fmt: skip

_S = UploadState
_SPOKEN: Mapping[UploadState, str] = {
    _S.CHECKING: "checking",
    _S.READY: "ready",
    _S.BLOCKED: "cannot be sent",
    _S.WAITING: "waiting",
    _S.UPLOADING: "uploading",
    _S.DONE: "done",
    _S.FAILED: "failed",
}
FILTER_WORDS: Mapping[str, str] = {
    "all": "All",
    "ready": "Ready",
    "attention": "Needs attention",
    "uploading": "Uploading",
    "done": "Done",
    "failed": "Failed",
}
COPY = "Copy"
SAVING = "Saving"
WAITING_FOR_ANSWER = "Waiting for the answer"
CANNOT_BE_OPENED = "Cannot be opened as a picture"
DRIVE_SILENT_YET = "The drive does not answer yet"
PUBLIC_LINKS_ONLY = "Only public web links can be used"

# Sides are written as they are known (3840 × 2160); from five digits on they are grouped to be readable.
_GROUPED_FROM = 10_000
_LAST_PERCENT = 99

_NOT_PUBLIC: Mapping[str, str] = {
    "scheme": PUBLIC_LINKS_ONLY,
    "host": PUBLIC_LINKS_ONLY,
    "credentials": "A link must not contain a user name or a password",
    "length": "This link is too long to be sent",
    "characters": "This link contains characters that a link cannot have",
}
_PREVIEW_WHY: Mapping[str, str] = {
    "unreachable": "its server cannot be reached",
    "timeout": "it took too long",
    "private": "it leads to a private network",
    "redirects": "it leads on too many times",
    "too_large": "it is too large",
    "status": "its server refused",
    "certificate": "its certificate was refused",
    "not_an_image": "what came is not a picture",
}
Params = Mapping[str, Param]


def state_word(state: UploadState) -> str:
    """As it stands in the row."""
    return _SPOKEN[state].capitalize()


def spoken_word(state: UploadState) -> str:
    """As a screen reader says it."""
    return _SPOKEN[state]


def live_word(live: LiveProgress | None) -> str:
    """An upload on its way. It never says 100 %: that would look finished before the answer is there."""
    if live is not None and live.unsaved_id is not None:
        return SAVING
    if live is not None and live.phase == "waiting_for_answer":
        return WAITING_FOR_ANSWER
    percent = 0 if live is None else max(0, min(_LAST_PERCENT, int(live.fraction * 100)))
    return f"{state_word(_S.UPLOADING)} {messages.number(percent)} %"


def facts_text(upload: Upload) -> str:
    """3840 × 2160 · PNG · 4.1 MB; "" while nothing is known of a file."""
    parts = ["Link"] if upload.source.kind is SourceKind.LINK else []
    facts = upload.facts
    if facts is not None and facts.width and facts.height:
        parts.append(_sides(facts.width, facts.height))
    if facts is not None and facts.format is not None:
        parts.append(facts.format.value)
    if facts is not None and facts.byte_size:
        parts.append(messages.size(facts.byte_size))
    return " · ".join(parts)


def history_facts(upload: Upload) -> str:
    """Where it is now and how big it was: `media.pixverse.ai/….jpg · 4.1 MB`; without a link what it was."""
    if not upload.img_url:
        return facts_text(upload)
    size = upload.facts.byte_size if upload.facts is not None else 0
    return " · ".join([short_link(upload.img_url), *([messages.size(size)] if size else [])])


def short_link(link: str) -> str:
    """The link as the History shows it."""
    return visible_name(link.removeprefix("https://"))


def already_uploaded(upload: Upload, dates: Dates | None = None) -> str:
    """Said of a row that took over the id of an earlier upload; "" for all others."""
    if upload.reused_from is None:
        return ""
    if upload.reused_at is None:
        return "Already uploaded"
    return f"Already uploaded on {(dates or Dates()).short(upload.reused_at)}"


def saved_late(live: LiveProgress) -> str:
    """An id that is there but not on disk yet: it must be readable in the row."""
    why = WRITE_WHY.get(live.unsaved_reason, live.unsaved_reason or WRITE_WHY["other"])
    return messages.saved_late_line(live.unsaved_id or "", why)


def issue_sentence(issue: Issue) -> str:
    """The short form for the row. Params may be missing where another version of the program wrote them."""
    return _SENTENCES[issue.code](issue.params)


def notes_of(upload: Upload, live: LiveProgress | None = None, dates: Dates | None = None) -> list[str]:
    """Everything a row has to say beside its state, the most pressing first."""
    if live is not None and live.unsaved_id is not None:
        return [saved_late(live)]
    waits = DRIVE_SILENT_YET if live is not None and live.drive_is_silent else ""
    said = [waits, upload_error_sentence(upload), second_copy_sentence(upload), already_uploaded(upload, dates)]
    return [*(sentence for sentence in said if sentence), *map(issue_sentence, _issues_that_count(upload))]


def spoken(upload: Upload, live: LiveProgress | None = None, dates: Dates | None = None) -> str:
    """The row for a screen reader: `name, word[, more]`. How far an upload is on its way is left out, as that would be
    read for ever; what keeps it waiting is not."""
    parts = [visible_name(upload.source.label), spoken_word(upload.state)]
    if upload.img_id is not None:
        parts.append(f"ID {upload.img_id}")
    return ", ".join([*parts, *map(_lowered, notes_of(upload, live, dates))])


def _issues_that_count(upload: Upload) -> list[Issue]:
    """Blockers first. Once the picture is at the service, only that it was another version still matters."""
    if upload.state is _S.DONE:
        return [issue for issue in upload.issues if issue.code is IssueCode.CHANGED_SINCE_ADDED]
    return sorted(upload.issues, key=lambda issue: not issue.is_blocker)


def _lowered(sentence: str) -> str:
    """For the middle of a line: a plain first word loses its capital, PixVerse and GIF keep theirs."""
    first = sentence.split(" ", 1)[0]
    return sentence[:1].lower() + sentence[1:] if first[1:].islower() or len(first) == 1 else sentence


def _side(pixels: Param) -> str:
    return messages.number(pixels) if isinstance(pixels, int) and pixels >= _GROUPED_FROM else str(pixels)


def _sides(width: Param, height: Param) -> str:
    return f"{_side(width)} × {_side(height)}"


def _number(value: Param) -> str:
    return messages.number(value) if isinstance(value, int) else value


def _megabytes(params: Params, name: str) -> str:
    value = params.get(name, 0)
    return messages.size(value) if isinstance(value, int) else value


def _not_an_image(params: Params) -> str:
    what = str(params.get("format", ""))
    return f"{what} cannot be sent, only PNG, JPG and WebP" if what else CANNOT_BE_OPENED


def _too_many_pixels(params: Params) -> str:
    width, height, limit = (params.get(name, 0) for name in ("width", "height", "limit"))
    told = f"the limit is {_number(limit)} a side"
    wide, tall = (isinstance(side, int) and isinstance(limit, int) and side > limit for side in (width, height))
    if wide and not tall:
        return f"{_number(width)} pixels wide, {told}"
    if tall and not wide:
        return f"{_number(height)} pixels high, {told}"
    return f"{_sides(width, height)} pixels, {told}"


def _too_many_bytes(params: Params) -> str:
    limit = params.get("limit", 0)
    most = f"{limit // MIB} MB" if isinstance(limit, int) and limit >= MIB else _megabytes(params, "limit")
    return f"{_megabytes(params, 'bytes')}, the limit is {most}"


def _large_side(params: Params) -> str:
    sides = _sides(params.get("width", "?"), params.get("height", "?"))
    return (
        f"Large picture ({sides}): it should work, older documents allow {_number(params.get('limit', 4_000))} a side"
    )


def _wrong_extension(params: Params) -> str:
    extension, format_name = str(params.get("extension", "")).lstrip("."), str(params.get("format", ""))
    really = {"JPEG": "JPG"}.get(format_name, format_name)
    named = f"Named .{visible_name(extension)}" if extension else "Named without an ending"
    return f"{named} but is a {really}. We will send it correctly."


def _preview_failed(params: Params) -> str:
    why = _PREVIEW_WHY.get(str(params.get("reason", "")), "something went wrong")
    return f"Could not look at this link ({why}); it can be sent all the same"


def _always(sentence: str) -> Callable[[Params], str]:
    return lambda _: sentence


_C = IssueCode
_SENTENCES: Mapping[IssueCode, Callable[[Params], str]] = {
    _C.NOT_AN_IMAGE: _not_an_image,
    _C.EMPTY: _always(f"{CANNOT_BE_OPENED}: the file is empty"),
    _C.CUT_OFF: _always(f"{CANNOT_BE_OPENED}: its end is missing"),
    _C.UNREADABLE: _always(f"{CANNOT_BE_OPENED}: it is damaged"),
    _C.TOO_MANY_PIXELS: _too_many_pixels,
    _C.TOO_MANY_BYTES: _too_many_bytes,
    _C.FILE_MISSING: _always("The file was moved or deleted since you added it"),
    _C.NO_PERMISSION: _always("This app may not read the file"),
    _C.NOT_A_FILE: _always("This is not a file that can be read"),
    _C.DRIVE_SILENT: _always("The drive with this file does not answer: see to it, then press Check again"),
    _C.LINK_NOT_PUBLIC: lambda params: _NOT_PUBLIC.get(str(params.get("reason", "")), PUBLIC_LINKS_ONLY),
    _C.NEAR_BYTE_LIMIT: lambda params: (
        f"{_megabytes(params, 'bytes')}: it should work, but PixVerse may count it as over 20 MB"
    ),
    _C.LARGE_SIDE: _large_side,
    _C.ANIMATED: _always("Animated: only the first frame will be used"),
    _C.WRONG_EXTENSION: _wrong_extension,
    _C.COLOURS_MAY_DIFFER: _always("Colours may look different after the upload"),
    _C.SAME_PICTURE: lambda params: f"Same picture as “{visible_name(str(params.get('other', '')))}”",
    _C.LINK_IS_A_PAGE: _always("This link is a page, not a picture"),
    _C.LINK_IS_UNTYPED: _always("The server of this link does not call it a picture; it can be sent all the same"),
    _C.PREVIEW_FAILED: _preview_failed,
    _C.CHANGED_SINCE_ADDED: _always("Changed after you added it; checked again"),
}

"""What one row shows, as a value: texts, kinds and buttons, before anything is painted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pixverse_gui.core.models import SourceKind, Upload, UploadState
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.messages_rows import facts_text, history_facts, live_word, notes_of, state_word, visible_name

_S = UploadState


class NoteKind(StrEnum):
    """How pressing the note of a row is; each has an icon of its own."""

    NONE = "none"
    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


class RowButton(StrEnum):
    """What is painted at the right end of a row: CLOSE cancels a row on its way and removes any other."""

    COPY = "copy"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class RowContent:
    """`state_word` is "" in the History. `progress` is None unless the row is being sent. Ids are never shortened.

    `second_line_is_link`: the facts are a link, which is elided in the middle. `picture`: key of the thumbnail.
    """

    name: str
    facts: str
    note: str
    note_kind: NoteKind
    state_word: str
    state_kind: UploadState
    id_text: str = ""
    time_text: str = ""
    progress: float | None = None
    buttons: tuple[RowButton, ...] = ()
    picture: str | None = None
    is_link: bool = False
    second_line_is_link: bool = False


def content_of(
    upload: Upload, live: LiveProgress | None = None, *, for_history: bool = False, dates: Dates | None = None
) -> RowContent:
    """What to paint for `upload`; `live` matters only while it is being sent. Any thread, no side effects."""
    return _history_row(upload, dates or Dates()) if for_history else _working_row(upload, live, dates)


def _working_row(upload: Upload, live: LiveProgress | None, dates: Dates | None) -> RowContent:
    live = live if upload.state in {_S.UPLOADING, _S.CHECKING} else None
    is_sending = upload.state is _S.UPLOADING
    unsaved = live.unsaved_id if live is not None else None
    notes = notes_of(upload, live, dates)
    return RowContent(
        name=visible_name(upload.source.label),
        facts=facts_text(upload),
        note=" · ".join(notes),
        note_kind=_note_kind(upload, has_note=bool(notes)),
        state_word=live_word(live) if is_sending else state_word(upload.state),
        state_kind=upload.state,
        id_text=unsaved or upload.img_id or "",
        progress=_progress(live) if is_sending and unsaved is None else None,
        buttons=(RowButton.COPY,) if unsaved or upload.img_id else (RowButton.CLOSE,),
        picture=upload.facts.sha256 if upload.facts is not None else None,
        is_link=upload.source.kind is SourceKind.LINK,
    )


def _history_row(upload: Upload, dates: Dates) -> RowContent:
    return RowContent(
        name=visible_name(upload.source.label),
        facts=history_facts(upload),
        note="",
        note_kind=NoteKind.NONE,
        state_word="",
        state_kind=upload.state,
        id_text=upload.img_id or "",
        time_text=dates.time(upload.finished_at) if upload.finished_at is not None else "",
        buttons=(RowButton.COPY,),
        picture=upload.facts.sha256 if upload.facts is not None else None,
        is_link=upload.source.kind is SourceKind.LINK,
        second_line_is_link=bool(upload.img_url),
    )


def _progress(live: LiveProgress | None) -> float:
    if live is None:
        return 0.0
    return 1.0 if live.phase == "waiting_for_answer" else max(0.0, min(1.0, live.fraction))


def _note_kind(upload: Upload, *, has_note: bool) -> NoteKind:
    if not has_note:
        return NoteKind.NONE
    if upload.state in {_S.BLOCKED, _S.FAILED}:
        return NoteKind.DANGER
    if upload.state is _S.DONE and not upload.may_have_second_copy:
        return NoteKind.INFO
    return NoteKind.WARNING

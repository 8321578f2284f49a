"""What a row says, as texts and as a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from pixverse_gui.core.models import Attempt, ErrorRecord, ImageFacts, IssueCode, UploadState
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.live_progress import LiveProgress
from pixverse_gui.ui.messages_rows import issue_sentence, notes_of, spoken, state_word
from pixverse_gui.ui.row_content import NoteKind, RowButton, content_of
from pixverse_gui.ui.visible_name import visible_name
from tests.helpers.rows import ADDED, LONG_ID, blocker, facts, link_upload, upload, warning
from tests.helpers.themes import british

__all__ = ["british"]

pytestmark = pytest.mark.usefixtures("british")

S, C = UploadState, IssueCode
ON_3_NOV = datetime(2026, 11, 3, 12, tzinfo=UTC)
LIVE_71 = LiveProgress(fraction=0.719)
ASKED = LiveProgress(fraction=1.0, phase="waiting_for_answer")
UNSAVED = LiveProgress(fraction=1.0, phase="waiting_for_answer", unsaved_id="8421907", unsaved_reason="full")
LARGE = warning(C.LARGE_SIDE, width=6000, height=4000, limit=4000)
TOO_WIDE = blocker(C.TOO_MANY_PIXELS, width=12400, height=3100, limit=10000)
LOST_AND_SENT_AGAIN = (Attempt("a", ADDED, "connection_broken", maybe_stored=True), Attempt("b", ADDED, "done"))


def dates() -> Dates:
    return Dates(now=lambda: ADDED, zone=UTC, locale=QLocale("en_GB"))


def test_rows_are_spoken_as_name_word_and_more() -> None:
    reused = upload("x.jpg", S.DONE, img_id="8421907", reused_from=7, reused_at=ON_3_NOV)
    wide = upload("panorama.jpg", S.BLOCKED, issues=(TOO_WIDE,))
    assert spoken(upload(state=S.DONE, img_id="8421907")) == "castle_01.png, done, ID 8421907"
    assert spoken(reused, dates=dates()) == "x.jpg, done, ID 8421907, already uploaded on 3 Nov"
    assert spoken(upload("big.png", issues=(LARGE,))).startswith("big.png, ready, large picture (6000 × 4000)")
    assert spoken(wide) == "panorama.jpg, cannot be sent, 12,400 pixels wide, the limit is 10,000 a side"
    assert spoken(upload("y.png", S.FAILED, error=ErrorRecord("content_refused"))) == (
        "y.png, failed, PixVerse did not accept the content of this picture"
    )


@pytest.mark.parametrize(
    ("state", "word"),
    [(S.CHECKING, "checking"), (S.READY, "ready"), (S.WAITING, "waiting"), (S.UPLOADING, "uploading")],
)
def test_a_row_without_more_is_name_and_word(state: UploadState, word: str) -> None:
    assert spoken(upload(state=state)) == f"castle_01.png, {word}"


def test_what_keeps_a_row_waiting_is_spoken_and_how_far_it_is_on_its_way_is_not() -> None:
    row = upload(state=S.UPLOADING)
    assert spoken(row, LIVE_71) == "castle_01.png, uploading"  # a percentage would be read out for ever
    assert spoken(row, ASKED) == "castle_01.png, uploading"
    assert spoken(row) == "castle_01.png, uploading"
    waits = spoken(row, LiveProgress(drive_is_silent=True))
    assert waits == "castle_01.png, uploading, the drive does not answer yet"
    late = spoken(row, UNSAVED)
    assert late.startswith("castle_01.png, uploading")
    assert "8421907" in late


def test_the_middle_of_a_line_keeps_the_capitals_of_names() -> None:
    gif = upload("a.gif", S.BLOCKED, issues=(blocker(C.NOT_AN_IMAGE, format="GIF"),))
    assert ", GIF cannot be sent" in spoken(gif)


@pytest.mark.parametrize("state", list(UploadState))
def test_every_state_has_a_word_that_begins_with_a_capital(state: UploadState) -> None:
    assert state_word(state)[0].isupper()
    assert content_of(upload(state=state)).state_word


def test_what_a_ready_row_shows() -> None:
    content = content_of(upload(facts=facts(), issues=(LARGE,)))
    assert content.facts == "3840 × 2160 · PNG · 4.1 MB"
    assert content.note == "Large picture (6000 × 4000): it should work, older documents allow 4,000 a side"
    assert content.note_kind is NoteKind.WARNING
    assert content.buttons == (RowButton.CLOSE,)
    assert content.progress is None
    assert content.picture == "ab" * 32


def test_a_row_of_which_nothing_is_known_yet() -> None:
    content = content_of(upload(state=S.CHECKING))
    assert (content.facts, content.note, content.note_kind, content.picture) == ("", "", NoteKind.NONE, None)


def test_links_say_that_they_are_links() -> None:
    row = link_upload("https://media.example.com/poster.jpg")
    assert (content_of(row).facts, content_of(row).is_link) == ("Link", True)
    seen = replace(row, facts=facts(2400, 1350, 1_100_000))
    assert content_of(seen).facts == "Link · 2400 × 1350 · PNG · 1.1 MB"


def test_long_sides_are_grouped_and_small_files_are_in_kilobytes() -> None:
    assert content_of(upload(facts=facts(12400, 3100, 88_000))).facts == "12,400 × 3100 · PNG · 88 kB"
    assert content_of(upload(facts=ImageFacts(12_345))).facts == "12 kB"


def test_a_done_row_shows_its_whole_id_and_a_copy_button() -> None:
    content = content_of(upload(state=S.DONE, img_id=LONG_ID, issues=(LARGE,)))
    assert content.id_text == LONG_ID
    assert content.buttons == (RowButton.COPY,)
    assert content.note == ""


def test_a_done_row_says_where_its_id_is_from_and_what_may_exist_twice() -> None:
    reused = content_of(upload(state=S.DONE, img_id="1", reused_from=7, reused_at=ON_3_NOV), dates=dates())
    assert (reused.note, reused.note_kind) == ("Already uploaded on 3 Nov", NoteKind.INFO)
    undated = upload(state=S.DONE, img_id="1", reused_from=7)
    assert content_of(undated).note == "Already uploaded"
    twice = content_of(upload(state=S.DONE, img_id="1", attempts=LOST_AND_SENT_AGAIN))
    assert "a second copy may exist" in twice.note
    assert twice.note_kind is NoteKind.WARNING
    changed = content_of(upload(state=S.DONE, img_id="1", issues=(warning(C.CHANGED_SINCE_ADDED), LARGE)))
    assert changed.note == "Changed after you added it; checked again"


def test_blockers_come_before_warnings() -> None:
    content = content_of(upload(state=S.BLOCKED, issues=(LARGE, TOO_WIDE)))
    assert content.note.startswith("12,400 pixels wide")
    assert content.note_kind is NoteKind.DANGER


def test_a_failed_row_says_why() -> None:
    content = content_of(upload(state=S.FAILED, error=ErrorRecord("content_refused")))
    assert content.note == "PixVerse did not accept the content of this picture"
    assert content.note_kind is NoteKind.DANGER


def test_a_waiting_row_says_what_it_waits_for() -> None:
    content = content_of(upload(state=S.WAITING, error=ErrorRecord("rate_limited")))
    assert (content.note, content.note_kind) == ("Waiting: PixVerse is busy", NoteKind.WARNING)


@pytest.mark.parametrize(
    ("live", "word", "progress"),
    [
        (None, "Uploading 0 %", 0.0),
        (LIVE_71, "Uploading 71 %", 0.719),
        (LiveProgress(1.0), "Uploading 99 %", 1.0),
        (LiveProgress(7.5), "Uploading 99 %", 1.0),
        (LiveProgress(-1), "Uploading 0 %", 0.0),
        (ASKED, "Waiting for the answer", 1.0),
    ],
)
def test_an_upload_on_its_way_never_says_that_it_is_finished(
    live: LiveProgress | None, word: str, progress: float
) -> None:
    content = content_of(upload(state=S.UPLOADING), live)
    assert (content.state_word, content.progress) == (word, progress)
    assert content.buttons == (RowButton.CLOSE,)


def test_an_id_that_is_not_saved_yet_can_be_read_and_copied() -> None:
    content = content_of(upload(state=S.UPLOADING), UNSAVED)
    assert content.id_text == "8421907"
    assert content.buttons == (RowButton.COPY,)
    assert content.note == "The ID could not be saved yet (the disk is full): 8421907"
    assert (content.note_kind, content.state_word, content.progress) == (NoteKind.WARNING, "Saving", None)


def test_progress_of_a_row_that_is_not_being_sent_is_left_alone() -> None:
    assert content_of(upload(state=S.READY), LIVE_71) == content_of(upload(state=S.READY))


def test_a_history_row_has_its_link_and_its_time_instead_of_a_state() -> None:
    row = upload(
        state=S.DONE, img_id=LONG_ID, img_url="https://media.pixverse.ai/openapi/f4c5_auto.jpg",
        finished_at=datetime(2026, 11, 22, 14, 3, tzinfo=UTC), facts=facts(),
    )  # fmt: skip
    content = content_of(row, for_history=True, dates=dates())
    assert content.facts == "media.pixverse.ai/openapi/f4c5_auto.jpg · 4.1 MB"
    assert (content.time_text, content.state_word, content.id_text) == ("14:03", "", LONG_ID)
    assert content.second_line_is_link
    assert content.buttons == (RowButton.COPY,)
    unlinked = content_of(replace(row, img_url=""), for_history=True, dates=dates())
    assert (unlinked.facts, unlinked.second_line_is_link) == ("3840 × 2160 · PNG · 4.1 MB", False)


@pytest.mark.parametrize("code", list(IssueCode))
def test_every_issue_has_a_sentence_even_without_its_params(code: IssueCode) -> None:
    sentence = issue_sentence(warning(code))
    assert sentence
    assert "{" not in sentence


@pytest.mark.parametrize(
    ("issue", "sentence"),
    [
        (blocker(C.NOT_AN_IMAGE, format=""), "Cannot be opened as a picture"),
        (blocker(C.NOT_AN_IMAGE, format="HEIC"), "HEIC cannot be sent, only PNG, JPG and WebP"),
        (blocker(C.TOO_MANY_PIXELS, width=100, height=10001, limit=10000),
         "10,001 pixels high, the limit is 10,000 a side"),
        (blocker(C.TOO_MANY_PIXELS, width=12000, height=10001, limit=10000),
         "12,000 × 10,001 pixels, the limit is 10,000 a side"),
        (blocker(C.TOO_MANY_BYTES, bytes=31_000_000, limit=20 * 1024 * 1024), "31.0 MB, the limit is 20 MB"),
        (warning(C.NEAR_BYTE_LIMIT, bytes=20_400_000),
         "20.4 MB: it should work, but PixVerse may count it as over 20 MB"),
        (warning(C.WRONG_EXTENSION, extension=".png", format="JPEG"),
         "Named .png but is a JPG. We will send it correctly."),
        (warning(C.WRONG_EXTENSION, extension="", format="WebP"),
         "Named without an ending but is a WebP. We will send it correctly."),
        (warning(C.SAME_PICTURE, other="a.png"), "Same picture as “a.png”"),
        (warning(C.PREVIEW_FAILED, reason="timeout"),
         "Could not look at this link (it took too long); it can be sent all the same"),
        (blocker(C.LINK_NOT_PUBLIC, reason="host"), "Only public web links can be used"),
    ],
)  # fmt: skip
def test_sentences_of_issues(issue: object, sentence: str) -> None:
    assert issue_sentence(issue) == sentence  # type: ignore[arg-type]


def test_all_notes_of_a_row_are_there() -> None:
    row = upload(issues=(LARGE, warning(C.ANIMATED)))
    assert len(notes_of(row)) == 2
    assert content_of(row).note.endswith("a side · Animated: only the first frame will be used")


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("castle_01.png", "castle_01.png"),
        ("扫描_0007.jpg", "扫描_0007.jpg"),
        ("a\u00a0b.png", "a\u00a0b.png"),
        ("line\nbreak\ttab\x7f.png", "line[U+000A]break[U+0009]tab[U+007F].png"),
        ("evil\u202egnp.exe", "evil[U+202E]gnp.exe"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("c1\x85", "c1[U+0085]"),
        ("family 👨\u200d👩.png", "family 👨\u200d👩.png"),
        ("undecodable\udcff.png", "undecodable\ufffd.png"),
    ],
)
def test_names_show_what_cannot_be_seen(given_name: str, shown: str) -> None:
    assert visible_name(given_name) == shown
    assert content_of(upload(given_name)).name == shown
    assert spoken(upload(given_name)).startswith(shown)


@given(st.text())
def test_no_name_can_turn_the_line_around_or_break_it(name: str) -> None:
    shown = visible_name(name)
    assert not set(shown) & set("\n\r\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x00\x1b")
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert visible_name(shown) == shown

"""Each error of the tree, and each of its reasons, has sentences; what is unknown never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale

from pixverse_gui.core import errors
from pixverse_gui.core.models import (
    Attempt,
    ErrorRecord,
    ImageFacts,
    ImageFormat,
    Source,
    SourceKind,
    Upload,
    UploadState,
)
from pixverse_gui.ui.messages_errors import (
    message_for,
    row_sentence,
    second_copy_sentence,
    upload_error_sentence,
)
from pixverse_gui.ui.messages_errors_reasons import BY_REASON
from pixverse_gui.ui.messages_errors_table import MESSAGES

WHEN = datetime(2026, 11, 22, 14, 3, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english_numbers() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


def _tree(root: type[errors.PixVerseGuiError]) -> list[type[errors.PixVerseGuiError]]:
    return [root, *(found for child in root.__subclasses__() for found in _tree(child))]


def _ours() -> list[type[errors.PixVerseGuiError]]:
    return [cls for cls in _tree(errors.PixVerseGuiError) if cls.__module__ == errors.__name__]


def _documented_reasons() -> list[tuple[type[errors.PixVerseGuiError], str]]:
    """The reasons that the docstrings of the error tree promise: `Params: reason (a|b)`."""
    found = []
    for cls in _ours():
        match = re.search(r"reason \(([^)]*)\)", vars(cls).get("__doc__") or "")
        found += [(cls, reason) for reason in match.group(1).split("|")] if match else []
    return found


def _upload(**changes: object) -> Upload:
    values: dict[str, object] = {
        "key": 1,
        "batch": 1,
        "position": 0,
        "source": Source(SourceKind.FILE, "/pictures/castle_01.png", "castle_01.png"),
        "state": UploadState.FAILED,
        "added_at": WHEN,
    }
    return Upload(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", _ours(), ids=lambda cls: cls.__name__)
def test_every_error_of_the_tree_has_its_own_sentences(cls: type[errors.PixVerseGuiError]) -> None:
    assert cls.code in MESSAGES
    message = message_for(cls())
    assert all(text.strip() for text in astuple(message))


@pytest.mark.parametrize(("cls", "reason"), _documented_reasons(), ids=lambda value: getattr(value, "__name__", value))
def test_every_documented_reason_is_known(cls: type[errors.PixVerseGuiError], reason: str) -> None:
    assert reason in BY_REASON[cls.code]
    message = message_for(cls(reason=reason))
    assert "{" not in "".join(astuple(message))


def test_no_reason_is_invented() -> None:
    documented = {(cls.code, reason) for cls, reason in _documented_reasons()}
    assert {(code, reason) for code, reasons in BY_REASON.items() for reason in reasons} <= documented


def test_no_code_is_left_over_from_a_deleted_error() -> None:
    assert set(MESSAGES) == {cls.code for cls in _ours()}


@pytest.mark.parametrize(
    "record",
    [
        ErrorRecord(code="made_by_a_newer_version", params={"reason": "{boom}", "x": 1}),
        ErrorRecord(code=""),
        ErrorRecord(code="unreachable", params={"reason": "tea_break"}),
        ErrorRecord(code="unreachable", params={"reason": 7}),
        ErrorRecord(code="certificate_refused"),
        ErrorRecord(code="certificate_refused", params={"host": "{0} {host!r} {"}),
        ErrorRecord(code="unknown_api_code", server_text="{nothing}"),
    ],
)
def test_odd_records_never_raise_and_always_say_something(record: ErrorRecord) -> None:
    assert all(text.strip() for text in astuple(message_for(record)))
    assert row_sentence(record, waits=True, times=3)


def test_params_stand_in_the_sentences() -> None:
    assert "api.example.com" in message_for(errors.CertificateRefusedError(host="api.example.com")).meaning
    assert row_sentence(ErrorRecord("corrupt_file", {"place": "/data/old.sqlite"})) == "A damaged file was set aside"
    assert "/data/old.sqlite" in message_for(errors.CorruptFileError(place="/data/old.sqlite")).meaning


def test_the_code_of_an_unknown_answer_is_shown_ungrouped_even_if_only_the_record_has_it() -> None:
    expected = "PixVerse answered with an error we do not know (500777)"
    assert row_sentence(errors.UnknownApiError(api_code=500777)) == expected
    assert row_sentence(ErrorRecord("unknown_api_code", api_code=500777)) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("name", "PixVerse cannot be reached (its name was not found). We keep trying."),
        ("network", "PixVerse cannot be reached (no internet connection). We keep trying."),
    ],
)
def test_a_waiting_row_says_that_we_keep_trying(reason: str, expected: str) -> None:
    record = ErrorRecord("unreachable", {"reason": reason})
    assert upload_error_sentence(_upload(state=UploadState.WAITING, error=record)) == expected
    assert "keep trying" not in upload_error_sentence(_upload(state=UploadState.FAILED, error=record))


def test_a_broken_connection_counts_its_attempts() -> None:
    record = ErrorRecord("connection_broken", {"reason": "reset"})
    attempts = tuple(Attempt(f"t{n}", WHEN, outcome="connection_broken") for n in range(3))
    assert upload_error_sentence(_upload(error=record, attempts=attempts[:1])) == "The connection broke"
    assert upload_error_sentence(_upload(error=record, attempts=attempts)) == "The connection broke 3 times"
    waiting = _upload(state=UploadState.WAITING, error=record, attempts=attempts)
    assert upload_error_sentence(waiting) == "The connection broke. We will try again."


def test_a_refused_picture_is_named_by_what_it_is() -> None:
    facts = ImageFacts(byte_size=18_240_000, format=ImageFormat.PNG, width=9000, height=4000)
    refused = _upload(error=ErrorRecord("rejected_image", {"reason": "size"}), facts=facts)
    assert upload_error_sentence(refused) == "PixVerse could not use this picture (9000×4000, 18.2 MB)"


def test_a_row_without_an_error_says_nothing() -> None:
    assert upload_error_sentence(_upload(state=UploadState.DONE)) == ""
    assert second_copy_sentence(_upload(state=UploadState.DONE)) == ""


def test_a_lost_answer_is_said_once_and_after_a_resend() -> None:
    lost = Attempt("t1", WHEN, outcome="connection_broken", maybe_stored=True)
    assert second_copy_sentence(_upload(attempts=(lost,))) == "The answer was lost; a copy may exist at PixVerse"
    sent_again = _upload(state=UploadState.DONE, attempts=(lost, Attempt("t2", WHEN, outcome="done")))
    assert "Sent again because the answer was lost; a second copy may exist" in second_copy_sentence(sent_again)

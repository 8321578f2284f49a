from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pixverse_gui.core.journal_rows import (
    ATTEMPT_COLUMNS,
    UPLOAD_COLUMNS,
    cell_of_text,
    row_of_upload,
    rows_of_attempts,
    searchable,
    upload_of_row,
)
from pixverse_gui.core.models import Attempt, ErrorRecord, SourceKind, Upload, UploadState
from tests.unit.journal_samples import START, finished, uploads_of_every_kind

# How long a busy machine takes to make the examples says nothing about the journal.
at_any_speed = settings(suppress_health_check=[HealthCheck.too_slow])


def cells(upload: Upload) -> dict[str, Any]:
    return dict(zip(UPLOAD_COLUMNS, row_of_upload(upload), strict=True))


def attempt_cells(upload: Upload) -> list[dict[str, Any]]:
    return [dict(zip(ATTEMPT_COLUMNS, row, strict=True)) for row in rows_of_attempts(upload)]


@pytest.mark.parametrize("upload", uploads_of_every_kind(), ids=lambda upload: str(upload.state))
def test_a_row_becomes_the_same_upload_again(upload: Upload) -> None:
    assert upload_of_row(cells(upload), attempt_cells(upload)) == upload


@at_any_speed
@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_any_text_comes_back_exactly(text: str) -> None:
    upload = uploads_of_every_kind()[0]
    upload = replace(upload, source=replace(upload.source, location=text, label=text), account=text)
    assert upload_of_row(cells(upload), attempt_cells(upload)) == upload
    searchable(text).encode()  # can be stored as text whatever it was made of


@at_any_speed
@given(st.integers(), st.datetimes(timezones=st.just(UTC)))
def test_numbers_of_any_size_and_all_times_come_back_exactly(number: int, moment: datetime) -> None:
    upload = uploads_of_every_kind()[0]
    assert upload.facts is not None
    facts = replace(upload.facts, byte_size=number, width=number, height=number, modified_ns=number)
    error = ErrorRecord("x", {"limit": number}, number, number)
    upload = replace(upload, facts=facts, error=error, added_at=moment, finished_at=moment)
    assert upload_of_row(cells(upload), attempt_cells(upload)) == upload


def test_only_text_that_is_no_unicode_is_stored_as_bytes() -> None:
    assert cell_of_text("城堡 🏰") == "城堡 🏰"
    assert cell_of_text("a\udcff") == b"a\xed\xb3\xbf"


def test_a_done_row_always_has_a_finished_time() -> None:
    upload = uploads_of_every_kind()[0]
    assert upload_of_row(cells(replace(upload, finished_at=None))).finished_at == upload.added_at
    ready = uploads_of_every_kind()[1]
    assert upload_of_row(cells(ready)).finished_at is None


# What a flipped bit can make of any cell.
SPOILT = st.one_of(
    st.none(),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.sampled_from(['{"a":', "[1]", '[{"code": 7}]', '[{"severity": "warning", "code": "new"}]', "{}", "[" * 10_000]),
    st.sampled_from(
        ['{"params": [], "http_status": "x"}', '[{"severity":"warning","code":"empty","params":{"a":[]}}]']
    ),
)


@at_any_speed
@given(
    st.dictionaries(st.sampled_from(UPLOAD_COLUMNS), SPOILT), st.dictionaries(st.sampled_from(ATTEMPT_COLUMNS), SPOILT)
)
def test_no_spoilt_cell_makes_a_row_unreadable(spoilt: dict[str, Any], attempt: dict[str, Any]) -> None:
    upload = upload_of_row({**cells(uploads_of_every_kind()[4]), **spoilt}, [attempt])
    assert isinstance(upload.attempts[0], Attempt)
    row_of_upload(replace(upload, added_at=START))  # and what was made of it can be stored


def test_an_empty_row_is_the_emptiest_upload() -> None:
    upload = upload_of_row({})
    assert upload.source.kind is SourceKind.FILE
    assert upload.state is UploadState.FAILED
    assert upload.facts is None
    assert upload.error is None
    assert upload.added_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_row_with_an_id_is_done_where_its_state_is_unreadable() -> None:
    upload = finished(uploads_of_every_kind()[1])
    assert upload_of_row({**cells(upload), "state": "dxne"}).state is UploadState.DONE


def test_what_another_version_wrote_is_left_out_and_the_rest_stays() -> None:
    upload = uploads_of_every_kind()[3]
    row = cells(upload)
    row["issues"] = row["issues"].replace("too_many_bytes", "something_new")
    row["format"] = "AVIF"
    read = upload_of_row(row)
    assert read.issues == upload.issues[1:]
    assert read.facts is not None
    assert read.facts.format is None


def test_a_name_that_is_no_unicode_at_all_is_shown_as_far_as_it_goes() -> None:
    assert upload_of_row({"label": b"a\xffb"}).source.label == "a\ufffdb"


def test_searching_compares_without_case_and_composition() -> None:
    assert searchable("Cafe\u0301 STRASSE １") == searchable("CAFÉ straße 1")
    assert searchable("a\0b\udcffc") == "a b?c"

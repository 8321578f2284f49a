from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from itertools import product

import pytest

from pixverse_gui.core.models import (
    TRANSITIONS,
    Attempt,
    IllegalTransitionError,
    ImageFacts,
    ImageFormat,
    Inspection,
    Issue,
    IssueCode,
    Severity,
    Source,
    SourceKind,
    Upload,
    UploadState,
)

S = UploadState
NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
BLOCKER = Issue(Severity.BLOCKER, IssueCode.EMPTY)
WARNING = Issue(Severity.WARNING, IssueCode.ANIMATED)
ARROWS = {
    (S.CHECKING, S.READY),
    (S.CHECKING, S.BLOCKED),
    (S.CHECKING, S.DONE),
    (S.READY, S.WAITING),
    (S.READY, S.CHECKING),
    (S.READY, S.DONE),
    (S.BLOCKED, S.CHECKING),
    (S.WAITING, S.UPLOADING),
    (S.WAITING, S.READY),
    (S.UPLOADING, S.DONE),
    (S.UPLOADING, S.FAILED),
    (S.UPLOADING, S.WAITING),
    (S.UPLOADING, S.READY),
    (S.UPLOADING, S.CHECKING),
    (S.DONE, S.READY),
    (S.FAILED, S.WAITING),
    (S.FAILED, S.CHECKING),
}


def row(state: UploadState = S.READY, *issues: Issue) -> Upload:
    return Upload(1, 1, 1, Source(SourceKind.FILE, "/a.png", "a.png"), state, NOW, issues=issues)


@pytest.mark.parametrize(("old", "new"), sorted(product(S, S)))
def test_a_row_moves_along_the_arrows_of_the_table_and_no_others(old: UploadState, new: UploadState) -> None:
    if (old, new) in ARROWS:
        assert row(old).moved_to(new).state is new
    else:
        with pytest.raises(IllegalTransitionError, match=f"{old} -> {new}"):
            row(old).moved_to(new)


def test_every_state_is_in_the_table_and_can_be_left() -> None:
    assert set(TRANSITIONS) == set(S)
    assert all(TRANSITIONS.values())


def test_a_move_changes_what_it_is_told_and_nothing_else() -> None:
    moved = row(S.UPLOADING).moved_to(S.DONE, img_id="77", finished_at=NOW)
    assert (moved.img_id, moved.finished_at) == ("77", NOW)
    assert dataclasses.replace(moved, state=S.UPLOADING, img_id=None, finished_at=None) == row(S.UPLOADING)


def test_a_row_is_a_value() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        row().state = S.DONE  # type: ignore[misc]
    assert row() == row()


@pytest.mark.parametrize(
    ("issues", "has_blocker", "has_warning"),
    [((), False, False), ((WARNING,), False, True), ((BLOCKER,), True, False), ((WARNING, BLOCKER), True, True)],
)
def test_blockers_and_warnings_are_told_apart(issues: tuple[Issue, ...], has_blocker: bool, has_warning: bool) -> None:
    upload = row(S.READY, *issues)
    assert (upload.has_blocker, upload.has_warning) == (has_blocker, has_warning)
    assert Inspection(None, issues).is_sendable is not has_blocker


def test_a_lost_answer_may_mean_a_second_copy() -> None:
    lost, refused = (Attempt("t", NOW, "connection_broken", maybe_stored=stored) for stored in (True, False))
    assert not row().may_have_second_copy
    assert not dataclasses.replace(row(), attempts=(refused,)).may_have_second_copy
    assert dataclasses.replace(row(), attempts=(lost, refused)).may_have_second_copy


@pytest.mark.parametrize(
    ("image_format", "mime_type", "extension"),
    [
        (ImageFormat.PNG, "image/png", ".png"),
        (ImageFormat.JPEG, "image/jpeg", ".jpg"),
        (ImageFormat.WEBP, "image/webp", ".webp"),
    ],
)
def test_each_format_goes_under_its_own_type_and_extension(
    image_format: ImageFormat, mime_type: str, extension: str
) -> None:
    assert (image_format.mime_type, image_format.extension) == (mime_type, extension)


def test_facts_of_a_link_have_no_time() -> None:
    assert ImageFacts(10).modified_ns is None

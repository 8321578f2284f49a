from __future__ import annotations

import pytest

from pixverse_gui.core import errors
from pixverse_gui.core.errors import AnswerFacts
from pixverse_gui.core.failure_table import Counter, QueueEffect, Reaction, RowFate, counter_for, react, record_of
from pixverse_gui.core.limits import Limits

LIMITS = Limits()
AGAIN, FAIL = RowFate.TRY_AGAIN, RowFate.FAIL
CODED = AnswerFacts(http_status=200, api_code=500041)


def reaction(error: BaseException, tries: int = 0) -> Reaction:
    return react(error, tries=tries, limits=LIMITS)


@pytest.mark.parametrize(("tries", "delay"), [(1, 2), (2, 4), (3, 8), (4, 15), (5, 30), (6, 60), (7, 60), (500, 60)])
def test_what_cannot_be_reached_is_tried_without_end_in_growing_waits(tries: int, delay: float) -> None:
    error = errors.UnreachableError(reason="name")
    assert counter_for(error) is Counter.OFFLINE
    assert reaction(error, tries) == Reaction(AGAIN, QueueEffect.OFFLINE, delay)


@pytest.mark.parametrize(
    "error",
    [
        errors.ConnectionBrokenError(reason="reset"),
        errors.ConnectionBrokenError(reason="no_answer", maybe_stored=True),
        errors.ServerError(AnswerFacts(http_status=502)),
        errors.UnexpectedAnswerError(reason="no_id"),
        errors.InterceptedError(reason="not_json"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_broke_off_or_answered_nonsense_is_sent_twice_more_and_then_fails(error: errors.ApiError) -> None:
    assert counter_for(error) is Counter.ROW
    assert [reaction(error, tries) for tries in (1, 2, 3, 4)] == [
        Reaction(AGAIN, delay_s=2),
        Reaction(AGAIN, delay_s=4),
        Reaction(FAIL),
        Reaction(FAIL),
    ]


def test_a_passing_fault_with_a_code_is_tried_once_more() -> None:
    error = errors.ServerError(CODED)
    assert counter_for(error) is Counter.ROW
    assert [reaction(error, tries).row for tries in (1, 2)] == [AGAIN, FAIL]


@pytest.mark.parametrize(("asked", "delay"), [(None, 5.0), (7.0, 7.0), (120.0, 120.0)])
def test_a_busy_service_closes_one_gate_for_all_rows(asked: float | None, delay: float) -> None:
    error = errors.RateLimitedError(retry_after_s=asked)
    assert counter_for(error) is Counter.BUSY
    assert reaction(error, 1) == Reaction(AGAIN, QueueEffect.GATE, delay)
    assert reaction(error, 4) == Reaction(AGAIN, QueueEffect.GATE, delay)


def test_five_busy_answers_in_a_row_pause_the_queue() -> None:
    assert reaction(errors.RateLimitedError(), 5) == Reaction(AGAIN, QueueEffect.PAUSE, pause_reason="busy")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (errors.AccountRefusedError(reason="key"), "key"),
        (errors.AccountRefusedError(reason="balance"), "balance"),
        (errors.AccountRefusedError(reason="proxy"), "proxy"),
        (errors.AccountRefusedError(), "key"),
        (errors.CertificateRefusedError(host="x"), "certificate"),
        (errors.MalformedApiKeyError(reason="characters"), "key"),
        (errors.MissingApiKeyError(), "key"),
        (errors.ServiceAddressError(reason="scheme"), "address"),
        (errors.WriteError(reason="full"), "storage"),
    ],
)
def test_what_no_row_can_help_pauses_the_queue_and_keeps_the_row_waiting(error: Exception, reason: str) -> None:
    assert counter_for(error) is Counter.NONE
    assert reaction(error) == Reaction(AGAIN, QueueEffect.PAUSE, pause_reason=reason)


@pytest.mark.parametrize(
    "error",
    [
        errors.RedirectRefusedError(),
        errors.ContentRefusedError(),
        errors.RejectedImageError(reason="size"),
        errors.RemoteFetchError(),
        errors.UnknownApiError(api_code=7),
        errors.SourceMissingError(),
        errors.SourceUnreadableError(reason="drive"),
        ZeroDivisionError("a bug of ours"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_final_fails_its_row_and_nothing_else(error: Exception) -> None:
    assert counter_for(error) is Counter.NONE
    assert reaction(error) == Reaction(FAIL)


def test_a_changed_file_is_looked_at_again() -> None:
    assert reaction(errors.SourceChangedError()) == Reaction(RowFate.CHECK_AGAIN)


def test_a_cancelled_row_is_ready_again() -> None:
    assert reaction(errors.UploadCancelled(maybe_stored=True)) == Reaction(RowFate.READY)


def test_every_error_of_the_tree_has_a_reaction_of_its_own() -> None:
    def leaves(kind: type[errors.PixVerseGuiError]) -> list[type[errors.PixVerseGuiError]]:
        return [kind, *(leaf for child in kind.__subclasses__() for leaf in leaves(child))]

    for kind in leaves(errors.PixVerseGuiError):
        # The abstract ones are never raised; for them and for bugs the row fails, which is the safe end.
        assert isinstance(react(kind(), tries=1, limits=LIMITS), Reaction), kind


def test_a_count_of_zero_is_taken_for_the_first_failure() -> None:
    assert reaction(errors.UnreachableError(reason="name"), 0).delay_s == 2
    assert reaction(errors.ServerError(), 0).delay_s == 2


def test_the_record_of_a_bug_names_its_kind_and_nothing_it_says() -> None:
    record = record_of(KeyError("sk-secret"))
    assert (record.code, record.params) == ("bug", {"kind": "KeyError"})


def test_the_record_of_an_error_is_its_own() -> None:
    record = record_of(errors.ServerError(CODED))
    assert (record.code, record.api_code) == ("server", 500041)

"""How often what failed, and so what comes next: counters a row and for the whole queue."""

from __future__ import annotations

import pytest

from pixverse_gui.background.setbacks import Setbacks
from pixverse_gui.core import errors
from pixverse_gui.core.failure_table import QueueEffect, RowFate
from pixverse_gui.core.limits import Limits

LIMITS = Limits()


@pytest.fixture
def setbacks() -> Setbacks:
    return Setbacks(LIMITS)


def test_each_row_has_tries_of_its_own(setbacks: Setbacks) -> None:
    broken = errors.ConnectionBrokenError(reason="reset")
    fates = [setbacks.reaction(1, broken).row for _ in range(3)]
    assert fates == [RowFate.TRY_AGAIN, RowFate.TRY_AGAIN, RowFate.FAIL]
    assert setbacks.reaction(2, broken).row is RowFate.TRY_AGAIN


def test_a_row_that_is_tried_by_hand_starts_anew(setbacks: Setbacks) -> None:
    broken = errors.ConnectionBrokenError(reason="reset")
    for _ in range(3):
        setbacks.reaction(1, broken)
    setbacks.forgive(1)
    setbacks.forgive(77)
    assert setbacks.reaction(1, broken).delay_s == LIMITS.resend_delays_s[0]


def test_waiting_for_the_network_grows_over_all_rows(setbacks: Setbacks) -> None:
    away = errors.UnreachableError(reason="name")
    delays = [setbacks.reaction(key, away).delay_s for key in range(4)]
    assert delays == list(LIMITS.unreachable_delays_s[:4])
    assert setbacks.is_probing


@pytest.mark.parametrize(
    "between",
    [
        errors.ConnectionBrokenError(reason="reset"),
        errors.ContentRefusedError(),
        errors.RateLimitedError(retry_after_s=1.0),
    ],
)
def test_anything_that_reached_the_service_ends_the_count_of_being_offline(
    setbacks: Setbacks, between: errors.ApiError
) -> None:
    away = errors.UnreachableError(reason="name")
    for key in range(3):
        setbacks.reaction(key, away)
    setbacks.reaction(9, between)
    assert setbacks.reaction(1, away).delay_s == LIMITS.unreachable_delays_s[0]


def test_a_success_ends_probing(setbacks: Setbacks) -> None:
    setbacks.reaction(1, errors.UnreachableError(reason="name"))
    assert setbacks.is_probing
    setbacks.got_through()
    assert not setbacks.is_probing


def test_busy_answers_in_a_row_end_in_a_pause_and_going_on_starts_anew(setbacks: Setbacks) -> None:
    busy = errors.RateLimitedError(retry_after_s=1.0)
    effects = [setbacks.reaction(key, busy).queue for key in range(LIMITS.busy_answers_until_pause)]
    assert effects == [QueueEffect.GATE] * (LIMITS.busy_answers_until_pause - 1) + [QueueEffect.PAUSE]
    setbacks.forgive_all()
    assert not setbacks.is_probing
    assert setbacks.reaction(1, busy).queue is QueueEffect.GATE


def test_what_is_decided_without_counting_uses_up_no_tries(setbacks: Setbacks) -> None:
    for _ in range(5):
        assert setbacks.reaction(1, errors.UploadCancelled()).row is RowFate.READY
    broken = errors.ConnectionBrokenError(reason="reset")
    assert setbacks.reaction(1, broken).delay_s == LIMITS.resend_delays_s[0]

"""The one line that groups all problems of the list."""

from __future__ import annotations

import pytest

from pixverse_gui.background.working_list import ListCounts, ProblemGroup
from pixverse_gui.ui.attention import attention_summary


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (ListCounts(), ""),
        (ListCounts(total=3, ready=3), ""),
        (
            ListCounts(attention=3, problems={ProblemGroup.NOT_OPENED: 1, ProblemGroup.LARGE: 2}),
            "3 need attention: 2 too large · 1 cannot be opened",
        ),
        (ListCounts(attention=1, problems={ProblemGroup.WARNING: 1}), "1 needs attention: 1 with a note"),
        (ListCounts(ready=1, reused=2), "2 already uploaded, their IDs are used"),
        (ListCounts(done=2, reused=2), ""),
        (
            ListCounts(ready=1, reused=2, attention=1, problems={ProblemGroup.LARGE: 1}),
            "1 needs attention: 1 too large",
        ),
    ],
)
def test_each_kind_of_problem_is_counted_once(counts: ListCounts, expected: str) -> None:
    assert attention_summary(counts) == expected

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.ui.row_runs import runs_from_the_end


def test_neighbours_are_one_run_and_the_last_run_comes_first() -> None:
    assert runs_from_the_end([1, 2, 3, 7, 9, 8]) == [(7, 9), (1, 3)]
    assert runs_from_the_end([]) == []


@given(st.sets(st.integers(0, 60)))
def test_taking_the_runs_out_one_after_the_other_leaves_all_others(places: set[int]) -> None:
    rows = list(range(61))
    for first, last in runs_from_the_end(places):
        del rows[first : last + 1]
    assert rows == [row for row in range(61) if row not in places]

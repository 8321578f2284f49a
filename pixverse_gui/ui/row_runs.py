"""Places in a list as runs of neighbours, in the order in which a Qt model may take them out."""

from __future__ import annotations

from collections.abc import Iterable


def runs_from_the_end(places: Iterable[int]) -> list[tuple[int, int]]:
    """(first, last) of each run, the last run first: taking one out leaves the others where they are."""
    runs: list[tuple[int, int]] = []
    for place in sorted(places, reverse=True):
        if runs and runs[-1][0] == place + 1:
            runs[-1] = (place, runs[-1][1])
        else:
            runs.append((place, place))
    return runs

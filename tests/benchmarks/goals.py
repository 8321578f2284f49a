"""What a figure should be: beside its peer, or by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """`text` stands in the table; `is_met` gets our figure and the peer's. `needs_peer`: ours alone does not tell."""

    text: str
    is_met: Callable[[float, float], bool]
    needs_peer: bool = True


def at_most_times(factor: float) -> Goal:
    """Of what the peer takes."""
    return Goal(f"≤ {factor:g} ×", lambda ours, theirs: ours <= factor * theirs)


def faster_by(factor: float) -> Goal:
    """The peer takes so many times as long."""
    return Goal(f"≥ {factor:g} × faster", lambda ours, theirs: factor * ours <= theirs)


def below(limit: float, unit: str) -> Goal:
    """By itself, whatever the peer takes."""
    return Goal(f"< {limit:g} {unit}", lambda ours, _: ours < limit, needs_peer=False)


def at_most(limit: float, unit: str) -> Goal:
    """By itself, the limit included."""
    return Goal(f"≤ {limit:g} {unit}", lambda ours, _: ours <= limit, needs_peer=False)


def at_most_more(limit: float, unit: str) -> Goal:
    """So much on top of the peer."""
    return Goal(f"≤ +{limit:g} {unit}", lambda ours, theirs: ours - theirs <= limit)

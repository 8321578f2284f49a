"""All problems of the list in one line, grouped: "2 need attention: 1 too large · 1 cannot be opened"."""

from __future__ import annotations

from pixverse_gui.background.working_list import ListCounts, ProblemGroup
from pixverse_gui.ui import messages


def attention_summary(counts: ListCounts) -> str:
    """Empty where there is nothing to say."""
    said = [
        messages.problem_group(group.value, counts.problems[group])
        for group in ProblemGroup
        if counts.problems.get(group)
    ]
    if said:
        return f"{messages.attention_line(counts.attention)}: {' · '.join(said)}"
    # No problem, and worth a word; with nothing to send, the line under the list says it.
    return messages.reused_line(counts.reused) if counts.reused and counts.ready else ""

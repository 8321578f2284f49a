"""For tests with nothing but keys: where the focus is, and Tab until it is where it should be."""

from __future__ import annotations

from tests.helpers.accessibility import Node
from tests.helpers.desktop import Desktop
from tests.helpers.program import Program
from tests.helpers.waiting import wait_for

MOST_STOPS = 40


def focused(program: Program) -> Node:
    return wait_for(program.accessible.focused, "something to have the focus")


def tab_until(program: Program, role: str, name: str, *, window: str | None = None) -> None:
    """Tab on until this control of the window (or of the dialog that is given) has the focus."""
    program.desktop.focus(window or program.window)
    for _ in range(MOST_STOPS):
        node = program.accessible.focused()  # nothing has it right after the start
        if node is not None and (node.role, node.label or node.name) == (role, name):
            return
        program.desktop.keys("Tab")
    raise AssertionError(f"Tab never comes to a {role} named {name!r}")


def press(program: Program, name: str, *, window: str | None = None) -> None:
    """Tab to this button, and press it with the space bar."""
    tab_until(program, "button", name, window=window)
    program.desktop.keys("space")


def wait_focused(program: Program, role: str, name: str) -> None:
    """Until this control has the focus by itself."""

    def has_it() -> bool:
        node = program.accessible.focused()
        return node is not None and (node.role, node.label or node.name) == (role, name)

    wait_for(has_it, f"the focus to be on the {role} {name!r}, not on {program.accessible.focused()}")


def wait_closed(desktop: Desktop, title: str) -> None:
    wait_for(lambda: not desktop.windows(title), f"the window {title!r} to close")

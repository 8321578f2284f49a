"""A program as a screen reader meets it: roles, names, texts and actions, from outside its process."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.helpers.desktop import SYSTEM_PYTHON
from tests.helpers.waiting import PATIENCE_S, wait_for

_DRIVER = Path(__file__).with_name("accessibility_driver.py")
_PRESS = ("Press", "Toggle", "ShowMenu", "Show Menu", "click", "activate")


@dataclass(frozen=True, slots=True)
class Node:
    """One thing that is spoken. `box`: x, y, width, height on the screen. `states` as the bus names them: `enabled`."""

    role: str
    name: str
    label: str
    description: str
    text: str | None
    value: float | None
    states: list[str]
    actions: list[str]
    box: list[int] | None

    @property
    def is_enabled(self) -> bool:
        return "enabled" in self.states

    @property
    def is_focused(self) -> bool:
        return "focused" in self.states

    @property
    def centre(self) -> tuple[int, int]:
        assert self.box is not None
        x, y, width, height = self.box
        return x + width // 2, y + height // 2


class Accessibility:
    """`name` is everywhere a regular expression that the whole name (or the label beside it) must match.

    Everything waits until it is possible or `timeout` seconds have passed, and only sees what is showing. Roles are
    `button`, `text`, `list`, `list item`, `combo box`, `page tab`, `check box`, `label`, `menu item`, `dialog`, ...
    """

    def __init__(self, process_id: int, environ: Mapping[str, str]) -> None:
        self._driver = subprocess.Popen(
            [SYSTEM_PYTHON, str(_DRIVER), str(process_id)],
            env={name: value for name, value in environ.items() if not name.startswith("PYTHON")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        self._until("the program on the accessibility bus", PATIENCE_S, "is_there")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._driver.kill()
        self._driver.communicate()

    def find(self, role: str, name: str, timeout: float = PATIENCE_S) -> Node:
        """The first one in reading order."""
        return wait_for(lambda: self.find_all(role, name), f"a {role} named /{name}/", timeout)[0]

    def find_all(self, role: str | None = None, name: str | None = None) -> list[Node]:
        """What is there now."""
        return [Node(**facts) for facts in self._ask("find", role=role, name=name) or []]

    def wait_gone(self, role: str, name: str, timeout: float = PATIENCE_S) -> None:
        wait_for(lambda: not self.find_all(role, name), f"the {role} named /{name}/ to go", timeout)

    def wait_enabled(self, role: str, name: str, timeout: float = PATIENCE_S) -> Node:
        def enabled() -> list[Node]:
            return [node for node in self.find_all(role, name) if node.is_enabled]

        return wait_for(enabled, f"an enabled {role} named /{name}/", timeout)[0]

    def press(self, role: str, name: str, timeout: float = PATIENCE_S) -> None:
        """Its own action, without a mouse: what a screen reader does on Enter. Waits until it is enabled."""
        self.wait_enabled(role, name, timeout)
        self._until(f"{role} /{name}/ to be pressed", timeout, "act", role=role, name=name, wanted=_PRESS)

    def set_text(self, role: str, name: str, text: str) -> None:
        self.find(role, name)
        self._until(f"{role} /{name}/ to take a text", PATIENCE_S, "set_text", role=role, name=name, text=text)

    def set_value(self, role: str, name: str, value: float) -> None:
        self.find(role, name)
        self._until(f"{role} /{name}/ to take a value", PATIENCE_S, "set_value", role=role, name=name, value=value)

    def focus(self, role: str, name: str) -> None:
        self._until(f"{role} /{name}/ to take the focus", PATIENCE_S, "focus", role=role, name=name)

    def focused(self) -> Node | None:
        """The control that the keyboard talks to now."""
        return next((Node(**facts) for facts in self._ask("focused") or []), None)

    def select(self, role: str, name: str, item: str, *, extend: bool = False) -> None:
        """Selects the item of a list (instead of what was selected, or besides it)."""
        what = f"{role} /{name}/ to select /{item}/"
        self._until(what, PATIENCE_S, "select", role=role, name=name, item=item, extend=extend)

    def items(self, role: str, name: str) -> list[str]:
        """Names of all rows of a list now, seen or not, in order. Empty where there is no such list."""
        return list(self._ask("items", role=role, name=name) or [])

    def selected(self, role: str, name: str) -> list[str]:
        return list(self._ask("selected", role=role, name=name) or [])

    def wait_items(self, role: str, name: str, item: str, count: int, timeout: float = PATIENCE_S) -> list[str]:
        """Until exactly `count` rows match `item`; returns all rows."""
        rows: list[str] = []

        def enough() -> bool:
            rows[:] = self.items(role, name)
            return sum(bool(_matches(item, row)) for row in rows) == count

        try:
            wait_for(enough, f"{count} rows /{item}/ in {role} /{name}/", timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}; the rows are {rows}") from None
        return rows

    def tree(self) -> str:
        """Everything, one line a node: for finding out, and for a failure's report."""
        return str(self._ask("tree"))

    def _until(self, what: str, timeout: float, do: str, **arguments: object) -> None:
        wait_for(lambda: self._ask(do, **arguments), what, timeout)

    def _ask(self, do: str, **arguments: object) -> Any:
        """None where the driver could not do it (yet)."""
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._driver.stdin.flush()
        line = self._driver.stdout.readline()
        assert line, "the accessibility driver ended"
        return json.loads(line).get("value")


def _matches(pattern: str, text: str) -> bool:

    return re.fullmatch(pattern, text) is not None

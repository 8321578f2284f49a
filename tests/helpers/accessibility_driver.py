"""Reads and works one program through the accessibility bus, as a screen reader does; speaks JSON lines.

Run by the system's Python (it needs python3-gi and gir1.2-atspi-2.0), so it imports nothing of this project.
One request a line on stdin, `{"do": name, ...}`; one answer a line on stdout, `{"value": ...}` or `{"error": text}`.
It never waits: `accessibility.py` asks again until an answer is the wanted one.
"""

from __future__ import annotations

import json
import re
import sys
import warnings

import gi

warnings.simplefilter("ignore")
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

ANSWER_TIMEOUT_MS = 5000
_WITHOUT_CHILDREN = {"list item", "menu separator", "separator", "image"}
_CLAIM_FOCUS = {"page tab", "list item"}  # Qt's current tab and current row say so wherever the focus is
_ROLE_NAMES = {"push button": "button", "push button menu": "button"}  # newer releases of the library say "button"


def role_of(accessible):
    role = accessible.get_role_name()
    return _ROLE_NAMES.get(role, role)


def children(accessible):
    try:
        found = [accessible.get_child_at_index(index) for index in range(accessible.get_child_count())]
    except GLib.Error:  # it went away while we looked
        return []
    return [child for child in found if child is not None]


def label_of(accessible):
    """Name of the label that is its buddy: Qt gives a combo box its current text as a name."""
    for relation in accessible.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY and relation.get_n_targets():
            return relation.get_target(0).get_name()
    return ""


def actions_of(accessible):
    if "Action" not in accessible.get_interfaces():
        return []
    return [Atspi.Action.get_action_name(accessible, index) for index in range(Atspi.Action.get_n_actions(accessible))]


def states_of(accessible):
    return sorted(state.value_nick for state in accessible.get_state_set().get_states())


def text_of(accessible):
    if "Text" not in accessible.get_interfaces():
        return None
    return Atspi.Text.get_text(accessible, 0, Atspi.Text.get_character_count(accessible))


def describe(accessible):
    interfaces = accessible.get_interfaces()
    box = Atspi.Component.get_extents(accessible, Atspi.CoordType.SCREEN) if "Component" in interfaces else None
    return {
        "role": role_of(accessible),
        "name": accessible.get_name() or "",
        "label": label_of(accessible),
        "description": accessible.get_description() or "",
        "text": text_of(accessible),
        "value": Atspi.Value.get_current_value(accessible) if "Value" in interfaces else None,
        "states": states_of(accessible),
        "actions": actions_of(accessible),
        "box": [box.x, box.y, box.width, box.height] if box else None,
    }


class Driver:
    """Nodes are found anew for every request: what was found a moment ago may be gone."""

    def __init__(self, process_id):
        self._process_id = process_id

    def _program(self):
        for program in children(Atspi.get_desktop(0)):
            try:
                if program.get_process_id() == self._process_id:
                    return program
            except GLib.Error:
                continue
        raise LookupError("the program is not on the accessibility bus")

    def _search(self, role, name, *, hidden=False, first=False):
        pattern = re.compile(name) if name is not None else None
        found = []
        left = [self._program()]
        while left:
            accessible = left.pop()
            try:
                its_role = role_of(accessible)
                shows = hidden or its_role == "application" or "showing" in states_of(accessible)
                if shows and self._fits(accessible, its_role, role, pattern):
                    found.append(accessible)
                    if first:
                        return found
            except GLib.Error:
                continue
            if shows and its_role not in _WITHOUT_CHILDREN:
                left.extend(reversed(children(accessible)))
        return found

    @staticmethod
    def _fits(accessible, its_role, role, pattern):
        if role is not None and its_role != role:
            return False
        if pattern is None:
            return True
        name = accessible.get_name() or ""
        return bool(pattern.fullmatch(name)) or bool(pattern.fullmatch(label_of(accessible) or ""))

    def _one(self, role, name, *, hidden=False):
        found = self._search(role, name, hidden=hidden, first=True)
        if not found:
            raise LookupError(f"no {role or 'node'} named /{name}/")
        return found[0]

    def find(self, role, name, hidden=False):
        return [describe(accessible) for accessible in self._search(role, name, hidden=hidden)]

    def focused(self):
        found = [one for one in self._search(None, None) if "focused" in states_of(one)]
        return [describe(one) for one in found if role_of(one) not in _CLAIM_FOCUS]

    def is_there(self):
        return self._program() is not None

    def act(self, role, name, wanted):
        """Does the first of the `wanted` actions that the node has, however its name is spelled."""
        accessible = self._one(role, name)
        names = [action.lower() for action in actions_of(accessible)]
        for action in wanted:
            if action.lower() in names:
                return bool(Atspi.Action.do_action(accessible, names.index(action.lower())))
        raise LookupError(f"{role} /{name}/ has no action {wanted}, only {names}")

    def set_text(self, role, name, text):
        return bool(Atspi.EditableText.set_text_contents(self._one(role, name), text))

    def set_value(self, role, name, value):
        return bool(Atspi.Value.set_current_value(self._one(role, name), value))

    def focus(self, role, name):
        return bool(Atspi.Component.grab_focus(self._one(role, name)))

    def select(self, role, name, item, extend=False):
        """Selects the first child of the list (or menu, tab bar) whose name matches `item`."""
        parent = self._one(role, name)
        if not extend:
            Atspi.Selection.clear_selection(parent)
        for index, child in enumerate(children(parent)):
            if re.fullmatch(item, child.get_name() or ""):
                return bool(Atspi.Selection.select_child(parent, index))
        raise LookupError(f"{role} /{name}/ has no item /{item}/")

    def items(self, role, name):
        """Names of the children, in order: what is spoken while walking down a list."""
        return [child.get_name() or "" for child in children(self._one(role, name))]

    def selected(self, role, name):
        parent = self._one(role, name)
        return [child.get_name() or "" for child in children(parent) if "selected" in states_of(child)]

    def tree(self):
        lines = []
        left = [(self._program(), 0)]
        while left:
            accessible, depth = left.pop()
            try:
                facts = describe(accessible)
            except GLib.Error:
                continue
            shown = {key: facts[key] for key in ("label", "text", "value", "description") if facts[key]}
            hidden = "" if "showing" in facts["states"] else " (hidden)"
            lines.append(f"{'  ' * depth}{facts['role']} {facts['name']!r} {shown or ''}{hidden}".rstrip())
            left.extend((child, depth + 1) for child in reversed(children(accessible)))
        return "\n".join(lines)


def main():
    Atspi.init()
    Atspi.set_timeout(ANSWER_TIMEOUT_MS, ANSWER_TIMEOUT_MS)
    driver = Driver(int(sys.argv[1]))
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"value": getattr(driver, request.pop("do"))(**request)}
        except (GLib.Error, LookupError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

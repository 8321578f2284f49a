"""A real drag from another process: XDND messages, a real pointer; nothing is simulated inside the program."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.helpers.desktop import Desktop
from tests.helpers.waiting import pause

_SOURCE = Path(__file__).with_name("drag_source.py")
_SOURCE_BOX = (2, 2, 60, 40)
_STEP_S = 0.04


class Drag:
    """Use as a context manager: entered, the pointer is down and the drag has begun.

        with Drag(desktop, files=[...]) as drag:
            drag.move_to(x, y)
            ...look at what the window shows while it hovers...
            action = drag.drop()

    `formats` are extra MIME types with their bytes; an empty value is a promise that turns out empty.
    """

    def __init__(
        self,
        desktop: Desktop,
        *,
        files: Sequence[Path] = (),
        links: Sequence[str] = (),
        formats: Mapping[str, bytes] | None = None,
        actions: str = "copy,move,link",
    ) -> None:
        self._desktop = desktop
        self._at = (0, 0)
        what = {
            "urls": [path.absolute().as_uri() for path in files] + list(links),
            "formats": {kind: base64.b64encode(data).decode() for kind, data in (formats or {}).items()},
            "actions": actions,
        }
        box = ",".join(str(number) for number in _SOURCE_BOX)
        self._source = subprocess.Popen(
            [sys.executable, str(_SOURCE), box, json.dumps(what)],
            env={**desktop.environ, "QT_QPA_PLATFORM": "xcb"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        try:
            self._expect("ready")
            self._point(_SOURCE_BOX[0] + _SOURCE_BOX[2] // 2, _SOURCE_BOX[1] + _SOURCE_BOX[3] // 2)
            self._desktop.run("xdotool", "mousedown", "1")
            for _ in range(6):  # beyond the distance at which a press becomes a drag
                self._point(self._at[0] + 4, self._at[1] + 1)
            self._expect("dragging")
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def move_to(self, x: int, y: int) -> None:
        """Over the target in steps, then back and forth by a pixel until its answer for this very spot is in."""
        start_x, start_y = self._at
        steps = 8
        for step in range(1, steps + 1):
            self._point(start_x + (x - start_x) * step // steps, start_y + (y - start_y) * step // steps)
        for nudge in (2, 0, 2, 0):
            self._point(x + nudge, y)
        pause(4 * _STEP_S)

    def leave(self) -> None:
        """Back over the source, which takes nothing."""
        self.move_to(_SOURCE_BOX[0] + 10, _SOURCE_BOX[1] + 10)

    def drop(self) -> str:
        """Lets go. Returns the action the target answered with: copy, move, link, or ignore."""
        self._desktop.run("xdotool", "mouseup", "1")
        answer = str(self._expect("finished")["action"])
        self._source.wait(timeout=10)
        return answer

    def _point(self, x: int, y: int) -> None:
        self._at = (x, y)
        self._desktop.run("xdotool", "mousemove", str(x), str(y))
        pause(_STEP_S)

    def _expect(self, name: str) -> dict[str, Any]:
        assert self._source.stdout is not None
        line = self._source.stdout.readline()
        assert line, f"the drag source ended before it was {name}"
        event: dict[str, Any] = json.loads(line)
        assert event["event"] == name, f"expected {name}, got {event}"
        return event

    def _end(self) -> None:
        if self._source.poll() is None:
            self._source.kill()
            self._desktop.run("xdotool", "mouseup", "1")
        self._source.communicate()


def drop_on(desktop: Desktop, spot: tuple[int, int], **what: Any) -> str:
    """The whole drag in one call; `what` as for Drag. Returns the action."""
    with Drag(desktop, **what) as drag:
        drag.move_to(*spot)
        return drag.drop()

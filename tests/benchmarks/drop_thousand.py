"""Drops 1,000 pictures on the running program: when are all names there, and how long does the event loop stand still?

    python tests/benchmarks/drop_thousand.py [--count 1000] [--platform xcb]

Prints one table. The idle row is the same program before the drop: what it shows is the computer, not the program. The
targets are one second until all names are there, and no standstill over 100 ms.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QListView, QWidget

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pixverse_gui import first_window
from pixverse_gui.command_line import CommandLine
from pixverse_gui.core.models import UploadState
from pixverse_gui.ui.main_view import MainView
from pixverse_gui.ui.roles import UPLOAD

TICK_MS = 5
IDLE_S = 3.0
GIVE_UP_S = 180.0


def make_pictures(folder: Path, count: int) -> list[Path]:
    """JPEGs of 6 million pixels, each with bytes of its own: a few are encoded, the rest differ in a comment."""
    dice = random.Random(1)
    encoded = []
    for _ in range(6):
        noise = Image.frombytes("RGB", (400, 300), dice.randbytes(400 * 300 * 3))
        data = io.BytesIO()
        noise.resize((3000, 2000), Image.Resampling.BICUBIC).save(data, "JPEG", quality=75)
        encoded.append(data.getvalue())
    paths = []
    for number in range(count):
        comment = f"picture {number}".encode()
        start = b"\xff\xd8\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        path = folder / f"img{number}.jpg"
        path.write_bytes(start + encoded[number % len(encoded)][2:])
        paths.append(path)
    return paths


class Watch(QObject):
    """Runs inside the program: idles, drops, looks at the list every few milliseconds, prints, ends the program."""

    def __init__(self, paths: list[Path], clean_up: Callable[[], None]) -> None:
        super().__init__()
        self._paths = paths
        self._clean_up = clean_up
        self._gaps: dict[str, list[float]] = {
            "idle, before the drop": [],
            "until all names": [],
            "until all checked": [],
        }
        self._took: dict[str, float] = {}
        self._phase = "idle, before the drop"
        self._is_filled = False
        self._last = self._started = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        if not self._is_filled:  # the window is there before what is in it
            self._is_filled = _view() is not None
            self._started = self._last = now
            return
        self._gaps[self._phase].append((now - self._last) * 1000 - TICK_MS)
        step: dict[str, Callable[[], bool]] = {
            "idle, before the drop": lambda: now - self._started > IDLE_S,
            "until all names": self._has_all_names,
            "until all checked": self._has_checked_all,
        }
        if step[self._phase]() or now - self._started > GIVE_UP_S:
            self._next(now)
        # What this look itself took is not the program's standstill.
        self._last = time.perf_counter()

    def _next(self, now: float) -> None:
        self._took[self._phase] = now - self._started
        phases = list(self._gaps)
        following = phases.index(self._phase) + 1
        if following == len(phases):
            self._report()
            return
        self._phase = phases[following]
        if following == 1:
            self._started = time.perf_counter()
            self._drop()
            self._gaps[self._phase].append((time.perf_counter() - self._started) * 1000)

    def _drop(self) -> None:
        window = _view()
        assert window is not None
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in self._paths])
        middle = QPointF(window.rect().center())
        about: tuple[Any, ...] = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window, QDragEnterEvent(middle.toPoint(), Qt.DropAction.CopyAction, *about))
        QApplication.sendEvent(window, QDropEvent(middle, Qt.DropAction.CopyAction, *about))

    def _has_all_names(self) -> bool:
        model = _list().model()
        return model.rowCount() == len(self._paths) and bool(model.index(len(self._paths) - 1, 0).data())

    def _has_checked_all(self) -> bool:
        model = _list().model()
        # From the end: rows are checked in their order, so most looks are short.
        rows = range(model.rowCount() - 1, -1, -1)
        return all(model.index(row, 0).data(UPLOAD).state is not UploadState.CHECKING for row in rows)

    def _report(self) -> None:
        print(f"{len(self._paths)} pictures{'':14}{'took s':>9}{'longest standstill ms':>23}{'over 100 ms':>13}")
        for phase, gaps in self._gaps.items():
            over = sum(gap > 100 for gap in gaps)
            print(f"{phase:27}{self._took[phase]:9.2f}{max(gaps):23.1f}{over:13}", flush=True)
        self._clean_up()
        os._exit(0)


def _view() -> QWidget | None:
    return next((one for one in QApplication.allWidgets() if isinstance(one, MainView) and one.isVisible()), None)


def _list() -> QListView:
    lists: list[QWidget] = [one for one in QApplication.allWidgets() if one.accessibleName() == "Uploads"]
    assert isinstance(lists[0], QListView)
    return lists[0]


def main() -> None:
    parser = argparse.ArgumentParser(description="Drops many pictures on the running program.")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--platform", default="offscreen")
    wanted = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = wanted.platform
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        clean_up = partial(shutil.rmtree, folder, ignore_errors=True)
        paths = make_pictures(place, wanted.count)
        plain = QApplication.exec

        def exec_and_watch(*_: object) -> int:
            watch = Watch(paths, clean_up)
            code = plain()
            del watch
            return code

        QApplication.exec = exec_and_watch
        first_window.run(CommandLine(practice=True, data_dir=place / "data"))


if __name__ == "__main__":
    main()

"""From exec to the first painted window, and to what is in it, beside a bare PySide6 window.

Both processes draw into memory (the offscreen platform), so no X server adds its noise. A first round that fills the
caches is not counted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.figures import Figure, Wanted, beside
from tests.benchmarks.goals import at_most_times
from tests.benchmarks.processes import ROOT, environ_for
from tests.benchmarks.rounds import interleaved

_LEAST_ROUNDS = 9

# Both programs are told to end at their first paint by the same few lines, put around QApplication.exec.
_UNTIL_PAINTED = """
import os, sys
def until_painted(wanted=""):
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication
    class Watch(QObject):
        def eventFilter(self, target, event):
            is_paint = event.type() == QEvent.Type.Paint and target.isWidgetType() and target.window().isVisible()
            if is_paint and wanted in ("", type(target).__name__):
                os.write(1, b"painted\\n")
                os._exit(0)
            return False
    plain = QApplication.exec
    def exec_(*_):
        watch = Watch()
        QApplication.instance().installEventFilter(watch)
        return plain()
    QApplication.exec = exec_
"""
_BARE = """
from PySide6.QtWidgets import QApplication, QLabel, QWidget
until_painted()
application = QApplication([])
window = QWidget()
window.resize(900, 600)
QLabel("hello", window)
window.show()
QApplication.exec()
"""
_PROGRAM = """
import importlib.abc
class Hook(importlib.abc.MetaPathFinder):
    # The program imports Qt after its own checks; the watch must not make it come earlier.
    def find_spec(self, name, path, target=None):
        if name == "pixverse_gui.first_window":
            sys.meta_path.remove(self)
            until_painted()
        return None
sys.meta_path.insert(0, Hook())
from pixverse_gui.__main__ import main
main()
"""
_CONTENT = _PROGRAM.replace("until_painted()", "until_painted('MainView')")
"""The window is there before what is in it, so that is told too."""


def measure(wanted: Wanted) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contenders = {
            "bare": partial(_start, folder, _BARE),
            "program": partial(_start, folder, _PROGRAM),
            "content": partial(_start, folder, _CONTENT),
        }
        found = interleaved(contenders, max(wanted.rounds, _LEAST_ROUNDS), uncounted=1)
    peer, goal = "a bare PySide6 window", at_most_times(1.2)
    yield beside("start", "first window, warm", found["program"], peer, found["bare"], unit="ms", goal=goal)
    yield beside("start", "everything in it, warm", found["content"], peer, found["bare"], unit="ms")
    fastest = min(found["program"]), min(found["bare"])
    yield Figure("start", "the fastest of each", peer, *fastest, "ms", len(found["bare"]))


def _start(home: Path, code: str) -> float:
    """Milliseconds from exec to the first paint, without arguments, as from a menu; its data is in that home."""
    environ = {**environ_for(home), "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", _UNTIL_PAINTED + code],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as run:
        assert run.stdout is not None
        said = os.read(run.stdout.fileno(), 100)
        took = time.perf_counter() - began
    assert said == b"painted\n", said
    return took * 1000

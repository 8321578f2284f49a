"""Time from exec to the first painted window, beside a bare PySide6 window in the same run.

    python tests/benchmarks/startup.py [--rounds 9]

Prints one table. Read the ratio: milliseconds belong to the computer. The target is 1.3 on a quiet one. Both processes
draw into memory (the offscreen platform), so no X server adds its noise. A first round that fills the caches is not
counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Both programs are told to end at their first paint by the same few lines, put around QApplication.exec.
_UNTIL_PAINTED = """
import os, sys
def until_painted():
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication
    class Watch(QObject):
        def eventFilter(self, target, event):
            if event.type() == QEvent.Type.Paint and target.isWidgetType() and target.window().isVisible():
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


def one_start(code: str, *arguments: str) -> float:
    """Milliseconds from exec to the first paint."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", _UNTIL_PAINTED + code, *arguments],
        env=environ,
        capture_output=True,
        timeout=60,
        check=True,
    )
    took = time.perf_counter() - started
    assert run.stdout == b"painted\n", run.stderr.decode()
    return took * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Start-up beside a bare PySide6 window.")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    bare: list[float] = []
    program: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds + 1):
            bare.append(one_start(_BARE))
            program.append(one_start(_PROGRAM, "--data-dir", folder))
    print(f"{'from exec to first paint':26}{'median ms':>10}{'fastest':>9}{'slowest':>9}{'ratio':>7}")
    for name, times in (("bare PySide6 window", bare[1:]), ("PixVerse Uploader", program[1:])):
        ratio = statistics.median(times) / statistics.median(bare[1:])
        print(f"{name:26}{statistics.median(times):10.0f}{min(times):9.0f}{max(times):9.0f}{ratio:7.2f}")


if __name__ == "__main__":
    main()

"""The first tenth of a second: a window is on the screen before the program behind it is loaded.

Nothing heavy may be imported here. `app` builds the rest after the first paint, into the same window.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from pixverse_gui.background.data_place import default_folder
from pixverse_gui.command_line import CommandLine
from pixverse_gui.core.data_folder import DataFolder
from pixverse_gui.core.data_folder_lock import is_held_by_another
from pixverse_gui.core.environment_key import GivenKey
from pixverse_gui.ui.colours import palette_of, system_colours
from pixverse_gui.ui.main_window import TITLE, MainWindow

DESKTOP_NAME = "pixverse-gui"
_REFUSED, _TAKEN = range(2)


def run(command_line: CommandLine, key: GivenKey = None, *, made: Callable[[], object] = lambda: None) -> int:
    """Run the program until its window is closed. Returns the exit code.

    `key`: of this run, instead of the store's. `made`: the QApplication is there.
    """
    # Ctrl+C in the terminal ends the program like any other kill, which the journal is made for. Python's own way is a
    # KeyboardInterrupt in whatever slot happens to run: that one is left half done, and the program goes on.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = QApplication(sys.argv[:1])
    made()
    app.setApplicationName(TITLE)
    app.setApplicationDisplayName(TITLE)
    app.setDesktopFileName(DESKTOP_NAME)
    app.setQuitOnLastWindowClosed(False)  # a practice window may follow the real one
    if QLocale.system().language() is QLocale.Language.C:
        # A system without a language: numbers and dates as the sentences around them are written.
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    if _was_handed_over(command_line):
        return 0
    window = MainWindow()
    window.setPalette(palette_of(system_colours(app)))
    kept: list[object] = []

    def fill() -> None:
        from pixverse_gui.app import fill_window  # noqa: PLC0415 - after the first paint, as the docstring says

        kept.append(fill_window(command_line, window, key))

    window.painted.connect(fill)
    window.show()
    code = app.exec()
    kept.clear()
    return code


def _was_handed_over(command_line: CommandLine) -> bool:
    """Whether a running program has this data folder, and took what was named here."""
    folder = DataFolder(command_line.data_dir or default_folder())
    path = folder.practice.path if command_line.practice else folder.path
    if not is_held_by_another(path):
        return False
    # Only where there is another program: `Limits` alone is a tenth of what comes before Qt.
    from PySide6.QtCore import QEventLoop, QTimer  # noqa: PLC0415

    from pixverse_gui.background.single_instance import HandOver  # noqa: PLC0415
    from pixverse_gui.core.limits import Limits  # noqa: PLC0415

    loop = QEventLoop()
    hand_over = HandOver(path, command_line.named, Limits().hand_over_s)
    hand_over.accepted.connect(lambda: loop.exit(_TAKEN))
    hand_over.refused.connect(lambda: loop.exit(_REFUSED))
    QTimer.singleShot(0, hand_over, hand_over.start)
    return loop.exec() == _TAKEN

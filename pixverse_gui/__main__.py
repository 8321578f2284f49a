"""python -m pixverse_gui: reads the command line, checks that a window can open, then starts the program."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from pixverse_gui import preflight
from pixverse_gui.command_line import parse_command_line
from pixverse_gui.core.environment_key import take_key
from pixverse_gui.core.process_hardening import harden_process

CANNOT_START = 2
"""Exit code when the window cannot open; the same as for a wrong command line."""


def main() -> int:
    """Entry point of the `pixverse-gui` script. Returns the exit code."""
    harden_process()
    key = take_key()
    command_line = parse_command_line(sys.argv[1:])
    display = ExitStack()
    problem = preflight.find_problem(kept=display)
    if problem is not None:
        _tell(problem)
        return CANNOT_START
    try:
        from pixverse_gui import first_window
    except ImportError as error:
        problem = preflight.explain_import_error(error)
        if problem is None:
            raise
        _tell(problem)
        return CANNOT_START
    return first_window.run(command_line, key, made=display.close)


def _tell(sentence: str) -> None:
    """On the terminal; on Windows, where a double click has none, in a message box."""
    if sys.platform == "win32":
        import ctypes

        icon_error = 0x10
        ctypes.windll.user32.MessageBoxW(None, sentence, "PixVerse Uploader", icon_error)
    elif sys.stderr is not None:
        print(f"pixverse-gui: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

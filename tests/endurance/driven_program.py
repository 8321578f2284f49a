"""The real program in this process, with somebody at its buttons; tells by JSON lines on stdout how it gets on.

    python -m tests.endurance.driven_program --data-dir DIR --api-url URL [FILE …]

Presses Upload once everything named was looked at, and Continue where the list offers it. On stdin it takes `close`,
`report`, `clear`, `retry`, `check`, `cancel`, `go`, `history`, `details`, `crash TEXT`, `open LINK`, `silence PREFIX`,
`answer` and, for more pictures, the names of files as a JSON list. The limits are the program's own, with the waits
between two tries cut short.

Two variables of the environment are for trials: DRIVEN_HOLDS=1 waits for `go` before anything is pressed, and
DRIVEN_CONNECTIONS names a file for every address that this process asks a name for or connects to.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QProcess, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import QApplication

from pixverse_gui import app as program_root
from pixverse_gui.app import Program
from pixverse_gui.background.queue_state import Phase
from pixverse_gui.command_line import parse_command_line
from pixverse_gui.core.environment_key import take_key
from pixverse_gui.core.journal import Opening
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui.crash_dialog import CrashDialog
from pixverse_gui.ui.main_view import HISTORY_TAB
from pixverse_gui.ui.main_window import MainWindow
from pixverse_gui.ui.messages_crash import COPY
from pixverse_gui.ui.messages_details import COPY_DETAILS
from pixverse_gui.ui.progress_content import ProgressButton
from pixverse_gui.ui.row_actions import RowAction
from pixverse_gui.ui.theme import Theme
from tests.helpers.silent_drive import SilentDrive, silent_drive
from tests.helpers.windows import button_named

LIMITS = replace(
    Limits(),
    stall_timeout_s=2.0,
    answer_timeout_s=2.0,
    drive_timeout_s=4.0,
    resend_delays_s=(0.05, 0.1),
    unreachable_delays_s=(0.1, 0.2, 0.4),
    retry_after_default_s=0.2,
    retry_after_min_s=0.05,
    retry_after_max_s=1.0,
)
_LOOK_MS = 25
_AFTER_PRESS_MS = 150
_BEAT_MS = 5


class Heartbeat(QObject):
    """How long the event loop stood still at worst, in seconds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = 0.0
        self._last = time.perf_counter()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._beat)
        timer.start(_BEAT_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last - _BEAT_MS / 1000)
        self._last = now


class Operator(QObject):
    """Presses what an operator would press, and says what she would see."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program, self._engine = program, program.engine
        self._heartbeat: Heartbeat | None = None
        self._said: dict[str, Any] = {}
        self._is_settled = False
        self._volatile: str | None = None
        self._half_line = b""
        self._began: dict[str, float] = {}
        self._took_s: dict[str, float] = {}
        self._silent_drives, self._silent = ExitStack(), list[SilentDrive]()
        program.engine.rows.changed.connect(self._note_time)
        self._holds = "DRIVEN_HOLDS" in os.environ
        program.engine.journal_ready.connect(self._opened)
        self._looks = QTimer(self)
        self._looks.timeout.connect(self._look)
        self._commands = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._commands.activated.connect(self._hear)

    def _opened(self, opening: Opening) -> None:
        self._volatile = opening.volatile_reason
        # What it takes to start is another figure.
        self._heartbeat = Heartbeat(self)
        self._tell("ready", rows=len(self._engine.rows), volatile=self._volatile)
        self._looks.start(_LOOK_MS)

    def _look(self) -> None:
        self._looks.setInterval(_LOOK_MS)
        engine, counts = self._engine, self._engine.rows.counts()
        if engine.staging.remaining or counts.checking:
            return
        if self._holds:
            if counts.total:
                self._looks.stop()
                self._tell("checked", **self._report())
            return
        progress = self._program.view.upload_panel.progress
        for which in (ProgressButton.CONTINUE, ProgressButton.UPLOAD):
            button = progress.button(which)
            if button.isVisible() and button.isEnabled():
                self._is_settled = False
                # The line under the list is drawn anew a moment later; nobody presses a button twice meanwhile.
                self._looks.start(_AFTER_PRESS_MS)
                self._tell("pressed", button=which.value, rows=counts.total)
                button.click()
                return
        settled = engine.queue.phase is Phase.IDLE and bool(counts.total) and not counts.ready and engine.writer.is_idle
        if settled and not self._is_settled:
            self._tell("settled", **self._report())
        self._is_settled = settled

    def _cancel(self) -> None:
        """The row that is on its way, by its button; tells when it is not any more."""
        self._looks.stop()
        rows = self._engine.rows
        row = next(iter(rows.in_state(UploadState.UPLOADING, UploadState.WAITING)))

        def told(changed: Upload) -> None:
            if changed.key == row.key and changed.state not in {UploadState.UPLOADING, UploadState.WAITING}:
                self._tell("cancelled", state=changed.state.value, **self._report())

        rows.changed.connect(told)
        self._tell("cancelling")
        self._program.view.desk.act(RowAction.CANCEL, [row])

    def _copy_details(self) -> None:
        """Of every row, as the button of the details panel does it."""
        view, copied, left = self._program.view, list[str](), self._engine.rows.uploads()

        def copy_next() -> None:  # nobody is quicker than one a turn of the event loop
            view.show_details(left.pop(0))
            button_named(view.details, COPY_DETAILS).click()
            copied.append(QApplication.clipboard().text())
            if left:
                QTimer.singleShot(0, self, copy_next)
            else:
                self._tell("details", copied=copied)

        copy_next()

    def _copy_crash(self) -> None:
        found = [one for one in QApplication.topLevelWidgets() if isinstance(one, CrashDialog)]
        for dialog in found:
            button_named(dialog, COPY).click()
        shown = [dialog.details for dialog in found]
        self._tell("crash", shown=shown, copied=QApplication.clipboard().text())

    def _press(self, which: ProgressButton) -> None:
        self._program.view.upload_panel.progress.button(which).click()

    def _report(self) -> dict[str, Any]:
        rows = self._engine.rows.uploads()
        return {
            "states": [row.state.value for row in rows],
            "labels": [row.source.label for row in rows],
            "volatile": self._volatile,
            "ids": [row.img_id for row in rows],
            "held_up": [name for drive in self._silent for name in drive.opened],
            "took_s": {label: round(seconds, 3) for label, seconds in self._took_s.items()},
            "longest_stop_ms": round(1000 * self._heartbeat.longest) if self._heartbeat else 0,
        }

    def _hear(self) -> None:
        said = os.read(sys.stdin.fileno(), 1 << 20)
        *lines, self._half_line = (self._half_line + said).split(b"\n")
        for line in lines or ([b"close"] if not said else []):
            self._take_command(line.decode())

    def _take_command(self, command: str) -> None:
        word, _, told = command.partition(" ")
        take = {
            "close": self._close,
            "go": self._go,
            "history": self._show_history,
            "cancel": self._cancel,
            "details": self._copy_details,
            "report": lambda: self._tell("report", **self._report()),
            "clear": self._clear,
            "retry": self._retry,
            "check": self._check_again,
            "crash": lambda: self._crash(json.loads(told)),
            # As QDesktopServices does it on a desktop; the offscreen platform has no such service.
            "open": lambda: QProcess.startDetached("xdg-open", [told]),
            "silence": lambda: self._silence(told),
            "answer": lambda: self._silent_drives.close(),
        }.get(word)
        if take is not None:
            take()
        else:
            self._is_settled = False
            self._engine.intake.take_paths(json.loads(command))

    def _close(self) -> None:
        self._commands.setEnabled(False)
        self._looks.stop()
        self._tell("closing", **self._report())
        self._program.close()

    def _go(self) -> None:
        self._holds = False
        self._looks.start(_LOOK_MS)

    def _show_history(self) -> None:
        self._program.view.tabs.setCurrentIndex(HISTORY_TAB)
        self._tell("history", rows=self._program.view.history_model.rowCount())

    def _clear(self) -> None:
        self._press(ProgressButton.CLEAR)
        self._tell("cleared", rows=len(self._engine.rows))

    def _retry(self) -> None:
        self._is_settled = False
        self._press(ProgressButton.RETRY_FAILED)

    def _check_again(self) -> None:
        """What cannot be sent, by the action of those rows."""
        self._is_settled = False
        self._program.view.desk.act(RowAction.CHECK_AGAIN, self._engine.rows.in_state(UploadState.BLOCKED))

    def _crash(self, text: str) -> None:
        QTimer.singleShot(0, self, lambda: _fail(text))
        QTimer.singleShot(300, self, self._copy_crash)

    def _silence(self, prefix: str) -> None:
        """The drive of the files that are named so does not answer any more."""
        self._silent.append(self._silent_drives.enter_context(silent_drive(prefix)))
        self._tell("silent", prefix=prefix)

    def _note_time(self, row: Upload) -> None:
        if row.state is UploadState.UPLOADING:
            self._began.setdefault(row.source.label, time.monotonic())
        elif row.source.label in self._began:
            self._took_s[row.source.label] = time.monotonic() - self._began[row.source.label]

    def _tell(self, event: str, **facts: Any) -> None:
        print(json.dumps({"event": event, "t": time.time(), **facts}), flush=True)


def _fail(text: str) -> None:
    raise RuntimeError(text)


def record_connections(path: str) -> None:
    """Write down whom this process talks to, whichever of its parts does."""

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
            with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 - a hook must not import anything
                file.write(f"{event} {arguments[1:3] if event == 'socket.connect' else arguments[:2]}\n")

    sys.addaudithook(heard)


def main() -> int:
    """Run until told to close."""
    key = take_key()
    if "DRIVEN_CONNECTIONS" in os.environ:
        record_connections(os.environ["DRIVEN_CONNECTIONS"])
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    window = MainWindow()
    kept: list[object] = []

    def fill() -> None:
        switch = program_root._Switch(parse_command_line(sys.argv[1:]), Theme(app), LIMITS, window, key)
        assert switch._program is not None
        kept.extend((switch, Operator(switch._program)))
        print(json.dumps({"event": "shown", "t": time.time()}), flush=True)

    window.painted.connect(fill)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())

"""Faults of the program itself: in a slot, a worker, a thread, a destructor, in Qt. Logged, told once, survived."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal, qWarning
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pixverse_gui.background.crash_watch import CrashReport
from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.background.watch import Watch
from pixverse_gui.core.errors import WriteError
from pixverse_gui.core.log_file import LOG_NAME
from pixverse_gui.core.scrubbing import SCRUBBED
from pixverse_gui.ui.crash_desk import CrashDesk
from pixverse_gui.ui.crash_dialog import CrashDialog
from tests.helpers.crashes import CrashingSlot, fail
from tests.helpers.finding import button, click, texts
from tests.helpers.log_guard import LogGuard

KEY = "sk-0123456789abcdef0123456789abcdef"
PATIENCE_S = 10.0
SAVED = "Everything that was uploaded is saved."


class Scene:
    """The watch of a run and the desk that shows what it finds."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.watch = Watch(folder / "log")
        self.watch.scrub.register(KEY)
        self.is_saved = True
        self.desk = CrashDesk("PixVerse Uploader 9.9", folder / "log", lambda: self.is_saved)
        self.reports: list[CrashReport] = []
        self.watch.crashes.crashed.connect(self.desk.tell)
        self.watch.crashes.crashed.connect(self.reports.append)
        self.watch.open()

    def wait(self, count: int) -> CrashDialog:
        self.qtbot.waitUntil(lambda: len(self.reports) == count)
        assert self.desk.dialog is not None
        return self.desk.dialog

    def close(self) -> str:
        """What the log has in the end."""
        if self.desk.dialog is not None:
            self.desk.dialog.accept()
        assert self.watch.close(PATIENCE_S)
        return (self.folder / "log" / LOG_NAME).read_text()


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, log_guard: LogGuard, capfd: pytest.CaptureFixture[str]) -> Iterator[Scene]:
    log_guard.expect("ERROR pixverse_gui")
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    made = Scene(tmp_path, qtbot)
    yield made
    made.close()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert KEY not in "".join(capfd.readouterr())
    made.desk.deleteLater()
    made.watch.deleteLater()


def test_an_exception_in_a_slot_shows_one_calm_dialog_and_the_program_goes_on(scene: Scene, qtbot: QtBot) -> None:
    slot = CrashingSlot(f"no {KEY} here")
    slot.crash_soon()
    dialog = scene.wait(1)
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert SAVED in texts(dialog)
    assert dialog.details.startswith("PixVerse Uploader 9.9\n\nAn exception that nobody caught [MainThread]")
    assert f"RuntimeError: no {SCRUBBED} here" in dialog.details
    slot.work_soon()
    qtbot.waitUntil(lambda: slot.worked == 1)
    assert f"RuntimeError: no {SCRUBBED} here" in scene.close()


def test_an_exception_in_a_worker_is_told_and_its_task_still_ends(scene: Scene) -> None:
    tasks, failures = Tasks(), list[Exception]()
    tasks.run(Pool.INTAKE, lambda: fail(f"worker {KEY}"), done=lambda _: None, failed=failures.append)
    dialog = scene.wait(1)
    scene.qtbot.waitUntil(lambda: len(failures) == 1)
    assert "A background task failed unexpectedly" in dialog.details
    assert f"RuntimeError: worker {SCRUBBED}" in dialog.details
    assert tasks.close(PATIENCE_S)


def test_an_error_that_the_program_is_made_for_is_no_fault_of_it(scene: Scene) -> None:
    tasks, failures = Tasks(), list[Exception]()

    def full() -> None:
        raise WriteError(reason="full")

    tasks.run(Pool.INTAKE, full, done=lambda _: None, failed=failures.append)
    scene.qtbot.waitUntil(lambda: len(failures) == 1)
    assert scene.reports == []
    tasks.run(Pool.INTAKE, lambda: fail("a real one"), done=lambda _: None, failed=failures.append)
    scene.wait(1)
    assert tasks.close(PATIENCE_S)


def test_an_exception_in_a_thread_is_told_on_the_thread_of_the_window(scene: Scene) -> None:
    thread = threading.Thread(target=fail, args=("in a thread",), name="stray")
    thread.start()
    thread.join()
    dialog = scene.wait(1)
    assert "[stray]" in dialog.details
    assert dialog.thread() is scene.desk.thread()


def test_however_many_there_are_there_is_one_dialog_that_counts_them(scene: Scene) -> None:
    slot = CrashingSlot("again")
    for _ in range(30):
        slot.crash_soon()
    dialog = scene.wait(30)
    assert "This happened 30 times." in texts(dialog)
    assert dialog.details.count("RuntimeError: again") == 1
    assert dialog.details.endswith("(29 more, in the log)")
    assert len([one for one in QApplication.topLevelWidgets() if isinstance(one, CrashDialog)]) == 1
    assert scene.close().count("RuntimeError: again") == 30


def test_a_closed_dialog_comes_back_for_another_fault_only(scene: Scene, qtbot: QtBot) -> None:
    slot = CrashingSlot("first")
    slot.crash_soon()
    click(qtbot, button(scene.wait(1), "Close"))
    assert scene.desk.dialog is None
    slot.crash_soon()
    qtbot.waitUntil(lambda: len(scene.reports) == 2)
    assert scene.desk.dialog is None
    QTimer.singleShot(0, lambda: fail("second"))
    assert "RuntimeError: second" in scene.wait(3).details


def test_copy_details_copies_what_is_shown_without_the_key(scene: Scene, qtbot: QtBot) -> None:
    CrashingSlot(f"header {KEY}").crash_soon()
    dialog = scene.wait(1)
    click(qtbot, button(dialog, "Copy details"))
    qtbot.waitUntil(lambda: "Copied." in texts(dialog))
    assert QApplication.clipboard().text() == dialog.details
    assert KEY not in dialog.details


def test_while_an_id_is_not_saved_the_dialog_does_not_say_that_all_is(scene: Scene) -> None:
    scene.is_saved = False
    CrashingSlot("bad moment").crash_soon()
    shown = texts(scene.wait(1))
    assert SAVED not in shown
    assert "Some IDs are not saved yet" in shown


def test_a_destructor_and_a_complaint_of_qt_are_logged_and_bother_nobody(scene: Scene, log_guard: LogGuard) -> None:
    log_guard.expect("(?s)WARNING pixverse_gui.*destructor of mine")
    log_guard.expect("WARNING pixverse_gui.*Qt: default: a complaint")

    class Breaks:
        def __del__(self) -> None:
            fail(f"destructor of mine {KEY}")

    Breaks()
    gc.collect()
    qWarning(f"a complaint {KEY}")
    qWarning(f"a complaint {KEY}")
    CrashingSlot("the one to show").crash_soon()
    scene.wait(1)
    text = scene.close()
    assert f"RuntimeError: destructor of mine {SCRUBBED}" in text
    assert text.count(f"Qt: default: a complaint {SCRUBBED}") == 1


def test_values_of_variables_are_in_no_report(scene: Scene) -> None:
    class Emitter(QObject):
        told = Signal(str)

    def listener(value: str) -> None:
        inner = value * 2
        fail(str(len(inner)))

    emitter = Emitter()
    emitter.told.connect(listener)
    emitter.told.emit("a value")
    assert "a value" not in scene.wait(1).details.replace('emit("a value")', "")

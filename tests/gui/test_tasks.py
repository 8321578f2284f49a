"""Work on other threads: one outcome each, on the GUI thread, within a deadline."""

from __future__ import annotations

import gc
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pixverse_gui.background.tasks import DeadlineExceededError, Pool, Tasks
from pixverse_gui.core.errors import UploadCancelled, WriteError
from tests.helpers.log_guard import LogGuard

PATIENCE_S = 10.0


class Outcomes:
    """What came of tasks, with the thread it came on."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[Exception] = []
        self.threads: set[int] = set()

    def done(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.get_ident())

    def failed(self, error: Exception) -> None:
        self.errors.append(error)
        self.threads.add(threading.get_ident())

    @property
    def count(self) -> int:
        return len(self.results) + len(self.errors)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close(PATIENCE_S)
    made.deleteLater()


@pytest.fixture
def outcomes() -> Outcomes:
    return Outcomes()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Bodies wait for it; it opens at the end of the test, before the tasks are closed."""
    made = threading.Event()
    yield made
    made.set()


def fails_with(error: BaseException) -> None:
    raise error


def test_a_result_comes_back_to_the_thread_that_asked(tasks: Tasks, outcomes: Outcomes, qtbot: QtBot) -> None:
    tasks.run(Pool.INTAKE, threading.get_ident, done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 1)
    assert outcomes.threads == {threading.get_ident()}
    assert outcomes.results != [threading.get_ident()]
    assert tasks.is_idle


def test_an_unexpected_exception_reaches_failed_and_the_log(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, log_guard: LogGuard
) -> None:
    log_guard.expect(r"ERROR pixverse_gui\.background\.tasks: A background task failed unexpectedly")
    error = ZeroDivisionError("a bug")
    tasks.run(Pool.INTAKE, partial(fails_with, error), done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 1)
    assert outcomes.errors == [error]
    assert outcomes.threads == {threading.get_ident()}


@pytest.mark.parametrize("error", [WriteError(reason="full"), UploadCancelled()])
def test_an_error_of_ours_reaches_failed_and_not_the_log(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, error: Exception
) -> None:
    tasks.run(Pool.INTAKE, partial(fails_with, error), done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 1)
    assert outcomes.errors == [error]


def test_the_one_writer_runs_in_the_order_of_calls(tasks: Tasks, outcomes: Outcomes, qtbot: QtBot) -> None:
    for number in range(50):
        tasks.run(Pool.JOURNAL, partial(int, number), done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 50)
    assert outcomes.results == list(range(50))


def test_work_of_one_kind_does_not_wait_for_another(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    held_up = Outcomes()
    tasks.run(Pool.KEYRING, lambda: gate.wait(PATIENCE_S), done=held_up.done, failed=held_up.failed)
    tasks.run(Pool.JOURNAL, lambda: "saved", done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 1)
    assert held_up.count == 0
    assert not tasks.is_idle


def test_a_body_in_time_does_not_hear_of_its_deadline(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    later = Outcomes()
    tasks.run(Pool.ACCOUNT, lambda: "key", done=outcomes.done, failed=outcomes.failed, timeout_s=0.2)
    qtbot.waitUntil(lambda: outcomes.count == 1)
    tasks.run(Pool.KEYRING, lambda: gate.wait(PATIENCE_S), done=later.done, failed=later.failed, timeout_s=0.2)
    qtbot.waitUntil(lambda: later.count == 1)
    assert (outcomes.results, outcomes.errors) == (["key"], [])


def test_after_the_deadline_failed_is_called_once_and_what_comes_late_is_dropped(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    tasks.run(
        Pool.KEYRING,
        lambda: gate.wait(PATIENCE_S),
        done=outcomes.done,
        failed=outcomes.failed,
        timeout_s=0.05,
    )
    qtbot.waitUntil(lambda: outcomes.count == 1)
    assert [type(error) for error in outcomes.errors] == [DeadlineExceededError]
    assert tasks.is_idle
    with qtbot.waitSignal(tasks._job_ended):
        gate.set()
    tasks.run(Pool.KEYRING, lambda: "next", done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 2)
    assert outcomes.results == ["next"]


def test_what_is_asked_after_a_missed_deadline_gets_a_thread_of_its_own(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    silent = Outcomes()
    tasks.run(Pool.KEYRING, lambda: gate.wait(PATIENCE_S), done=silent.done, failed=silent.failed, timeout_s=0.05)
    qtbot.waitUntil(lambda: silent.count == 1)
    tasks.run(Pool.KEYRING, lambda: "answer", done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 1)
    assert outcomes.results == ["answer"]


def test_what_waited_behind_a_body_that_missed_its_deadline_runs_after_all(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    silent = Outcomes()
    tasks.run(Pool.KEYRING, lambda: gate.wait(PATIENCE_S), done=silent.done, failed=silent.failed, timeout_s=0.05)
    for answer in ("first", "second"):
        tasks.run(Pool.KEYRING, partial(str, answer), done=outcomes.done, failed=outcomes.failed, timeout_s=PATIENCE_S)
    qtbot.waitUntil(lambda: outcomes.count == 2)
    assert outcomes.results == ["first", "second"]
    assert not gate.is_set()


def test_everybody_in_line_hears_of_a_missed_deadline(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    for _ in range(3):
        tasks.run(
            Pool.KEYRING,
            lambda: gate.wait(PATIENCE_S),
            done=outcomes.done,
            failed=outcomes.failed,
            timeout_s=0.05,
        )
    qtbot.waitUntil(lambda: outcomes.count == 3)
    assert [type(error) for error in outcomes.errors] == [DeadlineExceededError] * 3


def test_closing_waits_for_what_runs_and_refuses_what_comes_after(qtbot: QtBot, outcomes: Outcomes) -> None:
    tasks = Tasks()
    ran: list[str] = []
    for word in ("one", "two", "three"):
        tasks.run(Pool.JOURNAL, partial(ran.append, word), done=outcomes.done, failed=outcomes.failed)
    assert tasks.close(PATIENCE_S)
    tasks.run(Pool.JOURNAL, partial(ran.append, "late"), done=outcomes.done, failed=outcomes.failed)
    assert tasks.close(PATIENCE_S)
    # What waits for the one writer is written before the end; nobody is told any more.
    assert ran == ["one", "two", "three"]
    tasks.deleteLater()


def test_closing_says_when_a_body_is_held_up(qtbot: QtBot, outcomes: Outcomes, gate: threading.Event) -> None:
    tasks = Tasks()
    tasks.run(Pool.KEYRING, lambda: gate.wait(PATIENCE_S), done=outcomes.done, failed=outcomes.failed)
    tasks.run(Pool.THUMBNAILS, lambda: None, done=outcomes.done, failed=outcomes.failed)
    assert not tasks.close(0.02)
    gate.set()
    assert tasks.close(PATIENCE_S)
    tasks.deleteLater()


def test_nothing_is_kept_of_what_is_over(tasks: Tasks, qtbot: QtBot) -> None:
    class Body:
        def __call__(self) -> None: ...

    bodies = [Body() for _ in range(20)]
    seen = [weakref.ref(body) for body in bodies]
    ended: list[object] = []
    for body in bodies:
        tasks.run(Pool.INTAKE, body, done=ended.append, failed=ended.append)
    del body
    bodies.clear()
    qtbot.waitUntil(lambda: len(ended) == 20)

    def are_gone() -> bool:
        gc.collect()
        return all(one() is None for one in seen)

    qtbot.waitUntil(are_gone)


def test_a_body_that_is_left_behind_makes_room_and_is_still_heard(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    held_up, begun = Outcomes(), threading.Barrier(3)

    def sit() -> None:
        begun.wait(PATIENCE_S)
        gate.wait(PATIENCE_S)

    jobs = [tasks.run(Pool.INSPECTION, sit, done=held_up.done, failed=held_up.failed) for _ in range(2)]
    begun.wait(PATIENCE_S)
    tasks.run(Pool.INSPECTION, lambda: "next", done=outcomes.done, failed=outcomes.failed)
    tasks.leave_behind(jobs[0])
    qtbot.waitUntil(lambda: outcomes.count == 1)
    assert held_up.count == 0
    gate.set()
    qtbot.waitUntil(lambda: held_up.count == 2)
    # Afterwards there are as many threads as before.
    assert tasks._pool(Pool.INSPECTION).maxThreadCount() == 2


def test_a_body_that_nobody_began_and_nobody_wants_never_runs(
    tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, gate: threading.Event
) -> None:
    ran: list[str] = []
    tasks.run(Pool.KEYRING, lambda: gate.wait(PATIENCE_S), done=outcomes.done, failed=outcomes.failed)
    unwanted = tasks.run(Pool.KEYRING, partial(ran.append, "unwanted"), done=outcomes.done, failed=outcomes.failed)
    tasks.leave_behind(unwanted)
    tasks.leave_behind(unwanted)
    gate.set()
    tasks.run(Pool.KEYRING, partial(ran.append, "wanted"), done=outcomes.done, failed=outcomes.failed)
    qtbot.waitUntil(lambda: outcomes.count == 2)
    assert ran == ["wanted"]


def test_a_computing_worker_gives_the_window_the_interpreter_soon(qapp: QApplication) -> None:
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(0.005)  # Python's own
        Tasks()
        assert sys.getswitchinterval() <= 0.001
    finally:
        sys.setswitchinterval(before)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such word")
class TestScheduling:
    def run(
        self,
        tasks: Tasks,
        outcomes: Outcomes,
        qtbot: QtBot,
        *bodies: Callable[[], object],
        pool: Pool = Pool.JOURNAL,
    ) -> list[object]:
        for body in bodies:
            tasks.run(pool, body, done=outcomes.done, failed=outcomes.failed)
        qtbot.waitUntil(lambda: outcomes.count == len(bodies))
        return outcomes.results

    def test_workers_push_nobody_aside_and_the_window_is_as_before(
        self, tasks: Tasks, outcomes: Outcomes, qtbot: QtBot
    ) -> None:
        assert self.run(tasks, outcomes, qtbot, lambda: os.sched_getscheduler(0)) == [os.SCHED_BATCH]
        assert os.sched_getscheduler(0) == os.SCHED_OTHER

    @pytest.mark.parametrize(("pool", "steps"), [(Pool.INSPECTION, 3), (Pool.LINKS, 3), (Pool.UPLOADS, 0)])
    def test_who_decodes_takes_less_of_the_processor_however_often_it_is_called(
        self, tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, pool: Pool, steps: int
    ) -> None:
        before = own_nice()
        found = self.run(tasks, outcomes, qtbot, *[own_nice] * 20, pool=pool)
        assert found == [min(19, before + steps)] * 20
        assert own_nice() == before

    def test_who_was_told_to_wait_even_more_still_does(self, tasks: Tasks, outcomes: Outcomes, qtbot: QtBot) -> None:
        def idle() -> None:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))

        found = self.run(tasks, outcomes, qtbot, idle, lambda: os.sched_getscheduler(0))
        assert found == [None, os.SCHED_IDLE]

    @pytest.mark.parametrize("call", ["sched_getscheduler", "sched_setscheduler"])
    def test_where_it_is_forbidden_work_is_done_all_the_same(
        self, tasks: Tasks, outcomes: Outcomes, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, call: str
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError

        monkeypatch.setattr(os, call, refuse)
        assert self.run(tasks, outcomes, qtbot, lambda: "done") == ["done"]


def own_nice() -> int:
    """That of the thread that asks."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

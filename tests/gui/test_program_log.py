"""The log as a whole: lines of any thread end in the file, without the key, and cost nobody anything."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixverse_gui.background.program_log import ProgramLog
from pixverse_gui.background.tasks import Outbox
from pixverse_gui.core.log_file import LOG_NAME
from pixverse_gui.core.scrubbing import SCRUBBED, Scrubber
from tests.helpers.log_guard import LogGuard

KEY = "sk-0123456789abcdef0123456789abcdef"
PATIENCE_S = 10.0
ours = logging.getLogger("pixverse_gui.background.somewhere")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[ProgramLog]:
    scrub = Scrubber()
    scrub.register(KEY)
    made = ProgramLog(tmp_path / "log", scrub)
    made.open()
    yield made
    made.close(PATIENCE_S)


def written(log: ProgramLog) -> str:
    """All of it, after the end."""
    assert log.close(PATIENCE_S)
    return (log.folder / LOG_NAME).read_text(encoding="utf-8")


class Header:
    """A value that shows the key when it is formatted."""

    def __str__(self) -> str:
        return f"API-KEY: {KEY}"


class Unspeakable:
    def __str__(self) -> str:
        raise KeyError("nothing to say")


def test_the_first_line_says_which_program_on_what(log: ProgramLog) -> None:
    assert "Started: PixVerse Uploader" in written(log).splitlines()[0]


def test_a_key_in_pieces_arguments_and_tracebacks_is_gone_when_it_reaches_the_disk(
    log: ProgramLog, log_guard: LogGuard
) -> None:
    log_guard.expect("ERROR .*it broke")
    ours.info("%s%s", KEY[:20], KEY[20:])
    ours.info("%(key)s", {"key": KEY})
    ours.info("sent %s", Header())
    try:
        raise ValueError(f"bad header {KEY!r}") from RuntimeError(KEY)
    except ValueError:
        ours.exception("it broke")
    ours.info("with a stack", stack_info=True)
    text = written(log)
    assert KEY not in text
    assert text.count(SCRUBBED) == 5
    assert "RuntimeError" in text
    assert "ValueError" in text


def test_lines_of_many_threads_all_arrive_each_in_one_piece(log: ProgramLog) -> None:
    def say(number: int) -> None:
        for line in range(100):
            ours.info("line %d of thread %d.", line, number)

    threads = [threading.Thread(target=say, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [line.split("] ", 1)[1] for line in written(log).splitlines()[1:]]
    assert sorted(lines) == sorted(f"line {line} of thread {number}." for line in range(100) for number in range(6))


def test_details_of_other_packages_stay_out(log: ProgramLog, log_guard: LogGuard) -> None:
    log_guard.expect("WARNING urllib3: a complaint")
    logging.getLogger("urllib3").info("a detail")
    logging.getLogger("urllib3").warning("a complaint")
    ours.debug("a detail")
    text = written(log)
    assert "a complaint" in text
    assert "a detail" not in text


def test_a_line_that_cannot_be_formatted_stops_nobody(log: ProgramLog) -> None:
    # Straight to the handler: the one of pytest does not take this as calmly.
    log._handler.handle(logging.makeLogRecord({"msg": "%s", "args": (Unspeakable(),)}))
    ours.info("next")
    lines = written(log).splitlines()[1:]
    assert "a line that cannot be written (KeyError)" in lines[0]
    assert lines[1].endswith("next")


def test_a_folder_that_takes_nothing_stops_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text("in the way")
    log = ProgramLog(tmp_path / "log", str)
    log.open()
    ours.info("lost")
    assert log.close(PATIENCE_S)
    assert capfd.readouterr() == ("", "")


def test_after_the_end_nothing_is_taken_any_more(log: ProgramLog) -> None:
    before = written(log)
    ours.info("late")
    assert (log.folder / LOG_NAME).read_text() == before


def test_a_disk_that_does_not_answer_holds_up_neither_the_lines_nor_the_end() -> None:
    gate, taken = threading.Event(), list[int]()

    def take(number: int) -> None:
        gate.wait(PATIENCE_S)
        taken.append(number)

    outbox = Outbox(take, "slow", capacity=3)
    for number in range(10):
        outbox.put(number)
    assert outbox.dropped >= 6
    assert not outbox.close(0.01)
    gate.set()
    assert outbox.close(PATIENCE_S)
    assert taken == list(range(len(taken)))
    assert len(taken) + outbox.dropped == 10


def test_a_value_that_nobody_can_take_does_not_end_the_others() -> None:
    taken: list[float] = []
    outbox = Outbox(lambda number: taken.append(1 / number), "odd")
    for number in (1, 0, 2):
        outbox.put(number)
    assert outbox.close(PATIENCE_S)
    assert (taken, outbox.dropped) == ([1.0, 0.5], 1)

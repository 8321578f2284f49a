"""The log on disk: three files at most, for its owner only, and no trouble for anybody when the disk makes some."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pixverse_gui.core.log_file import FAULTS_NAME, LOG_NAME, LogFile
from pixverse_gui.core.scrubbing import SCRUBBED, Scrubber
from tests.helpers.source_tree import ROOT

KEY = "sk-0123456789abcdef0123456789abcdef"


def as_it_is(text: str) -> str:
    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log"


@pytest.fixture
def log(folder: Path) -> Iterator[LogFile]:
    made = LogFile(folder, as_it_is, max_bytes=1_000)
    yield made
    made.close()


def lines(folder: Path) -> list[str]:
    return (folder / LOG_NAME).read_text(encoding="utf-8").splitlines()


def numbers(path: Path) -> list[int]:
    return [int(line.split()[0]) for line in path.read_text().splitlines()]


@contextmanager
def full_disk(at_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond this: the system's own refusal to write, in the midst of a line."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_files_and_folders_are_for_their_owner_only(folder: Path) -> None:
    log = LogFile(folder, as_it_is, max_bytes=100)
    for _ in range(10):
        log.write("x" * 50)
    log.close()
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)} == {0o700}


def test_there_are_never_more_than_three_files_and_the_newest_lines_stay(folder: Path, log: LogFile) -> None:
    for number in range(400):
        log.write(f"{number:03} {'x' * 20}")
    names = [LOG_NAME, f"{LOG_NAME}.1", f"{LOG_NAME}.2"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert max(path.stat().st_size for path in folder.iterdir()) <= 1_000
    kept = [number for name in reversed(names) for number in numbers(folder / name)]
    assert kept == list(range(kept[0], 400))
    assert len(kept) > 80


def test_a_later_run_goes_on_where_the_last_one_ended(folder: Path) -> None:
    for run in ("first", "second"):
        log = LogFile(folder, as_it_is)
        log.write(run)
        log.close()
    assert lines(folder) == ["first", "second"]


def test_what_was_written_is_there_when_the_process_is_killed(folder: Path) -> None:
    code = "import os, sys; from pathlib import Path; from pixverse_gui.core.log_file import LogFile\n"
    code += "LogFile(Path(sys.argv[1]), str).write('last words'); os.kill(os.getpid(), 9)"
    run = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    assert run.returncode == -signal.SIGKILL
    assert lines(folder) == ["last words"]


def test_the_scrubber_is_the_last_step_before_the_disk(folder: Path) -> None:
    scrub = Scrubber()
    scrub.register(KEY)
    log = LogFile(folder, scrub)
    log.write(f"x{KEY}\nAPI-KEY: {KEY}")
    log.close()
    assert lines(folder) == [f"x{SCRUBBED}", f"API-KEY: {SCRUBBED}"]


def test_half_a_character_is_written_as_its_number(folder: Path, log: LogFile) -> None:
    log.write("name \udcff.png")
    assert lines(folder) == ["name \\udcff.png"]


def test_a_line_longer_than_the_file_is_cut(folder: Path, log: LogFile) -> None:
    log.write("x" * 5_000)
    log.write("next")
    assert lines(folder) == ["next"]
    assert (folder / f"{LOG_NAME}.1").stat().st_size == 1_000


@pytest.mark.parametrize("way", ["file deleted", "folder deleted", "moved away"])
def test_a_log_that_somebody_took_away_is_begun_anew(folder: Path, log: LogFile, way: str, tmp_path: Path) -> None:
    log.write("one")
    if way == "moved away":
        folder.rename(tmp_path / "elsewhere")
    else:
        (folder / LOG_NAME).unlink()
        if way == "folder deleted":
            folder.rmdir()
    log.write("two")
    assert lines(folder) == ["two"]


def test_two_windows_of_this_program_share_it(folder: Path) -> None:
    one, other = (LogFile(folder, as_it_is, max_bytes=100) for _ in range(2))
    for number in range(14):
        (one if number % 2 else other).write(f"{number:02} {'x' * 20}")
    one.close()
    other.close()
    kept = [number for suffix in (".2", ".1", "") for number in numbers(folder / f"{LOG_NAME}{suffix}")]
    assert kept == list(range(4, 14))


def test_on_a_full_disk_lines_are_counted_and_said_later(folder: Path, log: LogFile) -> None:
    log.write("before")
    with full_disk(at_bytes=3):
        for _ in range(3):
            log.write("lost")
    log.write("after")
    assert lines(folder) == ["before", "(3 lines before this one could not be written)", "after"]


def test_a_folder_that_cannot_be_there_costs_nothing_but_the_lines(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    log = LogFile(tmp_path / "file" / "log", as_it_is)
    log.write("one")
    log.write("two")
    assert log.open_faults() is None
    log.close()
    assert (tmp_path / "file").read_text() == "in the way"


def test_last_words_of_an_earlier_run_are_moved_into_the_log(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / FAULTS_NAME).write_text("Fatal Python error: Segmentation fault\n")
    log = LogFile(folder, as_it_is)
    handle = log.open_faults()
    assert handle is not None
    with os.fdopen(handle, "w") as file:
        file.write("new")
    log.close()
    assert lines(folder) == ["An earlier run was brought down:", "Fatal Python error: Segmentation fault"]
    assert (folder / FAULTS_NAME).read_text() == "new"

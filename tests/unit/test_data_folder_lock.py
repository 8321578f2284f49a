from __future__ import annotations

import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pixverse_gui.core import data_folder_lock
from pixverse_gui.core.data_folder_lock import FolderLock, is_held_by_another

_HOLD_UNTIL_KILLED = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pixverse_gui.core.data_folder_lock import FolderLock, is_held_by_another

lock = FolderLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""
REPOSITORY = Path(__file__).parents[2]


def test_the_first_takes_the_lock_and_the_second_is_told(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    first.release()
    assert second.acquire()
    second.release()


def test_another_process_holds_the_lock_until_it_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLD_UNTIL_KILLED, str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        lock = FolderLock(tmp_path)
        assert not lock.acquire()
        holder.kill()
        holder.wait()
    assert lock.acquire()
    lock.release()


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "new" / "folder")
    assert lock.acquire()
    lock.release()


def test_two_folders_have_two_locks(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "real"), FolderLock(tmp_path / "real" / "practice")
    assert first.acquire()
    assert second.acquire()
    first.release()
    second.release()


def test_a_place_that_cannot_have_a_lock_counts_as_free(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    lock = FolderLock(tmp_path / "file")
    assert lock.acquire()
    lock.release()


def test_a_file_system_without_locks_counts_as_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_file: int) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(data_folder_lock, "_lock", no_locks)
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    assert first.acquire()
    assert second.acquire()


def test_a_look_tells_whether_another_has_the_folder_and_keeps_nothing(tmp_path: Path) -> None:
    assert not is_held_by_another(tmp_path / "missing")
    holder = FolderLock(tmp_path)
    assert holder.acquire()
    assert is_held_by_another(tmp_path)
    holder.release()
    assert not is_held_by_another(tmp_path)
    assert holder.acquire()
    holder.release()


def test_patience_takes_the_lock_that_a_closing_program_gives_free(tmp_path: Path) -> None:
    holder, patient = FolderLock(tmp_path), FolderLock(tmp_path)
    assert holder.acquire()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(patient.acquire, 30.0)
        assert not waiting.done()
        holder.release()
        assert waiting.result(30)
    patient.release()


def test_patience_has_an_end(tmp_path: Path) -> None:
    holder = FolderLock(tmp_path)
    assert holder.acquire()
    assert not FolderLock(tmp_path).acquire(0.15)
    holder.release()

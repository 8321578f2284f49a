"""What was freed is the system's again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pixverse_gui.core.large_blocks import give_back_large_blocks

# Freeing a large block teaches glibc to keep what is as large; the small one above keeps the rest from going back.
_KEPT = """
import sys
from pathlib import Path
from pixverse_gui.core.large_blocks import give_back_large_blocks

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

if "given back" in sys.argv:
    assert give_back_large_blocks()
lesson = bytearray(30_000_000)
del lesson
before = resident_mb()
large, above = bytearray(b"x" * 12_000_000), bytearray(b"x" * 100_000)
del large
print(round(resident_mb() - before))
"""


_PICTURES = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from PIL import Image
from pixverse_gui.core.decode_place import keep_blocks
from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.large_blocks import give_back_large_blocks
from pixverse_gui.core.limits import Limits
from tests.helpers import pictures

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

give_back_large_blocks()
keep_blocks()
data, inspector = pictures.png((4_000, 3_000)), Inspector(Limits())
before = resident_mb()
with ThreadPoolExecutor(2) as pool:
    for _ in range(4):
        assert all(found.thumbnail for found in pool.map(inspector.inspect_bytes, [data] * 4))
print(round(resident_mb() - before))
"""


_FILES = """
import resource, threading
from pixverse_gui.core.large_blocks import give_back_large_blocks

def read(count):
    for _ in range(count):
        bytes(3_000_000)

def measure():
    read(2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    read(20)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)

assert give_back_large_blocks()
thread = threading.Thread(target=measure)
thread.start()
thread.join()
"""


def said(script: str, *arguments: str) -> int:
    command, root = [sys.executable, "-c", script, *arguments], Path(__file__).parents[2]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    return int(run.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's")
def test_large_blocks_go_back_when_they_are_freed() -> None:
    assert said(_KEPT) >= 10, "this C library gives them back by itself, and the module can go"
    assert said(_KEPT, "given back") <= 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's")
def test_of_many_pictures_not_half_of_one_is_kept() -> None:
    """Each takes 48 MB, and two are looked at at once."""
    assert said(_PICTURES) <= 24


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's")
def test_the_memory_of_one_file_serves_the_next() -> None:
    """Pages that the system had to find: a file of 3 MB has 700."""
    assert said(_FILES) < 700


def test_elsewhere_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert give_back_large_blocks() is False

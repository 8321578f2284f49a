"""Workers that import: one at a time, the others going first, and nothing left behind in the import system."""

from __future__ import annotations

import importlib
import itertools
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pixverse_gui.core.heavy_imports import HeavyImports


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the module path; what is imported from it is forgotten afterwards."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]


def test_what_is_imported_in_a_turn_is_the_module_itself(modules: Path) -> None:
    (modules / "heavy_stone.py").write_text("WEIGHT = 7\n")
    with HeavyImports().turn():
        made = importlib.import_module("heavy_stone")
    assert made.WEIGHT == 7


def test_two_workers_never_import_at_the_same_time(modules: Path) -> None:
    """Each module waits for the other to be begun: side by side both would see it."""
    for name, other in (("heavy_one", "heavy_two"), ("heavy_two", "heavy_one")):
        (modules / f"{name}.py").write_text(
            "import threading\n"
            "from tests.unit import test_heavy_imports as told\n"
            f"told.BEGUN[{name!r}].set()\n"
            f"MET = told.BEGUN[{other!r}].wait(0.2) and not told.ENDED[{other!r}].is_set()\n"
            f"told.ENDED[{name!r}].set()\n"
        )
        for events in (BEGUN, ENDED):
            events[name] = threading.Event()
    imports = HeavyImports()

    def load(name: str) -> bool:
        with imports.turn():
            return bool(importlib.import_module(name).MET)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(load, ("heavy_one", "heavy_two"))) == [False, False]


BEGUN: dict[str, threading.Event] = {}
ENDED: dict[str, threading.Event] = {}


def test_each_module_of_a_turn_lets_the_others_go_first(modules: Path) -> None:
    pauses: list[float] = []
    (modules / "heavy_outer.py").write_text("import heavy_inner\n")
    (modules / "heavy_inner.py").write_text("")
    with HeavyImports(pauses.append, lambda: 0.0).turn():
        importlib.import_module("heavy_outer")
    assert len(pauses) == 2


def test_where_others_are_busy_it_pauses_longer_but_not_for_ever(modules: Path) -> None:
    pauses: list[float] = []
    seconds = itertools.count()
    (modules / "heavy_lonely.py").write_text("")
    with HeavyImports(pauses.append, lambda: float(next(seconds))).turn():
        importlib.import_module("heavy_lonely")
    assert 2 <= len(pauses) <= 20


def test_another_thread_that_imports_something_meanwhile_does_not_pause(modules: Path) -> None:
    pauses: list[float] = []
    (modules / "light_leaf.py").write_text("")
    with HeavyImports(pauses.append, lambda: 0.0).turn(), ThreadPoolExecutor(1) as pool:
        pool.submit(importlib.import_module, "light_leaf").result()
    assert pauses == []


def test_a_thread_that_looks_for_a_module_when_a_turn_ends_misses_no_finder(modules: Path) -> None:
    """The list of finders that it goes through stays as it was when it began."""
    imports = HeavyImports()
    with imports.turn():
        begun = sys.meta_path
        before = list(begun)
    assert begun == before
    with imports.turn():
        assert begun == before


def test_a_module_that_cannot_be_imported_leaves_nothing_behind_and_the_next_turn_works(modules: Path) -> None:
    before, imports = list(sys.meta_path), HeavyImports()
    with pytest.raises(ModuleNotFoundError), imports.turn():
        importlib.import_module("heavy_that_is_not_there")
    assert sys.meta_path == before
    with imports.turn():
        assert importlib.import_module("json").loads("1") == 1
    assert sys.meta_path == before

"""One desktop for all end-to-end tests, and the real program on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.desktop import Desktop, missing_parts
from tests.helpers.main_job import KEY
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer

StartProgram = Callable[..., Program]


@pytest.fixture(scope="session")
def shared_desktop(own_home: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """Skips, and says which Debian packages are missing, where there can be no desktop."""
    missing = missing_parts()
    if missing:
        pytest.skip(f"needs a desktop; not installed: {' '.join(missing)}")
    with Desktop(tmp_path_factory.mktemp("desktop")) as desktop:
        yield desktop


@pytest.fixture
def desktop(shared_desktop: Desktop) -> Iterator[Desktop]:
    """The shared desktop, its password store running, unlocked and empty whatever the test before did to it."""
    yield shared_desktop
    shared_desktop.keyring.restart()
    shared_desktop.keyring.forget_everything()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """What stands for PixVerse; it knows the key that the tests use."""
    with ScriptedServer(keys={KEY}) as made:
        yield made


@pytest.fixture
def start_program(desktop: Desktop, tmp_path: Path) -> Iterator[StartProgram]:
    """Starts the program; `arguments` as on its command line, keywords as for Program. All are ended afterwards.

    Each start of one test has a folder of its own unless it is given one (`data_dir`).
    """
    with ExitStack() as programs:
        count = 0

        def start(*arguments: str, **options: Any) -> Program:
            nonlocal count
            count += 1
            folder = tmp_path / f"program-{count}"
            folder.mkdir()
            return programs.enter_context(Program(desktop, folder, *arguments, **options))

        yield start

"""A process that writes neither TLS secrets nor memory images, from its first line on."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pixverse_gui.core.process_hardening import KEY_LOG_VARIABLE, harden_process
from tests.helpers.source_tree import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for core files")


def run(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: these are settings of the whole process."""
    wanted = {**os.environ, **environ}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=wanted, capture_output=True, text=True, check=False
    )


def test_no_library_finds_where_to_write_tls_secrets(tmp_path: Path) -> None:
    code = "from pixverse_gui.core.process_hardening import harden_process; harden_process()\n"
    code += "import os, ssl; print(ssl.create_default_context().keylog_filename, 'SSLKEYLOGFILE' in os.environ)"
    assert run(code, SSLKEYLOGFILE=str(tmp_path / "secrets")).stdout == "None False\n"
    assert not (tmp_path / "secrets").exists()


def test_the_program_does_this_before_it_reads_its_command_line(tmp_path: Path) -> None:
    code = "import os, sys, pixverse_gui.__main__ as program\nsys.argv[1:] = ['--version']\n"
    code += "try: program.main()\nexcept SystemExit: pass\nimport resource\n"
    code += "print('SSLKEYLOGFILE' in os.environ, resource.getrlimit(resource.RLIMIT_CORE))"
    said = run(code, SSLKEYLOGFILE=str(tmp_path / "secrets"))
    assert said.stdout.splitlines()[-1] == "False (0, 0)", said.stderr


@pytest.mark.parametrize("key", ["sk-0123456789abcdef", "no key at all \u2026", " "])
def test_the_key_of_the_environment_is_gone_from_there_before_anything_is_started(key: str) -> None:
    code = "import os, subprocess, sys, pixverse_gui.__main__ as program\nsys.argv[1:] = ['--version']\n"
    code += "try: program.main()\nexcept SystemExit: pass\n"
    code += "child = [sys.executable, '-c', 'import os; print(os.environ.get(\"PIXVERSE_API_KEY\"))']\n"
    code += "said = subprocess.run(child, capture_output=True, text=True).stdout.strip()\n"
    code += "print(said, 'PIXVERSE_API_KEY' in os.environ)"
    said = run(code, PIXVERSE_API_KEY=key)
    assert said.stdout.splitlines()[-1] == "None False", said.stderr


def test_a_crash_of_a_library_says_where_and_shows_no_values() -> None:
    code = "from pixverse_gui.core.process_hardening import harden_process; harden_process()\n"
    code += "import ctypes\ndef crash(value):\n    ctypes.string_at(0)\ncrash('sk-' + 'canary')"
    ended = run(code)
    assert ended.returncode < 0
    assert "in crash" in ended.stderr
    assert "sk-canary" not in ended.stderr


def test_a_process_without_a_terminal_is_no_trouble() -> None:
    code = "import sys; sys.stderr = None\n"
    code += "from pixverse_gui.core.process_hardening import harden_process; harden_process(); print('fine')"
    assert run(code).stdout == "fine\n"


def test_a_system_that_refuses_the_limit_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, tuple[int, int]]] = []

    def refuse(which: int, limits: tuple[int, int]) -> None:
        asked.append((which, limits))
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    monkeypatch.setenv(KEY_LOG_VARIABLE, "secrets")
    harden_process()
    assert asked == [(resource.RLIMIT_CORE, (0, 0))]
    assert KEY_LOG_VARIABLE not in os.environ

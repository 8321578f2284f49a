"""The rules of the house that neither ruff nor import-linter can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.helpers.source_tree import PACKAGE, ROOT, Module, program_modules, python_files_of_tests

MODULES = program_modules()
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
THREADS_AND_POOLS = {
    "QThread",
    "QThreadPool",
    "QRunnable",
    "QtConcurrent",
    "Thread",
    "Timer",
    "ThreadPoolExecutor",
    "ProcessPoolExecutor",
    "Process",
    "start_new_thread",
}
HEAVY = ("requests", "urllib3", "truststore", "keyring", "PIL")
LIGHT_CORE = (
    "models",
    "errors",
    "limits",
    "secret",
    "service_address",
    "intake",
    "settings",
    "copy_formats",
    "journal",
    "attempt_control",
    "failure_table",
    "sending",
)


@every_module
def test_first_docstring_line_says_what_the_module_is_for(module: Module) -> None:
    role = (ast.get_docstring(module.tree) or "").split("\n", 1)[0]
    assert len(role) > 10


@every_module
def test_files_and_functions_stay_small(module: Module) -> None:
    assert module.text.count("\n") < MAX_FILE_LINES
    sizes = {one.name: (one.end_lineno or 0) - one.lineno + 1 for one in module.functions()}
    assert {name: size for name, size in sizes.items() if size >= MAX_FUNCTION_LINES} == {}


def test_no_module_has_a_name_that_could_hold_anything() -> None:
    names = [path for path in PACKAGE.rglob("*") if EMPTY_WORDS & set(re.split(r"[_.]", path.stem))]
    assert names == []


@every_module
def test_threads_and_pools_are_named_in_tasks_only(module: Module) -> None:
    if module.name == "background.tasks":
        return
    found = [(name, line) for name, line in module.names() if name in THREADS_AND_POOLS]
    assert found == []


@every_module
def test_background_knows_no_windows(module: Module) -> None:
    besides = {"background.single_instance": {"PySide6.QtNetwork"}}
    if module.name.startswith("background"):
        qt = {name for name in module.imported() if name.startswith("PySide6")}
        known = ("PySide6.QtCore", *besides.get(module.name, ()))
        assert {name for name in qt if not name.startswith(known)} == set()


@every_module
def test_texts_from_outside_are_never_read_as_markup(module: Module) -> None:
    """QLabel and QMessageBox guess; PlainLabel does not."""
    allowed = {"ui.plain_label"}
    if module.name not in allowed:
        assert [
            (name, line) for name, line in module.names() if name in {"QLabel", "QMessageBox", "QErrorMessage"}
        ] == []


@every_module
def test_blind_excepts_stand_at_the_borders_only(module: Module) -> None:
    """Worker threads, pictures, and the log: what cannot be logged must not stop who wanted to log it."""
    at_border = module.name in {"background.tasks", "background.program_log"} or re.fullmatch(
        r"core\.(inspection|image|thumbnail).*", module.name
    )
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = "" if node.type is None else ast.unparse(node.type)
            passes_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None  # only tidies up
            is_blind = not passes_on and re.search(r"^$|\b(Base)?Exception\b", caught) is not None
            assert at_border or not is_blind, f"line {node.lineno}: except {caught}"
            body = ast.unparse(node.body)
            assert not (is_blind and body in {"pass", "..."}), f"line {node.lineno}: nothing is done about it"


@every_module
def test_a_row_changes_its_state_along_the_table_only(module: Module) -> None:
    if module.name == "core.models":
        return
    for name, call in module.calls():
        if name == "replace":
            assert "state" not in {keyword.arg for keyword in call.keywords}, f"line {call.lineno}"


@every_module
def test_windows_read_no_files(module: Module) -> None:
    """Only what was packaged with the program: icons and sample pictures."""
    if not module.name.startswith("ui.") or module.name in {"ui.icons", "ui.theme"}:
        return
    assert "open" not in {call.func.id for _, call in module.calls() if isinstance(call.func, ast.Name)}
    reading = {"read_bytes", "read_text", "write_bytes", "write_text", "unlink", "stat", "exists", "iterdir"}
    found = [(name, call.lineno) for name, call in module.calls() if name in reading]
    assert found == []


@every_module
def test_nothing_ends_a_thread_or_spins_the_event_loop(module: Module) -> None:
    banned = {"terminate", "processEvents", "setTerminationEnabled"}
    assert [(name, line) for name, line in module.names() if name in banned] == []


@every_module
def test_sentences_for_people_stand_in_the_messages_modules(module: Module) -> None:
    """Anything of four words or more that is neither documentation, a style sheet, nor something for the log."""
    if not module.name.startswith(("ui.", "background.")) or module.name.startswith("ui.messages"):
        return
    spoken = re.compile(r"^[A-Z][a-z']* [a-z']+ [a-z']+ [a-z']+")
    assert [text for text in _texts_that_are_values(module) if spoken.match(text)] == []


def _texts_that_are_values(module: Module) -> list[str]:
    passed_over: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        is_log = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "log" in ast.unparse(node.func)
        if isinstance(node, ast.Raise | ast.Assert) or is_log or (isinstance(node, ast.Expr) and _is_text(node.value)):
            passed_over.update(ast.walk(node))
    texts = [node for node in ast.walk(module.tree) if _is_text(node) and node not in passed_over]
    return [str(node.value) for node in texts if isinstance(node, ast.Constant)]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_what_the_start_needs_imports_nothing_heavy() -> None:
    light = [f"pixverse_gui.core.{name}" for name in LIGHT_CORE if (PACKAGE / "core" / f"{name}.py").exists()]
    light += [f"pixverse_gui.{one.name}" for one in MODULES if one.name.startswith(("background.", "ui."))]
    light += ["pixverse_gui.command_line", "pixverse_gui.preflight", "pixverse_gui.x_display"]
    code = f"import sys, importlib\nfor name in {light!r}: importlib.import_module(name)\n"
    code += f"print([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "[]\n"


def test_the_start_of_the_program_loads_no_qt_before_its_checks() -> None:
    code = "import sys, pixverse_gui.__main__; print([name for name in sys.modules if name.startswith('PySide6')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_window_is_there_before_the_models_and_openssl() -> None:
    code = "import sys, pixverse_gui.__main__, pixverse_gui.first_window\n"
    code += "print([name for name in ('pixverse_gui.core.models', '_hashlib') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_every_module_and_resource_is_packaged(tmp_path: Path) -> None:
    """Built as an installation would; the files beside each other are the checkout's."""
    code = "import setuptools; setuptools.setup()"
    steps = ["-q", "egg_info", "--egg-base", str(tmp_path), "build_py", "--build-lib", str(tmp_path / "built")]
    build = subprocess.run([sys.executable, "-c", code, *steps], cwd=ROOT, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stderr
    built = {path.relative_to(tmp_path / "built").as_posix() for path in (tmp_path / "built").rglob("*.*")}
    modules = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py")}
    resources = [path for path in (ROOT / "resources").rglob("*.*") if path.suffix != ".pyc"]
    assert built == modules | {f"pixverse_gui/{path.relative_to(ROOT).as_posix()}" for path in resources}


def test_the_project_file_names_every_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    folders = {path.parent.relative_to(ROOT) for path in PACKAGE.rglob("__init__.py")}
    folders |= {"pixverse_gui" / path.parent.relative_to(ROOT) for path in (ROOT / "resources").rglob("__init__.py")}
    assert sorted(project["tool"]["setuptools"]["packages"]) == sorted(".".join(one.parts) for one in folders)


def test_pinned_packages_have_hashes_and_no_address() -> None:
    lines = (ROOT / "tests" / "requirements.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert [line for line in pins if not re.match(r"[a-z0-9-]+(\[[a-z]+\])?==[\w.]+ ", line)] == []
    assert [line for line in lines if line.startswith(" ") and not line.strip().startswith("--hash=sha256:")] == []
    assert len(pins) > 20


def test_nothing_of_a_developers_machine_is_committed() -> None:
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("this is no git checkout")
    tracked = [ROOT / name for name in listing.stdout.split("\0") if name]
    machine = re.compile(r"/(?:work|opt|root)/[a-z]|(?:pythonhosted|pypi|npmjs|debian)\.(?:org|com)\b")
    found = Counter[str]()
    for path in tracked:
        if path.suffix not in {".png", ".jpg", ".webp", ".sqlite"} and path.is_file() and path != Path(__file__):
            found.update(f"{path.name}: {hit}" for hit in machine.findall(path.read_text(encoding="utf-8")))
    assert found == {}
    assert {path.name for path in tracked} & {"uv.lock", "pylock.toml"} == set()


def test_tests_wait_for_what_happens_and_mock_nothing() -> None:
    found = []
    for path in python_files_of_tests():
        if "benchmarks" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "module", None)
            if name in {"sleep", "processEvents", "qWait", "unittest.mock", "MagicMock"}:
                found.append(f"{path.name}:{getattr(node, 'lineno', 0)} {name}")
    assert found == []

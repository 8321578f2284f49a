"""preflight: what is missing for a window is said in one sentence, before Qt would end the process."""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pixverse_gui import preflight, x_display
from pixverse_gui.preflight import NO_DISPLAY, explain_import_error, find_problem
from tests.helpers.x_cookies import NAME, cookie_entry

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the look at displays is for Linux")
needs_xcb = pytest.mark.skipif(not preflight._loads("libxcb.so.1"), reason="needs libxcb1")


@contextmanager
def x_server_on_tcp(answer: bytes | None, heard: list[bytes] | None = None) -> Iterator[str]:
    """Listens where the X server of display N listens, takes the greeting and sends `answer`; None: says nothing."""
    heard = [] if heard is None else heard
    with _listen_from(6100) as listener:
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                connection, _ = listener.accept()
                with connection:
                    heard.append(connection.recv(4096))
                    if answer is None:
                        over.wait(10)
                    else:
                        connection.sendall(answer)

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        yield f"127.0.0.1:{listener.getsockname()[1] - 6000}.0"
        over.set()
        with socket.create_connection(listener.getsockname()) as last:  # it may wait for another one
            last.sendall(b"l")
        server.join(10)
        assert {hello[:1] for hello in heard} == {b"l"}  # whoever came began as every X client does


def _listen_from(port: int) -> socket.socket:
    for candidate in range(port, port + 500):
        listener = socket.socket()
        try:
            listener.bind(("127.0.0.1", candidate))
        except OSError:
            listener.close()
            continue
        listener.listen(1)
        return listener
    raise AssertionError("no free port")


@pytest.fixture
def wayland_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)  # names of sockets must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("wayland-7")
        listener.listen(8)
        yield tmp_path


@pytest.fixture
def with_every_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests about displays: they hold on a computer without Qt's libraries too."""
    monkeypatch.setattr(preflight, "_loads", lambda library: True)


@pytest.mark.parametrize(
    "platform", ["offscreen", "minimal", "vnc", "linuxfb", "offscreen:enable_fonts", "xcb;offscreen"]
)
def test_a_platform_that_needs_no_display_asks_for_none(platform: str, with_every_library: None) -> None:
    assert find_problem({"QT_QPA_PLATFORM": platform}) is None


@pytest.mark.parametrize("environ", [{}, {"QT_QPA_PLATFORM": "xcb"}, {"QT_QPA_PLATFORM": "", "DISPLAY": ""}])
def test_no_display_named(environ: dict[str, str], with_every_library: None) -> None:
    assert find_problem(environ) == NO_DISPLAY


@pytest.mark.parametrize("display", [":4711", ":4711.0", "unix:4711", "127.0.0.1:9999"])
def test_a_display_where_nothing_listens_is_named(display: str, with_every_library: None) -> None:
    problem = find_problem({"DISPLAY": display})
    assert problem is not None
    assert f'"{display}" does not answer' in problem


def test_an_x_server_that_hangs_does_not_answer(monkeypatch: pytest.MonkeyPatch, with_every_library: None) -> None:
    monkeypatch.setattr(x_display, "ANSWER_TIMEOUT_S", 0.1)
    with x_server_on_tcp(None) as display:
        problem = find_problem({"DISPLAY": display})
    assert problem is not None
    assert "does not answer" in problem


def test_an_x_server_that_hangs_up_does_not_answer(with_every_library: None) -> None:
    with x_server_on_tcp(b"") as display:
        problem = find_problem({"DISPLAY": display})
    assert problem is not None
    assert "does not answer" in problem


@needs_xcb
def test_an_x_server_that_refuses_this_user_is_told_apart(with_every_library: None) -> None:
    reason = b"No protocol specified\n  "
    refusal = struct.pack("<BBHHH", 0, len(reason), 11, 0, len(reason) // 4) + reason
    with x_server_on_tcp(refusal) as display:
        problem = find_problem({"DISPLAY": display})
    assert problem is not None
    assert f'"{display}" does not let this user in' in problem


HERE = socket.gethostname().encode()
ELSEWHERE = {"family": 256, "address": b"elsewhere"}


@pytest.mark.parametrize(
    ("entries", "cookie"),
    [
        ([("7", b"other display", {}), ("{}", b"sixteen bytes ok", {})], b"sixteen bytes ok"),
        ([("{}", b"elsewhere", ELSEWHERE), ("{}", b"here", {"family": 256, "address": HERE})], b"here"),
        ([("{}", b"elsewhere", ELSEWHERE), ("", b"any", {})], b"any"),
        ([("{}", b"x", {"name": b"XDM-AUTHORIZATION-1"})], b""),
        ([], b""),
    ],
)
def test_the_first_greeting_has_the_cookie_so_that_it_is_let_in(
    entries: list[tuple[str, bytes, dict[str, Any]]],
    cookie: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    with_every_library: None,
) -> None:
    """One that is refused leaves again, and an X server without -noreset begins anew when its last client does."""
    heard: list[bytes] = []
    monkeypatch.setenv("XAUTHORITY", str(tmp_path / "cookies"))
    with x_server_on_tcp(b"", heard) as display:
        number = display.partition(":")[2].removesuffix(".0")
        file = b"".join(cookie_entry(data, number=text.format(number), **named) for text, data, named in entries)
        (tmp_path / "cookies").write_bytes(file)
        find_problem({"DISPLAY": display})
    name = NAME if cookie else b""
    sizes = struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(name), len(cookie))
    assert heard[0] == sizes + b"".join(part + bytes(-len(part) % 4) for part in (name, cookie))


def test_a_file_of_cookies_that_is_cut_off_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_every_library: None
) -> None:
    heard: list[bytes] = []
    (tmp_path / "cookies").write_bytes(cookie_entry(b"c" * 16) + b"\xff")
    monkeypatch.setenv("XAUTHORITY", str(tmp_path / "cookies"))
    with x_server_on_tcp(b"", heard) as display:
        find_problem({"DISPLAY": display})
    assert len(heard[0]) == 12


@needs_xcb
@pytest.mark.parametrize("display", [":99x", "nonsense", ":", "127.0.0.1:", "a..b:0"])
def test_what_is_no_name_of_a_display_is_said_to_be_none(display: str, with_every_library: None) -> None:
    assert find_problem({"DISPLAY": display}) == (
        f'DISPLAY is "{display}", which is no name of a display. Such names look like :0 or localhost:10.0.'
    )


@needs_xcb
def test_a_display_of_a_form_that_only_xcb_knows_does_not_answer(with_every_library: None) -> None:
    problem = find_problem({"DISPLAY": "/nowhere/socket:0"})
    assert problem is not None
    assert '"/nowhere/socket:0" does not answer' in problem


def test_a_wayland_compositor_that_listens_is_enough(wayland_socket: Path, with_every_library: None) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "."}
    assert find_problem(environ) is None
    assert find_problem({**environ, "DISPLAY": ":4711"}) is None
    assert find_problem({**environ, "QT_QPA_PLATFORM": "wayland"}) is None


@pytest.mark.parametrize(
    "environ",
    [
        {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "/nowhere"},
        {"XDG_SESSION_TYPE": "wayland", "XDG_RUNTIME_DIR": "/nowhere"},
        {"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "/nowhere/wayland-0"},
    ],
)
def test_a_wayland_compositor_that_is_gone(environ: dict[str, str], with_every_library: None) -> None:
    problem = find_problem(environ)
    assert problem is not None
    assert "does not answer" in problem


def test_a_compositor_that_handed_over_its_socket_is_taken_at_its_word(with_every_library: None) -> None:
    assert find_problem({"QT_QPA_PLATFORM": "wayland", "WAYLAND_SOCKET": "5"}) is None


def test_xcb_asked_for_is_not_helped_by_wayland(wayland_socket: Path, with_every_library: None) -> None:
    environ = {"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "."}
    assert find_problem(environ) == NO_DISPLAY


def test_missing_libraries_are_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"libEGL.so.1", "libxcb-cursor.so.0"}
    monkeypatch.setattr(preflight, "_loads", lambda library: library not in gone)
    problem = find_problem({"DISPLAY": ":4711"})
    assert problem == (
        "Qt needs system libraries that are missing: libEGL.so.1, libxcb-cursor.so.0. "
        "Type: sudo apt-get install libegl1 libxcb-cursor0"
    )


def test_libraries_of_a_window_system_that_is_not_used_are_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "_loads", lambda library: "xcb" not in library)
    assert find_problem({"QT_QPA_PLATFORM": "offscreen"}) is None


def test_a_library_is_looked_for_by_loading_it() -> None:
    problem = preflight._missing_libraries({"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"})
    assert problem is not None
    assert problem.endswith("missing: libnowhere.so.9. Type: sudo apt-get install libnowhere9")


def test_every_library_that_qt_names_as_needed_is_looked_for() -> None:
    """Against the plug-in that is installed: a newer Qt may need more."""
    from importlib.util import find_spec

    spec = find_spec("PySide6")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    qt = Path(spec.submodule_search_locations[0]) / "Qt"
    looked_for = preflight._ALWAYS | preflight._FOR_XCB | preflight._FOR_WAYLAND
    basic = r"lib(c|m|z|stdc\+\+|gcc_s|zstd|gthread-2\.0|Qt6.*|icu.*)\.so.*|ld-linux.*"
    for name in ("lib/libQt6Gui.so.6", "lib/libQt6XcbQpa.so.6", "plugins/platforms/libqxcb.so"):
        assert _needed(qt / name, basic) <= set(looked_for), name


def _needed(library: Path, basic: str) -> set[str]:
    """Names of shared libraries inside the file, the plain ones left out. No ELF reader: names are text in there."""
    import re

    names = set(re.findall(rb"\0(lib[\w.+-]+\.so\.\d+)(?=\0)", library.read_bytes()))
    return {name for name in (raw.decode() for raw in names) if not re.fullmatch(basic, name)}


def test_packages_of_this_python_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "_PACKAGES", ("json", "not_there_at_all"))
    assert find_problem({"QT_QPA_PLATFORM": "offscreen"}) == (
        "Not installed for this Python: not_there_at_all. In the project's folder type: pip install ."
    )


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_systems_that_always_have_a_display_are_not_asked(system: str) -> None:
    assert find_problem({}, system) is None


def test_an_import_of_qt_that_fails_all_the_same_is_explained() -> None:
    error = ImportError("libfoo.so.1: cannot open shared object file", name="PySide6.QtGui")
    explained = explain_import_error(error)
    assert explained is not None
    assert "libfoo.so.1" in explained
    assert explain_import_error(ImportError("no module named pixverse_gui.x", name="pixverse_gui.x")) is None


@pytest.mark.parametrize(
    "environ",
    [{"DISPLAY": ":4711"}, {"QT_QPA_PLATFORM": "xcb"}, {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}],
)
def test_the_program_says_one_line_and_leaves_with_2(environ: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pixverse_gui"],
        cwd=Path(__file__).resolve().parents[2],
        env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("pixverse-gui: ")
    assert run.stderr.count("\n") == 1
    assert "Traceback" not in run.stderr

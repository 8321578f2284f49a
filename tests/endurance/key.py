"""The key is looked for wherever the program writes, shows or copies anything, after success and after every fault."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.endurance.bad_answers import Kind, kinds
from tests.endurance.batches import make_batch, padded_png
from tests.endurance.driven import DrivenProgram
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.truth import told
from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

CANARY = 'sk-Canary/9+q"\\7f3b~&5d<1c>8e%2a'
"""With characters that look different in every encoding."""

_OPENED, _LAST_LINE = "opened-with", "that_was_all"
_LEAST_PART = 12
"""So many bytes of base64 in a row are no accident."""


def measure(full: bool) -> Iterator[Figure]:
    """One program with the key in its environment and every kind of answer, one that finds it in its password store."""
    for source in ("environment", "password store"):
        yield from _search(source, full=full)


def _search(source: str, *, full: bool) -> Iterator[Figure]:
    """Each answer says the key back where it can; the short form takes quick kinds."""
    with ExitStack() as around:
        folder, outside = (Path(around.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        server = around.enter_context(ScriptedServer(keys={CANARY}))
        trap = around.enter_context(ScriptedServer())
        wanted = [kind for kind in kinds(trap.url) if full or not (kind.is_slow or kind.is_big or kind.times)]
        paths = _pictures(folder, server, wanted if source == "environment" else [])
        environ = _environ(folder, source, server, outside)
        with DrivenProgram(folder, server.url, paths, environ=environ) as program:
            seen = _see_everything(program, folder)
            code = program.close()
        hits = {
            "files": _files_with_key(folder),
            "standard output, Copy details, clipboard, crash report": _forms_in(
                json.dumps(program.events, ensure_ascii=False) + "".join(seen.copied)
            ),
            "process list": _forms_in("\n".join(seen.command_lines)),
            "environment of programs it starts": _forms_in(seen.child_environ),
        }
        files = sum(path.is_file() for path in folder.rglob("*"))
        used = {one.key for one in server.uploads}
    at = f"key from the {source}, {len(paths)} answers"
    for where, found in hits.items():
        yield Figure("key", f"{at}: hits in {where}", told(found), "0", not found)
    # Without these the figures above could be 0 because nothing was looked at.
    is_there = bool(seen.crash["shown"]) and "RuntimeError" in seen.crash["copied"] and code == 0
    yield Figure(
        "key", "a crash report was there to be searched, and the program went on", str(is_there), "True", is_there
    )
    looked_at = f"{files}; {len(seen.copied)}; {len(seen.child_environ.splitlines())}"
    is_all = len(seen.copied) == len(paths) and "PATH=" in seen.child_environ and used == {CANARY}
    yield Figure("key", "files searched; details copied; variables of a child", looked_at, "all", is_all)
    yield stop_figure("key", program.longest_stop_ms)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What somebody sees of a program that has done everything."""

    copied: list[str]
    crash: dict[str, Any]
    command_lines: list[str]
    child_environ: str


def _see_everything(program: DrivenProgram, folder: Path) -> _Seen:
    program.wait_for("settled", timeout=600)
    program.tell("details")
    copied = program.wait_for("details")["copied"]
    program.tell("crash " + json.dumps("  ".join(written(CANARY))))
    crash = program.wait_for("crash")
    program.tell("open https://media.example.com/1.jpg")
    recorded = folder / _OPENED
    wait_for(lambda: recorded.exists() and _LAST_LINE in recorded.read_text(errors="replace"), "the browser")
    lines = _command_lines(program.process.pid)
    return _Seen(copied, crash, lines, recorded.read_text(errors="replace"))


def _pictures(folder: Path, server: ScriptedServer, wanted: list[Kind]) -> list[Path]:
    paths = make_batch(folder / "pictures", len(wanted) + len(echoes()))
    _script(server, wanted, paths)
    for number, behaviour in enumerate(echoes(), start=len(wanted)):
        paths[number].write_bytes(padded_png(number, 40_000 + 8 * number))
        server.script(behaviour, size=paths[number].stat().st_size)
    return paths


def _environ(folder: Path, source: str, server: ScriptedServer, outside: Path) -> dict[str, str]:
    (folder / "tmp").mkdir()
    (folder / "bin").mkdir()
    opener = folder / "bin" / "xdg-open"
    opener.write_text(f'#!/bin/sh\nenv >"{folder / _OPENED}"\necho {_LAST_LINE} >>"{folder / _OPENED}"\n')
    opener.chmod(0o755)
    found = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "TMPDIR": str(folder / "tmp"),
        "SSLKEYLOGFILE": str(folder / "tls-keys"),
    }
    if source == "environment":
        return {**found, "PIXVERSE_API_KEY": CANARY}
    store = outside / "store"
    store.write_text(json.dumps({f"pixverse-gui default@{server.url.removeprefix('http://')}": CANARY}))
    backend = "tests.helpers.keyring_backends.FileKeyring"
    return {**found, "PIXVERSE_API_KEY": "", "PYTHON_KEYRING_BACKEND": backend, "FILE_KEYRING": str(store)}


def written(key: str) -> list[str]:
    """How a key may be said: as it is, percent-encoded, escaped for JSON, hexadecimal, and base64 at each offset."""
    data = key.encode()
    in_base64 = [base64.b64encode(b"key"[:offset] + data).decode() for offset in range(3)]
    return [key, quote(key, safe=""), json.dumps(key)[1:-1], data.hex(), *in_base64]


def forms_of(key: str) -> list[str]:
    """What to look for: the same, without the ends of base64 that depend on what stands around the key."""
    return [*written(key)[:4], *(one[4:-4] for one in written(key)[4:])]


def echoes() -> list[Behaviour]:
    """Answers that say the key back, in each form, where a program might keep or show it."""
    found = []
    for form in written(CANARY):
        text = f"The key {form} is not welcome here"
        found += [
            behaviours.api_error(424242, text),
            behaviours.answer(text, status=500),
            behaviours.html(502, f"<html><body>API-KEY: {form}</body></html>"),
            behaviours.succeed(img_url=f"https://media.example.com/{quote(form, safe='')}.jpg"),
        ]
    plain = quote(CANARY, safe="")
    return [*found, behaviours.redirect(f"https://example.com/?key={plain}"), behaviours.succeed(img_id=plain)]


def _script(server: ScriptedServer, wanted: list[Kind], paths: list[Path]) -> None:
    for number, kind in enumerate(wanted):
        paths[number].write_bytes(padded_png(number, (12_000_000 if kind.is_big else 2_000) + 8 * number))
        server.script(kind.behaviour, size=paths[number].stat().st_size, times=kind.times)


def _forms_in(text: str) -> list[str]:
    return [form for form in forms_of(CANARY) if len(form) >= _LEAST_PART and form in text]


def _files_with_key(folder: Path) -> list[str]:
    needles = [form.encode() for form in forms_of(CANARY)]
    needles += [CANARY.encode("utf-16-le"), CANARY.encode("utf-16-be")]
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [f"{path.relative_to(folder)}: {needle[:8]!r}…" for needle in needles if needle in data]
    return found


def _command_lines(process: int) -> list[str]:
    """Of the program and of everything it may have started."""
    running = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    family = [entry for entry in running if int(entry.name) == process or _parent(entry) == process]
    return [(entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace") for entry in family]


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return os.getpid()  # it has ended meanwhile

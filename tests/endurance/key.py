"""The key is looked for wherever the program writes, shows or copies anything, after success and after every fault."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tests.endurance.bad_answers import Kind, kinds
from tests.endurance.batches import make_batch, padded_png
from tests.endurance.driven import DrivenProgram
from tests.endurance.figures import Figure
from tests.endurance.truth import told
from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour
from tests.helpers.scripted_server import ScriptedServer

CANARY = 'sk-Canary/9+q"\\7f3b~&5d<1c>8e%2a'
"""With characters that look different in every encoding."""

_LEAST_PART = 12
"""So many bytes of base64 in a row are no accident."""


def measure(full: bool) -> Iterator[Figure]:
    """One program and every kind of answer, each saying the key back where it can; the short form takes quick kinds."""
    with tempfile.TemporaryDirectory() as name, ScriptedServer(keys={CANARY}) as server, ScriptedServer() as trap:
        folder = Path(name)
        wanted = [kind for kind in kinds(trap.url) if full or not (kind.is_slow or kind.is_big or kind.times)]
        paths = make_batch(folder / "pictures", len(wanted) + len(echoes()))
        _script(server, wanted, paths)
        for number, behaviour in enumerate(echoes(), start=len(wanted)):
            paths[number].write_bytes(padded_png(number, 40_000 + 8 * number))
            server.script(behaviour, size=paths[number].stat().st_size)
        (folder / "tmp").mkdir()
        environ = {"PIXVERSE_API_KEY": CANARY, "TMPDIR": str(folder / "tmp"), "SSLKEYLOGFILE": str(folder / "tls-keys")}
        with DrivenProgram(folder, server.url, paths, environ=environ) as program:
            program.wait_for("settled", timeout=600)
            program.tell("details")
            copied = program.wait_for("details")["copied"]
            program.tell("crash " + json.dumps("  ".join(written(CANARY))))
            crash = program.wait_for("crash")
            lines = _command_lines(program.process.pid)
            code = program.close()
        said = json.dumps(program.events, ensure_ascii=False)
        hits = {
            "files": _files_with_key(folder),
            "standard output, Copy details, clipboard, crash report": _forms_in(said) + _forms_in("".join(copied)),
            "process list": _forms_in("\n".join(lines)),
        }
        files = sum(path.is_file() for path in folder.rglob("*"))
    at = f"key canary after {len(paths)} pictures with every kind of answer"
    for where, found in hits.items():
        yield Figure("key", f"{at}: hits in {where}", told(found), "0", not found)
    # Without these the figures above could be 0 because nothing was looked at.
    seen = bool(crash["shown"]) and "RuntimeError" in crash["copied"] and code == 0
    yield Figure("key", "a crash report was there to be searched, and the program went on", str(seen), "True", seen)
    yield Figure("key", "files searched; details copied", f"{files}; {len(copied)}", "all", len(copied) == len(paths))


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

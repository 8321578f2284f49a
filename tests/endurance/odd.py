"""More than a hundred odd pictures and names in one drop: each ends as it must, and none stops another."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.figures import Figure, stop_figure
from tests.endurance.odd_drives import changed_meanwhile, silent_drives
from tests.endurance.odd_pictures import DONE, Case, cases
from tests.endurance.truth import kept_rows, told, wrong_ids
from tests.helpers.scripted_server import ScriptedServer


def measure(full: bool) -> Iterator[Figure]:
    """What is odd from the start; what becomes so after it was looked at; drives that do not answer."""
    yield from _in_one_drop(full)
    with tempfile.TemporaryDirectory() as name:
        yield from changed_meanwhile(Path(name) / "changed")
        yield from silent_drives(Path(name) / "silent", 10 if full else 3)


def _in_one_drop(full: bool) -> Iterator[Figure]:
    """One folder, one drop, one server."""
    wanted = cases(full=full)
    with tempfile.TemporaryDirectory() as name, ScriptedServer(keys={KEY}) as server:
        folder = Path(name)
        (folder / "pictures").mkdir()
        made = {case: folder / "pictures" / case.name for case in wanted}
        for case, path in made.items():
            case.make(path)
        with DrivenProgram(folder, server.url) as program:
            program.wait_for("ready")
            program.tell(json.dumps([str(path) for path in made.values()]))
            stop = program.wait_for("settled", timeout=180)["longest_stop_ms"]
            code = program.close()
        found = _rows(program.data_dir)
        otherwise = [text for case in wanted for text in _judge(case, found.get(str(made[case])))]
        wrong = wrong_ids(kept_rows(program.data_dir), server.stored)
        sent = {one.sha256 for one in server.stored}
        unsent = [case.name for case in wanted if case.state == DONE and _sha256(made[case]) not in sent]
        changed = sorted(sent - {_sha256(made[case]) for case in wanted if case.state == DONE})
    at = f"{len(wanted)} odd pictures and names in one drop"
    yield Figure("odd", f"{at}: rows that ended otherwise than they must", told(otherwise), "0", not otherwise)
    lost = unsent + changed
    yield Figure("odd", f"{at}: good ones that did not arrive as they are", told(lost), "0", not lost)
    yield Figure("odd", f"{at}: wrong ids", told(wrong), "0", not wrong)
    yield Figure("odd", "the program went on and closed in order", str(code == 0), "True", code == 0)
    yield stop_figure("odd", stop)


def _rows(data_dir: Path) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """State and issues by path, out of the journal."""
    with closing(sqlite3.connect(data_dir / "journal.sqlite")) as journal:
        rows = journal.execute("SELECT location, state, issues FROM upload").fetchall()
    return {_text(location): (state, json.loads(issues)) for location, state, issues in rows}


def _text(cell: str | bytes) -> str:
    return cell if isinstance(cell, str) else cell.decode("utf-8", "surrogatepass")


def _judge(case: Case, row: tuple[str, list[dict[str, Any]]] | None) -> list[str]:
    if row is None:
        return [f"{case.name!r} has no row"]
    state, issues = row
    codes = [issue["code"] for issue in issues]
    wanted = case.state == state and (case.issue is None or case.issue.value in codes)
    return [] if wanted else [f"{case.name!r} is {state} with {codes}"]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

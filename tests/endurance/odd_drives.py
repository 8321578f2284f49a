"""Pictures that become others between the look at them and the sending, and drives that do not answer."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.endurance.batches import make_batch, padded_png
from tests.endurance.driven import KEY, DrivenProgram
from tests.endurance.figures import Figure
from tests.endurance.truth import kept_rows, told, wrong_ids
from tests.helpers.scripted_server import ScriptedServer


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of a good picture after it was found READY, and then of its row.

    `said`: the code of its error or of one of its issues, "" for none.
    """

    name: str
    change: Callable[[Path], object]
    state: str
    said: str


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(bytes(500))


def _same_size(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(next(data for number in range(100, 9_999) if len(data := padded_png(number, 4_000)) == size))


def turns() -> Iterator[Turn]:
    yield Turn("untouched.png", lambda path: path.stat(), "done", "")
    yield Turn("touched.png", lambda path: os.utime(path, ns=(1, 1)), "done", "")
    yield Turn("another of its size.png", _same_size, "done", "changed_since_added")
    yield Turn("larger.png", lambda path: path.write_bytes(padded_png(78, 9_000)), "done", "changed_since_added")
    yield Turn("grown.png", _grow, "done", "changed_since_added")
    yield Turn("truncated.png", lambda path: os.truncate(path, 2_000), "blocked", "cut_off")
    yield Turn("emptied.png", lambda path: os.truncate(path, 0), "blocked", "empty")
    yield Turn("text now.png", lambda path: path.write_text("not a picture\n" * 90), "blocked", "not_an_image")
    yield Turn("deleted.png", lambda path: path.unlink(), "failed", "source_missing")
    yield Turn("a folder now.png", _to_folder, "failed", "source_unreadable")
    yield Turn("a pipe now.png", _to_pipe, "failed", "source_unreadable")
    if _may_read_everything():
        print("  SKIPPED: files without permission, as whoever runs this may read every file (root)")
    else:
        yield Turn("forbidden.png", lambda path: path.chmod(0), "failed", "source_unreadable")


def _to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _may_read_everything() -> bool:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).chmod(0)
        return os.access(file.name, os.R_OK)


def changed_meanwhile(folder: Path) -> Iterator[Figure]:
    """All of them in one drop, changed together just before Upload is pressed."""
    wanted = {turn: folder / "pictures" / turn.name for turn in turns()}
    (folder / "pictures").mkdir(parents=True)
    for number, path in enumerate(wanted.values()):
        path.write_bytes(padded_png(number, 4_000))
    locked = folder / "pictures" / "locked.png"
    locked.write_bytes(padded_png(99, 4_000))
    locked.chmod(0)
    with ScriptedServer(keys={KEY}) as server, DrivenProgram(folder, server.url, environ=_HOLDS) as program:
        program.wait_for("ready")
        program.tell(json.dumps([str(path) for path in (*wanted.values(), locked)]))
        program.wait_for("checked")
        for turn, path in wanted.items():
            turn.change(path)
        program.tell("go")
        program.wait_for("settled", timeout=60)
        program.close()
    found = _said(program.data_dir)
    if not _may_read_everything():
        wanted[Turn("locked.png", lambda path: path.stat(), "blocked", "no_permission")] = locked
    otherwise = [text for turn in wanted for text in _judge(turn, found.get(turn.name))]
    sent = {one.sha256 for one in server.stored}
    due = {hashlib.sha256(path.read_bytes()).hexdigest() for turn, path in wanted.items() if turn.state == "done"}
    at = f"{len(wanted)} pictures, changed between the look at them and the sending"
    yield Figure("odd", f"{at}: rows that ended otherwise than they must", told(otherwise), "0", not otherwise)
    exact = sent - due if not _may_read_everything() else sent - due - {_sha256(locked)}
    yield Figure("odd", f"{at}: bytes sent that were not looked at", str(len(exact)), "0", not exact and due <= sent)
    wrong = wrong_ids(kept_rows(program.data_dir), server.stored)
    yield Figure("odd", f"{at}: wrong ids", told(wrong), "0", not wrong)


def silent_drives(folder: Path, count: int) -> Iterator[Figure]:
    """So many whose drive is silent from the start, as many whose drive falls silent later, and as many good ones."""
    folder.mkdir()
    paths = make_batch(folder / "pictures", 3 * count)
    groups = {"mute": paths[:count], "dozing": paths[count : 2 * count], "good": paths[2 * count :]}
    named = [path.rename(path.with_name(f"{group}_{path.name}")) for group, some in groups.items() for path in some]
    with ScriptedServer(keys={KEY}) as server, DrivenProgram(folder, server.url, environ=_HOLDS) as program:
        program.wait_for("ready")
        program.tell("silence mute")
        program.wait_for("silent")
        program.tell(json.dumps([str(path) for path in named]))
        program.wait_for("checked", timeout=120)
        program.tell("silence dozing")
        program.wait_for("silent", times=2)
        program.tell("go")
        program.wait_for("settled", timeout=120)
        while_silent = _said(program.data_dir)
        program.tell("answer")
        program.tell("check")
        program.tell("retry")
        program.wait_for("settled", times=2, timeout=120)
        program.close()
    ends = {"mute": ("blocked", "drive_silent"), "dozing": ("failed", "drive_silent"), "good": ("done", "")}
    otherwise = [
        text
        for path in named
        for text in _judge(Turn(path.name, path.stat, *ends[path.name.split("_")[0]]), while_silent.get(path.name))
    ]
    at = f"{2 * count} of {3 * count} pictures on drives that do not answer"
    yield Figure("odd", f"{at}: rows that ended otherwise than they must", told(otherwise), "0", not otherwise)
    rows = kept_rows(program.data_dir)
    left = [f"{row.label}: {row.state}" for row in rows if row.state != "done"]
    yield Figure("odd", f"{at}: not done after the drives answered again", told(left), "0", not left)
    wrong = wrong_ids(rows, server.stored)
    yield Figure("odd", f"{at}: wrong ids", told(wrong), "0", not wrong)


_HOLDS = {"DRIVEN_HOLDS": "1"}


def _judge(turn: Turn, found: tuple[str, list[str]] | None) -> list[str]:
    if found is None:
        return [f"{turn.name} has no row"]
    state, said = found
    is_right = state == turn.state and (turn.said in said if turn.said else not said)
    return [] if is_right else [f"{turn.name} is {state} with {said}"]


def _said(data_dir: Path) -> dict[str, tuple[str, list[str]]]:
    """State, and the codes of error and issues, by label; out of the journal."""
    with closing(sqlite3.connect(data_dir / "journal.sqlite")) as journal:
        rows = journal.execute("SELECT label, state, error, issues FROM upload").fetchall()
    return {label: (state, _codes(error, issues)) for label, state, error, issues in rows}


def _codes(error: str | None, issues: str) -> list[str]:
    first = [json.loads(error)["code"]] if error else []
    return first + [issue["code"] for issue in json.loads(issues)]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

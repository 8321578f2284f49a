"""Practice mode: everything works, nothing leaves the computer, and the real list waits untouched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers.corpus import write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.main_job import HISTORY, UPLOADS, says, staged
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for

PRACTICE = "Practice mode."


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """Where anything that left the computer would show up: the service, and the proxy for all other addresses."""
    with ScriptedServer() as made:
        yield made


def watched(server: ScriptedServer) -> dict[str, str]:
    return {"http_proxy": server.url, "https_proxy": server.url, "all_proxy": server.url, "no_proxy": ""}


def upload_the_samples(program: Program) -> list[str]:
    program.accessible.press("button", "Add sample pictures")
    program.accessible.wait_items(*UPLOADS, ".*, cannot be sent, .*", 2, timeout=20)
    rows = program.accessible.wait_items(*UPLOADS, ".*, checking.*", 0, timeout=20)
    ready = sum(", ready" in row for row in rows)
    assert len(rows) == ready + 2 >= 6
    program.accessible.press("button", f"Upload {ready} images")
    return program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", ready, timeout=20)


def test_the_samples_go_up_with_made_up_ids_and_nothing_leaves_the_computer(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer
) -> None:
    program = start_program("--practice", environ=watched(server))
    program.accessible.find("label", PRACTICE)
    says(program, "Nothing leaves this computer, and the IDs are made up.")
    program.accessible.find("button", "Account: Practice mode")
    rows = upload_the_samples(program)
    ids = [row.partition("ID ")[2] for row in rows if ", done, " in row]
    assert len(set(ids)) == len(ids)
    program.accessible.press("button", f"Copy {len(ids)} IDs")
    says(program, f"Copied {len(ids)} IDs.")
    wait_for(lambda: desktop.clipboard() == "\n".join(ids), "the made-up ids on the clipboard")
    program.keys("ctrl+2")
    program.accessible.wait_items(*HISTORY, r".*, done, ID \d+", len(ids))
    assert server.arrivals == []
    program.close_window()
    assert program.wait_ended() == 0
    assert (program.data_dir / "practice" / "journal.sqlite").exists()
    assert not (program.data_dir / "journal.sqlite").exists()


def test_a_link_is_not_even_looked_at(start_program: StartProgram, server: ScriptedServer) -> None:
    program = start_program("--practice", "https://example.com/a.png", environ=watched(server))
    staged(program, 1)
    program.accessible.press("button", "Upload 1 image")
    program.accessible.wait_items(*UPLOADS, r".*a.png, done, ID \d+", 1)
    assert server.arrivals == []


def test_from_the_first_start_to_practice_and_back_the_real_rows_wait(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    pictures = write_pictures(tmp_path / "in", ["a.png", "b.jpg"])
    program = start_program("--api-url", server.url, *map(str, pictures))
    staged(program, 2)
    program.accessible.press("button", "Try without a key")
    program.accessible.find("label", PRACTICE)
    assert program.accessible.items(*UPLOADS) == []
    upload_the_samples(program)
    assert server.arrivals == []
    program.accessible.press("button", "Connect an account")
    program.accessible.find("label", "Connect your PixVerse account first")
    rows = staged(program, 2)
    assert [row.split(",")[0] for row in rows] == ["a.png", "b.jpg"]
    assert not program.accessible.find_all("label", PRACTICE)
    program.accessible.find("button", "Paste key")
    assert len(desktop.windows("^PixVerse Uploader")) == 1
    assert server.arrivals == []


def test_what_was_practised_is_there_again_at_the_next_practice(
    start_program: StartProgram, server: ScriptedServer
) -> None:
    program = start_program("--practice", environ=watched(server))
    done = sum(", done, " in row for row in upload_the_samples(program))
    program.close_window()
    program.wait_ended()
    program.restart()
    program.keys("ctrl+2")
    rows = program.accessible.wait_items(*HISTORY, r".*, done, ID \d+", done, timeout=20)
    assert len({row.partition("ID ")[2] for row in rows}) == done
    assert server.arrivals == []

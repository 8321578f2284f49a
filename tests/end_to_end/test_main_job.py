"""The main job on a real desktop: drop, see, upload, copy, and find it again after a restart."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.corpus import colour_of, mixed_names, picture_bytes, write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.drag import drop_on
from tests.helpers.main_job import HISTORY, KEY, UPLOADS, connected
from tests.helpers.program import Program
from tests.helpers.row_pictures import kept_colours, row_shows, same_colours
from tests.helpers.scripted_server import ScriptedServer
from tests.helpers.waiting import wait_for


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    pages = {f"/p{number}.png": ("image/png", picture_bytes(900 + number)) for number in range(1, 6)}
    with ScriptedServer(keys={KEY}, pages=pages) as made:
        yield made


def labels(program: Program) -> list[str]:
    return [row.split(", ")[0] for row in program.accessible.items(*UPLOADS)]


def upload_all(program: Program, count: int) -> None:
    program.accessible.press("button", f"Upload {count} images?")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", count, timeout=60)


def test_forty_files_and_five_links_go_up_and_their_ids_are_copied_in_list_order(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    write_pictures(tmp_path / "drop", mixed_names(40))
    server.script(behaviours.delayed(0.1))
    program = connected(start_program, server)
    assert drop_on(desktop, program.centre(), files=[tmp_path / "drop"]) == "copy"
    program.accessible.wait_items(*UPLOADS, ".*, ready.*", 40, timeout=30)
    links = [f"{server.url}/p{number}.png" for number in range(1, 6)]
    desktop.set_clipboard("\n".join(links))
    program.keys("ctrl+v")
    program.accessible.wait_items(*UPLOADS, ".*, ready.*", 45, timeout=30)
    assert server.uploads == []

    upload_all(program, 45)
    assert labels(program)[:40] == mixed_names(40)
    assert server.most_at_once == 3
    assert len({arrival.trace_id for arrival in server.uploads}) == 45
    assert {arrival.key for arrival in server.uploads} == {KEY}

    program.accessible.press("button", "Copy 45 IDs")
    expected = ids_in_order(server, tmp_path / "drop", mixed_names(40), links)
    wait_for(lambda: desktop.clipboard() == "\n".join(expected), "the ids on the clipboard")
    assert int(expected[0]) > 2**53

    program.close_window()
    program.wait_ended()
    server.stop()
    shutil.rmtree(tmp_path / "drop")
    program.restart()
    program.keys("ctrl+2")
    rows = program.accessible.wait_items(*HISTORY, r".*, done, ID \d+.*", 45, timeout=30)
    assert sorted(found_ids(rows)) == sorted(expected)
    assert_history_has_pictures(program, server, tmp_path)


def assert_history_has_pictures(program: Program, server: ScriptedServer, folder: Path) -> None:
    """All are kept in the file of thumbnails; of the links, and of each format one file, the row is looked at."""
    suffixes = {number: Path(name).suffix for number, name in enumerate(mixed_names(40), 1)}
    wanted = {picture_sha256(number, suffix): colour_of(number) for number, suffix in suffixes.items()}
    wanted |= {picture_sha256(900 + number): colour_of(900 + number) for number in range(1, 6)}
    assert len(wanted) == 45
    assert same_colours(kept_colours(program.data_dir / "thumbnails.sqlite"), wanted)
    host = server.url.removeprefix("http://")
    looked_at = {f"{host}/p{number}.png": 900 + number for number in range(1, 6)}
    looked_at |= {name: number for number, name in enumerate(mixed_names(40)[:3], 1)}
    for name, number in looked_at.items():
        program.accessible.set_text("text", "Search history", name.rpartition("/")[2])
        program.accessible.wait_items(*HISTORY, f"{re.escape(name)}, done, .*", 1)
        wait_for(partial(row_shows, program, folder, name, colour_of(number)), f"the picture of {name}")


def picture_sha256(number: int, suffix: str = ".png") -> str:
    return hashlib.sha256(picture_bytes(number, suffix)).hexdigest()


def ids_in_order(server: ScriptedServer, folder: Path, names: list[str], links: list[str]) -> list[str]:
    by_sha = {stored.sha256: stored.img_id for stored in server.stored if stored.sha256}
    by_link = {stored.link: stored.img_id for stored in server.stored if stored.link}
    files = [by_sha[hashlib.sha256((folder / name).read_bytes()).hexdigest()] for name in names]
    return files + [by_link[link] for link in links]


def found_ids(rows: list[str]) -> list[str]:
    return [match.group(1) for row in rows if (match := re.search(r"ID (\d+)", row))]


def test_every_part_is_typed_and_named_neutrally(
    start_program: StartProgram, server: ScriptedServer, tmp_path: Path
) -> None:
    folder = tmp_path / "drop"
    write_pictures(folder, ["secret client name.png", "b.jpg", "c.webp"])
    (folder / "lying.png").write_bytes(picture_bytes(77, ".jpg"))
    program = connected(start_program, server, str(folder))
    program.accessible.wait_items(*UPLOADS, ".*, ready.*", 4, timeout=30)
    upload_all(program, 4)
    parts = sorted((arrival.image.type, arrival.image.file_name) for arrival in server.uploads if arrival.image)
    assert parts == [
        ("image/jpeg", "image.jpg"),
        ("image/jpeg", "image.jpg"),
        ("image/png", "image.png"),
        ("image/webp", "image.webp"),
    ]
    assert all([part.name for part in arrival.parts] == ["image"] for arrival in server.uploads)


def test_a_refused_a_lost_and_a_deleted_picture_leave_the_others_alone(
    start_program: StartProgram, desktop: Desktop, server: ScriptedServer, tmp_path: Path
) -> None:
    names = mixed_names(45)
    paths = write_pictures(tmp_path / "drop", names)
    shas = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    server.script(behaviours.moderation(), sha256=shas[6])
    server.script(behaviours.reset("after"), sha256=shas[19])
    program = connected(start_program, server, str(tmp_path / "drop"))
    program.accessible.wait_items(*UPLOADS, ".*, ready.*", 45, timeout=30)
    paths[29].unlink()
    program.accessible.press("button", "Upload 45 images")
    rows = program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", 42, timeout=60)
    program.accessible.wait_items(*UPLOADS, r".*, failed, .+", 3, timeout=60)
    rows = program.accessible.items(*UPLOADS)
    assert [row.split(", ")[0] for row in rows] == names
    failed = [row for row in rows if ", failed, " in row]
    assert [row.split(", ")[0] for row in failed] == [names[6], names[19], names[29]]
    assert "content" in failed[0]
    assert "connection" in failed[1].lower()
    assert "moved or deleted" in failed[2] or "gone" in failed[2]
    assert len([arrival for arrival in server.uploads if arrival.image and arrival.image.sha256 == shas[19]]) == 3

    paths[29].write_bytes(picture_bytes(30, paths[29].suffix))
    server.clear()
    program.accessible.press("button", "Retry failed")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", 44, timeout=60)
    # What moderation refused is not sent along; alone, it is.
    assert [row.split(", ")[0] for row in program.accessible.items(*UPLOADS) if ", failed, " in row] == [names[6]]
    program.accessible.press("button", "Retry failed")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", 45, timeout=60)
    assert labels(program) == names

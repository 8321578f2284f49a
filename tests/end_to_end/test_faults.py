"""What goes wrong on the way, in the real program: each row and the queue end as the table of failures says."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.end_to_end.conftest import StartProgram
from tests.helpers import behaviours
from tests.helpers.behaviours import Behaviour
from tests.helpers.certificates import Authority
from tests.helpers.corpus import picture_bytes, write_pictures
from tests.helpers.desktop import Desktop
from tests.helpers.main_job import KEY, UPLOADS, connected, says, sent, staged
from tests.helpers.nobody_there import free_port
from tests.helpers.program import Program
from tests.helpers.scripted_server import ScriptedServer

SECOND_COPY = ", sent again because the answer was lost; a second copy may exist at PixVerse"


@dataclass(frozen=True, slots=True)
class Fault:
    """How the server treats one picture, the row at the end (a regular expression) and how often it was sent."""

    behaviour: Behaviour
    row: str
    arrivals: int


def faults(trap: str) -> list[Fault]:
    not_understood = f"failed, PixVerse gave an answer that cannot be understood{SECOND_COPY}"
    intercepted = rf"failed, something between you and PixVerse answered \(a proxy or a sign-in page\){SECOND_COPY}"
    redirected = "failed, the service address sent us elsewhere; nothing was sent there"
    return [
        Fault(behaviours.moderation(), "failed, PixVerse did not accept the content of this picture", 1),
        Fault(behaviours.api_error(500063), "failed, PixVerse did not accept the content of this picture", 1),
        Fault(behaviours.api_error(500033), r"failed, PixVerse could not use this picture \(64×48, \d+ kB\)", 1),
        Fault(behaviours.api_error(424242), r"failed, PixVerse answered with an error we do not know \(424242\)", 1),
        Fault(behaviours.api_error(99999), "failed, PixVerse has a problem of its own", 2),
        Fault(behaviours.html(200), intercepted, 3),
        Fault(behaviours.html(502), intercepted, 3),
        Fault(behaviours.redirect(f"{trap}/openapi/v2/image/upload", 302), redirected, 1),
        Fault(behaviours.redirect(f"{trap}/openapi/v2/image/upload", 307), redirected, 1),
        Fault(behaviours.cut(10), f"failed, .*{SECOND_COPY}", 3),
        Fault(behaviours.succeed(img_id=0), not_understood, 3),
        Fault(behaviours.succeed(img_id="18014398509481985"), "done, ID 18014398509481985", 1),
        Fault(behaviours.succeed(img_id=2**64 - 1), "done, ID 18446744073709551615", 1),
        Fault(behaviours.reset("stored"), f"failed, the connection broke 3 times{SECOND_COPY}", 3),
        Fault(behaviours.delayed(0.2), r"done, ID \d+", 1),
    ]


@pytest.fixture
def trap() -> Iterator[ScriptedServer]:
    with ScriptedServer() as made:
        yield made


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return write_pictures(tmp_path / "pictures", [f"img{number}.png" for number in range(1, 7)])


def test_each_fault_ends_its_own_row_and_no_other(
    start_program: StartProgram, server: ScriptedServer, trap: ScriptedServer, tmp_path: Path
) -> None:
    wanted = faults(trap.url)
    paths = write_pictures(tmp_path / "in", [f"img{number}.png" for number in range(1, len(wanted) + 1)])
    shas = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    for fault, sha256 in zip(wanted, shas, strict=True):
        server.script(fault.behaviour, sha256=sha256)
    program = connected(start_program, server, *paths)
    staged(program, len(wanted))
    program.accessible.press("button", f"Upload {len(wanted)} images")
    rows = program.accessible.wait_items(*UPLOADS, ".*, (done|failed), .*", len(wanted), timeout=40)
    for path, fault, row in zip(paths, wanted, rows, strict=True):
        assert re.fullmatch(f"{path.name}, {fault.row}", row), row
    assert trap.arrivals == []
    came = [arrival.image.sha256 for arrival in server.uploads if arrival.image]
    assert [came.count(sha256) for sha256 in shas] == [fault.arrivals for fault in wanted]
    assert len({arrival.trace_id for arrival in server.uploads}) == len(server.uploads)
    says(program, "3 uploaded, 12 not. The uploaded ones are saved.")


def test_a_picture_that_pixverse_cannot_load_from_its_link(
    start_program: StartProgram, server: ScriptedServer, desktop: Desktop
) -> None:
    server.pages["/p.png"] = ("image/png", picture_bytes(7))
    server.script(behaviours.api_error(500031), link=f"{server.url}/p.png")
    program = connected(start_program, server, f"{server.url}/p.png")
    staged(program, 1)
    program.accessible.press("button", "Upload 1 image")
    program.accessible.wait_items(*UPLOADS, ".*/p.png, failed, PixVerse could not load this link", 1)


def test_a_key_refused_midway_pauses_and_work_goes_on_when_it_is_accepted_again(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    for arrival in range(4, 30):
        server.script(behaviours.api_error(10005, "API-KEY is not registered"), arrival=arrival)
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.accessible.press("button", "Upload 6 images")
    program.accessible.find("label", "Key not accepted")
    says(program, "3 images are done and safe")
    program.accessible.wait_items(*UPLOADS, ".*, waiting.*", 3)
    program.accessible.find("button", "Copy 3 IDs")
    program.accessible.find("button", "Enter key")
    server.clear()
    program.accessible.press("button", "Try again")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 6)
    program.accessible.wait_gone("label", "Key not accepted")
    program.accessible.find("button", "Account: PixVerse account.*")


def test_a_new_key_entered_midway_takes_the_work_up_by_itself(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    other = "sk-ffffffffffffffffffffffffffffffff"
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.accessible.find("button", "Account: .* credits")
    server.keys = {other}
    program.accessible.press("button", "Upload 6 images")
    program.accessible.find("label", "Key not accepted")
    program.accessible.press("button", "Enter key")
    program.accessible.set_text("password text", "API key", other)
    program.accessible.press("button", "Test and save")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 6)
    assert {arrival.key for arrival in server.uploads if arrival.stored_id} == {other}


def test_a_server_that_is_down_is_tried_until_it_is_there_again(
    start_program: StartProgram, pictures: list[Path]
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = start_program("--api-url", url, *map(str, pictures), environ={"PIXVERSE_API_KEY": KEY})
    staged(program, 6)
    program.accessible.press("button", "Upload 6 images")
    program.accessible.find("label", "PixVerse cannot be reached.")
    says(program, "6 images are waiting and go on by themselves")
    with ScriptedServer(port=port, keys={KEY}) as server:
        program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 6, timeout=30)
        assert len(server.stored) == 6
    program.accessible.wait_gone("label", "PixVerse cannot be reached.")


def test_a_busy_server_holds_all_rows_back_for_as_long_as_it_asks(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.busy(429, retry_after="3"), times=3)
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.accessible.press("button", "Upload 6 images")
    says(program, r"PixVerse asked us to slow down. Going on by itself in \d+ s. Nothing is lost.")
    program.accessible.wait_items(*UPLOADS, "(?i).*, waiting, .*busy", 3)
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 6, timeout=30)
    assert [arrival.answered for arrival in server.uploads].count("429") == 3
    assert len(server.stored) == 6


def test_a_server_that_stays_busy_pauses_the_queue_until_the_operator_goes_on(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.busy(503, retry_after="1"))
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.accessible.press("button", "Upload 6 images")
    program.accessible.find("label", "PixVerse is busy.", timeout=30)
    came = len(server.uploads)
    assert came <= 5 + 2
    server.clear()
    program.accessible.press("button", "Try now")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 6)


def test_a_refused_certificate_pauses_and_nothing_is_sent(
    start_program: StartProgram, pictures: list[Path], tmp_path: Path
) -> None:
    with ScriptedServer(tls=Authority(tmp_path).server_context()) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        program = start_program("--api-url", url, *map(str, pictures), environ={"PIXVERSE_API_KEY": KEY})
        staged(program, 6)
        program.accessible.press("button", "Upload 6 images")
        program.accessible.find("label", "The connection is not safe.")
        says(program, "The certificate of localhost.* was refused")
        program.accessible.wait_items(*UPLOADS, ".*, waiting.*", 6)
        assert server.arrivals == []


def test_pause_lets_what_is_on_its_way_finish_and_continue_sends_the_rest(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.delayed(1.5))
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.accessible.press("button", "Upload 6 images")
    server.wait_for(3)
    program.accessible.press("button", "Pause")
    says(program, "Finishing 3 uploads, then pausing.")
    says(program, "Paused. 3 images are waiting.")
    assert len(server.uploads) == 3
    server.clear()
    program.accessible.press("button", "Continue")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 6)
    assert len(server.uploads) == 3


def test_stop_takes_every_row_back_and_they_can_be_sent_again(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    server.script(behaviours.silent())
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.accessible.press("button", "Upload 6 images")
    server.wait_until_stored(3)
    program.accessible.wait_items(*UPLOADS, ".*, waiting for the answer", 0)
    program.accessible.press("button", "Stop")
    says(program, "Stopped. 0 uploaded, 6 not sent.")
    program.accessible.wait_items(*UPLOADS, ".*, ready, the answer was lost; a copy may exist at PixVerse", 3)
    server.clear()
    sent(program, 6)


def big_picture(path: Path) -> Path:
    """Too big for the buffers of a connection: noise does not get smaller."""
    Image.frombytes("RGB", (1600, 1600), os.urandom(1600 * 1600 * 3)).save(path, compress_level=0)
    return path


def strip(program: Program, row: str, action: str) -> None:
    """Select the row, then press its button below the list."""
    program.accessible.select(*UPLOADS, row)
    program.accessible.press("button", action)


def test_a_row_on_its_way_is_cancelled_at_once_and_the_others_go_on(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path], tmp_path: Path
) -> None:
    big = big_picture(tmp_path / "big.png")
    sha256 = hashlib.sha256(pictures[0].read_bytes()).hexdigest()
    server.script(behaviours.silent(), sha256=sha256)
    server.script(behaviours.stall(65536), size=big.stat().st_size)
    program = connected(start_program, server, big, *pictures)
    staged(program, 7)
    program.accessible.press("button", "Upload 7 images")
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 5)
    strip(program, "big.png.*", "Cancel")
    program.accessible.wait_items(*UPLOADS, "big.png, ready", 1)
    strip(program, "img1.png.*", "Cancel")
    program.accessible.wait_items(*UPLOADS, "img1.png, ready, the answer was lost; a copy may exist at PixVerse", 1)
    server.clear()
    sent_rows = sent_rest(program, 2)
    assert len(sent_rows) == 7


def sent_rest(program: Program, count: int) -> list[str]:
    program.accessible.press("button", f"Upload {count} images")
    return program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+.*", 7)


def test_one_failed_row_tells_under_details_what_the_server_said_and_is_retried(
    start_program: StartProgram, server: ScriptedServer, pictures: list[Path]
) -> None:
    for path in pictures[:2]:
        server.script(behaviours.moderation(), sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    program = connected(start_program, server, *pictures)
    staged(program, 6)
    program.accessible.press("button", "Upload 6 images")
    program.accessible.wait_items(*UPLOADS, ".*, failed, .*", 2)
    program.accessible.wait_items(*UPLOADS, r".*, done, ID \d+", 4)
    strip(program, "img2.png.*", "Details")
    program.accessible.find("panel", "Details")
    texts = {node.label or node.name: node.text for node in program.accessible.find_all("text")}
    assert (texts["PixVerse code"], texts["HTTP status"]) == ("500052", "500")
    assert texts["PixVerse said"] == "图片审核未通过"
    assert "图片" not in " ".join(program.accessible.items(*UPLOADS))
    server.clear()
    strip(program, "img2.png.*", "Retry")
    program.accessible.wait_items(*UPLOADS, r"img2.png, done, ID \d+", 1)
    program.accessible.wait_items(*UPLOADS, "img1.png, failed, .*", 1)
    assert len(server.uploads) == 1

"""What the log says of a run: attempts by their trace ids, ids that the disk does not take, how the journal was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.flight import in_short
from pixverse_gui.core.errors import AnswerFacts, ServerError, UnreachableError, UploadCancelled
from pixverse_gui.core.models import UploadState
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import World, open_world


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> Iterator[World]:
    caplog.set_level(logging.INFO, "pixverse_gui")
    with open_world(tmp_path, qtbot) as made:
        yield made


def test_each_attempt_is_there_with_its_trace_id_and_what_came_of_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.service.answers["a.png"] = [UnreachableError(reason="refused")]
    world.stage(world.files("a.png"))
    world.upload_all()
    row = world.row("a.png")
    assert row.state is UploadState.DONE
    first, second = [attempt.trace_id for attempt in row.attempts]
    said = [line for line in caplog.messages if line.startswith("Attempt")]
    assert said == [
        f"Attempt {first}: row {row.key}, file number 1",
        f"Attempt {first}: unreachable, reason refused",
        f"Attempt {second}: row {row.key}, file number 2",
        f"Attempt {second}: done, id {row.img_id}",
    ]


def test_an_id_that_the_disk_does_not_take_is_logged_once_with_the_reason(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.stage(world.files("a.png"))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 1)
    failures: list[object] = []
    world.engine.writer.saving_failed.connect(failures.append)
    with broken_disk(world):
        world.service.release()
        world.wait(lambda: len(failures) >= 3)
    world.wait(lambda: world.row("a.png").state is UploadState.DONE)
    row = world.row("a.png")
    lost = f"Not saved (read_only): row {row.key}, id {row.img_id}, attempt {row.attempts[0].trace_id}"
    assert [line for line in caplog.messages if "aved (" in line] == [lost]
    assert caplog.messages[-1] == "The journal can be written again"


def test_how_the_journal_was_found_is_there(world: World, caplog: pytest.LogCaptureFixture) -> None:
    found = "The journal is open: Opening(kept_at=None, recovered=0, volatile_reason=None, is_new=True, was_lost=False)"
    assert found in [record.getMessage() for record in caplog.get_records("setup")]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UploadCancelled(), "cancelled"),
        (UploadCancelled(maybe_stored=True), "cancelled, may have been stored"),
        (
            ServerError(AnswerFacts(http_status=500, api_code=99999, server_text="not a word of this")),
            "server, HTTP 500, ErrCode 99999",
        ),
        (ZeroDivisionError("nor of this"), "bug, kind ZeroDivisionError"),
    ],
)
def test_an_outcome_is_codes_and_no_words_of_the_service(error: Exception, said: str) -> None:
    assert in_short(error) == said

"""The queue over a real journal and real threads: who is sent, what failures do, and what is on disk at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core import errors
from pixverse_gui.core.models import Balance, Source, SourceKind, Upload, UploadState
from tests.helpers.engines import KEY, QUICK, World, open_world


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(tmp_path, qtbot) as made:
        yield made


def ids_of(world: World) -> dict[str, str | None]:
    return {row.source.label: row.img_id for row in world.engine.rows.uploads()}


def test_nothing_is_sent_before_upload_is_pressed(world: World) -> None:
    world.stage(world.files("a.png", "b.png"))
    assert world.service.sent == []
    assert set(world.states().values()) == {UploadState.READY}


def test_every_row_gets_the_id_of_its_own_picture_and_it_is_on_disk(world: World) -> None:
    names = [f"img{number}.png" for number in range(20)]
    world.stage(world.files(*names))
    world.upload_all()
    assert ids_of(world) == world.service.ids
    assert {label: row.img_id for label, row in world.on_disk().items()} == world.service.ids


def test_three_are_sent_at_once_and_each_attempt_has_a_trace_id_of_its_own(world: World) -> None:
    world.stage(world.files(*(f"{number}.png" for number in range(12))))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 3)
    assert len(world.engine.flights) == 3
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.service.release()
    assert world.service.most_at_once == 3
    assert len(set(world.service.trace_ids)) == 12


def test_links_are_sent_as_they_were_given(world: World) -> None:
    link = "https://example.com/a%2Fb.png?x=1"
    world.stage([Source(SourceKind.LINK, link, "example.com/b.png")])
    world.upload_all()
    assert world.service.sent == [link]


def test_a_refused_picture_fails_for_good_and_the_others_go_on(world: World) -> None:
    world.stage(world.files("a.png", "b.png", "c.png"))
    world.service.answers["b.png"] = [errors.ContentRefusedError(errors.AnswerFacts(500, 500052, "不通过", "t"))]
    world.upload_all()
    assert world.states() == {"a.png": "done", "b.png": "failed", "c.png": "done"}
    error = world.row("b.png").error
    assert error is not None
    assert (error.code, error.api_code, error.server_text) == ("content_refused", 500052, "不通过")
    assert world.service.sent.count("b.png") == 1


def test_a_lost_answer_is_sent_again_twice_and_flagged(world: World) -> None:
    world.stage(world.files("a.png"))
    lost = errors.ConnectionBrokenError(reason="no_answer", maybe_stored=True)
    world.service.answers["a.png"] = [lost, lost]
    world.upload_all()
    row = world.row("a.png")
    assert row.state is UploadState.DONE
    assert row.may_have_second_copy
    assert [attempt.outcome for attempt in row.attempts] == ["connection_broken", "connection_broken", "done"]
    assert len({attempt.trace_id for attempt in row.attempts}) == 3


def test_a_third_lost_answer_fails_the_row_and_retry_sends_it_again(world: World) -> None:
    world.stage(world.files("a.png"))
    lost = errors.ConnectionBrokenError(reason="reset", maybe_stored=True)
    world.service.answers["a.png"] = [lost, lost, lost]
    world.upload_all()
    assert world.states() == {"a.png": "failed"}
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.retry([world.row("a.png").key])
    assert world.states() == {"a.png": "done"}
    assert world.row("a.png").may_have_second_copy


def test_a_busy_answer_holds_the_whole_queue_and_it_goes_on_by_itself(world: World) -> None:
    world.stage(world.files("a.png", "b.png"))
    world.engine.preferences.update(uploads_at_once=1)
    world.service.answers["a.png"] = [errors.RateLimitedError(retry_after_s=0.05)]
    phases: list[tuple[Phase, Reason | None]] = []
    queue = world.engine.queue
    queue.state_changed.connect(lambda: phases.append((queue.phase, queue.reason)))
    world.upload_all()
    assert (Phase.HELD, Reason.BUSY) in phases
    assert set(world.states().values()) == {UploadState.DONE}


def test_five_busy_answers_in_a_row_pause_and_continue_goes_on(world: World) -> None:
    world.stage(world.files("a.png"))
    world.service.answers["a.png"] = [errors.RateLimitedError(retry_after_s=0.01) for _ in range(5)]
    world.engine.queue.start()
    world.wait(lambda: world.engine.queue.phase is Phase.PAUSED)
    assert world.engine.queue.reason is Reason.BUSY
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.resume()
    assert world.states() == {"a.png": "done"}


def test_six_busy_answers_at_once_are_one_setback_and_do_not_pause(world: World) -> None:
    names = [f"{number}.png" for number in range(6)]
    world.stage(world.files(*names))
    world.engine.preferences.update(uploads_at_once=6)
    for name in names:
        world.service.answers[name] = [errors.RateLimitedError(retry_after_s=0.05)]
    reasons: list[Phase] = []
    queue = world.engine.queue
    queue.state_changed.connect(lambda: reasons.append(queue.phase))
    world.upload_all()
    assert Phase.PAUSED not in reasons
    assert set(world.states().values()) == {UploadState.DONE}


def test_a_refused_key_that_is_tried_again_and_works_is_refused_no_longer(world: World) -> None:
    world.stage(world.files("a.png"))
    world.service.answers["a.png"] = [errors.AccountRefusedError(reason="key")]
    queue, account = world.engine.queue, world.engine.account
    queue.start()
    world.wait(lambda: queue.phase is Phase.PAUSED)
    assert isinstance(account.problem, errors.AccountRefusedError)
    with world.qtbot.waitSignal(queue.run_ended):
        queue.resume()
    assert account.problem is None
    assert world.states() == {"a.png": "done"}


def test_without_a_network_rows_wait_and_go_on_by_themselves(world: World) -> None:
    world.stage(world.files("a.png", "b.png", "c.png"))
    for name in ("a.png", "b.png", "c.png"):
        world.service.answers[name] = [errors.UnreachableError(reason="name")] * 2
    world.upload_all()
    assert set(world.states().values()) == {UploadState.DONE}


def test_a_refused_key_pauses_everything_and_loses_no_row(world: World) -> None:
    world.stage(world.files(*(f"{number}.png" for number in range(6))))
    refused = errors.AccountRefusedError(errors.AnswerFacts(200, 10005, "no", "t"), reason="key")
    for number in range(6):
        world.service.answers[f"{number}.png"] = [refused]
    world.engine.queue.start()
    world.wait(lambda: world.engine.queue.phase is Phase.PAUSED and not len(world.engine.flights))
    assert world.engine.queue.reason is Reason.ACCOUNT
    assert set(world.states().values()) == {UploadState.WAITING}
    assert len(world.service.sent) <= 3
    world.service.answers.clear()
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.account.submit(KEY, lambda _: None)
    assert set(world.states().values()) == {UploadState.DONE}


def test_upload_without_a_key_waits_for_one(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, key=None) as world:
        world.stage(world.files("a.png"))
        world.engine.queue.start()
        assert (world.engine.queue.phase, world.engine.queue.reason) == (Phase.PAUSED, Reason.NO_KEY)
        with qtbot.waitSignal(world.engine.queue.run_ended):
            world.engine.account.submit(KEY, lambda _: None)
        assert world.states() == {"a.png": "done"}


def test_cancel_takes_a_row_back_and_the_others_finish(world: World) -> None:
    world.stage(world.files("a.png", "b.png"))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 2)
    world.engine.queue.cancel([world.row("a.png").key])
    world.wait(lambda: world.row("a.png").state is UploadState.READY)
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.service.release()
    assert world.states() == {"a.png": "ready", "b.png": "done"}
    assert world.row("a.png").attempts[-1].outcome == "cancelled"


def test_pause_finishes_what_is_in_flight_and_sends_nothing_new(world: World) -> None:
    world.stage(world.files(*(f"{number}.png" for number in range(6))))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 3)
    world.engine.queue.pause()
    assert world.engine.queue.phase is Phase.PAUSED
    world.service.release()
    world.wait(lambda: not len(world.engine.flights))
    assert len(world.service.sent) == 3
    assert world.engine.rows.counts().done == 3
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.engine.queue.resume()
    assert world.engine.rows.counts().done == 6


def test_stop_brings_every_open_row_back_to_ready(world: World) -> None:
    world.stage(world.files(*(f"{number}.png" for number in range(6))))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: len(world.service.sent) == 3)
    with world.qtbot.waitSignal(world.engine.queue.run_ended) as ended:
        world.engine.queue.stop()
    assert set(world.states().values()) == {UploadState.READY}
    assert ended.args[0].stopped
    assert ended.args[0].left == 6


def test_rows_still_being_checked_when_upload_is_pressed_follow(world: World) -> None:
    world.checker.gate.clear()
    world.engine.staging.stage(world.files("a.png", "b.png"))
    world.wait(lambda: len(world.engine.rows) == 2)
    world.engine.queue.start()
    with world.qtbot.waitSignal(world.engine.queue.run_ended):
        world.checker.gate.set()
    assert set(world.states().values()) == {UploadState.DONE}


def test_a_file_that_changed_is_checked_again_and_sent_with_a_note(world: World) -> None:
    sources = world.files("a.png")
    world.stage(sources)
    Path(sources[0].location).write_text("other bytes")
    world.upload_all()
    row = world.row("a.png")
    assert row.state is UploadState.DONE
    assert world.service.sent == ["other bytes"]
    assert "changed_since_added" in {issue.code for issue in row.issues}


def test_a_deleted_file_fails_alone(world: World) -> None:
    sources = world.files("a.png", "b.png")
    world.stage(sources)
    Path(sources[0].location).unlink()
    world.upload_all()
    assert world.states() == {"a.png": "failed", "b.png": "done"}


def test_the_same_picture_is_done_at_once_and_upload_again_can_send_it(world: World) -> None:
    world.stage(world.files("a.png"))
    world.upload_all()
    first_id = world.row("a.png").img_id
    world.engine.rows.remove([world.row("a.png").key])
    world.engine.staging.forget(range(100))
    world.stage(world.files("a.png"))
    row = world.row("a.png")
    assert (row.state, row.img_id) == (UploadState.DONE, first_id)
    assert row.reused_from is not None
    assert world.service.sent == ["a.png"]


def test_a_picture_of_another_account_is_not_taken_for_uploaded(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files("a.png"))
        world.upload_all()
        world.service.balance_answers = [Balance("99", 1)]
        world.engine.account.submit(KEY, lambda _: None)
        world.wait(lambda: world.engine.account.identity == "app-api.pixverse.ai/99")
        world.engine.staging.forget([world.row("a.png").key])
        world.stage(world.files("a.png"))
        assert [row.state for row in world.engine.rows.uploads()] == [UploadState.DONE, UploadState.READY]


def test_rows_that_a_killed_program_left_are_offered_and_flagged(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files(*(f"{number}.png" for number in range(5))))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: len(world.service.sent) == 3)
        world.wait(lambda: world.engine.writer.is_idle)
        copy = tmp_path / "after-the-kill"
        (copy / "data").mkdir(parents=True)
        for file in (tmp_path / "data").glob("journal.sqlite*"):
            (copy / "data" / file.name).write_bytes(file.read_bytes())
    with open_world(copy, qtbot) as again:
        assert set(again.states().values()) == {UploadState.WAITING}
        assert (again.engine.queue.phase, again.engine.queue.reason) == (Phase.PAUSED, Reason.RESTORED)
        assert sum(row.may_have_second_copy for row in again.engine.rows.uploads()) == 3
        assert again.service.sent == []
        with qtbot.waitSignal(again.engine.queue.run_ended):
            again.engine.queue.resume()
        assert set(again.states().values()) == {UploadState.DONE}


def test_closing_in_the_middle_leaves_the_open_rows_for_the_next_start(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        world.stage(world.files(*(f"{number}.png" for number in range(5))))
        world.service.hold()
        world.engine.queue.start()
        world.wait(lambda: len(world.service.sent) == 3)
    with open_world(tmp_path, qtbot) as again:
        assert set(again.states().values()) == {UploadState.WAITING}


def abandoned(world: World) -> Upload:
    """A row that was taken back while its worker sits in a call that nobody can end."""
    world.stage(world.files("a.png"))
    world.service.hold()
    world.engine.queue.start()
    world.wait(lambda: bool(world.service.sent))
    row = world.row("a.png")
    flight = world.engine.flights.flight(row.key)
    assert flight is not None
    flight.control.raise_if_cancelled = lambda: None  # type: ignore[method-assign]  # a worker nobody can reach
    world.engine.queue.cancel([row.key])
    world.wait(lambda: world.row("a.png").state is UploadState.READY)
    return world.row("a.png")


def test_an_abandoned_attempt_that_answers_late_still_gives_its_id(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, limits=replace(QUICK, cancel_grace_s=0.0)) as world:
        abandoned(world)
        with qtbot.waitSignal(world.engine.flights.arrived_late) as told:
            world.service.release()
        assert world.row("a.png").state is UploadState.DONE
        assert world.row("a.png").img_id == world.service.ids["a.png"]
        assert told.args == [world.row("a.png")]


def test_a_late_id_reaches_a_row_that_is_in_line_again_which_is_then_not_sent(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot, limits=replace(QUICK, cancel_grace_s=0.0)) as world:
        abandoned(world)
        world.stage(world.files("b.png"))
        world.engine.queue.start([world.row("b.png").key])
        world.engine.queue.pause()
        world.engine.queue.start([world.row("a.png").key])
        assert world.row("a.png").state is UploadState.WAITING
        with qtbot.waitSignal(world.engine.flights.arrived_late):
            world.service.release()
        assert world.row("a.png").img_id == world.service.ids["a.png"]
        with qtbot.waitSignal(world.engine.queue.run_ended):
            world.engine.queue.resume()
        assert world.service.sent.count("a.png") == 1
        assert {row.img_id for row in world.on_disk().values()} == set(world.service.ids.values())

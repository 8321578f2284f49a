"""Sources on their way into the list: two passes, twins, ids we have already, and rows that leave in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pixverse_gui.core.models import (
    Balance,
    Glance,
    ImageFacts,
    ImageFormat,
    Inspection,
    Issue,
    IssueCode,
    Severity,
    Source,
    SourceKind,
    UploadState,
)
from pixverse_gui.core.read_watch import ReadWatch
from pixverse_gui.core.secret import Secret
from pixverse_gui.ui.removing import Removing
from tests.helpers.broken_disk import broken_disk
from tests.helpers.engines import KEY, World, open_world
from tests.helpers.fake_service import FakeChecker
from tests.helpers.log_guard import LogGuard

OTHER_KEY = Secret("sk-fedcba9876543210fedcba9876543210")


@pytest.fixture
def world(tmp_path: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(tmp_path, qtbot) as made:
        yield made


class OrderedChecker(FakeChecker):
    """Lets the inspection of a file end only when its name is called."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, threading.Event] = {}

    def expect(self, *labels: str) -> None:
        self.calls.update({label: threading.Event() for label in labels})

    def call(self, label: str) -> None:
        self.calls[label].set()

    def inspect(self, source: Source, watch: ReadWatch) -> Inspection:
        if source.label in self.calls:
            self.calls[source.label].wait(10)
        return super().inspect(source, watch)


class HeaderChecker(FakeChecker):
    """Knows a file's sides from its header."""

    def read_headers(self, sources: Sequence[Source], watch: ReadWatch, *, glance: bool) -> list[Inspection]:
        return [Inspection(ImageFacts(7, ImageFormat.WEBP, 640, 480)) for _ in sources]


class BrokenChecker(FakeChecker):
    """Has a bug."""

    def read_headers(self, sources: Sequence[Source], watch: ReadWatch, *, glance: bool) -> list[Inspection]:
        raise ZeroDivisionError

    def inspect(self, source: Source, watch: ReadWatch) -> Inspection:
        raise ZeroDivisionError


@contextmanager
def checked_by(checker: FakeChecker, folder: Path, qtbot: QtBot) -> Iterator[World]:
    with open_world(folder, qtbot) as world:
        world.checker = checker
        world.engine.staging._inspecting = checker
        yield world


@contextmanager
def busy_journal(world: World) -> Iterator[None]:
    """The journal worker is held up inside."""
    gate = threading.Event()
    world.engine.writer.run(lambda _: gate.wait(10), done=lambda _: None, failed=lambda error: pytest.fail(repr(error)))
    try:
        yield
    finally:
        gate.set()


def codes(world: World, label: str) -> list[IssueCode]:
    return [issue.code for issue in world.row(label).issues]


def twins(world: World) -> list[Source]:
    """Two names, one picture."""
    sources = world.files("first.png", "second.png")
    for source in sources:
        Path(source.location).write_text("the same")
    return sources


# Two passes.


def test_rows_appear_as_one_batch_in_the_order_given(world: World) -> None:
    with world.qtbot.waitSignal(world.engine.staging.staged) as staged:
        world.engine.staging.stage(world.files("b.png", "a.png", "c.png"))
    assert [row.source.label for row in staged.args[0]] == ["b.png", "a.png", "c.png"]
    assert [row.source.label for row in world.engine.rows.uploads()] == ["b.png", "a.png", "c.png"]
    assert len({row.batch for row in staged.args[0]}) == 1


def test_facts_are_there_after_the_first_pass_while_the_row_is_still_checked(tmp_path: Path, qtbot: QtBot) -> None:
    with checked_by(HeaderChecker(), tmp_path, qtbot) as world:
        world.checker.gate.clear()
        world.engine.staging.stage(world.files("a.png", "b.png", "c.png"))
        world.wait(lambda: len(world.engine.rows) == 3)
        # Two inspections hold both workers; their headers were read before.
        world.wait(lambda: all(row.facts is not None for row in world.engine.rows.uploads()))
        assert {row.facts.width for row in world.engine.rows.uploads() if row.facts} == {640}
        assert set(world.states().values()) == {UploadState.CHECKING}
        world.checker.gate.set()
        world.wait(lambda: world.engine.rows.counts().ready == 3)
        assert {row.facts.width for row in world.engine.rows.uploads() if row.facts} == {8}


def test_a_blocker_keeps_its_row_back_and_a_warning_does_not(world: World) -> None:
    cut_off = Issue(Severity.BLOCKER, IssueCode.CUT_OFF)
    animated = Issue(Severity.WARNING, IssueCode.ANIMATED)
    world.checker.found = {"bad.png": Inspection(None, (cut_off,)), "gif.png": Inspection(None, (animated,))}
    world.stage(world.files("bad.png", "gif.png", "good.png"))
    assert world.states() == {"bad.png": "blocked", "gif.png": "ready", "good.png": "ready"}
    counts = world.engine.rows.counts()
    assert (counts.ready, counts.blocked, counts.attention) == (2, 1, 2)


def test_progress_counts_down_and_ends_at_nothing(world: World) -> None:
    told: list[tuple[int, int]] = []
    world.engine.staging.progressed.connect(lambda remaining, of_all: told.append((remaining, of_all)))
    world.stage(world.files(*(f"{number}.png" for number in range(5))))
    assert (5, 5) in told
    assert told[-1] == (0, 0)
    assert all(remaining <= of_all for remaining, of_all in told)


def test_a_bug_in_the_checks_blocks_its_rows_and_is_logged(tmp_path: Path, qtbot: QtBot, log_guard: LogGuard) -> None:
    log_guard.expect("A background task failed unexpectedly")
    with checked_by(BrokenChecker(), tmp_path, qtbot) as world:
        world.stage(world.files("a.png", "b.png", "c.png"))
        assert set(world.states().values()) == {UploadState.BLOCKED}
        assert codes(world, "a.png") == [IssueCode.UNREADABLE]


def test_what_is_on_screen_is_inspected_first(tmp_path: Path, qtbot: QtBot) -> None:
    checker = OrderedChecker()
    checker.expect("0.png", "1.png")  # one worker is let go, the other stays where it is
    with checked_by(checker, tmp_path, qtbot) as world:
        world.engine.staging.stage(world.files(*(f"{number}.png" for number in range(20))))
        world.wait(lambda: len(world.engine.rows) == 20)
        world.engine.staging.put_first([world.row(label).key for label in ("17.png", "18.png")])
        checker.call("0.png")
        world.wait(lambda: world.engine.rows.counts().ready == 19)
        checker.call("1.png")
        assert checker.inspected[:4] == ["0.png", "17.png", "18.png", "2.png"]


def test_nothing_is_staged_that_is_not_on_disk(world: World) -> None:
    with broken_disk(world), world.qtbot.waitSignal(world.engine.staging.not_staged):
        world.engine.staging.stage(world.files("a.png"))
    assert len(world.engine.rows) == 0


def test_no_sources_are_no_batch(world: World) -> None:
    batches: list[int] = []
    world.engine.staging.staged.connect(lambda rows: batches.append(len(rows)))
    world.engine.staging.stage([])
    world.stage(world.files("a.png"))
    assert batches == [1]


# Twins.


@pytest.mark.parametrize("order", [("first.png", "second.png"), ("second.png", "first.png")])
def test_of_the_same_picture_twice_the_lower_row_says_so(tmp_path: Path, qtbot: QtBot, order: tuple[str, str]) -> None:
    checker = OrderedChecker()
    checker.expect("first.png", "second.png")
    with checked_by(checker, tmp_path, qtbot) as world:
        world.engine.staging.stage(twins(world))
        world.wait(lambda: len(world.engine.rows) == 2)
        for label in order:
            checker.call(label)
            world.wait(lambda label=label: world.row(label).state is UploadState.READY)  # type: ignore[misc]
        assert codes(world, "first.png") == []
        assert codes(world, "second.png") == [IssueCode.SAME_PICTURE]
        assert world.row("second.png").issues[0].params == {"other": "first.png"}


def test_three_of_a_kind_have_one_that_says_nothing(world: World) -> None:
    sources = world.files("1.png", "2.png", "3.png")
    for source in sources:
        Path(source.location).write_text("the same")
    world.stage(sources)
    assert codes(world, "1.png") == []
    assert IssueCode.SAME_PICTURE in codes(world, "2.png")
    assert IssueCode.SAME_PICTURE in codes(world, "3.png")


def test_a_twin_that_left_the_list_is_no_twin(world: World) -> None:
    first, second = twins(world)
    world.stage([first])
    gone = world.engine.rows.remove([world.row("first.png").key])
    world.engine.staging.forget(row.key for row in gone)
    world.stage([second])
    assert codes(world, "second.png") == []


def test_the_other_twin_of_one_that_was_removed_needs_no_attention_any_more(world: World) -> None:
    world.stage(twins(world))
    assert codes(world, "second.png") == [IssueCode.SAME_PICTURE]
    gone = world.engine.rows.remove([world.row("first.png").key])
    world.engine.staging.forget(row.key for row in gone)
    assert codes(world, "second.png") == []
    world.engine.rows.insert(gone)
    world.engine.staging.take_up(gone)
    assert codes(world, "first.png") == []
    assert codes(world, "second.png") == [IssueCode.SAME_PICTURE]


def test_of_three_twins_the_second_takes_the_place_of_the_first(world: World) -> None:
    sources = world.files("1.png", "2.png", "3.png")
    for source in sources:
        Path(source.location).write_text("the same")
    world.stage(sources)
    gone = world.engine.rows.remove([world.row("1.png").key])
    world.engine.staging.forget(row.key for row in gone)
    assert codes(world, "2.png") == []
    assert world.row("3.png").issues[0].params == {"other": "2.png"}


def test_a_row_whose_file_became_another_one_is_no_twin_any_more(world: World) -> None:
    first, second = twins(world)
    world.stage([first, second])
    Path(first.location).write_text("another picture")
    world.engine.staging.check_changed(world.row("first.png").key)
    world.wait(lambda: world.row("first.png").state is UploadState.READY)
    assert codes(world, "first.png") == [IssueCode.CHANGED_SINCE_ADDED]
    assert codes(world, "second.png") == []
    (third,) = world.files("third.png")
    Path(third.location).write_bytes(Path(second.location).read_bytes())
    world.stage([third])
    assert world.row("third.png").issues[0].params == {"other": "second.png"}


def test_a_row_of_last_time_is_a_twin_too(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        first, second = twins(world)
        world.stage([first])
        world.wait(lambda: world.engine.writer.is_idle)
    with open_world(tmp_path, qtbot) as again:
        again.stage([second])
        assert codes(again, "second.png") == [IssueCode.SAME_PICTURE]


# Ids we have already.


def upload_once(world: World, label: str) -> str:
    """Upload a picture, and take its row out of the list again."""
    world.stage(world.files(label))
    world.upload_all()
    row = world.row(label)
    world.engine.rows.remove([row.key])
    world.engine.staging.forget([row.key])
    assert row.img_id is not None
    return row.img_id


def test_a_row_that_takes_over_an_id_keeps_what_is_known_of_the_earlier_upload(world: World) -> None:
    first_id = upload_once(world, "a.png")
    world.stage(world.files("a.png"))
    row = world.row("a.png")
    assert (row.state, row.img_id, row.account) == (UploadState.DONE, first_id, "app-api.pixverse.ai/4711")
    assert row.reused_at is not None
    assert row.reused_at == row.finished_at
    assert world.engine.rows.counts().reused == 1
    # The id stands in the journal once: the History must not show it twice.
    assert [one.img_id for one in world.on_disk().values()] == [first_id]


def test_with_reuse_switched_off_the_picture_is_ready_again(world: World) -> None:
    upload_once(world, "a.png")
    world.engine.preferences.update(reuse_ids=False)
    world.stage(world.files("a.png"))
    assert world.row("a.png").state is UploadState.READY


def test_switching_reuse_on_finds_the_id_of_a_row_that_is_ready(world: World) -> None:
    first_id = upload_once(world, "a.png")
    world.engine.preferences.update(reuse_ids=False)
    world.stage(world.files("a.png", "b.png"))
    world.engine.preferences.update(reuse_ids=True)
    world.wait(lambda: world.row("a.png").state is UploadState.DONE)
    assert world.row("a.png").img_id == first_id
    assert world.row("b.png").state is UploadState.READY


def test_rows_checked_before_the_account_was_known_find_their_ids_later(tmp_path: Path, qtbot: QtBot) -> None:
    with open_world(tmp_path, qtbot) as world:
        first_id = upload_once(world, "a.png")
        world.wait(lambda: world.engine.writer.is_idle)
    with open_world(tmp_path, qtbot, key=None) as again:
        again.stage(again.files("a.png"))
        assert again.row("a.png").state is UploadState.READY
        again.engine.account.submit(KEY, lambda _: None)
        again.wait(lambda: again.row("a.png").state is UploadState.DONE)
        assert again.row("a.png").img_id == first_id


def test_an_account_that_changes_during_the_search_never_gets_the_ids_of_another(world: World) -> None:
    upload_once(world, "a.png")
    world.service.balance_answers = [Balance("99", 1)]
    world.checker.gate.clear()
    world.engine.staging.stage(world.files("a.png"))
    world.wait(lambda: len(world.engine.rows) == 1)
    with busy_journal(world):
        world.checker.gate.set()
        world.wait(lambda: world.engine.staging._is_settling)
        world.engine.account.submit(OTHER_KEY, lambda _: None)
        world.wait(lambda: world.engine.account.identity == "app-api.pixverse.ai/99")
    world.wait(lambda: world.row("a.png").state is not UploadState.CHECKING)
    assert world.row("a.png").state is UploadState.READY
    assert world.row("a.png").img_id is None


def test_an_account_that_is_known_during_the_search_is_searched_for(world: World) -> None:
    first_id = upload_once(world, "a.png")
    world.service.balance_answers = [Balance("99", 1), Balance("4711", 1)]
    world.engine.account.submit(OTHER_KEY, lambda _: None)
    world.wait(lambda: world.engine.account.identity == "app-api.pixverse.ai/99")
    world.checker.gate.clear()
    world.engine.staging.stage(world.files("a.png"))
    world.wait(lambda: len(world.engine.rows) == 1)
    with busy_journal(world):
        world.checker.gate.set()
        world.wait(lambda: world.engine.staging._is_settling)
        world.engine.account.submit(KEY, lambda _: None)
        world.wait(lambda: world.engine.account.identity == "app-api.pixverse.ai/4711")
    world.wait(lambda: world.row("a.png").state is UploadState.DONE)
    assert world.row("a.png").img_id == first_id


def test_a_link_takes_over_nothing_where_its_bytes_are_not_known(world: World) -> None:
    link = Source(SourceKind.LINK, "https://example.com/a.png", "example.com/a.png")
    world.stage([link])
    world.upload_all()
    world.engine.rows.remove([world.row(link.label).key])
    world.stage([link])
    assert world.row(link.label).state is UploadState.READY


# Rows that leave in between.


def test_a_row_that_was_removed_while_it_was_checked_stays_away(world: World) -> None:
    world.checker.gate.clear()
    world.engine.staging.stage(world.files("a.png", "b.png", "c.png"))
    world.wait(lambda: len(world.engine.rows) == 3)
    keys = [world.row(label).key for label in ("a.png", "c.png")]  # one is being inspected, one waits for its turn
    world.engine.rows.remove(keys)
    world.engine.staging.forget(keys)
    world.checker.gate.set()
    world.wait(lambda: not world.engine.staging.remaining)
    world.wait(lambda: world.states() == {"b.png": "ready"})
    assert "c.png" not in world.checker.inspected


def test_undo_brings_rows_back_to_their_place_and_they_are_checked(world: World) -> None:
    said: list[str] = []
    undos: list[object] = []
    engine = world.engine
    removing = Removing(
        engine.rows,
        engine.staging,
        engine.queue,
        engine.writer,
        say=lambda text, undo: (said.append(text), undos.append(undo))[0],  # type: ignore[func-returns-value]
    )
    world.checker.gate.clear()
    engine.staging.stage(world.files("a.png", "b.png", "c.png", "d.png"))
    world.wait(lambda: len(engine.rows) == 4)
    removing.remove([world.row("b.png"), world.row("d.png")])
    assert list(world.states()) == ["a.png", "c.png"]
    undo = undos[0]
    assert callable(undo)
    undo()
    assert list(world.states()) == ["a.png", "b.png", "c.png", "d.png"]
    world.checker.gate.set()
    world.wait(lambda: set(world.states().values()) == {UploadState.READY})


def test_a_row_that_is_checked_again_keeps_its_note(world: World) -> None:
    world.stage(world.files("a.png"))
    key = world.row("a.png").key
    world.engine.staging.check_changed(key)
    assert world.row("a.png").state is UploadState.CHECKING
    world.wait(lambda: world.row("a.png").state is UploadState.READY)
    assert codes(world, "a.png") == [IssueCode.CHANGED_SINCE_ADDED]
    world.engine.staging.check_changed(key + 1000)
    assert not world.engine.staging.remaining


SMALL = Glance(b"small", 1)


class GlancingChecker(HeaderChecker):
    """Finds a small picture in every file that it is to glance at."""

    def read_headers(self, sources: Sequence[Source], watch: ReadWatch, *, glance: bool) -> list[Inspection]:
        headers = super().read_headers(sources, watch, glance=glance)
        return [replace(found, glance=SMALL if glance else None) for found in headers]


def test_the_first_ones_of_a_drop_bring_their_small_pictures_before_any_is_read(tmp_path: Path, qtbot: QtBot) -> None:
    with checked_by(GlancingChecker(), tmp_path, qtbot) as world:
        glanced: dict[int, Glance] = {}
        world.engine.staging.glanced.connect(glanced.update)
        world.checker.gate.clear()
        world.engine.staging.stage(world.files(*(f"{number:02}.png" for number in range(40))))
        world.wait(lambda: len(glanced) == 32)
        first = [row.key for row in world.engine.rows.uploads()[:32]]
        assert (sorted(glanced), set(glanced.values())) == (sorted(first), {SMALL})
        assert set(world.states().values()) == {UploadState.CHECKING}
        world.checker.gate.set()
        world.wait(lambda: world.engine.rows.counts().ready == 40)
        assert len(glanced) == 32

"""An Engine over a folder of its own: real journal, real threads, and whatever the test puts at its doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import KeySource
from pixverse_gui.background.doors import Doors
from pixverse_gui.background.engine import Engine, Given
from pixverse_gui.background.tasks import POOL_SIZES, Tasks
from pixverse_gui.core.data_folder import DataFolder
from pixverse_gui.core.drives import drive_of
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source, SourceKind, Upload, UploadState
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.sleep_watch import running_clock
from tests.helpers.fake_service import FakeChecker, FakeClient, FakeKeyStore, FakeService

QUICK = replace(
    Limits(),
    resend_delays_s=(0.01, 0.01),
    unreachable_delays_s=(0.05, 0.05),
    retry_after_default_s=0.05,
    retry_after_min_s=0.01,
    save_retry_s=0.02,
    cancel_grace_s=0.1,
    keyring_timeout_s=30.0,
    quit_timeout_s=5.0,
    folder_patience_s=0.0,
)
KEY = Secret("sk-0123456789abcdef0123456789abcdef")


def has_held_up_workers(tasks: Tasks) -> bool:
    """Whether a worker that was left behind still sits in its call.

    Wait for this, never with waitSignal for the end of a job: more than one may end, and the second news would reach
    a waiter that is gone.
    """
    return any(pool.maxThreadCount() > POOL_SIZES[which] for which, pool in tasks._pools.items())


class World:
    """One engine with its doors, and a few things that every test does."""

    def __init__(
        self,
        folder: Path,
        qtbot: QtBot,
        limits: Limits,
        *,
        key: Secret | None,
        running: Callable[[], float] = running_clock,
        drives: Callable[[str], str | None] = drive_of,
    ) -> None:
        self.service, self.store, self.checker = FakeService(), FakeKeyStore(), FakeChecker()
        self.qtbot, self.folder = qtbot, folder
        self.tasks = Tasks()
        self.given = Given(
            folder=DataFolder(folder / "data"),
            doors=Doors(key_store=lambda _: self.store, client=lambda url, used: FakeClient(self.service, url, used)),
            checker=lambda _preferences, _api_url: self.checker,
            limits=limits,
            fixed_key=(key, KeySource.SESSION) if key is not None else None,
            running=running,
            drive_of=drives,
        )
        self.engine = Engine(self.given, self.tasks)

    def open(self) -> None:
        with self.qtbot.waitSignal(self.engine.settings_ready):
            self.engine.start()
        with self.qtbot.waitSignal(self.engine.journal_ready):
            self.engine.open_journal()
        self.qtbot.waitUntil(lambda: not self.engine.account.is_busy)

    def files(self, *names: str) -> list[Source]:
        """Files whose content is their name."""
        folder = self.folder / "pictures"
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / name).write_text(name)
        return [Source(SourceKind.FILE, str(folder / name), name) for name in names]

    def stage(self, sources: Sequence[Source]) -> None:
        """Into the list, and through inspection."""
        wanted = len(self.engine.rows) + len(sources)
        self.engine.staging.stage(sources)
        self.wait(lambda: len(self.engine.rows) == wanted and not self.engine.staging.remaining)
        self.wait(lambda: not self.engine.rows.counts().checking)

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition)

    def upload_all(self) -> None:
        with self.qtbot.waitSignal(self.engine.queue.run_ended):
            self.engine.queue.start()

    def has_held_up_workers(self) -> bool:
        """Whether a worker that was left behind still sits in its call."""
        return has_held_up_workers(self.tasks)

    def states(self) -> dict[str, UploadState]:
        return {row.source.label: row.state for row in self.engine.rows.uploads()}

    def row(self, label: str) -> Upload:
        return next(row for row in self.engine.rows.uploads() if row.source.label == label)

    def on_disk(self) -> dict[str, Upload]:
        """What the journal has, read by a journal of its own after everything was written."""
        self.wait(lambda: self.engine.writer.is_idle)
        found: list[list[Upload]] = []

        def read(journal: Journal) -> list[Upload]:
            with closing(journal.history_reader()) as reader:
                return list(reader.page(limit=1_000).uploads)

        self.engine.writer.run(
            read,
            done=found.append,
            failed=lambda error: found.append([]),
        )
        self.wait(lambda: bool(found))
        return {row.source.label: row for row in found[0]}


@contextmanager
def open_world(
    folder: Path,
    qtbot: QtBot,
    *,
    limits: Limits = QUICK,
    key: Secret | None = KEY,
    opened: bool = True,
    running: Callable[[], float] = running_clock,
    drives: Callable[[str], str | None] = drive_of,
) -> Iterator[World]:
    """A world that is shut down at the end, whatever happened in it."""
    world = World(folder, qtbot, limits, key=key, running=running, drives=drives)
    if opened:
        world.open()
    try:
        yield world
    finally:
        world.checker.gate.set()
        with qtbot.waitSignal(world.engine.stopped):
            world.engine.shut_down()
        world.service.release()
        assert world.tasks.close(30)
        world.engine.deleteLater()
        world.tasks.deleteLater()

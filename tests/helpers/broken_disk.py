"""A journal that cannot be written for a while: SQLite itself refuses, as on a disk that turned read-only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pixverse_gui.core.journal import Journal
from tests.helpers.engines import World


@contextmanager
def broken_disk(world: World) -> Iterator[None]:
    """Inside, every commit fails with SQLite's own error for a read-only database; reading goes on."""
    break_disk(world)
    try:
        yield
    finally:
        _refuse_writes(world, refuse=False)


def break_disk(world: World) -> None:
    """The same, for the rest of the test."""
    _refuse_writes(world, refuse=True)


def _refuse_writes(world: World, *, refuse: bool) -> None:
    def switch(journal: Journal) -> None:
        with journal._database.reading() as connection:
            connection.execute(f"PRAGMA query_only = {int(refuse)}")

    ended: list[object] = []
    world.engine.writer.run(switch, done=ended.append, failed=ended.append)
    world.wait(lambda: bool(ended))
    assert ended == [None]

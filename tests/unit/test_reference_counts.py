"""A Qt binding that loses references to None, True and False aborts the program after some thousand signals."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Signal

ROUNDS = 100
TOLERANCE = ROUNDS // 4
"""Far below what one loss a round would be."""

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 12), reason="None, True and False are immortal from 3.12 on")


class Emitter(QObject):
    told = Signal(bool)
    handed = Signal(object)


class EmptyRows(QAbstractListModel):
    def rowCount(self, parent: Any = None) -> int:
        return 1

    def data(self, index: Any, role: int = 0) -> Any:
        return None


def losses(work: Callable[[], None]) -> dict[str, int]:
    """What went missing every time: another thread of the process may let go of something once."""
    seen = [_losses_once(work) for _ in range(3)]
    least = {name: min(one[name] for one in seen) for name in seen[0]}
    return {name: count for name, count in least.items() if count > TOLERANCE}


def _losses_once(work: Callable[[], None]) -> dict[str, int]:
    gc.collect()
    gc.disable()  # what earlier tests left behind must not be tidied up meanwhile
    try:
        before = [sys.getrefcount(one) for one in (None, True, False)]
        for _ in range(ROUNDS):
            work()
        after = [sys.getrefcount(one) for one in (None, True, False)]
    finally:
        gc.enable()
    return {name: old - new for name, old, new in zip(("None", "True", "False"), before, after, strict=True)}


@pytest.mark.parametrize("value", [True, False, None])
def test_signals_lose_no_reference(value: bool | None) -> None:
    emitter = Emitter()
    seen: list[object] = []
    emitter.handed.connect(seen.append)
    emitter.told.connect(seen.append)
    assert losses(lambda: emitter.handed.emit(value)) == {}
    assert losses(lambda: emitter.told.emit(bool(value))) == {}
    assert len(seen) == 2 * 3 * ROUNDS


def test_models_lose_no_reference() -> None:
    rows = EmptyRows()
    index = rows.index(0)
    base = QAbstractListModel

    def change() -> None:
        rows.beginInsertRows(QModelIndex(), 0, 0)
        rows.endInsertRows()
        rows.dataChanged.emit(index, index, [0])
        assert base.itemData(rows, index) == {}  # C++ asks data() for every role

    assert losses(change) == {}

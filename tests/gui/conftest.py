"""What window tests share: patience for a busy machine, and a clipboard that is empty in the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

PATIENCE_MS = 40_000


class PatientQtBot(QtBot):
    """pytest-qt's own, whose five seconds are too few where other programs take the processor and the disk."""

    def waitSignal(self, signal: Any, **options: Any) -> Any:
        return super().waitSignal(signal, **{"timeout": PATIENCE_MS, **options})

    def waitSignals(self, signals: Any, **options: Any) -> Any:
        return super().waitSignals(signals, **{"timeout": PATIENCE_MS, **options})

    def waitUntil(self, callback: Any, **options: Any) -> None:
        super().waitUntil(callback, **{"timeout": PATIENCE_MS, **options})


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientQtBot(request)


@pytest.fixture(scope="session", autouse=True)
def clipboard_is_empty_in_the_end(qapp: QApplication) -> Iterator[None]:
    """What a test made in Python and left there would be freed by Qt after Python has ended: a crash at the exit."""
    yield
    qapp.clipboard().clear()

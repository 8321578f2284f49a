"""How long window tests wait for what must come: long enough for the busiest machine, as it ends with the event."""

from __future__ import annotations

from typing import Any

import pytest
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
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    return PatientQtBot(request)

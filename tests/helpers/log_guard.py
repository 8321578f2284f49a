"""A log line of WARNING or above that no test announced is a failure, so that noise never becomes a habit."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

_OF_THE_PLATFORM = "This plugin does not support "
"""What the offscreen platform says of itself when a window is shown, raised or has size hints."""


class LogGuard(logging.Handler):
    """Collects what is logged at WARNING and above while a test runs. `expect` announces a line before it comes."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._seen: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if _OF_THE_PLATFORM in record.getMessage():
            return
        self._seen.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def expect(self, pattern: str) -> None:
        """`pattern` is a regular expression searched for in `LEVEL logger: message`; it must come at least once."""
        self._expected.append(re.compile(pattern))

    def complaints(self) -> list[str]:
        surprising = [line for line in self._seen if not any(one.search(line) for one in self._expected)]
        absent = [one.pattern for one in self._expected if not any(one.search(line) for line in self._seen)]
        return [f"logged unannounced: {line}" for line in surprising] + [f"never logged: {one}" for one in absent]


@pytest.fixture(autouse=True)
def log_guard(request: pytest.FixtureRequest) -> Iterator[LogGuard]:
    """A test that asks for `caplog` judges its log lines itself."""
    guard = LogGuard()
    root = logging.getLogger()
    root.addHandler(guard)
    yield guard
    root.removeHandler(guard)
    complaints = guard.complaints()
    if complaints and "caplog" not in request.fixturenames:
        pytest.fail("\n".join(complaints), pytrace=False)

"""One page of a search that goes through the newer and the older half of the History at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pixverse_gui.core.history_reader import HistoryPage

Failed = Callable[[Exception], None]


class HalvedSearch:
    """GUI thread only. Exactly one of `done` and `failed` is called, once.

    Of the older half only keys are looked for, as making rows of them takes the interpreter away from the newer half,
    which often fills the page alone.
    """

    def __init__(
        self,
        read_older: Callable[[Sequence[int], Callable[[HistoryPage], None], Failed], None],
        done: Callable[[HistoryPage], None],
        failed: Failed,
    ) -> None:
        self._read_older, self._done, self._failed = read_older, done, failed
        self._newer: HistoryPage | None = None
        self._older_keys: Sequence[int] | None = None
        self._older_error: Exception | None = None
        self._waiting: list[Callable[[], None]] = []
        self._has_ended = False

    @property
    def has_ended(self) -> bool:
        return self._has_ended

    def afterwards(self, do: Callable[[], None]) -> None:
        """Once the page is here, or has failed."""
        self._waiting.append(do)

    def take_newer(self, page: HistoryPage) -> None:
        """What the newer half has."""
        self._newer = page
        self._join()

    def take_older_keys(self, keys: Sequence[int]) -> None:
        """What the older half has."""
        self._older_keys = keys
        self._join()

    def fail(self, error: Exception) -> None:
        """There is no answer without what could not be read."""
        self._end(lambda: self._failed(error))

    def fail_older(self, error: Exception) -> None:
        """The older half could not be read, which the newer one may make up for."""
        self._older_error = error
        self._join()

    def _join(self) -> None:
        newer, keys, error = self._newer, self._older_keys, self._older_error
        if self._has_ended or newer is None:
            return
        if newer.next is not None or (keys is not None and not keys):
            self._end(lambda: self._done(newer))
        elif keys:
            self._read_older(keys, lambda older: self._take_both(newer, older), self.fail)
        elif error is not None:
            self.fail(error)

    def _take_both(self, newer: HistoryPage, older: HistoryPage) -> None:
        self._end(lambda: self._done(HistoryPage(newer.uploads + older.uploads, older.next)))

    def _end(self, tell: Callable[[], None]) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        tell()
        waiting, self._waiting = self._waiting, []
        for do in waiting:
            do()

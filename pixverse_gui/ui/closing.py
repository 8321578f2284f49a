"""Closing the window while uploads are running: asked in the window, never by surprise."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from pixverse_gui.background.engine import Engine
from pixverse_gui.background.queue_state import Phase
from pixverse_gui.ui.notice_board import NoticeBoard
from pixverse_gui.ui.upload_desk import UploadDesk


class Closing(QObject):
    """`decided`: the program may shut down now."""

    decided = Signal()

    def __init__(self, engine: Engine, desk: UploadDesk, keep_place: Callable[[], None]) -> None:
        super().__init__(desk)
        self._engine, self._desk, self._keep_place = engine, desk, keep_place
        self.board: NoticeBoard | None = None
        # A paused queue with rows left says nothing when its last upload ends; the uploads themselves do.
        for signal in (engine.queue.run_ended, engine.flights.arrived, engine.flights.broke_off):
            signal.connect(lambda *_: self._close_if_waiting())
        engine.queue.state_changed.connect(self._close_if_waiting)

    def ask(self) -> None:
        """The operator pressed the cross."""
        if self._engine.queue.phase is Phase.RUNNING or len(self._engine.flights) or self._engine.ids_in_memory:
            self._set_asking(True)
        else:
            self.close_now()

    def finish_first(self) -> None:
        """Let what is in flight finish, then close; the rest waits for the next start."""
        self._set_asking(False)
        self._desk.is_closing = True
        self._engine.queue.finish_only(only=True)
        self._desk.refresh()
        self._close_if_waiting()

    def keep_open(self) -> None:
        """It was a slip, and so was a "Finish these, then close" before it."""
        self._set_asking(False)
        self._desk.is_closing = False
        self._engine.queue.finish_only(only=False)
        self._desk.refresh()

    def close_now(self) -> None:
        """End what is in flight; nothing that is finished is lost."""
        self._set_asking(False)
        self._keep_place()
        self.decided.emit()

    def _close_if_waiting(self) -> None:
        if self._desk.is_closing and not len(self._engine.flights):
            self._desk.is_closing = False
            self.close_now()

    def _set_asking(self, asks: bool) -> None:
        if self.board is not None:
            self.board.asks_to_close = asks
            self.board.refresh()

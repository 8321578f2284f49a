"""A drop of folders that also had other things in it: said in one line, shown as a list, and undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from pixverse_gui.background.engine import Engine
from pixverse_gui.core.intake import PathIntake
from pixverse_gui.core.models import Upload
from pixverse_gui.ui import messages
from pixverse_gui.ui.left_out_dialog import LeftOutDialog
from pixverse_gui.ui.messages_adding import SHOW_LIST, gathered_line
from pixverse_gui.ui.notice_board import NoticeBoard
from pixverse_gui.ui.notices import NoticeAction, NoticeButton
from pixverse_gui.ui.removing import Removing

_SHOW = NoticeButton(NoticeAction.SHOW_LIST, SHOW_LIST)
_UNDO = NoticeButton(NoticeAction.UNDO, messages.UNDO)
_OK = NoticeButton(NoticeAction.DISMISS, messages.DISMISS)


class LeftOutDesk(QObject):
    """GUI thread only. Undo takes out the rows of that drop, which can be undone in its turn."""

    def __init__(self, engine: Engine, removing: Removing, window: QWidget) -> None:
        super().__init__(window)
        self._engine, self._removing, self._window = engine, removing, window
        self.board: NoticeBoard | None = None
        self._awaited: list[tuple[PathIntake, str]] = []
        self._keys: list[int] = []
        self._left_out: tuple[str, ...] = ()
        engine.intake.gathered.connect(self._gathered)
        engine.staging.staged.connect(self._staged)

    def show_list(self) -> None:
        """Every name that was left out."""
        LeftOutDialog(self._left_out, self._window).open()

    def undo(self) -> None:
        """Take out what that drop had added."""
        rows = [row for row in map(self._engine.rows.get, self._keys) if row is not None]
        self._keys = []
        self._removing.remove(rows)
        if self.board is not None:
            self.board.note("")

    def _gathered(self, found: PathIntake) -> None:
        line = gathered_line(
            len(found.sources),
            left_out=len(found.left_out),
            unreadable=[Path(folder).name for folder in found.unreadable],
            empty=[Path(folder).name for folder in found.folders],
            is_cut_short=found.is_cut_short,
            is_stopped=found.is_stopped,
            silent=Path(found.silent).name or found.silent,
            is_late=found.is_late,
        )
        if line and found.sources:
            self._awaited.append((found, line))  # said when the rows are there, as only then they can be taken back
        elif line:
            self._say(found, line, [])

    def _staged(self, rows: Sequence[Upload]) -> None:
        sources = tuple(row.source for row in rows)
        for awaited in self._awaited:
            if awaited[0].sources == sources:
                self._awaited.remove(awaited)
                self._say(*awaited, [row.key for row in rows])
                return

    def _say(self, found: PathIntake, line: str, keys: list[int]) -> None:
        self._left_out, self._keys = found.left_out, keys
        buttons = [*([_SHOW] if found.left_out else []), *([_UNDO] if keys else []), _OK]
        if self.board is not None:
            self.board.note(line, *buttons)

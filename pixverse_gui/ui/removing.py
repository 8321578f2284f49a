"""Taking rows out of the working list, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from pixverse_gui.background.journal_writer import JournalWriter
from pixverse_gui.background.staging import Staging
from pixverse_gui.background.upload_queue import UploadQueue
from pixverse_gui.background.working_list import WorkingList
from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui import messages

Say = Callable[[str, Callable[[], None] | None], None]
_BUSY = {UploadState.WAITING, UploadState.UPLOADING}


class Removing(QObject):
    """`say` shows a sentence and, with a callable, an Undo button. Rows on their way are never taken out."""

    def __init__(
        self,
        rows: WorkingList,
        staging: Staging,
        queue: UploadQueue,
        writer: JournalWriter,
        *,
        say: Say,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows, self._staging, self._queue, self._writer, self._say = rows, staging, queue, writer, say

    def remove(self, uploads: Sequence[Upload]) -> None:
        """Take these rows out of the list."""
        self._take_out(uploads, messages.removed_line)

    def clear(self) -> None:
        """Take out everything that is not on its way; what is done stays in the History."""
        self._take_out(self._rows.uploads(), messages.cleared_line)

    def _take_out(self, uploads: Sequence[Upload], sentence: Callable[[int], str]) -> None:
        gone = self._rows.remove([row.key for row in uploads if row.state not in _BUSY])
        keys = [row.key for row in gone]
        if not keys:
            return
        self._staging.forget(keys)
        self._queue.forget(keys)
        self._writer.take_out(keys)
        self._say(sentence(len(keys)), lambda: self._bring_back(gone))

    def _bring_back(self, gone: Sequence[Upload]) -> None:
        """At once, but for rows to which an id may have come late: those come as the journal has them."""
        self._put_back([row for row in gone if not _may_have_an_id_by_now(row)])
        self._writer.bring_back([row.key for row in gone], partial(self._brought_back, gone))

    def _brought_back(self, gone: Sequence[Upload], saved: Sequence[Upload]) -> None:
        known = {row.key: row for row in saved}
        self._put_back([known.get(row.key, row) for row in gone if _may_have_an_id_by_now(row)])

    def _put_back(self, uploads: Sequence[Upload]) -> None:
        self._rows.insert(uploads)
        self._staging.take_up(uploads)


def _may_have_an_id_by_now(row: Upload) -> bool:
    return row.img_id is None and bool(row.attempts)

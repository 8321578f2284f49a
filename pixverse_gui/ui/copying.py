"""What Copy takes, in either tab: the selection, else every finished row that the list shows now, in its order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from pixverse_gui.background.preferences import Preferences
from pixverse_gui.background.working_list import ListCounts
from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.core.models import Upload
from pixverse_gui.ui.copy_bar import CopyBar, CopyScope
from pixverse_gui.ui.history_panel import HistoryPanel
from pixverse_gui.ui.upload_model import RowFilter
from pixverse_gui.ui.upload_panel import UploadPanel


class Copying(QObject):
    """Keeps the bar's scope right and fetches the rows when something is copied."""

    def __init__(
        self,
        bar: CopyBar,
        uploads: UploadPanel,
        history: HistoryPanel,
        *,
        counts: Callable[[], ListCounts],
        preferences: Preferences,
    ) -> None:
        super().__init__(bar)
        self._bar, self._uploads, self._history, self._preferences = bar, uploads, history, preferences
        self._counts = counts
        self._in_history = False
        bar.copy_requested.connect(self._copy)
        bar.format_changed.connect(self._keep_format)
        uploads.selection_changed.connect(self.show_scope)
        history.selection_changed.connect(self.show_scope)
        preferences.changed.connect(lambda _, now: bar.set_format(now.copy_format))

    def switch(self, *, to_history: bool) -> None:
        """The other tab is in front."""
        self._in_history = to_history
        self.show_scope()

    def copy_rows(self, uploads: Sequence[Upload]) -> None:
        """The Copy button of a row."""
        self._bar.copy_rows(uploads)

    def show_scope(self) -> None:
        """How much there is to copy; called with every refresh, so it must be cheap."""
        self._bar.set_scope(self._history.scope() if self._in_history else self._upload_scope())

    def _upload_scope(self) -> CopyScope:
        selected = self._uploads.selected()
        if not selected and self._uploads.filter.chosen is RowFilter.ALL:
            # Thousands of rows, twenty times a second: counted already.
            counts = self._counts()
            return CopyScope(with_id=counts.done, with_link=counts.with_link, total=counts.total)
        rows = selected or self._uploads.filter.uploads()
        return CopyScope(
            selected_count=len(selected),
            with_id=sum(row.img_id is not None for row in rows),
            with_link=sum(bool(row.img_url) for row in rows),
            total=len(rows),
        )

    def _copy(self) -> None:
        if self._in_history:
            self._history.fetch_scope(done=self._bar.copy_rows, failed=lambda _: self._bar.say_failed())
        else:
            self._bar.copy_rows(self._uploads.selected() or self._uploads.filter.uploads())

    def _keep_format(self, copy_format: CopyFormat) -> None:
        self._preferences.update(copy_format=copy_format)

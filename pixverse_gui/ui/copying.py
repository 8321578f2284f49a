"""What Copy takes, in either tab: the selection, else every finished row that the list shows now, in its order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from pixverse_gui.background.history_source import HistorySource
from pixverse_gui.background.preferences import Preferences
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
        upload_panel: UploadPanel,
        history_panel: HistoryPanel,
        *,
        history: HistorySource,
        preferences: Preferences,
    ) -> None:
        super().__init__(bar)
        self._bar, self._uploads, self._history_panel = bar, upload_panel, history_panel
        self._history, self._preferences = history, preferences
        self._in_history = False
        bar.copy_requested.connect(self._copy)
        bar.format_changed.connect(self._keep_format)
        upload_panel.selection_changed.connect(self.show_scope)
        history_panel.selection_changed.connect(self.show_scope)
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
        self._bar.set_scope(self._history_scope() if self._in_history else self._upload_scope())

    def _upload_scope(self) -> CopyScope:
        selected = self._uploads.list.selected_count()
        if selected:
            return _scope_of(self._uploads.selected(), selected)
        if self._uploads.filter.chosen is RowFilter.ALL:
            done, linked, total = self._uploads.finished_counts()
            return CopyScope(with_id=done, with_link=linked, total=total)
        return _scope_of(self._uploads.filter.uploads(), 0)

    def _history_scope(self) -> CopyScope:
        selected = self._history_panel.selected_count()
        if selected:
            return _scope_of(self._history_panel.selected_uploads(), selected)
        total = self._history_panel.total
        return CopyScope(with_id=total, with_link=total, total=total)

    def _copy(self) -> None:
        if not self._in_history:
            self._bar.copy_rows(self._uploads.selected() or self._uploads.filter.uploads())
        elif self._history_panel.selected_count():
            self._bar.copy_rows(self._history_panel.selected_uploads())
        else:
            self._history.everything(
                self._history_panel.search,
                lambda page: self._bar.copy_rows(page.uploads),
                lambda _: self._bar.say_failed(),
            )

    def _keep_format(self, copy_format: CopyFormat) -> None:
        self._preferences.update(copy_format=copy_format)


def _scope_of(uploads: Sequence[Upload], selected: int) -> CopyScope:
    return CopyScope(
        selected_count=selected,
        with_id=sum(row.img_id is not None for row in uploads),
        with_link=sum(bool(row.img_url) for row in uploads),
        total=len(uploads),
    )

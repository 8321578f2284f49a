"""Between the lists and the details at the right: opened by Space, they follow the selection and the row itself."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from pixverse_gui.background.engine import Engine
from pixverse_gui.core.models import Upload
from pixverse_gui.ui.main_view import MainView


class DetailsDesk(QObject):
    """GUI thread only; opens nothing by itself."""

    def __init__(self, view: MainView, engine: Engine) -> None:
        super().__init__(view)
        self._view, self._drawer = view, view.details
        self._drawer.closed.connect(self._close)
        self._drawer.copy_wanted.connect(view.copy_bar.copy_text)
        self._drawer.link_wanted.connect(view.open_page)
        view.upload_panel.selection_changed.connect(self.follow_selection)
        view.history_panel.selection_changed.connect(self.follow_selection)
        view.thumbnails.arrived.connect(lambda _: self._show_again())
        engine.rows.changed.connect(self._follow_row)
        engine.rows.removed.connect(self._let_go)
        view.history_panel.removal_requested.connect(self._let_go)

    def toggle(self, upload: Upload) -> None:
        """Show this row, or put the details away if they show it already."""
        shown = self._drawer.upload
        self._view.show_details(None if shown is not None and shown.key == upload.key else upload)

    def follow_selection(self) -> None:
        """Another row was chosen while the details are open."""
        current = self._current()
        if self._drawer.upload is not None and current is not None:
            self._view.show_details(current)

    def follow_tab(self) -> None:
        """The other list came to the front: details of a row that it does not have selected would mislead."""
        if self._drawer.upload is not None:
            self._view.show_details(self._current())

    def _let_go(self, keys: Container[int]) -> None:
        shown = self._drawer.upload
        if shown is not None and shown.key in keys:
            self._close()

    def _current(self) -> Upload | None:
        view = self._view
        rows = view.history_panel.list.selected_uploads() if view.on_history() else view.upload_panel.selected()
        return rows[0] if len(rows) == 1 else None

    def _follow_row(self, row: Upload) -> None:
        shown = self._drawer.upload
        if shown is not None and shown.key == row.key:
            self._view.show_details(row)

    def _show_again(self) -> None:
        if self._drawer.upload is not None:
            self._view.show_details(self._drawer.upload)

    def _close(self) -> None:
        view = self._view
        focused = QApplication.focusWidget()
        view.show_details(None)
        if focused is not None and self._drawer.isAncestorOf(focused):
            (view.history_panel if view.on_history() else view.upload_panel).list.setFocus()

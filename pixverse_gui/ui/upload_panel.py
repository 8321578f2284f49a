"""The Upload tab: chips, the working list or the empty state, buttons for the selection, the line of progress."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pixverse_gui.background.working_list import ListCounts
from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui import messages
from pixverse_gui.ui.action_strip import ActionStrip
from pixverse_gui.ui.attention import attention_summary
from pixverse_gui.ui.elided_label import ElidedLabel
from pixverse_gui.ui.empty_state import EmptyState
from pixverse_gui.ui.filter_chips import FilterChips
from pixverse_gui.ui.progress_line import ProgressLine
from pixverse_gui.ui.roles import UPLOAD
from pixverse_gui.ui.row_actions import RowAction, RowActions
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.upload_list import UploadList
from pixverse_gui.ui.upload_model import RowFilter, UploadFilter, UploadModel

_ACTIONS = (
    RowAction.CANCEL,
    RowAction.RETRY,
    RowAction.CHECK_AGAIN,
    RowAction.COPY,
    RowAction.UPLOAD_AGAIN,
    RowAction.OPEN_LINK,
    RowAction.DETAILS,
    RowAction.REMOVE,
)
_ON_THE_WAY = {UploadState.WAITING, UploadState.UPLOADING}


class UploadPanel(QWidget):
    """`selection_changed`: the selection or what the list shows is another. Row actions come out of `row_actions`."""

    selection_changed = Signal()

    def __init__(self, model: UploadModel, delegate: RowDelegate, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = UploadFilter(model, self)
        self.chips = FilterChips(theme)
        self.chips.chosen.connect(lambda chosen: self.choose(RowFilter(chosen)))
        self._note = ElidedLabel(look="muted")
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.list = UploadList(messages.UPLOAD_LIST_NAME, delegate)
        self.list.setModel(self.filter)
        self.empty = EmptyState(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        self.row_actions = RowActions(_ACTIONS, self)
        self.strip = ActionStrip(self.row_actions)
        self.progress = ProgressLine()
        self._chip_row = QWidget()
        self._column = QVBoxLayout(self)
        self._build()
        self._connect(model)

    def choose(self, chosen: RowFilter) -> None:
        """Show only what this chip stands for."""
        self.filter.choose(chosen)
        self.chips.choose(chosen.value)
        self.selection_changed.emit()

    def show_counts(self, counts: ListCounts, *, is_reading: bool = False) -> None:
        """Chips, and the one line that groups all problems. `is_reading`: the line of progress has something to say,
        though there are no rows yet."""
        self.chips.set_counts(
            {
                RowFilter.ALL: counts.total,
                RowFilter.READY: counts.ready,
                RowFilter.ATTENTION: counts.attention,
                RowFilter.UPLOADING: counts.on_the_way,
                RowFilter.DONE: counts.done,
                RowFilter.FAILED: counts.failed,
            }
        )
        self._note.setText(attention_summary(counts))
        # Each part that comes or goes would lay the whole panel out at once; so it is done for all of them together.
        self._column.setEnabled(False)
        try:
            has_rows = counts.total > 0
            self._chip_row.setVisible(has_rows)
            self._stack.setCurrentIndex(1 if has_rows else 0)
            self.strip.expect_rows(has_rows=has_rows)
            self.strip.setVisible(has_rows or self.strip.offers_undo)
            self.progress.setVisible(has_rows or is_reading)
        finally:
            self._column.setEnabled(True)
        self._column.activate()

    def selected(self) -> list[Upload]:
        """Selected rows, in list order."""
        return self.list.selected_uploads()

    def current(self) -> Upload | None:
        """The row with the focus."""
        row: Upload | None = self.list.currentIndex().data(UPLOAD)
        return row

    def _build(self) -> None:
        chips = QHBoxLayout(self._chip_row)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(12)
        chips.addWidget(self.chips)
        chips.addWidget(self._note, 1)
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._chip_row)
        column.addWidget(self._stack, 1)
        column.addWidget(self.strip)
        column.addWidget(self.progress)
        self.show_counts(ListCounts())

    def _connect(self, model: UploadModel) -> None:
        self.list.selectionModel().selectionChanged.connect(self._selection_moved)
        self.list.copy_clicked.connect(lambda index: self._on_row(index.data(UPLOAD), RowAction.COPY))
        self.list.close_clicked.connect(self._close_clicked)
        self.list.menu_requested.connect(self._open_menu)
        self.list.remove_requested.connect(lambda: self.row_actions.trigger(RowAction.REMOVE))
        self.list.details_requested.connect(lambda index: self._on_row(index.data(UPLOAD), RowAction.DETAILS))
        model.dataChanged.connect(self._rows_changed)

    def _selection_moved(self) -> None:
        self.row_actions.select(self.selected())
        self.selection_changed.emit()

    def _rows_changed(self) -> None:
        if self.list.selectionModel().hasSelection():
            self.row_actions.select(self.selected())

    def _close_clicked(self, index: object) -> None:
        row: Upload | None = index.data(UPLOAD)  # type: ignore[attr-defined]
        if row is not None:
            self._on_row(row, RowAction.CANCEL if row.state in _ON_THE_WAY else RowAction.REMOVE)

    def _on_row(self, row: Upload | None, action: RowAction) -> None:
        if row is not None:
            self.row_actions.triggered.emit(action, [row])

    def _open_menu(self, at: QPoint) -> None:
        if self.list.selectionModel().hasSelection():
            self.row_actions.menu(self).popup(at)

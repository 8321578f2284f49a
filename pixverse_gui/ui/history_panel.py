"""The History tab: search, the list of everything that was uploaded, and buttons for the selected rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from pixverse_gui.core.models import Upload
from pixverse_gui.ui import messages_history as words
from pixverse_gui.ui.action_strip import ActionStrip
from pixverse_gui.ui.buttons import Button
from pixverse_gui.ui.copy_bar import CopyScope
from pixverse_gui.ui.history_model import HistoryModel, HistoryState
from pixverse_gui.ui.history_requests import HistoryRequests
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.roles import UPLOAD
from pixverse_gui.ui.row_actions import RowAction, RowActions, link_of
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.search_field import SearchField
from pixverse_gui.ui.theme import Theme
from pixverse_gui.ui.upload_list import UploadList

_ACTIONS = (RowAction.COPY, RowAction.OPEN_LINK, RowAction.DETAILS, RowAction.REMOVE)
_SPACING_PX = 12
_SCREENS_AHEAD = 2


class HistoryPanel(QWidget):
    """What is asked for leaves as signals; the panel changes nothing but its own list.

    `copy_requested(object)`: rows to copy now. `open_link(str)`: https only. `details_requested(object)`: one row.
    `removal_requested(object)`: keys to hide; the rows are gone from the list already, with an Undo button beside.
    `undo_requested(object)`: keys to show again; the rows come back by themselves.
    `selection_changed()`: what Copy would take is something else.

    Ctrl+A means every upload that matches the search, also those that were not scrolled to: `scope`, `fetch_scope`
    and removing all take it so. Taking a single row out of the selection ends that.
    """

    copy_requested = Signal(object)
    open_link = Signal(str)
    details_requested = Signal(object)
    removal_requested = Signal(object)
    undo_requested = Signal(object)
    selection_changed = Signal()

    def __init__(
        self,
        model: HistoryModel,
        requests: HistoryRequests,
        delegate: RowDelegate,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._requests = model, requests
        self._takes_everything = False
        self._scope: CopyScope | None = None
        self.search = SearchField(theme)
        self.list = UploadList(words.HISTORY_LIST_NAME, delegate, has_equal_rows=False)
        self.list.setModel(model)
        self.row_actions = RowActions(_ACTIONS, self)
        self.strip = ActionStrip(self.row_actions)
        self._found = PlainLabel(look="muted")
        self._message = _Message()
        self._stack = QStackedWidget()
        self._build()
        self._connect()
        self._show_state(model.state)

    def scope(self) -> CopyScope:
        """What Copy would take. Rows that were not looked at yet count as having a link, which nearly all have."""
        if self._scope is None:
            self._scope = self._count_scope()
        return self._scope

    def fetch_scope(self, *, done: Callable[[Sequence[Upload]], None], failed: Callable[[Exception], None]) -> None:
        """The rows that `scope` counts, in list order: at once where they are here, else by asking the journal."""
        if self.list.selected_count() and not self._takes_everything:
            done(self._selected())
        elif self._model.is_complete:
            done(self._model.uploads())
        else:
            self._requests.everything(self._model.search_text, done=done, failed=failed)

    def focus_search(self) -> None:
        """Ctrl+F: type over what was searched for."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.refresh_days()

    def _build(self) -> None:
        self._found.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._found.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        top = QHBoxLayout()
        top.setSpacing(_SPACING_PX)
        top.addWidget(self.search)
        top.addWidget(self._found, 1)
        self._message.setProperty("panel", "details")
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_SPACING_PX)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(self.strip)

    def _connect(self) -> None:
        view, model = self.list, self._model
        self.search.searched.connect(model.search)
        self.search.left_downwards.connect(view.setFocus)
        view.selectionModel().selectionChanged.connect(self._selection_moved)
        view.everything_selected.connect(self._select_everything)
        view.copy_clicked.connect(lambda index: self.copy_requested.emit([index.data(UPLOAD)]))
        view.details_requested.connect(lambda index: self.details_requested.emit(index.data(UPLOAD)))
        view.remove_requested.connect(lambda: self.row_actions.trigger(RowAction.REMOVE))
        view.menu_requested.connect(self._open_menu)
        view.verticalScrollBar().valueChanged.connect(self._fetch_ahead)
        model.modelReset.connect(self._start_over)
        model.rowsInserted.connect(self._rows_came)
        model.state_changed.connect(self._show_state)
        model.counted.connect(self._show_counts)
        self.row_actions.triggered.connect(self._act)
        self._message.pressed.connect(self._message_pressed)

    def _count_scope(self) -> CopyScope:
        model = self._model
        if self.list.selected_count() and not self._takes_everything:
            chosen = self._selected()
            linked = sum(bool(row.img_url) for row in chosen)
            return CopyScope(len(chosen), with_id=len(chosen), with_link=linked, total=len(chosen))
        without = sum(not row.img_url for row in model.uploads())
        selected = model.found if self._takes_everything else 0
        return CopyScope(selected, with_id=model.found, with_link=model.found - without, total=model.found)

    def _act(self, action: RowAction, uploads: list[Upload]) -> None:
        if action is RowAction.REMOVE and self._takes_everything:
            self.fetch_scope(done=self._remove, failed=lambda _: self.strip.say(words.HISTORY_UNREADABLE))
        elif action is RowAction.REMOVE:
            self._remove(uploads)
        elif action is RowAction.COPY and self._takes_everything:
            self.fetch_scope(done=self.copy_requested.emit, failed=lambda _: self.strip.say(words.COPY_FAILED))
        elif action is RowAction.COPY:
            self.copy_requested.emit(uploads)
        elif action is RowAction.DETAILS:
            self.details_requested.emit(uploads[0])
        else:
            link = link_of(uploads[0])
            if link is not None:
                self.open_link.emit(link)

    def _remove(self, uploads: Sequence[Upload]) -> None:
        keys = [row.key for row in uploads]
        self._model.remove(uploads)
        self.strip.say(words.removed_from_history(len(keys)), lambda: self._bring_back(uploads))
        self.removal_requested.emit(keys)

    def _bring_back(self, uploads: Sequence[Upload]) -> None:
        self.undo_requested.emit([row.key for row in uploads])
        self._model.prepend(uploads)

    def _selection_moved(self) -> None:
        if self.list.selected_count() < self._model.rowCount():
            self._takes_everything = False
        self.row_actions.select(self._selected())
        self._scope_moved()

    def _selected(self) -> list[Upload]:
        return [self._model.upload_at(place) for place in self.list.selected_rows()]

    def _scope_moved(self) -> None:
        self._scope = None
        self.selection_changed.emit()

    def _select_everything(self) -> None:
        self._takes_everything = True
        self._scope_moved()

    def _rows_came(self, _: QModelIndex, first: int, last: int) -> None:
        if self._takes_everything:
            came = QItemSelection(self._model.index(first), self._model.index(last))
            self.list.selectionModel().select(came, QItemSelectionModel.SelectionFlag.Select)

    def _start_over(self) -> None:
        """Other rows stand here now; a selection model forgets its rows without a word."""
        self._takes_everything = False
        self.list.scrollToTop()
        self.row_actions.select([])
        self._scope_moved()

    def _open_menu(self, at: QPoint) -> None:
        menu = self.row_actions.menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _fetch_ahead(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if value > bar.maximum() - _SCREENS_AHEAD * bar.pageStep():
            self._model.fetchMore(QModelIndex())

    def _show_state(self, state: HistoryState) -> None:
        self._stack.setCurrentWidget(self.list if state is HistoryState.ROWS else self._message)
        self.strip.expect_rows(has_rows=state is HistoryState.ROWS)
        self._show_counts()
        if state is HistoryState.NOTHING_FOUND:
            self._message.show_text(words.nothing_found(self._model.search_text), words.CLEAR_SEARCH)
        elif state is HistoryState.UNREADABLE:
            self._message.show_text(words.HISTORY_UNREADABLE, words.HISTORY_TRY_AGAIN)
        else:
            self._message.show_text(words.HISTORY_EMPTY if state is HistoryState.EMPTY else "")

    def _show_counts(self) -> None:
        is_search = bool(self._model.search_text) and self._model.state is HistoryState.ROWS
        self._found.setText(words.found(self._model.found) if is_search else "")
        self._scope_moved()

    def _message_pressed(self) -> None:
        if self._model.state is HistoryState.UNREADABLE:
            self._model.load()
        else:
            self.search.clear()
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)


class _Message(QFrame):
    """Stands in the place of the list while there is nothing in it. `pressed`: its one button."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel(look="muted")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self._button = Button("")
        self._button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setSpacing(_SPACING_PX)
        column.addStretch(1)
        column.addWidget(self._text)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_text(self, text: str, button: str = "") -> None:
        """`button` "" is no button."""
        self._text.setText(text)
        self._button.setText(button)
        self._button.setVisible(bool(button))

"""The delegate of both lists: asks what a row shows, has it painted, and knows where its buttons are."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from pixverse_gui.core.models import Upload, UploadState
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.roles import HEADING, LIVE, UPLOAD
from pixverse_gui.ui.row_content import RowButton, RowContent, content_of
from pixverse_gui.ui.row_painting import RowLook, RowPainter
from pixverse_gui.ui.theme import Theme

__all__ = ["RowButton", "RowDelegate"]

Index = QModelIndex | QPersistentModelIndex
MIN_WIDTH_PX = 240


class RowDelegate(QStyledItemDelegate):
    """Rows of uploads. `thumbnail_of` gives the picture for a sha256, or None while there is none; `glance_of` one
    that may stand in its place meanwhile, for the key of a row and the sha256 if known.

    The view may have `must_paint`, to leave out rows that nothing happened to, and `hovered` and `held` (an object with
    `button` and `is_in(index)`, or None): the painted button under the pointer, and the one pressed down. Not
    `pressed`: PySide6 puts a view's signal of that name first.
    """

    def __init__(
        self,
        theme: Theme,
        thumbnail_of: Callable[[str], QPixmap | None],
        parent: QObject | None = None,
        *,
        for_history: bool = False,
        dates: Dates | None = None,
        glance_of: Callable[[int, str | None], QPixmap | None] = lambda _, __: None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glance_of = glance_of
        self._thumbnail_of = thumbnail_of
        self._for_history = for_history
        self._dates = dates
        self._painter = RowPainter(theme.colours, theme.fonts)
        theme.changed.connect(self._take_colours)

    def content(self, index: Index) -> RowContent | None:
        """What the row shows now; None where the model has no row any more."""
        upload = index.data(UPLOAD)
        return self._content_of(upload, index) if upload is not None else None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(MIN_WIDTH_PX, self._painter.geometry.height(index.data(HEADING) or ""))

    def expect(self, index: Index) -> None:
        """This row will be painted soon: have its picture fetched meanwhile."""
        upload = index.data(UPLOAD)
        if upload is not None and upload.facts is not None and upload.facts.sha256:
            self._thumbnail_of(upload.facts.sha256)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        must_paint = getattr(option.widget, "must_paint", None)
        if must_paint is not None and not must_paint(option.rect):
            return
        upload = index.data(UPLOAD)
        if upload is None:
            return
        content = self._content_of(upload, index)
        self._painter.paint(painter, option.rect, content, _look(option, index, self._picture(upload, content)))

    def _content_of(self, upload: Upload, index: Index) -> RowContent:
        return content_of(upload, index.data(LIVE), for_history=self._for_history, dates=self._dates)

    def _picture(self, upload: Upload, content: RowContent) -> QPixmap | None:
        picture = self._thumbnail_of(content.picture) if content.picture else None
        if picture is not None or content.state_kind is UploadState.BLOCKED:  # what cannot be read has no picture
            return picture
        return self._glance_of(upload.key, content.picture)

    def button_rects(
        self, option: QStyleOptionViewItem, content: RowContent, heading: str = ""
    ) -> dict[RowButton, QRect]:
        """Places of the painted buttons, in the coordinates of `option.rect`."""
        return self._painter.geometry.slots(option.rect, content, heading).buttons

    def button_at(self, pos: QPoint, option: QStyleOptionViewItem, index: Index) -> RowButton | None:
        """The painted button at `pos`, if any."""
        content = self.content(index)
        if content is None:
            return None
        rects = self.button_rects(option, content, index.data(HEADING) or "")
        return next((button for button, rect in rects.items() if rect.contains(pos)), None)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The whole of what is shortened. A tool tip takes what looks like markup for markup, so it is escaped."""
        content = self.content(index) if event.type() == QEvent.Type.ToolTip else None
        if content is None or not self._painter.geometry.is_shortened(option.rect, content, index.data(HEADING) or ""):
            QToolTip.hideText()
            return True
        lines = [html.escape(line) for line in (content.name, content.facts, content.note) if line]
        QToolTip.showText(event.globalPos(), "<p>" + "<br>".join(lines) + "</p>", view)
        return True

    def _take_colours(self) -> None:
        self._painter = RowPainter(self._theme.colours, self._theme.fonts)


def _look(option: QStyleOptionViewItem, index: Index, picture: QPixmap | None) -> RowLook:
    state = option.state
    return RowLook(
        heading=index.data(HEADING) or "",
        picture=picture,
        is_selected=bool(state & QStyle.StateFlag.State_Selected),
        is_hovered=bool(state & QStyle.StateFlag.State_MouseOver),
        has_focus=bool(state & QStyle.StateFlag.State_HasFocus),
        hovered_button=_button(getattr(option.widget, "hovered", None), index),
        pressed_button=_button(getattr(option.widget, "held", None), index),
    )


def _button(place: Any, index: Index) -> RowButton | None:
    return place.button if place is not None and place.is_in(index) else None

"""A list of rows painted by a delegate: whatever happens, what looks as before is not painted again."""

from __future__ import annotations

from collections.abc import Sequence, Set

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from pixverse_gui.core.models import Upload
from pixverse_gui.ui.roles import UPLOAD
from pixverse_gui.ui.row_delegate import RowDelegate
from pixverse_gui.ui.spoken_names import SpokenNames
from pixverse_gui.ui.thumbnail_store import glance_key

Index = QModelIndex | QPersistentModelIndex
_WHEEL_STEP_PX = 24


class RowList(QListView):
    """GUI thread only. `has_equal_rows`: every row is as high as the first, so Qt asks for one size only."""

    def __init__(self, delegate: RowDelegate, *, has_equal_rows: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self._names = SpokenNames(self)
        self._must_lay_out = False
        self._painted = QRegion()
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(has_equal_rows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(_WHEEL_STEP_PX)
        # Nothing shines through it, so scrolling moves what is painted: the style sheet's own ground, under the
        # viewport, would have every row on the screen painted anew at each step.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def visible_rows(self) -> range:
        """Places of the rows that are on the screen."""
        count = self.model().rowCount() if self.model() is not None else 0
        first = self.indexAt(QPoint(1, 0))
        if not first.isValid():
            return range(0)
        last = self.indexAt(QPoint(1, self.viewport().height() - 1))
        return range(first.row(), last.row() + 1 if last.isValid() else count)

    def repaint_pictures(self, keys: Set[str]) -> None:
        """The thumbnails that stand under these can be painted now."""
        for row in self.visible_rows() if self._is_laid_out() else ():
            index = self.model().index(row, 0)
            upload: Upload | None = index.data(UPLOAD)
            sha256 = upload.facts.sha256 if upload is not None and upload.facts is not None else None
            if sha256 in keys or (upload is not None and glance_key(upload.key) in keys):
                self.viewport().update(self.visualRect(index))

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        """Repaint the rows that can be seen, and nothing else.

        Qt's own handler lays the whole list out again: 36 ms for each change in a list of 5,000. A row's height never
        depends on what changes here.
        """
        shown = self.visible_rows() if self._is_laid_out() else range(0)
        for row in range(max(top_left.row(), shown.start), min(bottom_right.row() + 1, shown.stop)):
            index = self.model().index(row, 0)
            self.viewport().update(self.visualRect(index))
            self._delegate.expect(index)
            self._names.changed(index)

    def _is_laid_out(self) -> bool:
        """If not, all of it will be painted: asking where a row stands would lay everything out at once."""
        if self.isVisible() and not self._must_lay_out:
            return True
        self.viewport().update()
        return False

    def must_paint(self, rect: QRect) -> bool:
        """For the delegate: Qt has every row painted from the first to the last one that changed."""
        return self._painted.intersects(rect)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted = event.region()
        ground = QPainter(self.viewport())  # Qt keeps it to the region
        ground.fillRect(event.rect(), self.palette().base())
        ground.end()
        super().paintEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if not self.devicePixelRatioF().is_integer():  # what is moved would come to stand between two pixels
            self.viewport().update()

    def rowsInserted(self, parent: Index, first: int, last: int) -> None:
        self._must_lay_out = True
        super().rowsInserted(parent, first, last)

    def rowsAboutToBeRemoved(self, parent: Index, first: int, last: int) -> None:
        super().rowsAboutToBeRemoved(parent, first, last)
        self._must_lay_out = True

    def doItemsLayout(self) -> None:
        self._must_lay_out = False
        super().doItemsLayout()

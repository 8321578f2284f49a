"""Small pictures for rows: asked for by what is painted, decoded on a worker, the newest wish first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from pixverse_gui.background.tasks import Pool, Tasks

_KEPT = 1_000
_A_TASK = 8


class ThumbnailStore(QObject):
    """Pixmaps by sha256. GUI thread only; `load` is called on a worker and gives encoded bytes or None.

    `arrived(object)`: set of sha256 whose pixmap can be painted now.
    """

    arrived = Signal(object)

    def __init__(self, load: Callable[[str], bytes | None], tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load, self._tasks = load, tasks
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._missing: set[str] = set()
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._loading: set[str] = set()
        # PySide makes its types when they are first used, which two threads at once do not survive.
        QImage.fromData(b"")

    def pixmap(self, sha256: str) -> QPixmap | None:
        """The picture if it is here; else it is fetched and `arrived` tells."""
        found = self._pixmaps.get(sha256)
        if found is not None:
            self._pixmaps.move_to_end(sha256)
        elif sha256 not in self._missing and sha256 not in self._loading:
            self._wanted[sha256] = None
            self._wanted.move_to_end(sha256)
            self._fetch()
        return found

    def _fetch(self) -> None:
        if self._loading or not self._wanted:
            return
        wanted = [self._wanted.popitem()[0] for _ in range(min(_A_TASK, len(self._wanted)))]
        self._loading = set(wanted)
        self._tasks.run(Pool.THUMBNAILS, lambda: self._decode(wanted), done=self._take, failed=lambda _: self._take({}))

    def _decode(self, wanted: list[str]) -> dict[str, QImage | None]:
        """On a worker: QImage may be made and read on any thread."""
        found: dict[str, QImage | None] = {}
        for sha256 in wanted:
            data = self._load(sha256)
            image = QImage.fromData(data) if data else QImage()
            found[sha256] = None if image.isNull() else image
        return found

    def _take(self, found: dict[str, QImage | None]) -> None:
        self._loading = set()
        for sha256, image in found.items():
            if image is None:
                self._missing.add(sha256)
            else:
                self._pixmaps[sha256] = QPixmap.fromImage(image)
        while len(self._pixmaps) > _KEPT:
            self._pixmaps.popitem(last=False)
        here = {sha256 for sha256, image in found.items() if image is not None}
        if here:
            self.arrived.emit(here)
        self._fetch()

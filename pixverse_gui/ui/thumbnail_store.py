"""Small pictures for rows: asked for by what is painted, decoded on a worker, the newest wish first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap, QTransform

from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.black_bars import DCF_SIZE, BlackBars
from pixverse_gui.core.models import Glance

_KEPT = 1_000
_A_TASK = 8
# EXIF's ways of holding a camera: where right and down of what is stored point to, x before y.
_TURNS = {
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}


def glance_key(row: int) -> str:
    """Under which the picture of a row stands whose sha256 is not known yet."""
    return f"row {row}"


class ThumbnailStore(QObject):
    """Pixmaps by sha256, and by row before that is known. GUI thread only; `load` is called on a worker and gives
    encoded bytes or None.

    `arrived(object)`: set of keys, sha256 or `glance_key`, whose pixmap can be painted now.
    """

    arrived = Signal(object)

    def __init__(self, load: Callable[[str], bytes | None], tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load, self._tasks = load, tasks
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._missing: set[str] = set()
        self._seen_as: dict[int, str] = {}
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._loading: set[str] = set()
        # PySide makes its types when they are first used, which two threads at once do not survive.
        _upright(Glance(b"", 6))
        blank, bars = QImage(*DCF_SIZE, QImage.Format.Format_RGB888), BlackBars(1, (0, 1, 1, 2))
        blank.fill(0)
        _between(blank, bars)
        _cut(blank, bars)

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

    def glance(self, row: int, sha256: str | None = None) -> QPixmap | None:
        """What was put here for a row whose file had not been read yet: of what it was found to be first, no other."""
        found = self._pixmaps.get(glance_key(row))
        if found is not None and sha256 and self._seen_as.setdefault(row, sha256) != sha256:
            return None
        return found

    def take_glances(self, found: Mapping[int, Glance]) -> None:
        """By row; `arrived` tells the `glance_key`s of those that can be shown."""
        self._tasks.run(
            Pool.THUMBNAILS,
            lambda: {glance_key(row): _upright(seen) for row, seen in found.items()},
            done=self._put,
            failed=lambda _: None,  # the file itself has a picture too
        )

    def _fetch(self) -> None:
        if self._loading or not self._wanted:
            return
        wanted = [self._wanted.popitem()[0] for _ in range(min(_A_TASK, len(self._wanted)))]
        self._loading = set(wanted)
        self._tasks.run(Pool.THUMBNAILS, lambda: self._decode(wanted), done=self._take, failed=lambda _: self._take({}))

    def _decode(self, wanted: list[str]) -> dict[str, QImage | None]:
        """On a worker."""
        found: dict[str, QImage | None] = {}
        for sha256 in wanted:
            data = self._load(sha256)
            found[sha256] = _read(data) if data else None
        return found

    def _take(self, found: dict[str, QImage | None]) -> None:
        self._loading = set()
        self._missing.update(sha256 for sha256, image in found.items() if image is None)
        self._put(found)
        self._fetch()

    def _put(self, found: Mapping[str, QImage | None]) -> None:
        for key, image in found.items():
            if image is not None:
                self._pixmaps[key] = QPixmap.fromImage(image)
        while len(self._pixmaps) > _KEPT:
            self._pixmaps.popitem(last=False)
        here = {key for key, image in found.items() if image is not None}
        if here:
            self.arrived.emit(here)


def _read(data: bytes) -> QImage | None:
    """On a worker: QImage may be made and read on any thread."""
    image = QImage.fromData(data)
    return None if image.isNull() else image


def _upright(seen: Glance) -> QImage | None:
    """On a worker. None also where it turns out not to be of this picture."""
    image = _read(seen.data)
    if image is not None and seen.bars is not None:
        image = _between(image, seen.bars)
    turn = _TURNS.get(seen.orientation)
    return image.transformed(QTransform(*turn, 0, 0)) if image is not None and turn is not None else image


def _between(image: QImage, bars: BlackBars) -> QImage | None:
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    if (rgb.width(), rgb.height()) != DCF_SIZE:  # whose rows end at four bytes, so that nothing stands between them
        return None
    return _cut(image, bars) if bars.are_there(bytes(rgb.constBits())) else None


def _cut(image: QImage, bars: BlackBars) -> QImage:
    left, top, right, bottom = bars.between
    return image.copy(left, top, right - left, bottom - top)

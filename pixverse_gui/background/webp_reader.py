"""A WebP  →  a coarse picture of it, by Qt's reader.

Pillow's holds a canvas twice and two copies, 16 bytes a pixel, takes half as long again, and keeps the interpreter to
itself while it hands the pixels over (40 ms of a picture of 12 million). Qt's needs 4 and hands nothing over.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from pixverse_gui.core.coarse_picture import CoarsePicture
from pixverse_gui.core.limits import Limits

_PIXEL_BYTES = 4


class WebpReader:
    """Worker threads, several at once.

    Qt refuses what takes over 256 MB, in the whole program: raised to what the largest picture takes that the service
    does, and the caller has looked at the sides.
    """

    def __init__(self, limits: Limits) -> None:
        QImageReader.setAllocationLimit(1 + limits.max_side_px**2 * _PIXEL_BYTES // 2**20)

    def read(self, data: bytes, most_px: int) -> CoarsePicture | None:
        """Every pixel is decoded; of larger ones each so many is kept until the longer side is `most_px`.

        None where Qt cannot read it: then another reader may.
        """
        buffer = QBuffer()
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        picture = QImageReader(buffer, QByteArray(b"webp")).read()
        if picture.isNull():
            return None
        size = (picture.width(), picture.height())
        if max(size) > most_px:
            picture = picture.scaled(QSize(most_px, most_px), Qt.AspectRatioMode.KeepAspectRatio)
        picture = picture.convertToFormat(QImage.Format.Format_RGBA8888)
        return CoarsePicture(size, (picture.width(), picture.height()), bytes(picture.constBits()))

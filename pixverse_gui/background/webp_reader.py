"""A WebP  →  a coarse picture of it, by Qt's reader.

Pillow's holds a canvas twice and two copies, 16 bytes a pixel, takes half as long again, and keeps the interpreter to
itself while it hands the pixels over (40 ms of a picture of 12 million). Qt's needs 4 and hands nothing over.

Qt gets a file in memory, never a QBuffer: while it looks for a reader it holds a lock of its own, and asks the device,
which, if it was made in Python, waits for the interpreter, which waits for that lock as soon as another thread reads
any picture through Qt.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from pixverse_gui.core.coarse_picture import CoarsePicture
from pixverse_gui.core.limits import Limits

_PIXEL_BYTES = 4


class WebpReader:
    """Worker threads, several at once. Linux; elsewhere there are no such files, and it reads nothing.

    Qt refuses what takes over 256 MB, in the whole program: raised to what the largest picture takes that the service
    does, and the caller has looked at the sides.
    """

    def __init__(self, limits: Limits) -> None:
        QImageReader.setAllocationLimit(1 + limits.max_side_px**2 * _PIXEL_BYTES // 2**20)
        # PySide makes its types when they are first used, which two threads at once do not survive.
        _coarse(QImage(QSize(2, 2), QImage.Format.Format_RGB32), 1)
        QImageReader(":/", QByteArray(b"webp")).read()

    def read(self, data: bytes, most_px: int) -> CoarsePicture | None:
        """Every pixel is decoded; of larger ones each so many is kept until the longer side is `most_px`.

        None where Qt cannot read it: then another reader may.
        """
        with _file_of(data) as path:
            picture = QImageReader(path, QByteArray(b"webp")).read() if path else QImage()
        return None if picture.isNull() else _coarse(picture, most_px)


def _coarse(picture: QImage, most_px: int) -> CoarsePicture:
    size = (picture.width(), picture.height())
    if max(size) > most_px:
        picture = picture.scaled(QSize(most_px, most_px), Qt.AspectRatioMode.KeepAspectRatio)
    picture = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    return CoarsePicture(size, (picture.width(), picture.height()), bytes(picture.constBits()))


@contextmanager
def _file_of(data: bytes) -> Iterator[str]:
    """The path of a file that is in memory alone; "" where there is none to be had."""
    try:
        descriptor = os.memfd_create("picture", os.MFD_CLOEXEC)
    except (AttributeError, OSError):
        yield ""
        return
    with open(descriptor, "wb") as file:  # noqa: PTH123 - it has no path
        file.write(data)
        file.flush()
        yield f"/proc/self/fd/{descriptor}"

"""The system's clipboard: what it offers us, and text put there and read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QClipboard, QImage, QImageWriter

from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.drop_reader import PASTED, Offer, read

_LOOKS_AFTER_MS = (0, 50, 250)


class TextClipboard(Protocol):
    """The part of QClipboard that a copy needs."""

    def setText(self, text: str, /) -> None: ...
    def text(self) -> str: ...


class ClipboardWriter(QObject):
    """Copies text and looks whether it got there: some systems drop it without a word (no focus, a clipboard guard).

    `copied(str)`, `refused(str)`: the text. A copy that is overtaken by a newer one has no answer.
    """

    copied = Signal(str)
    refused = Signal(str)

    def __init__(self, clipboard: TextClipboard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._wanted: str | None = None
        self._looks: list[int] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)

    def copy(self, text: str) -> None:
        """Put `text` there; one of the signals tells within a third of a second."""
        self._wanted = text
        self._looks = list(_LOOKS_AFTER_MS)
        self._clipboard.setText(text)
        self._timer.start(self._looks.pop(0))

    def _look(self) -> None:
        text = self._wanted
        if text is None:
            return
        if self._clipboard.text().replace("\r\n", "\n") == text:
            self._wanted = None
            self.copied.emit(text)
        elif self._looks:
            self._timer.start(self._looks.pop(0))
        else:
            self._wanted = None
            self.refused.emit(text)


def offer_from_clipboard(
    clipboard: QClipboard, dates: Dates | None = None, *, takes_link: Callable[[str], bool] = lambda _: True
) -> Offer:
    """What Ctrl+V would add. Copied files win over the bitmap that some programs put beside them."""
    mime: QMimeData | None = clipboard.mimeData()  # None where the system's clipboard does not answer
    return read(mime, named=PASTED, dates=dates, takes_link=takes_link) if mime is not None else Offer()


def png_bytes(image: QImage) -> bytes:
    """The bitmap as a PNG file, b"" where it cannot be written. Slow for big ones: on a worker."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return bytes(buffer.data().data()) if QImageWriter(buffer, b"png").write(image) else b""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from pixverse_gui.ui.clipboard import ClipboardWriter, offer_from_clipboard, png_bytes

pytestmark = pytest.mark.usefixtures("qapp")


class StubbornClipboard:
    """Takes a text only after it was looked at `looks` times; -1 is never."""

    def __init__(self, looks: int = -1, line_end: str = "\n") -> None:
        self.looks = looks
        self.line_end = line_end
        self.waiting = ""

    def setText(self, text: str, /) -> None:
        self.waiting = text

    def text(self) -> str:
        if self.looks != 0:
            self.looks -= 1
            return "what was there before"
        return self.waiting.replace("\n", self.line_end)


def test_a_copy_is_told_once_the_clipboard_has_it(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    writer = ClipboardWriter(clipboard)
    with qtbot.waitSignal(writer.copied) as told:
        writer.copy("302325299692608\n18446744073709551615")
    assert told.args == ["302325299692608\n18446744073709551615"]
    assert clipboard.text() == "302325299692608\n18446744073709551615"


def test_a_clipboard_that_needs_a_moment_is_waited_for(qtbot: QtBot) -> None:
    writer = ClipboardWriter(StubbornClipboard(looks=2))
    with qtbot.waitSignal(writer.copied):
        writer.copy("1")


def test_windows_line_ends_count_as_the_same_text(qtbot: QtBot) -> None:
    writer = ClipboardWriter(StubbornClipboard(looks=0, line_end="\r\n"))
    with qtbot.waitSignal(writer.copied) as told:
        writer.copy("1\n2")
    assert told.args == ["1\n2"]


def test_a_clipboard_that_keeps_something_else_has_refused(qtbot: QtBot) -> None:
    writer = ClipboardWriter(StubbornClipboard())
    with qtbot.waitSignal(writer.refused) as told, qtbot.assertNotEmitted(writer.copied):
        writer.copy("1")
    assert told.args == ["1"]


def test_of_two_quick_copies_only_the_later_one_is_told(qtbot: QtBot) -> None:
    writer = ClipboardWriter(QGuiApplication.clipboard())
    told: list[str] = []
    writer.copied.connect(told.append)
    writer.copy("first")
    with qtbot.waitSignal(writer.copied):
        writer.copy("second")
    assert told == ["second"]


def test_after_an_answer_another_copy_can_be_made(qtbot: QtBot) -> None:
    clipboard = StubbornClipboard()
    writer = ClipboardWriter(clipboard)
    with qtbot.waitSignal(writer.refused):
        writer.copy("1")
    clipboard.looks = 0
    with qtbot.waitSignal(writer.copied):
        writer.copy("1")


def test_copied_files_win_over_the_bitmap_beside_them(qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/pictures/a b.png")])
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0)
    mime.setImageData(image)
    QGuiApplication.clipboard().setMimeData(mime)
    offer = offer_from_clipboard(QGuiApplication.clipboard())
    assert offer.paths == ("/pictures/a b.png",)
    assert offer.image is None


def test_a_bitmap_in_the_clipboard_is_named_as_pasted(qtbot: QtBot) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    QGuiApplication.clipboard().setImage(image)
    offer = offer_from_clipboard(QGuiApplication.clipboard())
    assert (offer.count, offer.paths, offer.links) == (1, (), ())
    names = [picture.name for picture in offer.pictures] or [offer.image_name]
    assert names[0].startswith("Pasted 20")
    assert names[0].endswith(".png")


def test_an_empty_clipboard_offers_nothing(qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    assert not offer_from_clipboard(QGuiApplication.clipboard()).is_usable


def test_a_bitmap_becomes_a_png_with_the_same_pixels() -> None:
    image = QImage(5, 4, QImage.Format.Format_ARGB32)
    image.fill(0x80112233)
    data = png_bytes(image)
    assert data.startswith(b"\x89PNG")
    back = QImage.fromData(data).convertToFormat(QImage.Format.Format_ARGB32)
    assert back.size() == image.size()
    assert back.pixel(4, 3) == image.pixel(4, 3)


def test_no_picture_gives_no_bytes() -> None:
    assert png_bytes(QImage()) == b""

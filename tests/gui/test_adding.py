"""Every way in: pickers, paste, drops, links and what the command line named, all into the same list."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from pixverse_gui.command_line import parse_command_line
from pixverse_gui.core.models import SourceKind
from pixverse_gui.core.settings import SettingsFile
from pixverse_gui.ui.drop_reader import Offer, PictureBytes
from pixverse_gui.ui.links_dialog import LinksDialog
from tests.helpers.windows import Shown, open_window

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
LINK = "https://example.com/castle.png"


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot) as made:
        yield made
        for dialog in made.window.findChildren(QDialog):
            dialog.reject()
        QGuiApplication.clipboard().clear()


def labels(shown: Shown) -> list[str]:
    return [row.source.label for row in shown.engine.rows.uploads()]


def wait_rows(shown: Shown, count: int) -> list[str]:
    shown.world.wait(lambda: len(shown.engine.rows) == count)
    return labels(shown)


def opened_picker(shown: Shown) -> QFileDialog:
    return next(one for one in shown.window.findChildren(QFileDialog) if one.isVisible())


def test_picked_files_come_in_and_their_folder_is_remembered(shown: Shown, tmp_path: Path) -> None:
    paths = [source.location for source in shown.world.files("b.png", "a.png")]
    shown.wiring.adding.pick_images()
    opened_picker(shown).filesSelected.emit(paths)
    assert wait_rows(shown, 2) == ["a.png", "b.png"]
    shown.world.wait(lambda: shown.world.tasks.is_idle)
    kept = SettingsFile(tmp_path / "data" / "settings.json").load()
    assert kept.last_folder == str(tmp_path / "pictures")


def test_a_picked_folder_is_walked(shown: Shown) -> None:
    folder = Path(shown.world.files("a.png", "b.png")[0].location).parent
    for file in folder.iterdir():
        file.write_bytes(PNG)
    shown.wiring.adding.pick_folder()
    opened_picker(shown).filesSelected.emit([str(folder)])
    assert wait_rows(shown, 2) == ["a.png", "b.png"]


def test_links_from_the_box_come_in_their_order(shown: Shown) -> None:
    shown.wiring.adding.ask_for_links()
    dialog = shown.window.findChildren(LinksDialog)[0]
    dialog.set_text(f"{LINK}\nhttps://example.com/boat.png")
    dialog._add_links()
    wait_rows(shown, 2)
    assert [row.source.location for row in shown.engine.rows.uploads()] == [LINK, "https://example.com/boat.png"]


def test_pasted_files_links_and_pictures_come_in(shown: Shown) -> None:
    clipboard = QGuiApplication.clipboard()
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(shown.world.files("a.png")[0].location)])
    clipboard.setMimeData(files)
    shown.wiring.adding.paste()
    wait_rows(shown, 1)
    clipboard.setText(f"look at {LINK} please")
    shown.wiring.adding.paste()
    wait_rows(shown, 2)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0xFF00FF)
    clipboard.setImage(image)
    shown.wiring.adding.paste()
    wait_rows(shown, 3)
    rows = shown.engine.rows.uploads()
    assert [row.source.kind for row in rows] == [SourceKind.FILE, SourceKind.LINK, SourceKind.FILE]
    assert Path(rows[2].source.location).read_bytes().startswith(PNG[:8])


def test_a_clipboard_without_pictures_says_so(shown: Shown) -> None:
    QGuiApplication.clipboard().setText("only words")
    shown.wiring.adding.paste()
    assert shown.banner == "There are no pictures, files or links to paste."
    assert len(shown.engine.rows) == 0


def test_a_drop_of_nothing_usable_says_so_and_a_good_one_takes_that_back(shown: Shown) -> None:
    shown.wiring.adding.take(Offer())
    assert shown.banner == "This does not contain pictures or links."
    shown.wiring.adding.take(Offer(pictures=(PictureBytes(PNG, "castle.png"),)))
    assert shown.banner == ""
    wait_rows(shown, 1)


def test_files_of_another_computer_are_told(shown: Shown) -> None:
    shown.wiring.adding.take(Offer(remote_files=2))
    assert shown.banner.startswith("2 files are on another computer")


def test_what_was_left_out_of_a_folder_is_told(shown: Shown, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.png").write_bytes(PNG)
    (folder / "notes.txt").write_text("no picture")
    shown.wiring.adding.take(Offer(paths=(str(folder),)))
    shown.world.wait(lambda: shown.banner == "1 image added. 1 other file was left out.")


def test_what_the_command_line_named_keeps_its_order(shown: Shown) -> None:
    sources = shown.world.files("b.png", "a.png", "c.png")
    address = QUrl.fromLocalFile(sources[2].location).toString()
    shown.wiring.adding.take_named(
        parse_command_line([sources[0].location, LINK, address, sources[1].location, LINK]).named
    )
    wait_rows(shown, 5)
    # As in a drop: what stands together comes in natural order.
    castle = "example.com/castle.png"
    assert labels(shown) == ["b.png", castle, "a.png", "c.png", castle]


def test_every_link_that_was_named_has_its_row_byte_for_byte(shown: Shown) -> None:
    links = [
        "https://example.com/a b.png",
        "ftp://example.com/x.png",
        f"{LINK} {LINK}",
        f"{LINK},",
        " https://example.com/a.png",
        f"{LINK}\n",
        "https:example.com",
        "https://[bad/x.png",
        "data:image/png;base64,AA==",
        os.fsdecode(b"https://example.com/caf\xe9.png"),
    ]
    shown.wiring.adding.take_named(parse_command_line(links).named)
    wait_rows(shown, len(links))
    rows = shown.engine.rows.uploads()
    assert [row.source.location for row in rows] == links
    assert {row.source.kind for row in rows} == {SourceKind.LINK}


def test_a_file_of_another_computer_that_was_named_has_a_row_and_is_told(shown: Shown) -> None:
    links = ["file://server/share/x.png", LINK]
    shown.wiring.adding.take_named(parse_command_line(links).named)
    wait_rows(shown, 2)
    assert [row.source.location for row in shown.engine.rows.uploads()] == links
    assert shown.banner.startswith("1 file is on another computer")


def test_new_pictures_bring_the_upload_tab_to_the_front(shown: Shown) -> None:
    shown.view.tabs.setCurrentIndex(1)
    shown.wiring.adding.take_named([shown.world.files("a.png")[0].location])
    shown.world.wait(lambda: shown.view.tabs.currentIndex() == 0)


def test_rows_that_come_later_leave_the_tab_and_the_focus_where_they_are(shown: Shown) -> None:
    shown.view.tabs.setCurrentIndex(1)
    shown.world.stage(shown.world.files("a.png"))
    assert shown.view.tabs.currentIndex() == 1


def test_links_to_this_computer_are_only_taken_where_the_service_is_there_too(shown: Shown) -> None:
    local = "http://127.0.0.1:8080/a.png"
    assert not shown.wiring.adding.takes_link(local)
    assert shown.wiring.adding.takes_link(LINK)
    shown.engine.account.api_url = "http://127.0.0.1:9"
    assert shown.wiring.adding.takes_link(local)

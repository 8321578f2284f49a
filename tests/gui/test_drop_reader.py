from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage, QPixmap

from pixverse_gui.ui.clipboard import png_bytes
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.drop_reader import PASTED, Offer, Peek, PictureBytes, peek, read

pytestmark = pytest.mark.usefixtures("qapp")

DATES = Dates(lambda: datetime(2026, 11, 22, 14, 3, 5, tzinfo=UTC), UTC)
JPEG = b"\xff\xd8\xff\xe0 the rest of a picture"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 the rest"
PAGE = "https://example.test/gallery/page"
PICTURE = "https://cdn.example.test/castle.png?x=1"
OCTETS = "application/octet-stream"


def picture(red: int = 200) -> QImage:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(red << 16)
    return image


PNG = png_bytes(picture())


def mime(**formats: bytes | str) -> QMimeData:
    """Formats by short names, as another program would offer them."""
    names = {
        "uris": "text/uri-list",
        "html": "text/html",
        "octets": OCTETS,
        "moz_url": "text/x-moz-url",
        "promise": "application/x-moz-file-promise-url",
        "png": "image/png",
        "jpeg": "image/jpeg",
        "webp": "image/webp",
        "gnome": "x-special/gnome-copied-files",
        "text": "text/plain",
    }
    made = QMimeData()
    for name, value in formats.items():
        made.setData(names[name], value.encode() if isinstance(value, str) else value)
    return made


def offer_of(data: QMimeData, **how: object) -> Offer:
    return read(data, dates=DATES, **how)  # type: ignore[arg-type]


class TestFiles:
    def test_urls_of_local_files_are_paths_in_their_order(self) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile("/pictures/b ü.png"), QUrl.fromLocalFile("/pictures/a#1?.png")])
        assert offer_of(data).paths == ("/pictures/b ü.png", "/pictures/a#1?.png")

    def test_a_name_that_is_not_utf8_survives(self) -> None:
        assert offer_of(mime(uris="file:///pictures/caf%E9.png\r\n")).paths == ("/pictures/caf\udce9.png",)

    def test_a_file_on_another_computer_is_counted_and_not_taken(self) -> None:
        found = offer_of(mime(uris="file://server/share/x.png\r\nfile:///pictures/a.png"))
        assert (found.paths, found.remote_files) == (("/pictures/a.png",), 1)

    def test_only_files_of_another_computer_are_not_usable_but_said(self) -> None:
        found = offer_of(mime(uris="file://server/share/x.png\r\nfile://server/share/y.png"))
        assert (found.is_usable, found.remote_files) == (False, 2)

    def test_comments_and_empty_lines_of_the_list_are_left_out(self) -> None:
        assert offer_of(mime(uris="# copied\r\n\r\nfile:///a.png\r\n\0")).paths == ("/a.png",)

    def test_the_same_file_twice_in_one_drop_is_one(self) -> None:
        assert offer_of(mime(uris="file:///a.png\r\nfile:///a.png")).paths == ("/a.png",)

    def test_files_win_over_the_bytes_and_the_markup_beside_them(self) -> None:
        data = mime(uris="file:///a.png", octets=PNG, png=PNG, html=f'<img src="{PICTURE}">')
        assert offer_of(data) == Offer(paths=("/a.png",))

    def test_links_among_the_files_are_kept(self) -> None:
        found = offer_of(mime(uris=f"file:///a.png\r\n{PICTURE}"))
        assert (found.paths, found.links) == (("/a.png",), (PICTURE,))

    def test_files_that_a_file_manager_copied_without_a_list_of_addresses(self) -> None:
        assert offer_of(mime(gnome="copy\nfile:///a%20b.png\nfile:///c.png")).paths == ("/a b.png", "/c.png")

    def test_addresses_of_files_in_plain_text(self) -> None:
        found = offer_of(mime(text="file:///a.png\nfile://server/b.png\n"))
        assert (found.paths, found.remote_files) == (("/a.png",), 1)


class TestPicturesFromABrowser:
    def test_chromium_gives_the_original_bytes(self) -> None:
        data = mime(octets=JPEG, uris=PAGE, html=f'<meta charset="utf-8"><a href="{PAGE}"><img src="{PICTURE}"></a>')
        assert offer_of(data) == Offer(pictures=(PictureBytes(JPEG, "castle.png"),))

    def test_the_name_that_comes_with_the_bytes_is_used(self) -> None:
        data = QMimeData()
        data.setData(f'{OCTETS};name="my castle.webp"', WEBP)
        assert offer_of(data).pictures == (PictureBytes(WEBP, "my castle.webp"),)

    @pytest.mark.parametrize(
        ("given", "name"),
        [("../../etc/x.png", "x.png"), ("C:\\pictures\\x.png", "x.png"), ("a\tb\x07.png", "ab.png")],
    )
    def test_a_given_name_is_never_a_path(self, given: str, name: str) -> None:
        data = QMimeData()
        data.setData(f'{OCTETS};name="{given}"', PNG)
        assert offer_of(data).pictures[0].name == name

    def test_bytes_without_a_name_are_named_by_the_time_and_what_they_are(self) -> None:
        assert offer_of(mime(octets=WEBP)).pictures[0].name == "Dragged 2026-11-22 14.03.05.webp"
        assert offer_of(mime(octets=JPEG), named=PASTED).pictures[0].name == "Pasted 2026-11-22 14.03.05.jpg"

    @pytest.mark.parametrize("octets", [b"", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WAVEfmt"])
    def test_bytes_that_are_no_picture_fall_through_to_its_address(self, octets: bytes) -> None:
        data = mime(octets=octets, uris=PAGE, html=f'<img src="{PICTURE}">')
        assert offer_of(data) == Offer(links=(PICTURE,))

    def test_firefox_offers_a_picture_inside_a_link_as_the_picture_not_the_page(self) -> None:
        data = mime(
            uris=PAGE,
            moz_url=f"{PAGE}\nA page".encode("utf-16-le"),
            html=f'<a href="{PAGE}"><img src="{PICTURE}" alt="x"></a>'.encode("utf-16-le"),
            promise=PICTURE.encode("utf-16-le"),
            png=b"",
        )
        assert offer_of(data) == Offer(links=(PICTURE,))

    def test_markup_in_utf16_with_a_mark_is_read(self) -> None:
        assert offer_of(mime(html=f'<img src="{PICTURE}">'.encode("utf-16"))).links == (PICTURE,)

    def test_the_promised_address_counts_where_there_is_no_markup(self) -> None:
        data = mime(uris=PAGE, promise=f"{PICTURE}\0".encode("utf-16-le"))
        assert offer_of(data).links == (PICTURE,)

    def test_a_dragged_link_is_taken_from_the_firefox_form_without_its_title(self) -> None:
        assert offer_of(mime(moz_url=f"{PICTURE}\nThe title".encode("utf-16-le"))).links == (PICTURE,)

    def test_a_dragged_link_is_the_link_not_its_words(self) -> None:
        data = mime(uris=PICTURE, text=PICTURE, html=f'<a href="{PICTURE}">Castle</a>')
        assert offer_of(data) == Offer(links=(PICTURE,))

    def test_several_pictures_in_markup_are_several_links(self) -> None:
        data = mime(html='<img src="https://e.test/1"><img src="/relative"><img src="https://e.test/2">')
        assert offer_of(data).links == ("https://e.test/1", "https://e.test/2")

    def test_an_address_that_is_not_wanted_falls_through_to_the_bytes_beside_it(self) -> None:
        data = mime(uris="http://10.0.0.7/", html='<img src="http://10.0.0.7/castle.png">', png=PNG)
        found = offer_of(data, takes_link=lambda link: "10.0.0.7" not in link)
        assert found == Offer(pictures=(PictureBytes(PNG, "castle.png"),))


class TestBytesAndBitmaps:
    @pytest.mark.parametrize(("kind", "data"), [("png", PNG), ("jpeg", JPEG), ("webp", WEBP)])
    def test_encoded_pictures_are_kept_as_they_are(self, kind: str, data: bytes) -> None:
        assert [one.data for one in offer_of(mime(**{kind: data})).pictures] == [data]

    def test_a_listed_picture_that_is_empty_falls_through_to_the_next(self) -> None:
        assert [one.data for one in offer_of(mime(png=b"", jpeg=JPEG)).pictures] == [JPEG]

    def test_pictures_inside_data_links_are_decoded(self) -> None:
        link = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
        for data in (mime(html=f'<img src="{link}">'), mime(uris=link), mime(text=f"see {link}")):
            assert offer_of(data).pictures == (PictureBytes(PNG, "Dragged 2026-11-22 14.03.05.png"),)

    def test_a_bitmap_is_taken_where_nothing_better_is_there(self) -> None:
        data = QMimeData()
        data.setImageData(picture())
        found = offer_of(data)
        assert found.image is not None
        assert found.image.size() == picture().size()
        assert found.image_name == "Dragged 2026-11-22 14.03.05.png"

    def test_a_pixmap_is_a_bitmap_too(self) -> None:
        data = QMimeData()
        data.setImageData(QPixmap.fromImage(picture()))
        found = offer_of(data).image
        assert found is not None
        assert found.pixelColor(1, 1).red() == 200

    def test_an_empty_bitmap_is_none(self) -> None:
        data = QMimeData()
        data.setImageData(QImage())
        assert not offer_of(data).is_usable

    def test_links_in_a_sheet_win_over_the_picture_of_its_cells(self) -> None:
        html = f'<style>td {{}}</style><table><tr><td><a href="{PICTURE}">castle</a></td></tr></table>'
        data = mime(html=html, text="castle\n", png=PNG)
        assert offer_of(data) == Offer(links=("castle",), html=html)

    def test_a_sheet_without_links_is_taken_as_its_picture(self) -> None:
        data = mime(html="<table><tr><td>4</td></tr></table>", text="4", png=PNG)
        assert [one.data for one in offer_of(data).pictures] == [PNG]


class TestText:
    def test_plain_text_is_handed_on_line_by_line(self) -> None:
        assert offer_of(mime(text=f" {PICTURE} \n\n[x](https://e.test/b)\n")).links == (
            PICTURE,
            "[x](https://e.test/b)",
        )

    def test_nothing_at_all_is_not_usable(self) -> None:
        assert offer_of(QMimeData()) == Offer()
        assert not Offer().is_usable

    def test_blank_text_is_not_usable(self) -> None:
        assert not offer_of(mime(text=" \n\t")).is_usable


class TestPeek:
    def test_files_and_links_are_counted(self) -> None:
        assert peek(mime(uris=f"file:///a.png\r\nfile:///b.png\r\n{PICTURE}")) == Peek(3, is_usable=True)

    def test_files_of_another_computer_are_not_usable(self) -> None:
        assert peek(mime(uris="file://server/share/a.png")) == Peek(0, is_usable=False)

    def test_other_kinds_of_addresses_are_not_usable(self) -> None:
        assert peek(mime(uris="mailto:someone@example.test")) == Peek(0, is_usable=False)

    @pytest.mark.parametrize("kind", ["octets", "promise", "png", "jpeg", "webp"])
    def test_a_picture_without_an_address_is_one(self, kind: str) -> None:
        assert peek(mime(**{kind: b"x"})) == Peek(1, is_usable=True)

    def test_bytes_with_a_name_are_one(self) -> None:
        data = QMimeData()
        data.setData(f'{OCTETS};name="x.png"', PNG)
        assert peek(data) == Peek(1, is_usable=True)

    def test_a_bitmap_is_one(self) -> None:
        data = QMimeData()
        data.setImageData(picture())
        assert peek(data) == Peek(1, is_usable=True)

    @pytest.mark.parametrize("kind", ["text", "html", "gnome"])
    def test_how_much_text_holds_is_not_known_before_it_is_read(self, kind: str) -> None:
        assert peek(mime(**{kind: "x"})) == Peek(0, is_usable=True)

    @pytest.mark.parametrize("formats", [[], ["application/x-something"]])
    def test_what_cannot_be_added_is_not_usable(self, formats: list[str]) -> None:
        data = QMimeData()
        for one in formats:
            data.setData(one, b"x")
        assert not peek(data).is_usable


def test_a_drop_is_counted_by_what_would_be_added(tmp_path: Path) -> None:
    offer = Offer(paths=("a", "b"), links=("c",), pictures=(PictureBytes(PNG, "d"),), image=picture())
    assert offer.count == 5


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (b"file:///a/1.png\r\nfile:///a/2%20b.png\r\n", 2),
        (b"FILE:///a.png\nFile://LocalHost/b.png\nfile:/c.png", 3),
        (b"  https://a.example/1.png\nHTTP://a.example\ndata:image/png;base64,AA", 3),
        (b"# a comment about file:///x\nfile:///a.png\n", 1),
        (b"file://server/share/a.png\nfile:////server/a.png", 1),
        (b"ftp://a.example/a.png\nmailto:a@b.example\n\n", 0),
    ],
)
def test_what_can_be_used_is_counted_while_the_pointer_comes_in(listed: bytes, expected: int) -> None:
    mime = QMimeData()
    mime.setData("text/uri-list", listed)
    assert (peek(mime).count, peek(mime).is_usable) == (expected, expected > 0)


@pytest.mark.parametrize("name", ["plain.png", "with space.png", "100%.png", "a#b?.png", "图片.png", "a+b&c='x'.png"])
def test_a_path_comes_back_as_it_is_whether_it_needs_unpacking_or_not(name: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(f"/pictures/{name}")])
    assert read(mime).paths == (f"/pictures/{name}",)

"""What a drop or the clipboard holds, best form first: files, original bytes, picture addresses, links, bitmaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPixmap

from pixverse_gui.core.intake import image_data_links, path_from_file_url
from pixverse_gui.core.models import ImageFormat
from pixverse_gui.ui.dates import Dates
from pixverse_gui.ui.dragged_markup import Markup, read_markup

DRAGGED = "Dragged"
PASTED = "Pasted"

_URI_LIST = "text/uri-list"
# A file of another computer has its name between the second slash and the third.
_USABLE_BEGINNINGS = (b"file:///", b"file://localhost/", b"http:", b"https:", b"data:")
_LONGEST_BEGINNING = max(map(len, _USABLE_BEGINNINGS))
_HTML = "text/html"
_TEXT = "text/plain"
_ORIGINAL_BYTES = "application/octet-stream"
_MOZ_URL = "text/x-moz-url"
_MOZ_PROMISE = "application/x-moz-file-promise-url"
_COPIED_FILES = "x-special/gnome-copied-files"
_IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp")
_NAME_PARAMETER = re.compile(r""";\s*name\s*=\s*(?:"([^"]*)"|([^;\s]+))""", re.IGNORECASE)
_FORBIDDEN_IN_NAME = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class PictureBytes:
    """An encoded picture as the other program gave it, with a name for the operator."""

    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Peek:
    """What can be said while something still hovers. `count` 0 is "not known yet"."""

    count: int
    is_usable: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What was let go or pasted, in the best form it came in. Nothing has been looked at yet.

    `links` are texts that hold links, `html` is markup that holds more of them: both are for `intake.find_links`.
    `image` is a bitmap without encoded bytes. `remote_files` counts addresses of other computers, which are not opened.
    """

    paths: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    html: str = ""
    pictures: tuple[PictureBytes, ...] = ()
    image: QImage | None = None
    image_name: str = ""
    remote_files: int = 0

    @property
    def count(self) -> int:
        return len(self.paths) + len(self.links) + len(self.pictures) + (self.image is not None)

    @property
    def is_usable(self) -> bool:
        return bool(self.count or self.html)


def peek(mime: QMimeData) -> Peek:
    """Cheap enough for every dragEnter: looks at the list of formats and at addresses, transfers nothing else."""
    formats = _plain_formats(mime)
    urls = _usable_addresses(mime) if mime.hasUrls() else 0
    if urls:
        return Peek(urls, is_usable=True)
    if mime.hasImage() or formats & {_ORIGINAL_BYTES, _MOZ_PROMISE, *_IMAGE_TYPES}:
        return Peek(1, is_usable=True)
    if mime.hasUrls():
        return Peek(0, is_usable=False)
    return Peek(0, is_usable=mime.hasHtml() or mime.hasText() or _COPIED_FILES in formats)


def read(
    mime: QMimeData,
    *,
    named: str = DRAGGED,
    dates: Dates | None = None,
    takes_link: Callable[[str], bool] = lambda _: True,
) -> Offer:
    """The best form that really is there: a listed format may be empty.

    `named` begins the name of a picture that comes without one. A picture whose address `takes_link` does not want (on
    a private network, say) is taken from the bytes that come with it.
    """
    if not mime.formats():
        # X11: a program that hangs owns the clipboard. Qt waits 5 s each time it is asked, so it is asked only once.
        return Offer()
    return _Reader(mime, named, dates or Dates(), takes_link).best()


class _Reader:
    """One drop being read; each step gives an Offer, empty where its format is absent or empty."""

    def __init__(self, mime: QMimeData, named: str, dates: Dates, takes_link: Callable[[str], bool]) -> None:
        self._mime, self._named, self._dates, self._takes_link = mime, named, dates, takes_link
        self._formats = mime.formats()
        self._addresses = self._read_addresses()
        self._markup = self._read_markup()
        # QMimeData.text() would make up a text from the addresses where there is none.
        self._text = mime.text() if _TEXT in _plain_formats(mime) else ""
        self._remote_files = 0

    def best(self) -> Offer:
        steps = (
            self._local_files,
            self._original_bytes,
            self._picture_addresses,
            self._link_list,
            self._text_around_links,
            self._encoded_images,
            self._data_links,
            self._bitmap,
            self._plain_text,
        )
        for step in steps:
            offer = step()
            if offer.is_usable:
                return offer
        return Offer(remote_files=self._remote_files)

    def _local_files(self) -> Offer:
        files = [one for one in self._addresses if one[:5].lower() == "file:"]
        paths = [path for path in map(path_from_file_url, files) if path is not None]
        self._remote_files = len(files) - len(paths)
        if not paths:
            return Offer()
        links = filter(_is_web, self._addresses) if len(files) < len(self._addresses) else ()
        return Offer(paths=tuple(paths), links=tuple(links), remote_files=self._remote_files)

    def _original_bytes(self) -> Offer:
        for listed in self._formats:
            if listed.partition(";")[0].strip().lower() == _ORIGINAL_BYTES:
                offer = self._picture(self._bytes(listed), _name_parameter(listed))
                if offer.is_usable:
                    return offer
        return Offer()

    def _picture_addresses(self) -> Offer:
        """Markup that is nothing but pictures is a picture that was dragged; its page's address counts less."""
        links = () if self._markup.has_words else self._wanted(self._markup.image_addresses)
        if not links:
            links = self._wanted(_decoded(self._bytes(_MOZ_PROMISE)).splitlines()[:1])
        return Offer(links=links)

    def _link_list(self) -> Offer:
        return Offer(links=self._wanted([*self._addresses, *_decoded(self._bytes(_MOZ_URL)).splitlines()[:1]]))

    def _text_around_links(self) -> Offer:
        """A piece of a page or of a sheet: sheets also offer a picture of their cells, which nobody wants."""
        if self._markup.has_words and self._markup.has_links:
            return Offer(links=_lines(self._text), html=self._markup.source)
        return Offer()

    def _encoded_images(self) -> Offer:
        for kind in _IMAGE_TYPES:
            offer = self._picture(self._bytes(kind))
            if offer.is_usable:
                return offer
        return Offer()

    def _data_links(self) -> Offer:
        texts = [self._markup.source, *self._addresses, self._text]
        found = dict.fromkeys(data for text in texts if "data:" in text for data in image_data_links(text))
        return Offer(pictures=tuple(PictureBytes(data, self._made_name(data)) for data in found))

    def _bitmap(self) -> Offer:
        data = self._mime.imageData() if self._mime.hasImage() else None
        image = data.toImage() if isinstance(data, QPixmap) else data
        if not isinstance(image, QImage) or image.isNull():
            return Offer()
        return Offer(image=image, image_name=f"{self._named} {self._dates.stamp()}.png")

    def _plain_text(self) -> Offer:
        lines = _lines(self._text)
        files = [path_from_file_url(line) for line in lines if line.lower().startswith("file:")]
        paths = tuple(path for path in files if path is not None)
        self._remote_files += len(files) - len(paths)
        if paths:
            return Offer(paths=paths, links=tuple(filter(_is_web, lines)), remote_files=self._remote_files)
        return Offer(links=lines, html=self._markup.source if self._markup.has_links else "")

    def _picture(self, data: bytes, given_name: str = "") -> Offer:
        if _format_of(data) is None:
            return Offer()
        name = given_name or _name_in_addresses(self._markup.image_addresses) or self._made_name(data)
        return Offer(pictures=(PictureBytes(data, name),))

    def _made_name(self, data: bytes) -> str:
        found = _format_of(data)
        return f"{self._named} {self._dates.stamp()}{found.extension if found else ''}"

    def _wanted(self, links: Sequence[str]) -> tuple[str, ...]:
        web = dict.fromkeys(link.strip() for link in links if _is_web(link))
        return tuple(link for link in web if self._takes_link(link))

    def _read_addresses(self) -> list[str]:
        raw = self._bytes(_URI_LIST)
        if not raw and _COPIED_FILES in self._formats:  # "copy" or "cut", then an address a line
            raw = self._bytes(_COPIED_FILES).partition(b"\n")[2]
        # Read as bytes: QUrl loses names that are not UTF-8.
        lines = raw.replace(b"\0", b"").decode("utf-8", "surrogateescape").splitlines()
        addresses = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not addresses and self._mime.hasUrls():
            addresses = [url.toString(url.ComponentFormattingOption.FullyEncoded) for url in self._mime.urls()]
        return list(dict.fromkeys(addresses))

    def _read_markup(self) -> Markup:
        return read_markup(_decoded(self._bytes(_HTML)) or (self._mime.html() if self._mime.hasHtml() else ""))

    def _bytes(self, kind: str) -> bytes:
        return bytes(self._mime.data(kind).data()) if self._mime.hasFormat(kind) else b""


def _plain_formats(mime: QMimeData) -> set[str]:
    return {listed.partition(";")[0].strip().lower() for listed in mime.formats()}


def _usable_addresses(mime: QMimeData) -> int:
    """How many; thousands of QUrls would take ten times as long, for each time the pointer comes in."""
    raw = bytes(mime.data(_URI_LIST).data())
    if raw:
        beginnings = [line.lstrip()[:_LONGEST_BEGINNING].lower() for line in raw.splitlines()]
        return sum(
            one.startswith(_USABLE_BEGINNINGS) or (one.startswith(b"file:") and not one.startswith(b"file://"))
            for one in beginnings
        )
    return sum(_is_usable_scheme(url.scheme(), url.host()) for url in mime.urls())


def _is_usable_scheme(scheme: str, host: str) -> bool:
    if scheme == "file":
        return host in {"", "localhost"}
    return scheme in {"http", "https", "data"}


def _is_web(link: str) -> bool:
    return link.strip().lower().startswith(("http://", "https://"))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _decoded(raw: bytes) -> str:
    """Browsers hand over UTF-8 or UTF-16, the latter with or without a mark at its start."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace").rstrip("\0")
    if b"\0" in raw.rstrip(b"\0"):
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    return raw.decode("utf-8", "replace").rstrip("\0").removeprefix("\ufeff")


def _format_of(data: bytes) -> ImageFormat | None:
    """By the first bytes; whether it really is one, inspection finds out."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageFormat.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return ImageFormat.JPEG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return ImageFormat.WEBP
    return None


def _name_parameter(listed: str) -> str:
    """`application/octet-stream;name="castle.png"`, as Chromium writes it."""
    found = _NAME_PARAMETER.search(listed)
    return _clean_name(found.group(1) or found.group(2) or "") if found else ""


def _name_in_addresses(addresses: Sequence[str]) -> str:
    """The last part of the only picture's address, where that looks like a file name."""
    if len(addresses) != 1 or not _is_web(addresses[0]):
        return ""
    try:
        name = _clean_name(unquote(urlsplit(addresses[0]).path))
    except ValueError:  # "http://[": not an address after all
        return ""
    return name if name.lower().endswith((".png", ".jpg", ".jpeg", ".webp")) else ""


def _clean_name(name: str) -> str:
    return _FORBIDDEN_IN_NAME.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()

"""What a piece of HTML from a drag or the clipboard is made of: pictures, links, words."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

_UNSEEN = {"style", "script", "title", "head", "noscript", "template"}


@dataclass(frozen=True, slots=True)
class Markup:
    """`image_addresses`: each `img src`, in order. `has_words`: there is text to be seen between the tags."""

    source: str = ""
    image_addresses: tuple[str, ...] = ()
    has_words: bool = False
    has_links: bool = False


def read_markup(source: str) -> Markup:
    """Never fails: what is not markup is words."""
    if not source.strip():
        return Markup()
    parser = _Parser()
    parser.feed(source)
    parser.close()
    lowered = source.lower()
    return Markup(
        source=source,
        image_addresses=tuple(dict.fromkeys(parser.images)),
        has_words=parser.has_words,
        has_links="http://" in lowered or "https://" in lowered,
    )


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.images: list[str] = []
        self.has_words = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "img":
            address = dict(attrs).get("src")
            if address and address.strip():
                self.images.append(address.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)

    def handle_data(self, data: str) -> None:
        if not self._unseen and data.strip("\0 \t\r\n\ufeff\xa0"):
            self.has_words = True

"""Where the links are in HTML, Markdown and plain text; what they are worth is judged elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

# `](` of Markdown; the address may be in angle brackets, may hold one level of brackets, and may have a title.
_MARKDOWN: Final = re.compile(
    r"""\]\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>(?:[^\s()]|\([^\s()]*\))+))(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)"""
)
# Not where it only is the rest of `blob:https://…` or of another address's query.
_BARE: Final = re.compile(r"""(?<![A-Za-z0-9:/=%+.-])https?://(?:(?![,;]https?://)[^\s<>"])+""", re.IGNORECASE)
_TAG_START: Final = re.compile(r"<(?=[A-Za-z/!])")
_HAS_TAG: Final = re.compile(r"<(?:img|a|source|picture)\s", re.IGNORECASE)
_TAG_OF_INTEREST: Final = re.compile(r"</?(?:img|a|source)\b", re.IGNORECASE)
# `?a=1&copy=2` written by hand: html.parser would read a copyright sign where browsers read a parameter.
_LONE_AMPERSAND: Final = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_MAX_TRIMMED_CHARS: Final = 8_192
_TRAILING: Final = ".,;:!?'\u2019\u201d\u00bb*_`"


@dataclass(frozen=True, slots=True)
class TagLink:
    """An address out of a tag; `line` counts from 0."""

    line: int
    is_image: bool
    link: str


@dataclass(frozen=True, slots=True)
class MarkupLinks:
    """Addresses out of tags, in order, and the text around the tags, line by line (a tab where a tag was)."""

    in_tags: tuple[TagLink, ...]
    lines: tuple[str, ...]


def has_markup(text: str) -> bool:
    """There are tags that can hold a link; `<https://…>` is none."""
    return _HAS_TAG.search(text) is not None


def links_in_html(text: str) -> MarkupLinks:
    """Of `<a><img></a>` the picture counts, of a `srcset` its best, of `<source>` only what has no img beside it.

    Never fails: what is no tag is text, save the words of a link. Addresses are as written, with character references
    resolved.
    """
    reader = _TagReader(max(text.rfind("</a"), text.rfind("</A")))
    around: list[str] = []
    at, line = 0, 0
    for start, end in _tag_spans(text):
        breaks = text.count("\n", at, start)
        around.append("\n" * breaks if reader.is_in_anchor else text[at:start])
        line += breaks
        breaks = text.count("\n", start, end)
        around.append("\t" + "\n" * breaks)
        reader.feed_tag(text[start:end], line, start)
        line += breaks
        at = end
    around.append(text[at:])
    return MarkupLinks(reader.found(), tuple("".join(around).split("\n")))


def links_in_markdown(line: str) -> list[str]:
    """Addresses of `[text](address)` and `![text](address)`; of a linked picture the picture's."""
    found: list[str] = []
    ends_at = -1
    for match in _MARKDOWN.finditer(line):
        address = match["plain"] if match["angled"] is None else match["angled"]
        if match.start() != ends_at:  # `[![text](picture)](page)`: the page's begins where the picture's ends
            found.append(address.strip())
        ends_at = match.end()
    return found


def bare_links(text: str) -> list[str]:
    """Every http(s) address in running text, without the punctuation after it."""
    return [_without_punctuation(match[0]) for match in _BARE.finditer(text)]


def best_of_srcset(srcset: str) -> str | None:
    """The address with the greatest width or density; the first of equals."""
    best: tuple[float, str] | None = None
    for address, size in _srcset_candidates(srcset):
        if best is None or size > best[0]:
            best = size, address
    return best[1] if best else None


def _srcset_candidates(srcset: str) -> Iterator[tuple[str, float]]:
    """As the HTML standard splits it: an address ends at a blank, a descriptor at a comma."""
    at = 0
    while match := re.compile(r"[\s,]*([^\s,]\S*)").match(srcset, at):
        address, at = match[1], match.end()
        descriptor = ""
        if not address.endswith(","):
            end = srcset.find(",", at)
            end = len(srcset) if end < 0 else end
            descriptor, at = srcset[at:end].strip(), end + 1
        number = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)[wx]", descriptor)
        yield address.rstrip(","), float(number[1]) if number else 1.0


def _without_punctuation(link: str) -> str:
    while link and len(link) <= _MAX_TRIMMED_CHARS:
        last = link[-1]
        if last in _TRAILING or (last in ")]}" and link.count(last) > link.count("([{"[")]}".index(last)])):
            link = link[:-1]
        else:
            break
    return link


def _tag_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each tag or comment stands. Linear: after one tag without an end, quotes are no longer heeded."""
    at, heed_quotes = 0, True
    while match := _TAG_START.search(text, at):
        start = match.start()
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            end = len(text) if end < 0 else end + 3
        else:
            end = _end_of_tag(text, start) if heed_quotes else -1
            if end < 0:
                heed_quotes = False
                end = text.find(">", start) + 1
                if end == 0:
                    return
        yield start, end
        at = end


def _end_of_tag(text: str, start: int) -> int:
    at = start
    while match := re.compile("[\"'>]").search(text, at):
        if match[0] == ">":
            return match.end()
        at = text.find(match[0], match.end()) + 1
        if at == 0:
            return -1
    return -1


class _TagReader(HTMLParser):
    """Fed one tag at a time, so that text with ampersands in it is never taken for character references."""

    def __init__(self, last_anchor_end: int) -> None:
        super().__init__(convert_charrefs=True)
        self._last_anchor_end = last_anchor_end
        self._found: list[tuple[str, TagLink]] = []
        self._open_anchor: TagLink | None = None
        self._line = 0
        self._start = 0
        self.is_in_anchor = False

    def feed_tag(self, tag: str, line: int, start: int) -> None:
        if _TAG_OF_INTEREST.match(tag):
            self._line, self._start = line, start
            self.feed(_LONE_AMPERSAND.sub("&amp;", tag))
            self.close()
            self.reset()

    def found(self) -> tuple[TagLink, ...]:
        self._close_anchor()
        has_images = any(tag == "img" for tag, _ in self._found)
        return tuple(found for tag, found in self._found if tag != "source" or not has_images)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in reversed(attrs)}
        if tag == "a":
            self._close_anchor()
            link = given.get("href")
            if link:
                self._open_anchor = TagLink(self._line, is_image=False, link=_absolute(link))
                # One that nobody closed must not swallow the rest of the text.
                self.is_in_anchor = self._start < self._last_anchor_end
        elif tag in {"img", "source"}:
            link = _picture_of(given)
            if link:
                self._open_anchor = None
                self._found.append((tag, TagLink(self._line, is_image=True, link=link)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close_anchor()

    def _close_anchor(self) -> None:
        self.is_in_anchor = False
        if self._open_anchor is not None:
            self._found.append(("a", self._open_anchor))
            self._open_anchor = None


def _picture_of(given: dict[str, str]) -> str | None:
    """`data-src` is where pages that load late keep the address."""
    best = best_of_srcset(given.get("srcset", ""))
    candidates = [_absolute(link) for link in (best, given.get("src"), given.get("data-src")) if link]
    return next((link for link in candidates if _is_web(link)), candidates[0] if candidates else None)


def _absolute(link: str) -> str:
    """An address without a scheme takes the page's, which today is https."""
    return f"https:{link}" if link.startswith("//") else link


def _is_web(link: str) -> bool:
    return link[:8].lower().startswith(("http://", "https://"))

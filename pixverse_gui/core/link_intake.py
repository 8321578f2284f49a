"""Pasted text and markup  →  links as Sources, byte for byte and in the order given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pixverse_gui.core.limits import Limits
from pixverse_gui.core.markup_links import bare_links, has_markup, links_in_html, links_in_markdown
from pixverse_gui.core.models import Source, SourceKind
from pixverse_gui.core.public_link import link_label, link_problem

_WEB: Final = re.compile(r"https?:", re.IGNORECASE)
_ANY_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=\S)")
# "- ", "* ", "1. ", "2) ", "> " of lists and quotations.
_LIST_MARK: Final = re.compile(r"(?:[-*+>\u2022]|[0-9]{1,6}[.)])\s+")
_BETWEEN: Final = re.compile(r"""["']?\s*[,;]\s*["']?(?=https?://)|\s+(?=https?://)""", re.IGNORECASE)
_OPENING: Final = "<[(\"'\u201c\u2018\u00ab`"
_CLOSING: Final = {"<": ">", "[": "]", "(": ")", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb"}
_NO_LINK: Final = re.compile(r"""[\s<>"]""")
_MAX_WRAPPINGS: Final = 16
_INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line, or the part of it, that gave no link. `line_number` counts from 1; `reason` as of LINK_NOT_PUBLIC."""

    line_number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkIntake:
    """What the links box holds."""

    sources: tuple[Source, ...]
    rejected: tuple[RejectedLine, ...]


def read_links(text: str, limits: Limits, *, allow_loopback: bool = False) -> LinkIntake:
    """One link a line, also out of Markdown, HTML and a column of a sheet; the same link twice stays twice.

    Every line that names no good link is rejected with the reason; of a line that names good and bad ones only the
    bad part. Words around markup are no links and no mistakes. Pure; any thread.
    """
    reader = _StrictReader(limits, allow_loopback=allow_loopback)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not has_markup(text):
        for number, line in enumerate(text.split("\n"), start=1):
            reader.take_line(number, line)
        return reader.result()
    markup = links_in_html(text)
    in_tags: dict[int, list[str]] = {}
    for tag in markup.in_tags:
        in_tags.setdefault(tag.line, []).append(tag.link)
    for index, line in enumerate(markup.lines):
        reader.take_links(index + 1, in_tags.get(index, ()))
        if "://" in line:
            reader.take_line(index + 1, line)
    return reader.result()


_TELLABLE = {None, "host", "credentials", "length"}
"""Good links, and those whose row can say what is wrong; the rest is no link."""


def find_links(text: str, html: str, limits: Limits, *, allow_loopback: bool = False) -> tuple[Source, ...]:
    """The http(s) links of a drop or a paste; what is no such link is passed over.

    Pictures in the markup come first, then links in the text, then what the markup only links to. A link that stands
    in the text was meant: one that cannot be sent (a private host, a password in it) is taken too, so that its row can
    say why. Markup holds much that nobody meant. Pure; any thread.
    """

    def problem(link: str) -> str | None:
        return link_problem(link, limits, allow_loopback=allow_loopback)

    in_tags = links_in_html(html).in_tags if html else ()
    for found in (
        [tag.link for tag in in_tags if tag.is_image and problem(tag.link) is None],
        [link for link in _links_in_text(text) if problem(link) in _TELLABLE],
        [tag.link for tag in in_tags if not tag.is_image and problem(tag.link) is None],
    ):
        if found:
            return tuple(map(link_source, found))
    return ()


def link_source(link: str) -> Source:
    """What was named as a link, byte for byte, whatever it is: inspection says what is wrong with it."""
    return Source(SourceKind.LINK, link, link_label(link))


def _links_in_text(text: str) -> list[str]:
    if has_markup(text):
        markup = links_in_html(text)
        return [tag.link for tag in markup.in_tags] or _links_in_lines(markup.lines)
    return _links_in_lines(text.splitlines())


def _links_in_lines(lines: Iterable[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        for cell in line.split("\t"):
            bare = _unwrapped(cell)
            # A cell that is one link keeps its last character; in running text that would be punctuation.
            is_one_link = _WEB.match(bare) and not _BETWEEN.search(bare) and not _NO_LINK.search(bare)
            found += links_in_markdown(cell) or ([bare] if is_one_link else bare_links(cell))
    return found


class _StrictReader:
    """Collects links and what is wrong with the others, line by line."""

    def __init__(self, limits: Limits, *, allow_loopback: bool) -> None:
        self._limits, self._allow_loopback = limits, allow_loopback
        self._sources: list[Source] = []
        self._rejected: list[RejectedLine] = []

    def result(self) -> LinkIntake:
        return LinkIntake(tuple(self._sources), tuple(self._rejected))

    def take_line(self, number: int, line: str) -> None:
        cells = [cell for cell in line.split("\t") if cell.strip().strip(_INVISIBLE)]
        links = [link for cell in cells for link in _links_of_cell(cell)]
        if links:
            self.take_links(number, links)
        elif cells:
            self._rejected.append(RejectedLine(number, line.strip(), "scheme"))

    def take_links(self, number: int, links: Sequence[str]) -> None:
        """All that can be sent become sources; the others of the line are kept together."""
        bad: list[tuple[str, str]] = []
        for link in links:
            problem = link_problem(link, self._limits, allow_loopback=self._allow_loopback)
            if problem is None:
                self._sources.append(link_source(link))
            else:
                bad.append((link, problem))
        if bad:
            self._rejected.append(RejectedLine(number, "\t".join(link for link, _ in bad), bad[0][1]))


def _links_of_cell(cell: str) -> list[str]:
    """What the cell names as links, good or bad; nothing where it holds only words."""
    in_markdown = links_in_markdown(cell)
    if in_markdown:
        return in_markdown
    bare = _unwrapped(cell)
    if _WEB.match(bare):
        return [one for one in (_unwrapped(part) for part in _BETWEEN.split(bare)) if one]
    if _ANY_SCHEME.match(bare):
        # "file:///c.png" or "ftp://…": meant as a link, and told so; "Castle: https://…" has a blank there.
        return [bare]
    return bare_links(cell)


def _unwrapped(text: str) -> str:
    """Without list marks, quotes, brackets and commas around it. A link's own last bracket is left alone."""
    for _ in range(_MAX_WRAPPINGS):
        bare = text.strip().strip(_INVISIBLE).rstrip(",;")
        bare = _LIST_MARK.sub("", bare, count=1) if _LIST_MARK.match(bare) else bare
        if bare[:1] and bare[0] in _OPENING:
            bare = bare[1:].removesuffix(_CLOSING.get(bare[0], bare[0]))
        elif bare[-1:] and bare[-1] in "\"'>`\u201d\u2019\u00bb":
            bare = bare[:-1]
        if bare == text:
            break
        text = bare
    return text

"""Finding addresses in HTML, Markdown and running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.markup_links import (
    bare_links,
    best_of_srcset,
    has_markup,
    links_in_html,
    links_in_markdown,
)

A, B, C = "https://e.com/a.png", "https://e.com/b.png", "https://e.com/c.png"


def in_tags(text: str) -> list[str]:
    return [found.link for found in links_in_html(text).in_tags]


@pytest.mark.parametrize(
    ("html", "links"),
    [
        (f'<img src="{A}">', [A]),
        (f"<IMG SRC='{A}' />", [A]),
        (f"<img alt=x src={A}>", [A]),
        (f'<img\n  alt="a > b"\n  src="{A}"\n>', [A]),
        (f'<a href="{A}">words</a>', [A]),
        (f'<a href="{B}"><img src="{A}"></a>', [A]),
        (f'<a href="{B}"><span><img src="{A}"></span></a><a href="{C}">words</a>', [A, C]),
        (f'<a href="{A}">one<a href="{B}">two', [A, B]),
        (f'<a name="x"><img src="{A}"></a>', [A]),
        ('<img src="https://e.com/?a=1&amp;b=2&copy=3">', ["https://e.com/?a=1&b=2&copy=3"]),
        ('<img src="//e.com/a.png">', [A]),
        ('<img src="/a.png">', ["/a.png"]),
        (f'<img src="/a.png" data-src="{A}">', [A]),
        (f'<img src="data:image/gif;base64,AA" data-src="{A}">', [A]),
        ('<img src="data:image/gif;base64,AA">', ["data:image/gif;base64,AA"]),
        (f'<img srcset="{A} 1x, {B} 2x" src="{C}">', [B]),
        (f'<picture><source srcset="{A}"><img src="{B}"></picture>', [B]),
        (f'<picture><source srcset="{A}"></picture>', [A]),
        (f'<img src="{A}" src="{B}">', [A]),
        (f'<!-- <img src="{A}"> --><img src="{B}">', [B]),
        (f'<!-- never closed <img src="{A}">', []),
        (f'<script>var x = "<b>";</script><img src="{A}">', [A]),
        ("<img>", []),
        ('<img src="">', []),
        ("<img src=", []),
        (f'<img src="{A}', []),
        (f"<b title='it's odd'><img src=\"{A}\">", [A]),
        (f"a < b, b<3 and <img src={A}>", [A]),
        (f'<![if x]><img src="{A}"><![endif]>', [A]),
    ],
)
def test_addresses_come_out_of_tags(html: str, links: list[str]) -> None:
    assert in_tags(html) == links


def test_pictures_are_told_from_links_and_each_has_the_line_of_its_tag() -> None:
    html = f'words\n<p><a\nhref="{A}">x\ny</a>\n<img src="{B}">\n'
    assert [(one.line, one.is_image, one.link) for one in links_in_html(html).in_tags] == [(1, False, A), (4, True, B)]


def test_the_text_around_tags_keeps_its_lines_and_loses_the_words_of_links() -> None:
    html = f'one\n<p>two<a href="{A}">thr\nee</a>four</p>\nfive & six'
    assert links_in_html(html).lines == ("one", "\ttwo\t", "\tfour\t", "five & six")


def test_a_link_that_is_never_closed_does_not_swallow_the_text() -> None:
    assert links_in_html(f'<a href="{A}">words\nmore').lines == ("\twords", "more")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<img src={A}>", True),
        (f'<A HREF="{A}">', True),
        (f"<{A}>", False),
        ("<b>bold</b>", False),
        ("a < b", False),
        ("", False),
    ],
)
def test_markup_is_known_by_tags_that_can_hold_a_link(text: str, expected: bool) -> None:
    assert has_markup(text) is expected


@pytest.mark.parametrize(
    ("line", "links"),
    [
        (f"[a]({A})", [A]),
        (f"![a]({A})", [A]),
        (f"- ![a]({A}), ![b]({B})", [A, B]),
        (f'[a]({A} "a title")', [A]),
        (f"[a]( <{A}> 'a title' )", [A]),
        ("[a](<https://e.com/a b.png>)", ["https://e.com/a b.png"]),
        ("[a](https://e.com/a_(1).png)", ["https://e.com/a_(1).png"]),
        (f"[![thumb]({A})]({B})", [A]),
        (f"[![thumb]({A})]({B}) [c]({C})", [A, C]),
        ("[a](relative.png)", ["relative.png"]),
        ("[a]()", []),
        ("[a](", []),
        (A, []),
        ("f(x)[1](2", []),
    ],
)
def test_addresses_come_out_of_markdown(line: str, links: list[str]) -> None:
    assert links_in_markdown(line) == links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (f"see {A}.", [A]),
        (f"({A})", [A]),
        (f'"{A}", "{B}"', [A, B]),
        (f"<{A}>", [A]),
        (f"**{A}**", [A]),
        (f"{A},{B};{C}", [A, B, C]),
        (f"{A} {B}", [A, B]),
        ("https://e.com/a_(1).png, really!", ["https://e.com/a_(1).png"]),
        ("HTTPS://E.COM/A.PNG", ["HTTPS://E.COM/A.PNG"]),
        (f"https://e.com/fetch?u={A}", [f"https://e.com/fetch?u={A}"]),
        ("blob:https://e.com/1", []),
        ("/proxy?u=https://e.com/1", []),
        ("https://", []),
        ("ftp://e.com/a.png www.e.com", []),
    ],
)
def test_addresses_come_out_of_running_text(text: str, links: list[str]) -> None:
    assert bare_links(text) == links


@pytest.mark.parametrize(
    ("srcset", "best"),
    [
        (f"{A} 320w, {B} 1280w, {C} 640w", B),
        (f"{A}, {B} 2x", B),
        (f"{A} 1.5x,{B} 1x", A),
        (f"{A} 2x, {B} 2x", A),
        ("https://e.com/w_100,h_50/a.png 1x, https://e.com/w_200,h_100/a.png 2x", "https://e.com/w_200,h_100/a.png"),
        (f" ,, {A} nonsense , {B} -3x", A),
        (f"{A},", A),
        ("", None),
        (" , ", None),
    ],
)
def test_the_largest_of_a_srcset_is_taken(srcset: str, best: str | None) -> None:
    assert best_of_srcset(srcset) == best


@given(st.text("<>aimg!-/ =\"'\nhttps:.&;#x(),[]", max_size=80))
def test_any_soup_has_an_answer_with_as_many_lines(text: str) -> None:
    found = links_in_html(text)
    assert len(found.lines) == text.count("\n") + 1
    assert all(0 <= one.line < len(found.lines) for one in found.in_tags)
    links_in_markdown(text)
    bare_links(text)
    best_of_srcset(text)


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a href='",
        '<a href="',
        "<!--",
        "<a>",
        "](",
        "](((",
        "https://a)",
        "<img src=x ",
        "((",
        "\t-\t",
        "<a href=x>",
    ],
)
def test_a_large_paste_of_unfinished_markup_takes_time_in_proportion(piece: str) -> None:
    # Steps that grow with the square of the length would not end within the time a test is given.
    text = piece * 40_000
    links_in_html(text)
    links_in_markdown(text)
    bare_links(text)
    best_of_srcset(text)
    assert len(text) >= 40_000

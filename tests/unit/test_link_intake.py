"""Pasted text becomes links: strict in the links box, lenient in drops and pastes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.intake import LinkIntake, find_links, link_problem, read_links
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source, SourceKind

LIMITS = Limits()
A, B, C = "https://e.com/a.png", "https://e.com/b.png", "https://e.com/c.png"


def links(found: LinkIntake | tuple[Source, ...]) -> list[str]:
    sources = found.sources if isinstance(found, LinkIntake) else found
    return [source.location for source in sources]


def rejected(found: LinkIntake) -> list[tuple[int, str, str]]:
    return [(line.line_number, line.text, line.reason) for line in found.rejected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (A, [A]),
        (f"{A}\n{B}\r\n{C}\r", [A, B, C]),
        (f"\n\n  {A}  \n\t\n{B}\n", [A, B]),
        (f"{A},\n{B};", [A, B]),
        (f"\"{A}\",\n'{B}'", [A, B]),
        (f"<{A}>\n<{B}>,", [A, B]),
        (f"- {A}\n* {B}\n1. {C}", [A, B, C]),
        (f"> {A}", [A]),
        (f'["{A}", "{B}"]', [A, B]),
        (f'[\n  "{A}",\n  "{B}"\n]'.replace("[\n", "").replace("\n]", ""), [A, B]),
        (f"{A} {B}", [A, B]),
        (f"{A},{B}", [A, B]),
        (f"[a]({A})\n![b]({B})", [A, B]),
        (f"[![a]({A})]({B})", [A]),
        (f"castle\t12\t{A}\nbridge\t13\t{B}", [A, B]),
        (f"{A}\t{B}\n\t{C}\t", [A, B, C]),
        (f"the castle: {A} (new)", [A]),
        (f"\ufeff{A}\n\u200b", [A]),
        (f"{A}\n{B}\n{A}", [A, B, A]),
        (f'<img src="{A}">\n<a href="{B}">b</a>\n{C}', [A, B, C]),
        (f'<table><tr><td>castle</td><td>{A}</td></tr>\n<tr><td>x</td><td>{B}</td></tr></table><a name="x">', [A, B]),
        (f"HTTPS://E.COM/A.PNG\n{A}", ["HTTPS://E.COM/A.PNG", A]),
        (
            "https://media.pixverse.ai/openapi%2Fa%20b.jpg?x=1&copy=2",
            ["https://media.pixverse.ai/openapi%2Fa%20b.jpg?x=1&copy=2"],
        ),
        ("https://e.com/a_(1).png", ["https://e.com/a_(1).png"]),
        ("https://e.com/a.", ["https://e.com/a."]),
        ("https://e.com/图.png", ["https://e.com/图.png"]),
    ],
)
def test_the_box_takes_one_link_a_line_out_of_whatever_is_around_it(text: str, expected: list[str]) -> None:
    found = read_links(text, LIMITS)
    assert links(found) == expected
    assert found.rejected == ()


def test_a_link_is_a_source_with_host_and_name_as_its_label() -> None:
    assert read_links(A, LIMITS).sources == (Source(SourceKind.LINK, A, "e.com/a.png"),)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("castle_01.png", "scheme"),
        ("www.example.com/a.png", "scheme"),
        ("file:///tmp/a.png", "scheme"),
        ("C:\\pictures\\a.png", "scheme"),
        ("\\\\server\\a.png", "scheme"),
        ("javascript:fetch('https://e.com/')", "scheme"),
        ("blob:https://e.com/1", "scheme"),
        ("data:image/png;base64,AAAA", "scheme"),
        ("https://e.com/my castle.png", "characters"),
        ("https://user:password@e.com/a.png", "credentials"),
        ("http://localhost/a.png", "host"),
        ("http://2130706433/a.png", "host"),
        ("https://", "host"),
        (f"https://e.com/{'a' * 2048}", "length"),
        ("[a](relative.png)", "scheme"),
    ],
)
def test_a_bad_line_is_rejected_with_its_number_and_the_reason(line: str, reason: str) -> None:
    found = read_links(f"{A}\n\n{line}\n{B}", LIMITS)
    assert links(found) == [A, B]
    assert [(number, why) for number, _, why in rejected(found)] == [(3, reason)]


def test_what_stays_of_a_bad_line_can_be_corrected_and_read_again() -> None:
    found = read_links("  nonsense \nhttps://e.com/my castle.png,", LIMITS)
    assert rejected(found) == [(1, "nonsense", "scheme"), (2, "https://e.com/my castle.png", "characters")]


def test_of_a_line_with_good_and_bad_links_only_the_bad_ones_stay() -> None:
    found = read_links(f"castle\t{A}\thttp://localhost/1\tfile:///x\t{B}", LIMITS)
    assert links(found) == [A, B]
    assert rejected(found) == [(1, "http://localhost/1\tfile:///x", "host")]


def test_bad_links_inside_markup_are_rejected_with_the_line_of_their_tag_and_words_are_not() -> None:
    found = read_links(
        f'<p>Two castles</p>\n<img src="{A}">\n<img\n src="/b.png">\nhttp://localhost/c\nthe end', LIMITS
    )
    assert links(found) == [A]
    assert rejected(found) == [(3, "/b.png", "scheme"), (5, "http://localhost/c", "host")]


@pytest.mark.parametrize("text", ["", "\n \n\t\n", "\u200b"])
def test_an_empty_box_holds_nothing(text: str) -> None:
    assert read_links(text, LIMITS) == LinkIntake((), ())


def test_links_to_this_computer_are_taken_where_that_is_allowed() -> None:
    link = "http://127.0.0.1:8080/a.png"
    assert links(read_links(link, LIMITS, allow_loopback=True)) == [link]
    assert links(find_links(link, "", LIMITS, allow_loopback=True)) == [link]
    assert links(find_links("", f'<img src="{link}">', LIMITS, allow_loopback=True)) == [link]
    assert find_links("", f'<img src="{link}">', LIMITS) == ()


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [
        (f"{A}\n{B}", "", [A, B]),
        (f"Look at {A}, or ({B})!", "", [A, B]),
        (f"castle\t{A}\nbridge\t{B}\ngate\t{A}", "", [A, B, A]),
        (f"[a]({A}) and ![b]({B})", "", [A, B]),
        (f"{A},", "", [A]),
        (f"{A},{B}", "", [A, B]),
        ("https://e.com/a.", "", ["https://e.com/a."]),
        (f'<img src="{A}">', "", [A]),
        (f"<a name=x> {A}", "", [A]),
        ("castle www.example.com file:///a.png data:image/png;base64,AA", "", []),
        ("http://localhost/a http://user@e.com/ javascript:alert(1)", "", ["http://localhost/a", "http://user@e.com/"]),
        (f"http://localhost/a\n{A}", "", ["http://localhost/a", A]),
        ("https://e.com/my castle.png", "", ["https://e.com/my"]),
        ("", "", []),
        ("", f'<img src="{A}"><img src="{B}">', [A, B]),
        ("https://e.com/page", f'<a href="https://e.com/page"><img src="{A}"></a>', [A]),
        (f"{A}\n{B}", f'<a href="{C}">words</a>', [A, B]),
        ("words", f'<a href="{C}">words</a><a href="/about">about</a>', [C]),
        (f"{B}", '<img src="/relative.png"><img src="data:image/png;base64,AA">', [B]),
        ("", "<p>words</p>", []),
    ],
)
def test_a_drop_or_paste_gives_its_clear_links_best_form_first(text: str, html: str, expected: list[str]) -> None:
    assert links(find_links(text, html, LIMITS)) == expected


_PIECES = st.sampled_from(
    [
        A,
        B,
        "castle",
        "\n",
        "\t",
        " ",
        ",",
        '"',
        "<",
        ">",
        "[x](",
        ")",
        "<img src=",
        "<a href='",
        "'",
        "</a>",
        "http://localhost/",
        "&amp;",
        "- ",
        "data:image/png;base64,AA",
    ]
)


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_whatever_is_typed_only_good_links_get_in_and_each_bad_line_exists(text: str) -> None:
    found = read_links(text, LIMITS)
    assert [link for link in links(found) if link_problem(link, LIMITS) is not None] == []
    # A paste has no box in which a bad link could stay: it becomes a row that says what is wrong with it.
    pasted = {link_problem(link, LIMITS) for link in links(find_links(text, text, LIMITS))}
    assert pasted <= {None, "host", "credentials", "length"}
    assert all(1 <= line.line_number <= text.count("\n") + 1 and line.text for line in found.rejected)


@given(st.lists(st.sampled_from([A, B, C]), max_size=8), st.sampled_from(["\n", "\r\n", "\n\n", ",\n", " ", ", "]))
def test_the_order_given_is_kept(given_links: list[str], between: str) -> None:
    text = between.join(given_links)
    assert links(read_links(text, LIMITS)) == given_links
    assert links(find_links(text, "", LIMITS)) == given_links


@pytest.mark.parametrize("piece", ["(", "<a href='", "https://a ", "- - - ", "[x](", "https://a,\n", "<"])
def test_a_large_paste_takes_time_in_proportion(piece: str) -> None:
    # Steps that grow with the square of the length would not end within the time a test is given.
    text = piece * 20_000
    assert read_links(text, LIMITS).sources == ()
    assert len(find_links(text, text, LIMITS)) in {0, 20_000}

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.ui.dragged_markup import Markup, read_markup


def test_nothing_is_nothing() -> None:
    assert read_markup("") == Markup()
    assert read_markup(" \n") == Markup()


def test_a_dragged_picture_has_an_address_and_no_words() -> None:
    found = read_markup(
        "<meta http-equiv='content-type'><a href='https://e.test/'><img src=\"https://e.test/a.png\"></a>"
    )
    assert found.image_addresses == ("https://e.test/a.png",)
    assert not found.has_words
    assert found.has_links


def test_addresses_are_unescaped_kept_in_order_and_taken_once() -> None:
    found = read_markup(
        '<img src="https://e.test/b?x=1&amp;y=2"><IMG SRC=https://e.test/a><img src="https://e.test/a">'
    )
    assert found.image_addresses == ("https://e.test/b?x=1&y=2", "https://e.test/a")


@pytest.mark.parametrize("markup", ["<img>", "<img src>", '<img src="  ">', '<p class="x">'])
def test_a_picture_without_an_address_is_none(markup: str) -> None:
    assert read_markup(markup).image_addresses == ()


@pytest.mark.parametrize("markup", ["<p>hello</p>", "hello", "<table><td>4</td></table>"])
def test_text_between_tags_is_words(markup: str) -> None:
    assert read_markup(markup).has_words


@pytest.mark.parametrize(
    "markup",
    [
        "<style>td { color: red }</style><img src=a>",
        "<html><head><title>Page</title></head><body>\n<!--StartFragment--><img src=a>&nbsp;<!--EndFragment-->\n",
        "<script>let x = 1</script>",
        "</style><img src=a>",
    ],
)
def test_what_cannot_be_seen_is_no_words(markup: str) -> None:
    assert not read_markup(markup).has_words


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert read_markup(text).source in {"", text}

"""Pictures inside the text."""

from __future__ import annotations

import base64
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_gui.core.intake import image_data_links

PNG = b"\x89PNG\r\n\x1a\n\xff\xfe\xfb and more"
CODED = base64.b64encode(PNG).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"data:image/png;base64,{CODED}",
        f"DATA:IMAGE/PNG;BASE64,{CODED}",
        f'<img alt="x" src="data:image/png;base64,{CODED}">',
        f"<img src='data:image/png;charset=utf-8;base64,{CODED}'/>",
        f"background: url(data:image/png;base64,{CODED})",
        f"![x](data:image/png;base64,{CODED})",
        f"data:image/png;base64,{CODED.rstrip('=')}",
        f"data:image/png;base64,{base64.urlsafe_b64encode(PNG).decode()}",
        f"data:image/png;base64,{CODED.replace('+', '%2B').replace('=', '%3D')}",
        f"data:image/png;base64,{CODED.replace('+', '&#43;').replace('=', '&#61;')}",
        f"data:image/png;base64,{CODED[:8]}%0A{CODED[8:]}",
        f"data:image/png,{quote_from_bytes(PNG)}",
    ],
)
def test_the_bytes_come_out_as_they_went_in(text: str) -> None:
    assert image_data_links(text) == (PNG,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/a.png",
        f"data:text/html;base64,{CODED}",
        f"data:;base64,{CODED}",
        "data:image/png;base64,",
        "data:image/png;base64,A",
        "data:image/png;base64,A*B=",
        "data:image/png;base64",
        f"data:image/{'x' * 100};base64,{CODED}",
    ],
)
def test_what_is_damaged_or_no_picture_is_left_out(text: str) -> None:
    assert image_data_links(text) == ()


def test_several_come_in_order() -> None:
    first, second = base64.b64encode(b"first").decode(), base64.b64encode(b"second").decode()
    html = f'<img src="data:image/png;base64,{first}"><p>words</p><img src="data:image/webp;base64,{second}">'
    assert image_data_links(html) == (b"first", b"second")


def test_a_picture_that_is_too_large_is_left_out() -> None:
    coded = base64.b64encode(b"x" * 100).decode()
    assert image_data_links(f"data:image/png;base64,{coded}", max_bytes=100) == ()
    assert image_data_links(f"data:image/png;base64,{coded}", max_bytes=101) == (b"x" * 100,)
    assert image_data_links(f"data:image/png;base64,{coded}", max_bytes=10) == ()


@given(st.text(max_size=60).map(lambda rest: f"data:image/png{rest}"))
def test_any_text_has_an_answer(text: str) -> None:
    assert all(image_data_links(text))

"""What Copy puts on the clipboard, character for character."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pixverse_gui.core.copy_formats import CopyFormat, copyable, render
from pixverse_gui.core.models import Source, SourceKind, Upload, UploadState

BEYOND_DOUBLES = 2**53 + 1
LARGEST = 2**64 - 1


def row(img_id: object = None, img_url: str | None = None, label: str = "a.png", key: int = 1) -> Upload:
    return Upload(
        key=key,
        batch=1,
        position=key,
        source=Source(SourceKind.FILE, f"/{label}", label),
        state=UploadState.READY if img_id is None else UploadState.DONE,
        added_at=datetime(2026, 11, 22, tzinfo=UTC),
        img_id=None if img_id is None else str(img_id),
        img_url=img_url,
    )


TWO = [row(2, "https://m.example/b.jpg", "b.png"), row(1, "https://m.example/a.jpg", "a.png")]


@pytest.mark.parametrize(
    ("copy_format", "text"),
    [
        (CopyFormat.ID_LINES, "2\n1"),
        (CopyFormat.ID_COMMAS, "2, 1"),
        (CopyFormat.JSON_LIST, "[2, 1]"),
        (CopyFormat.JSON_OBJECTS, '[{"img_id": 2}, {"img_id": 1}]'),
        (CopyFormat.LINK_LINES, "https://m.example/b.jpg\nhttps://m.example/a.jpg"),
        (CopyFormat.TABLE, "b.png\t2\thttps://m.example/b.jpg\na.png\t1\thttps://m.example/a.jpg"),
    ],
)
def test_each_format_keeps_the_order_and_has_no_last_line_break(copy_format: CopyFormat, text: str) -> None:
    assert render(TWO, copy_format) == text


@pytest.mark.parametrize(
    ("copy_format", "text"),
    [
        (CopyFormat.ID_LINES, ""),
        (CopyFormat.ID_COMMAS, ""),
        (CopyFormat.JSON_LIST, "[]"),
        (CopyFormat.JSON_OBJECTS, "[]"),
        (CopyFormat.LINK_LINES, ""),
        (CopyFormat.TABLE, ""),
    ],
)
def test_nothing_finished_gives_nothing(copy_format: CopyFormat, text: str) -> None:
    assert render([row(), row()], copy_format) == text


@pytest.mark.parametrize("copy_format", list(CopyFormat))
def test_ids_beyond_doubles_stay_exact(copy_format: CopyFormat) -> None:
    if copy_format is not CopyFormat.LINK_LINES:
        text = render([row(BEYOND_DOUBLES), row(LARGEST)], copy_format)
        assert "9007199254740993" in text
        assert "18446744073709551615" in text


def test_copied_json_holds_bare_numbers() -> None:
    assert json.loads(render([row(BEYOND_DOUBLES)], CopyFormat.JSON_LIST)) == [BEYOND_DOUBLES]
    assert json.loads(render([row(LARGEST)], CopyFormat.JSON_OBJECTS)) == [{"img_id": LARGEST}]


def test_an_id_that_is_no_number_does_not_break_the_json() -> None:
    assert json.loads(render([row("007"), row('x"y')], CopyFormat.JSON_LIST)) == ["007", 'x"y']


def test_rows_without_what_is_asked_for_are_left_out() -> None:
    rows = [row(1, "https://m.example/1"), row(), row(2), row(3, "https://m.example/3")]
    assert [one.img_id for one in copyable(rows, CopyFormat.ID_LINES)] == ["1", "2", "3"]
    assert [one.img_id for one in copyable(rows, CopyFormat.TABLE)] == ["1", "2", "3"]
    assert [one.img_id for one in copyable(rows, CopyFormat.LINK_LINES)] == ["1", "3"]
    assert render(rows, CopyFormat.LINK_LINES) == "https://m.example/1\nhttps://m.example/3"


@pytest.mark.parametrize("link", ["", "https://a\nb", "https://a b", "https://a\u202eb", "https://a\x00"])
def test_a_link_that_cannot_be_seen_whole_on_one_line_is_not_copied(link: str) -> None:
    assert copyable([row(1, link)], CopyFormat.LINK_LINES) == []


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1.png", "'=1+1.png"),
        ("+a.png", "'+a.png"),
        ("-a.png", "'-a.png"),
        ("@a.png", "'@a.png"),
        ("  =a.png", "'  =a.png"),
        ("\t=a.png", "' =a.png"),
        ("\r\n=a.png", "'  =a.png"),
        ("\u00a0=a.png", "'\u00a0=a.png"),
        ("\ufeff=a.png", "'\ufeff=a.png"),
        ("a\tb\r\nc.png", "a b  c.png"),
        ("a\u2028b\x00c\x85d.png", "a b c d.png"),
        ("a=b-c@d+.png", "a=b-c@d+.png"),
        ("'quoted.png", "'quoted.png"),
        ("caf\udce9.png", "caf\ufffd.png"),
        ("图 1.png", "图 1.png"),
        ("", ""),
    ],
)
def test_a_name_is_one_harmless_cell_of_the_table(name: str, cell: str) -> None:
    assert render([row(7, "https://m.example/7", label=name)], CopyFormat.TABLE) == f"{cell}\t7\thttps://m.example/7"


def test_a_link_from_an_answer_is_a_harmless_cell_too() -> None:
    assert render([row(7, "=HYPERLINK(1)\n")], CopyFormat.TABLE) == "a.png\t7\t'=HYPERLINK(1) "


def test_a_row_of_the_table_has_three_cells_even_without_a_link() -> None:
    assert render([row(7)], CopyFormat.TABLE) == "a.png\t7\t"


def test_the_names_in_the_settings_file_do_not_change() -> None:
    assert [str(one) for one in CopyFormat] == [
        "id_lines",
        "id_commas",
        "json_list",
        "json_objects",
        "link_lines",
        "table",
    ]

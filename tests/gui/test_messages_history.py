from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QLocale

from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.ui import messages_history as words
from pixverse_gui.ui.dates import Dates


@pytest.fixture
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("count", "copy_format", "said"),
    [
        (1, CopyFormat.ID_LINES, "Copy 1 ID"),
        (14, CopyFormat.ID_COMMAS, "Copy 14 IDs"),
        (14, CopyFormat.JSON_LIST, "Copy 14 IDs"),
        (2, CopyFormat.JSON_OBJECTS, "Copy 2 IDs"),
        (3, CopyFormat.TABLE, "Copy 3 rows"),
        (1, CopyFormat.TABLE, "Copy 1 row"),
        (2, CopyFormat.LINK_LINES, "Copy 2 links"),
        (1, CopyFormat.LINK_LINES, "Copy 1 link"),
        (0, CopyFormat.ID_LINES, "Copy IDs"),
        (0, CopyFormat.TABLE, "Copy rows"),
    ],
)
def test_the_button_says_what_it_would_copy(count: int, copy_format: CopyFormat, said: str) -> None:
    assert words.copy_button(count, copy_format) == said


@pytest.mark.parametrize(
    ("count", "missing", "copy_format", "said"),
    [
        (14, 0, CopyFormat.ID_LINES, "Copied 14 IDs."),
        (1, 0, CopyFormat.JSON_LIST, "Copied 1 ID."),
        (12, 2, CopyFormat.ID_LINES, "Copied 12 IDs. 2 images have no ID yet."),
        (12, 1, CopyFormat.TABLE, "Copied 12 rows. 1 image has no ID yet."),
        (2, 3, CopyFormat.LINK_LINES, "Copied 2 links. 3 images have no link yet."),
    ],
)
def test_what_was_copied_is_said_with_what_is_missing(
    count: int, missing: int, copy_format: CopyFormat, said: str
) -> None:
    assert words.copied(count, missing, copy_format) == said


@pytest.mark.usefixtures("english")
def test_counts_are_grouped_as_the_country_does() -> None:
    assert words.copy_button(1_248, CopyFormat.ID_LINES) == "Copy 1,248 IDs"
    assert words.removed_from_history(1_248).startswith("Removed 1,248 images")


def test_every_form_has_a_name_of_its_own() -> None:
    assert set(words.FORMAT_NAMES) == set(CopyFormat)
    assert len(set(words.FORMAT_NAMES.values())) == len(CopyFormat)


def test_a_day_says_how_many_images_it_has_once_that_is_known() -> None:
    clock = Dates(lambda: datetime(2026, 11, 22, tzinfo=UTC), UTC, QLocale("en_GB"))
    assert words.day_heading(date(2026, 11, 22), 4, clock) == "Today · 4 images"
    assert words.day_heading(date(2026, 11, 3), 1, clock) == "3 November · 1 image"
    assert words.day_heading(date(2026, 11, 3), 0, clock) == "3 November"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "Drop to add. "), (1, "Drop to add 1 item. "), (12, "Drop to add 12 items. ")]
)
def test_a_drag_says_how_much_would_be_added_and_that_nothing_is_sent(count: int, said: str) -> None:
    assert words.drop_to_add(count) == f"{said}Nothing is uploaded until you press Upload."


@pytest.mark.parametrize(("count", "start"), [(1, "1 file is on another"), (2, "2 files are on another")])
def test_files_on_another_computer_are_named_with_what_to_do(count: int, start: str) -> None:
    assert words.remote_files(count).startswith(start)
    assert "Copy them to this computer first." in words.remote_files(count)


def test_the_search_text_is_quoted_where_nothing_matches() -> None:
    assert words.nothing_found("x") == "Nothing matches “x”."


def test_removing_says_that_the_pictures_stay_where_they_are() -> None:
    assert words.removed_from_history(1) == "Removed 1 image from this list. It stays at PixVerse."
    assert words.removed_from_history(3) == "Removed 3 images from this list. They stay at PixVerse."


def test_the_other_counts_read_as_english() -> None:
    assert (words.selected(2), words.with_an_id(14), words.found(1)) == ("2 selected", "14 with an ID", "1 found")

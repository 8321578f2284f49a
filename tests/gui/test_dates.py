from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QLocale

from pixverse_gui.ui.dates import Dates

NOW = datetime(2026, 11, 22, 14, 3, 9, tzinfo=UTC)


def dates(locale: str = "en_GB", now: datetime = NOW, hours_east: int = 0) -> Dates:
    return Dates(lambda: now, timezone(timedelta(hours=hours_east)), QLocale(locale))


def test_today_and_yesterday_are_called_so() -> None:
    assert dates().heading(date(2026, 11, 22)) == "Today"
    assert dates().heading(date(2026, 11, 21)) == "Yesterday"


def test_yesterday_is_found_across_the_turn_of_a_year() -> None:
    new_year = dates(now=datetime(2027, 1, 1, 0, 5, tzinfo=UTC))
    assert new_year.heading(date(2026, 12, 31)) == "Yesterday"


@pytest.mark.parametrize(
    ("locale", "this_year", "other_year"),
    [
        ("C", "3 November", "3 November 2025"),
        ("en_GB", "3 November", "3 November 2025"),
        ("en_US", "November 3", "November 3, 2025"),
        ("de_DE", "3. November", "3. November 2025"),
        ("es_ES", "3 de noviembre", "3 de noviembre de 2025"),
        ("zh_CN", "11月3日", "2025年11月3日"),
        ("ja_JP", "11月3日", "2025年11月3日"),
        ("ko_KR", "11월 3일", "2025년 11월 3일"),
        ("hu_HU", "november 3.", "2025. november 3."),
        ("ru_RU", "3 ноября", "3 ноября 2025\u202fг."),
        ("uk_UA", "3 листопада", "3 листопада 2025\u202fр."),
        ("da_DK", "3. november", "3. november 2025"),
    ],
)
def test_a_day_is_written_as_the_country_does_without_its_weekday(locale: str, this_year: str, other_year: str) -> None:
    assert dates(locale).heading(date(2026, 11, 3)) == this_year
    assert dates(locale).heading(date(2025, 11, 3)) == other_year


def test_a_short_date_names_the_year_only_where_it_is_another_one() -> None:
    assert dates().short(datetime(2026, 11, 3, 10, tzinfo=UTC)) == "3 Nov"
    assert dates().short(datetime(2025, 11, 3, 10, tzinfo=UTC)) == "3 Nov 2025"


def test_a_moment_belongs_to_the_day_that_it_is_here() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert dates().heading(dates().day(late)) == "Yesterday"
    east = dates(hours_east=8)
    assert east.heading(east.day(late)) == "Today"


def test_today_changes_when_midnight_passes_here_not_in_greenwich() -> None:
    west = dates(now=datetime(2026, 11, 22, 2, 0, tzinfo=UTC), hours_east=-5)
    assert west.heading(date(2026, 11, 21)) == "Today"


def test_a_time_is_the_one_on_the_clock_here() -> None:
    assert dates(hours_east=2).time(NOW) == "16:03"


def test_the_stamp_for_names_sorts_by_time_and_has_no_colon() -> None:
    assert dates().stamp() == "2026-11-22 14.03.09"

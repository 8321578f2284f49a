"""Days and times as people write them, in the local time zone and by locale."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from PySide6.QtCore import QDate, QLocale, QTime

TODAY = "Today"
YESTERDAY = "Yesterday"

# The long format of a locale, less the name of the day and less the year, each with what ties it to its neighbours
# ("dddd, d 'de' MMMM 'de' yyyy", "yyyy年M月d日dddd", "yyyy. MMMM d., dddd").
_WEEKDAY = re.compile(r"\s*[,،]?\s*d{3,4}(?:ที่|\s*'den')?\s*[,،]?\s*")
_YEAR = re.compile(r"(?:\s*,)?(?:\s*'de')?\s*y{2,4}(?:年|년|\.|\('e'\)'ko')?(?:[\s\u202f]*'(?:г|р|m|gada)\.?'\.?)?\s*")


def _now() -> datetime:
    return datetime.now(UTC)


class Dates:
    """`now` gives an aware time; `zone` None is the zone of this computer; `locale` None is Qt's default one."""

    def __init__(
        self, now: Callable[[], datetime] = _now, zone: tzinfo | None = None, locale: QLocale | None = None
    ) -> None:
        self._now, self._zone = now, zone
        self._locale = QLocale() if locale is None else locale

    def now(self) -> datetime:
        """The present, in the local zone."""
        return self._now().astimezone(self._zone)

    def local(self, moment: datetime) -> datetime:
        """The same moment on the clock of this computer."""
        return moment.astimezone(self._zone)

    def day(self, moment: datetime) -> date:
        """The day on which an aware moment falls here."""
        return moment.astimezone(self._zone).date()

    def heading(self, day: date) -> str:
        """Today · Yesterday · 3 November · 3 November 2025, the year only where it is another one."""
        today = self.now().date()
        if day == today:
            return TODAY
        if day == today - timedelta(days=1):
            return YESTERDAY
        return self._written(day, short=False)

    def short(self, moment: datetime) -> str:
        """3 Nov · 3 Nov 2025."""
        return self._written(self.day(moment), short=True)

    def time(self, moment: datetime) -> str:
        """14:03, or as this country writes it."""
        local = self.local(moment)
        return self._locale.toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)

    def stamp(self) -> str:
        """The present as part of a file name: the same everywhere, sorts by time."""
        return self.now().strftime("%Y-%m-%d %H.%M.%S")

    def _written(self, day: date, *, short: bool) -> str:
        pattern = _WEEKDAY.sub(" ", self._locale.dateFormat(QLocale.FormatType.LongFormat), count=1).strip()
        if day.year == self.now().year:
            pattern = _YEAR.sub(" ", pattern, count=1).strip()
        if short:
            pattern = pattern.replace("MMMM", "MMM")
        return self._locale.toString(QDate(day.year, day.month, day.day), pattern)

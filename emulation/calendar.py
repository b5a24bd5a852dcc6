"""A year later: what the dates of a season become in the next one. Pure; 29/02 is met with care."""

from calendar import isleap
from datetime import date, datetime


def start_next_year(day: date) -> date:
    """Return the same day of the next year; what began on 29/02 begins on 28/02."""
    year = day.year + 1
    if (day.month, day.day) == (2, 29):
        return day.replace(year=year, day=28)
    return day.replace(year=year)


def last_next_year(day: date) -> date:
    """Return the same day of the next year; the last of February stays the last of February."""
    year = day.year + 1
    is_last = (day.month, day.day) == (2, 29 if isleap(day.year) else 28)
    if is_last:
        return day.replace(year=year, day=29 if isleap(year) else 28)
    return day.replace(year=year)


def end_next_year(at: datetime) -> datetime:
    """Return the same hour of the next year; what ended within 29/02 ends within 01/03.

    For a moment that belongs to its span no more: never before the start that moved with it.
    """
    if (at.month, at.day) == (2, 29):
        return at.replace(year=at.year + 1, month=3, day=1)
    return at.replace(year=at.year + 1)

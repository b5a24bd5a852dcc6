from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.calendar import end_next_year, last_next_year, start_next_year

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2190, 12, 31))


@pytest.mark.parametrize(
    ("day", "start", "last"),
    [
        (date(2026, 12, 15), date(2027, 12, 15), date(2027, 12, 15)),
        (date(2028, 2, 29), date(2029, 2, 28), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 28), date(2029, 2, 28), date(2029, 2, 28)),
        (date(2025, 12, 31), date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_day_a_year_later(day: date, start: date, last: date) -> None:
    assert (start_next_year(day), last_next_year(day)) == (start, last)


def test_an_end_within_the_leap_day() -> None:
    assert end_next_year(datetime(2028, 2, 29, 17)) == datetime(2029, 3, 1, 17)
    assert end_next_year(datetime(2028, 3, 1)) == datetime(2029, 3, 1)


@given(DAYS, DAYS)
def test_what_was_in_order_stays_in_order(one: date, two: date) -> None:
    first, second = sorted((one, two))
    assert start_next_year(first) <= last_next_year(second)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2190, 1, 1)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=400)),
)
def test_a_phase_never_ends_before_it_begins(start: datetime, span: timedelta) -> None:
    day = start_next_year(start.date())
    moved = start.replace(year=day.year, month=day.month, day=day.day)
    assert end_next_year(start + span) > moved

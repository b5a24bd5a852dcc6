"""The usual windows of a year, against the table of domain.md 3.7."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation import periods
from emulation.models import PeriodKind

YEARS = st.integers(1950, 2199)


def window(name: str, year: int = 2026, cut: date | None = None) -> periods.Window:
    return next(one for one in periods.of_year(year, cut) if one.name == name)


@pytest.mark.parametrize(
    ("name", "kind", "start", "end"),
    [
        ("Tháng 1", "month", date(2025, 12, 15), date(2026, 1, 14)),
        ("Tháng 3", "month", date(2026, 2, 15), date(2026, 3, 14)),
        ("Tháng 12", "month", date(2026, 11, 15), date(2026, 12, 14)),
        ("Quý I", "quarter", date(2025, 12, 15), date(2026, 3, 14)),
        ("Quý II", "quarter", date(2026, 3, 15), date(2026, 6, 14)),
        ("Quý IV", "quarter", date(2026, 9, 15), date(2026, 12, 14)),
        ("6 tháng đầu năm", "half", date(2025, 12, 15), date(2026, 6, 14)),
        ("9 tháng", "nine", date(2025, 12, 15), date(2026, 9, 14)),
        ("Năm 2026", "year", date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_windows_are_those_of_the_decree(name: str, kind: str, start: date, end: date) -> None:
    found = window(name)
    assert (found.kind, found.start, found.end) == (kind, start, end)
    assert found.due_on == end + timedelta(days=6)
    assert found.due_on.day == 20


def test_a_year_has_nineteen_windows_by_their_end() -> None:
    found = periods.of_year(2026)
    assert len(found) == 19
    assert [one.end for one in found] == sorted(one.end for one in found)
    assert [one.name for one in found if one.end == date(2026, 6, 14)] == [
        "Tháng 6", "Quý II", "6 tháng đầu năm",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cut", "end"),
    [
        (None, date(2026, 12, 14)),
        (date(2026, 11, 10), date(2026, 11, 10)),
        (date(2026, 12, 14), date(2026, 12, 14)),
        (date(2026, 12, 31), date(2026, 12, 14)),
        (date(2025, 12, 14), date(2026, 12, 14)),
        (date(2025, 12, 15), date(2025, 12, 15)),
    ],
)
def test_a_cluster_that_meets_in_november_cuts_the_year_earlier(
    cut: date | None, end: date
) -> None:
    found = window("Năm 2026", cut=cut)
    assert (found.start, found.end) == (date(2025, 12, 15), end)
    assert window("Tháng 12", cut=cut).end == date(2026, 12, 14)


@given(YEARS)
def test_months_follow_each_other_without_gap_and_make_up_the_year(year: int) -> None:
    months = periods.of_kinds([periods.MONTH], year)
    for one, following in pairwise(months):
        assert following.start == one.end + timedelta(days=1)
    whole = periods.of_kinds([periods.YEAR], year)[0]
    assert (months[0].start, months[-1].end) == (whole.start, whole.end)
    quarters = periods.of_kinds([periods.QUARTER], year)
    assert [one.end for one in quarters] == [months[i].end for i in (2, 5, 8, 11)]


@given(YEARS)
def test_names_are_different_and_days_in_order(year: int) -> None:
    found = periods.of_year(year)
    assert len({one.name for one in found}) == len(found)
    assert all(one.start <= one.end < one.due_on for one in found)


def test_only_the_chosen_kinds_are_given() -> None:
    found = periods.of_kinds(["half", "nine"], 2026)
    assert [one.name for one in found] == ["6 tháng đầu năm", "9 tháng"]
    assert periods.of_kinds([], 2026) == []
    assert periods.of_kinds(["drive"], 2026) == []


def test_kinds_are_those_of_the_model() -> None:
    assert [*periods.KINDS, "drive"] == PeriodKind.values


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("month", "Nhiệm vụ tháng tới"),
        ("quarter", "Nhiệm vụ quý tới"),
        ("half", "Nhiệm vụ 6 tháng cuối năm"),
        ("nine", "Nhiệm vụ 3 tháng cuối năm"),
        ("year", "Phương hướng, nhiệm vụ năm 2027"),
        ("drive", "Nhiệm vụ thời gian tới"),
    ],
)
def test_each_kind_heads_what_comes_next(kind: str, heading: str) -> None:
    assert periods.ahead(kind, 2026) == heading

"""The rule of the per cent: what counts, what does not yet, and that 100 means nothing missing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.readiness import Outcome, dated, percent, target

DAY = date(2026, 6, 15)
DONE, MISSING, AHEAD = Outcome.DONE, Outcome.MISSING, Outcome.AHEAD
OUTCOMES = st.lists(st.sampled_from(list(Outcome)), max_size=80)


@pytest.mark.parametrize(
    ("is_done", "since", "outcome"),
    [
        (True, None, DONE),
        (False, None, MISSING),
        (True, DAY + timedelta(days=9), DONE),
        (False, DAY + timedelta(days=1), AHEAD),
        (False, DAY, MISSING),
        (False, DAY - timedelta(days=1), MISSING),
        (False, date.max, AHEAD),
    ],
)
def test_a_step_counts_from_its_day_or_when_it_is_done(
    is_done: bool, since: date | None, outcome: Outcome
) -> None:
    assert dated(is_done=is_done, since=since, on=DAY) == outcome


@pytest.mark.parametrize(
    ("is_less", "is_met", "days", "outcome"),
    [
        (False, True, -100, DONE),
        (False, False, -100, MISSING),
        (False, False, 1, MISSING),
        (True, True, -100, AHEAD),
        (True, True, 0, AHEAD),
        (True, True, 1, DONE),
        (True, False, -100, MISSING),
        (True, False, 1, MISSING),
    ],
)
def test_what_should_stay_low_is_met_when_the_figures_are_in(
    is_less: bool, is_met: bool, days: int, outcome: Outcome
) -> None:
    on = DAY + timedelta(days=days)
    assert target(is_less=is_less, is_met=is_met, on=on, last=DAY) == outcome


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], None),
        ([AHEAD, AHEAD], None),
        ([MISSING], 0),
        ([DONE], 100),
        ([DONE, AHEAD], 100),
        ([DONE, MISSING], 50),
        ([DONE, DONE, MISSING], 66),
        ([DONE] * 5 + [MISSING] * 3 + [AHEAD] * 9, 62),
        ([DONE] * 999 + [MISSING], 99),
        ([DONE] + [MISSING] * 999, 0),
    ],
)
def test_the_per_cent_is_the_share_of_what_counts(
    outcomes: list[Outcome], expected: int | None
) -> None:
    assert percent(outcomes) == expected


@given(OUTCOMES)
def test_a_hundred_means_nothing_missing(outcomes: list[Outcome]) -> None:
    found = percent(outcomes)
    assert (found == 100) is (DONE in outcomes and MISSING not in outcomes)


@given(OUTCOMES)
def test_finishing_a_step_never_lowers_the_per_cent(outcomes: list[Outcome]) -> None:
    before = percent(outcomes)
    if MISSING in outcomes:
        outcomes[outcomes.index(MISSING)] = DONE
        after = percent(outcomes)
        assert before is not None
        assert after is not None
        assert after >= before


@given(OUTCOMES, st.integers(0, 30))
def test_what_is_ahead_changes_nothing(outcomes: list[Outcome], number: int) -> None:
    assert percent(outcomes) == percent([*outcomes, *[AHEAD] * number])

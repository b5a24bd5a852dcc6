from datetime import date
from decimal import Decimal

import pytest

from emulation.findings import OVERRATED, UNREPORTED, UNSIGNED, Facts, is_found, is_valid, lowered
from emulation.scoring import Grade


@pytest.mark.parametrize(
    ("finder", "limit", "facts", "expected"),
    [
        (UNSIGNED, None, Facts(), False),
        (UNSIGNED, None, Facts(is_signed=False), True),
        (UNSIGNED, None, Facts(is_registered=False), True),
        (UNREPORTED, Decimal(2), Facts(missing_reports=2), False),
        (UNREPORTED, Decimal(2), Facts(missing_reports=3), True),
        (UNREPORTED, None, Facts(missing_reports=1), True),
        (OVERRATED, Decimal(10), Facts(own=Decimal(99)), False),
        (OVERRATED, Decimal(10), Facts(own=Decimal(99), verified=Decimal(90)), False),
        (OVERRATED, Decimal(10), Facts(own=Decimal("99.01"), verified=Decimal(90)), True),
        (OVERRATED, Decimal(10), Facts(own=Decimal(50), verified=Decimal(90)), False),
        (OVERRATED, Decimal(10), Facts(own=Decimal(0), verified=Decimal(0)), False),
        (OVERRATED, Decimal(10), Facts(own=Decimal(1), verified=Decimal(0)), True),
        ("person", None, Facts(is_signed=False, missing_reports=9), False),
    ],
)
def test_condition_holds_past_its_limit(
    finder: str, limit: Decimal | None, facts: Facts, expected: bool
) -> None:
    assert is_found(finder, limit, facts) is expected


def test_rule_is_valid_on_any_of_the_days() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert is_valid(None, None, first, last)
    assert is_valid(last, None, first, last)
    assert is_valid(None, first, first, last)
    assert not is_valid(date(2027, 1, 1), None, first, last)
    assert not is_valid(None, date(2025, 12, 31), first, last)


def test_lowest_grade_is_not_lowered() -> None:
    assert lowered(Grade.EXCELLENT) is Grade.GOOD
    assert lowered(Grade.WEAK) is Grade.WEAK

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation import weights

WEIGHTS = st.lists(st.decimals(min_value=0, max_value=100, places=2), max_size=20)


@pytest.mark.parametrize(
    ("given_weights", "words"),
    [
        ([], "Tổng trọng số 0 – còn thiếu 100"),
        (["60", "25"], "Tổng trọng số 85 – còn thiếu 15"),
        (["60", "40"], "Tổng trọng số 100 – đủ"),
        (["33.33", "33.33", "33.33"], "Tổng trọng số 99,99 – còn thiếu 0,01"),
        (["33.33", "33.33", "33.34"], "Tổng trọng số 100 – đủ"),
        (["60", "52.5"], "Tổng trọng số 112,5 – thừa 12,5"),
    ],
)
def test_balance_says_what_is_missing(given_weights: list[str], words: str) -> None:
    found = weights.balance(map(Decimal, given_weights))
    assert weights.said(found) == words
    assert found.is_full == words.endswith("đủ")


@given(WEIGHTS)
def test_balance_is_exact(given_weights: list[Decimal]) -> None:
    found = weights.balance(given_weights)
    assert found.total + found.missing == 100
    assert found.is_full == (sum(given_weights) == 100)


def test_unbalanced_names_those_who_do_not_make_up_100() -> None:
    found = weights.unbalanced({"A": [Decimal(100)], "B": [Decimal(40), Decimal(59)], "C": []})
    assert {key: value.missing for key, value in found.items()} == {"B": 1, "C": 100}


def test_nobody_is_unbalanced_where_only_the_cluster_has_targets() -> None:
    assert weights.unbalanced({"A": [], "B": []}) == {}

"""Strictness of scorers: worked by hand, guarded, and its properties."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation import strictness as rules
from emulation.strictness import Beside, Reciprocal, Strictness

pytestmark = pytest.mark.once

D = Decimal
CODES = "abcde"
BOUNDS = {code: (D(0), D(10)) for code in CODES} | {"e": (D(-5), D(15))}


def sheet(scorer, unit, points, codes=CODES):
    """The same points in every criterion; in "e", twice as wide, at the same share."""
    return {(scorer, unit, code): D(points) if code != "e" else D(points) * 2 - 5 for code in codes}


class TestStrictness:
    def test_worked_by_hand(self):
        # On every cell: 6, 7 and 9 of 10. The others' means: 8, 7.5 and 6.5.
        scores = sheet("s", "x", 6) | sheet("t", "x", 7) | sheet("u", "x", 9)
        assert rules.strictness(scores, BOUNDS) == {
            "s": Strictness("s", D("0.2"), 5),
            "t": Strictness("t", D("0.05"), 5),
            "u": Strictness("u", D("-0.25"), 5),
        }

    def test_too_little_to_compare(self):
        scores = sheet("s", "x", 6, "abcd") | sheet("t", "x", 7, "abcd") | sheet("u", "y", 1)
        found = rules.strictness(scores, BOUNDS)
        assert found == {
            "s": Strictness("s", None, 4), "t": Strictness("t", None, 4),
            "u": Strictness("u", None, 0),
        }  # fmt: skip
        assert rules.strictness(scores, BOUNDS, least=4)["s"].strictness == D("0.1")
        assert rules.strictness(scores, BOUNDS, least=0)["u"].strictness is None
        assert rules.normalised(scores, BOUNDS, found)["s", "x", "a"] == Beside(D(6), None)

    def test_nobody_and_no_span(self):
        assert rules.strictness({}, {}) == {}
        scores = {("s", "x", "a"): D(0), ("t", "x", "a"): D(0)}
        assert rules.strictness(scores, {"a": (D(0), D(0))}, least=1)["s"].cells == 0
        with pytest.raises(KeyError):
            rules.strictness(scores, {})

    def test_six_places_half_up(self):
        scores = {("s", "x", "a"): D(0), ("t", "x", "a"): D(1)}
        found = rules.strictness(scores, {"a": (D(0), D(3))}, least=1)
        assert (found["s"].strictness, found["t"].strictness) == (D("0.333333"), D("-0.333333"))
        assert str(rules.strictness(scores, {"a": (D(0), D(64_000_0))}, least=1)["s"].strictness) \
            == "0.000002"  # fmt: skip

    def test_normalised_beside_raw_and_within_bounds(self):
        scores = sheet("s", "x", 6) | sheet("t", "x", 9) | sheet("t", "y", 1)
        beside = rules.normalised(scores, BOUNDS, rules.strictness(scores, BOUNDS))
        assert beside["s", "x", "a"] == Beside(D(6), D(9))
        assert beside["s", "x", "e"] == Beside(D(7), D(13))
        assert beside["t", "x", "a"] == Beside(D(9), D(6))
        assert beside["t", "y", "a"] == Beside(D(1), D(0))
        assert beside["t", "y", "e"] == Beside(D(-3), D(-5))


cells = list(product("stuv", "xyz", "ab"))
scores = st.dictionaries(st.sampled_from(cells), st.decimals(2, 8, places=2), max_size=24)
WIDE = {"a": (D(-100), D(100)), "b": (D(-50), D(50))}


class TestProperties:
    @given(scores, st.randoms(use_true_random=False))
    def test_order_is_of_no_matter(self, given_scores, chance):
        mixed = dict(chance.sample(sorted(given_scores.items()), len(given_scores)))
        assert rules.strictness(mixed, WIDE) == rules.strictness(given_scores, WIDE)
        assert rules.reciprocal(mixed, WIDE) == rules.reciprocal(given_scores, WIDE)

    @given(scores, st.decimals(-2, 2, places=2))
    def test_a_constant_goes_into_the_strictness_and_leaves_the_normalised(self, before, constant):
        """One who gives the same share more everywhere is normalised to the same as before."""
        after = {
            key: points + constant * (2 if key[2] == "a" else 1) if key[0] == "s" else points
            for key, points in before.items()
        }
        was, now = (rules.strictness(rows, WIDE, least=1) for rows in (before, after))
        raw, again = rules.normalised(before, WIDE, was), rules.normalised(after, WIDE, now)
        partners = {key[0] for key in before for own in before if own[0] == "s" == own[0]
                    and own[1:] == key[1:]}  # fmt: skip
        for key in before:
            who = key[0]
            if who == "s" and was["s"].strictness is not None:
                moved = was["s"].strictness - now["s"].strictness
                assert abs(moved - constant / 100) <= D("0.000001")
                assert abs(raw[key].normalised - again[key].normalised) <= D("0.0003")
            elif who not in partners:
                assert raw[key] == again[key]
                assert was[who] == now[who]

    @given(scores)
    def test_two_alone_are_opposite(self, rows):
        two = {key: points for key, points in rows.items() if key[0] in "st"}
        found = rules.strictness(two, WIDE, least=1)
        if found.keys() == {"s", "t"} and found["s"].cells:
            assert found["s"].strictness == -found["t"].strictness

    @given(scores)
    def test_normalised_stays_within_bounds(self, rows):
        bounds = {"a": (D(2), D(8)), "b": (D(2), D(8))}
        for key, row in rules.normalised(
            rows, bounds, rules.strictness(rows, bounds, least=1)
        ).items():
            assert row.raw == rows[key]
            assert row.normalised is None or 2 <= row.normalised <= 8


class TestReciprocal:
    FRIENDS = (
        sheet("p", "q", 9) | sheet("q", "p", 8)
        | sheet("r", "p", 6) | sheet("r", "q", 6)
        | sheet("p", "w", 5) | sheet("q", "w", 5) | sheet("r", "w", 5)
    )  # fmt: skip

    def test_a_pair_that_returns_favours(self):
        assert rules.reciprocal(self.FRIENDS, BOUNDS) == [Reciprocal("p", "q", D("0.3"), D("0.2"))]

    def test_limits_are_data(self):
        assert rules.reciprocal(self.FRIENDS, BOUNDS, limit=D("0.21")) == []
        assert len(rules.reciprocal(self.FRIENDS, BOUNDS, limit=D("0.2"))) == 1
        assert rules.reciprocal(self.FRIENDS, BOUNDS, least=6) == []

    def test_a_favour_not_returned_is_none(self):
        scores = self.FRIENDS | sheet("q", "p", 6)
        assert rules.reciprocal(scores, BOUNDS) == []

    def test_who_is_mild_to_all_returns_no_favour(self):
        scores = self.FRIENDS | sheet("p", "w", 9)
        assert rules.reciprocal(scores, BOUNDS) == []

    def test_works_where_nothing_else_was_scored(self):
        scores = {key: value for key, value in self.FRIENDS.items() if key[1] != "w"}
        assert len(rules.reciprocal(scores, BOUNDS)) == 1

"""Points, sums, grades and order: the handbook's vectors, properties, and a second opinion.

The second opinion (class `Oracle`) computes everything once more in exact fractions, written from
domain.md §4 and not from the code it judges.
"""

import random
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation import scoring
from emulation.scoring import CriterionRule, Grade, Kind, RankEntry, ScoreOutOfRange

pytestmark = pytest.mark.once

D = Decimal
amounts = st.decimals(0, 10_000, places=2)
targets = st.decimals(D("0.01"), 10_000, places=2)
maxima = st.decimals(0, 200, places=1)


def rule(code, kind=Kind.QUALITATIVE, most=10, least=0, group="", each=None):
    return CriterionRule(code, kind, D(most), D(least), each, group)


# Scheme B (domain.md §4.2), with two rows in each of the groups D and E.
SCHEME_B = [
    rule("A", Kind.GROUP, 60),
    *[rule(f"A{n}", Kind.QUANTITATIVE, most, group="A") for n, most in enumerate([15, 15, 8], 1)],
    *[rule(f"A{n}", Kind.QUALITATIVE, most, group="A") for n, most in enumerate([8, 6, 8], 4)],
    rule("B", Kind.GROUP, 20),
    rule("B1", most=6, group="B"),
    rule("B2", Kind.PLUS_MINUS, 6, -6, group="B"),
    rule("B3", most=4, group="B"),
    rule("B4", Kind.COUNT, 4, group="B", each=D(1)),
    rule("C", Kind.GROUP, 20),
    *[rule(f"C{n}", most=most, group="C") for n, most in enumerate([2, 5, 3, 3, 4, 3], 1)],
    rule("D", Kind.GROUP, 10),
    rule("D1", Kind.PLUS_MINUS, 9, group="D"),
    rule("D2", Kind.PLUS_MINUS, 4, group="D"),
    rule("E", Kind.GROUP, 0, -15),
    rule("E1", Kind.COUNT, 0, -3, group="E", each=D("-0.5")),
    rule("E2", Kind.PLUS_MINUS, 0, -15, group="E"),
]
FULL_MARKS = {row.code: row.max_score for row in SCHEME_B if row.kind is not Kind.GROUP}


class Oracle:
    """The rules of domain.md §4 once more, in fractions and as plainly as they are told there."""

    @staticmethod
    def kept(exact):
        """Half up to four places; all points are ≥ 0 here or cut there."""
        return D(int(exact * 10_000 + Fraction(1, 2))) / 10_000

    @classmethod
    def half_plus_leader(cls, ms, a, t, best):
        ms, a, t = Fraction(ms), max(Fraction(a), Fraction(0)), Fraction(t)
        if a < t:
            return cls.kept(ms * a / t / 2)
        if t == 0 or a == t or best is None or Fraction(best) <= 1:
            return cls.kept(ms / 2)
        return cls.kept(min(ms, ms / 2 + ms / 2 * (a / t - 1) / (Fraction(best) - 1)))

    @classmethod
    def proportional(cls, ms, a, t):
        if Fraction(t) == 0:
            return cls.kept(Fraction(ms))
        return cls.kept(Fraction(ms) * min(max(Fraction(a), Fraction(0)) / Fraction(t), 1))

    @classmethod
    def banded(cls, ms, a, t):
        percent = 100 * Fraction(a) / Fraction(t) if t else Fraction(100)
        for least, share in ((100, 100), (95, 90), (90, 80), (80, 65), (70, 50)):
            if percent >= least:
                return cls.kept(Fraction(ms) * share / 100)
        return D(0)

    @classmethod
    def sheet(cls, rules, scores):
        """The tree of a scheme, summed from the leaves up by repeated search."""

        def points(row):
            if row.kind == "GROUP":
                value = sum(
                    (points(child) for child in rules if child.group == row.code), Fraction(0)
                )
            else:
                value = Fraction(scores.get(row.code, 0))
            return sorted([Fraction(row.min_score), value, Fraction(row.max_score)])[1]

        tops = {row.code: points(row) for row in rules if row.group == ""}
        return tops, sorted([Fraction(0), sum(tops.values(), Fraction(0)), Fraction(110)])[1]

    @staticmethod
    def beats(one, other):
        for mine, theirs in [
            (one.total, other.total),
            (one.group_a, other.group_a),
            (abs(other.penalty), abs(one.penalty)),  # fewer penalty points win
            (one.bonus, other.bonus),
        ]:
            if Fraction(mine) != Fraction(theirs):
                return Fraction(mine) > Fraction(theirs)
        return False

    @classmethod
    def ranks(cls, entries):
        """Dense: one more than the number of different results that are better."""
        merits = {(e.total, e.group_a, e.penalty, e.bonus): e for e in entries}
        return {e.key: 1 + sum(cls.beats(o, e) for o in merits.values()) for e in entries}

    @classmethod
    def decided_by(cls, entry, entries):
        names = ["total", "group_a", "penalty", "bonus"]

        def step(other):
            differing = [n for n in names if getattr(entry, n) != getattr(other, n)]
            return names.index(differing[0]) if differing else 4

        depth = max((step(other) for other in entries if other is not entry), default=0)
        return [*names, "tie"][depth]


class TestHalfPlusLeader:
    @pytest.mark.parametrize(
        ("actual", "points"),
        [("0", "0"), ("90", "4.5"), ("100", "5"), ("120", "7"), ("150", "10"), ("-3", "0")],
    )
    def test_vector_of_the_handbook(self, actual, points):
        assert scoring.half_plus_leader(D(10), D(actual), D(100), D("1.5")) == D(points)

    @pytest.mark.parametrize("best", [None, D("0.9"), D(1)])
    @pytest.mark.parametrize("actual", [100, 130])
    def test_nobody_exceeded_and_nobody_leads(self, best, actual):
        assert scoring.half_plus_leader(D(10), D(actual), D(100), best) == 5

    def test_zero_target_is_met_and_never_exceeded(self):
        assert scoring.half_plus_leader(D(10), D(0), D(0), D(2)) == 5
        assert scoring.half_plus_leader(D(10), D(7), D(0), D(2)) == 5

    def test_leader_gets_all_although_the_ratio_has_no_last_digit(self):
        best = scoring.leader_ratio([(D(4), D(3)), (D(7), D(6))])
        assert scoring.half_plus_leader(D(10), D(4), D(3), best) == 10

    def test_keeps_four_places_half_up(self):
        assert scoring.half_plus_leader(D(10), D(1), D(3), None) == D("1.6667")
        assert scoring.half_plus_leader(D("0.0003"), D(1), D(1), None) == D("0.0002")

    def test_does_not_depend_on_the_precision_around_it(self):
        with localcontext(prec=3):
            points = scoring.half_plus_leader(D(15), D("1234.56"), D(1200), D("1.7"))
        assert points == Oracle.half_plus_leader(D(15), D("1234.56"), D(1200), D("1.7"))

    @pytest.mark.parametrize(
        "arguments",
        [
            (D(-1), D(1), D(1), D(2)),
            (D(1), D(1), D(-1), D(2)),
            (D(1), D("NaN"), D(1), D(2)),
            (D(1), D(1), D("Infinity"), D(2)),
            (D(1), D(1), D(1), D("NaN")),
            (D(1), D("1E+21"), D(1), None),
            (D("1E+21"), D(1), D(1), None),
        ],
    )
    def test_refuses_nonsense(self, arguments):
        with pytest.raises(ValueError):
            scoring.half_plus_leader(*arguments)

    @given(maxima, amounts, amounts, st.lists(st.tuples(amounts, amounts), max_size=4))
    def test_agrees_with_the_oracle(self, most, actual, target, others):
        best = scoring.leader_ratio([(actual, target), *others])
        points = scoring.half_plus_leader(most, actual, target, best)
        assert points == Oracle.half_plus_leader(most, actual, target, best)
        assert 0 <= points <= most

    @given(maxima, amounts, amounts, amounts, st.decimals(0, 5, places=3))
    def test_more_is_never_less(self, most, one, other, target, best):
        low, high = sorted([one, other])
        assert scoring.half_plus_leader(most, low, target, best) <= scoring.half_plus_leader(
            most, high, target, best
        )


class TestLeaderRatio:
    def test_highest_share_of_a_target(self):
        pairs = [(D(90), D(100)), (D(3), D(2)), (D(500), None), (D(9), D(0)), (D(-1), D(5))]
        assert scoring.leader_ratio(pairs) == D("1.5")

    def test_nobody_has_a_target(self):
        assert scoring.leader_ratio([(D(5), None), (D(5), D(0))]) is None

    def test_reduction_that_became_a_rise_is_nothing(self):
        assert scoring.leader_ratio([(D(-5), D(10))]) == 0


class TestWithoutTarget:
    @pytest.mark.parametrize(
        ("actual", "best", "points"),
        [
            (30, 40, "7.5"),
            (40, 40, "10"),
            (50, 40, "10"),
            (0, 0, "0"),
            (-1, 40, "0"),
            (-1, -1, "0"),
        ],
    )
    def test_share_of_the_best(self, actual, best, points):
        assert scoring.without_target(D(10), D(actual), D(best)) == D(points)


class TestProportional:
    @pytest.mark.parametrize(
        ("actual", "target", "points"),
        [(0, 3, "0"), (1, 3, "5"), (2, 3, "10"), (3, 3, "15"), (9, 3, "15"), (0, 0, "15")],
    )
    def test_share_of_the_target(self, actual, target, points):
        assert scoring.proportional(D(15), D(actual), D(target)) == D(points)

    @given(maxima, st.decimals(-100, 10_000, places=2), amounts)
    def test_agrees_with_the_oracle(self, most, actual, target):
        points = scoring.proportional(most, actual, target)
        assert points == Oracle.proportional(most, actual, target)
        assert 0 <= points <= most

    @given(maxima, amounts, amounts, amounts)
    def test_more_is_never_less(self, most, one, other, target):
        low, high = sorted([one, other])
        assert scoring.proportional(most, low, target) <= scoring.proportional(most, high, target)


class TestBanded:
    @pytest.mark.parametrize(
        ("actual", "points"),
        [
            *[("200", "8"), ("100", "8"), ("99.99", "7.2"), ("95", "7.2"), ("94.99", "6.4")],
            *[("90", "6.4"), ("89.99", "5.2"), ("80", "5.2"), ("79.99", "4"), ("70", "4")],
            *[("69.99", "0"), ("0", "0"), ("-5", "0")],
        ],
    )
    def test_edges_of_the_bands(self, actual, points):
        assert scoring.banded(D(8), D(actual), D(100)) == D(points)

    def test_zero_target_is_reached(self):
        assert scoring.banded(D(8), D(0), D(0)) == 8

    def test_bands_are_data(self):
        assert scoring.banded(D(8), D(60), D(100), [(D(50), D(25))]) == 2

    @given(maxima, amounts, amounts)
    def test_agrees_with_the_oracle(self, most, actual, target):
        assert scoring.banded(most, actual, target) == Oracle.banded(most, actual, target)


class TestOnTime:
    @pytest.mark.parametrize(
        ("days_late", "points"),
        [
            ([], "3"),
            ([0, -4], "3"),
            ([1], "2.7"),
            ([7], "2.7"),
            ([8], "2.4"),
            ([1, 8, 0], "2.1"),
            ([70], "0"),
            ([400], "0"),
        ],
    )
    def test_ten_percent_a_started_week(self, days_late, points):
        assert scoring.on_time(D(3), days_late) == D(points)


class TestCountPoints:
    @pytest.mark.parametrize(
        ("count", "points"), [(0, "0"), (1, "2"), (4, "8"), (5, "8"), (-2, "0"), (D("1.5"), "3")]
    )
    def test_points_each_up_to_the_maximum(self, count, points):
        assert scoring.count_points(count, D(2), D(8)) == D(points)

    @pytest.mark.parametrize(("count", "points"), [(0, "0"), (1, "-0.5"), (6, "-3"), (7, "-3")])
    def test_deductions_down_to_the_minimum(self, count, points):
        assert scoring.count_points(count, D("-0.5"), D(0), D(-3)) == D(points)


class TestQualitative:
    def test_all_or_nothing(self):
        assert scoring.qualitative(D(5), met=True) == 5
        assert scoring.qualitative(D(5), met=False) == 0

    def test_refuses_nonsense(self):
        with pytest.raises(ValueError):
            scoring.qualitative(D(-5), met=True)


class TestEveryFormula:
    @pytest.mark.parametrize("most", ["-1", "NaN", "Infinity", "1E+21"])
    @pytest.mark.parametrize(
        ("formula", "arguments"),
        [
            (scoring.without_target, (D(1), D(2))),
            (scoring.proportional, (D(1), D(2))),
            (scoring.banded, (D(1), D(2))),
            (scoring.on_time, ([1],)),
        ],
    )
    def test_refuses_a_maximum_that_makes_no_sense(self, formula, arguments, most):
        with pytest.raises(ValueError):
            formula(D(most), *arguments)


class TestTieBreaks:
    ENTRIES = [
        RankEntry("x", D(1), D(5), D(-1), D(0), ballot=D(1), women=D(0), meeting=D(2)),
        RankEntry("y", D(1), D(4), D(0), D(3), ballot=D(0), women=D(1), meeting=D(1)),
    ]

    @pytest.mark.parametrize(
        ("step", "first"),
        [
            *[("group_a", "x"), ("penalty", "y"), ("bonus", "y")],
            *[("ballot", "x"), ("women", "y"), ("meeting", "x")],
        ],
    )
    def test_the_step_written_first_decides(self, step, first):
        rest = [other for other in scoring.TIE_BREAKS if other != step]
        ranked = scoring.rank(self.ENTRIES, [scoring.Step(step), *rest])
        assert (ranked[0].key, ranked[0].decided_by, ranked[1].rank) == (first, step, 2)

    @pytest.mark.parametrize("steps", [["total"], ["tie"], ["bonus", "bonus"]])
    def test_no_order_of_tie_breaks(self, steps):
        with pytest.raises(ValueError, match="tie-breaks"):
            scoring.rank(self.ENTRIES, [scoring.Step(step) for step in steps])


class TestCheckScore:
    PLUS_MINUS = rule("B2", Kind.PLUS_MINUS, 6, -6)

    @pytest.mark.parametrize("value", ["-6", "6", "0", "1.25", "1.5000", "-0.00"])
    def test_takes(self, value):
        scoring.check_score(self.PLUS_MINUS, D(value))

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("NaN", "not_a_number"),
            ("sNaN", "not_a_number"),
            ("Infinity", "not_a_number"),
            ("-Infinity", "not_a_number"),
            ("-6.01", "below_min"),
            ("6.01", "above_max"),
            ("1E+999999", "above_max"),
            ("1.255", "too_precise"),
            ("1E-999999", "too_precise"),
            ("1." + "0" * 40 + "1", "too_precise"),
            ("1." + "0" * 400 + "1", "too_precise"),
        ],
    )
    def test_refuses(self, value, code):
        with pytest.raises(ScoreOutOfRange) as refused:
            scoring.check_score(self.PLUS_MINUS, D(value))
        assert refused.value.code == code
        assert refused.value.rule is self.PLUS_MINUS
        assert refused.value.value.compare_total(D(value)) == 0
        assert str(refused.value).startswith("B2: ")

    def test_a_group_takes_no_score(self):
        with pytest.raises(ScoreOutOfRange) as refused:
            scoring.check_score(rule("A", Kind.GROUP), D(1))
        assert refused.value.code == "computed"


class TestTotalSheet:
    def test_full_marks_of_scheme_b(self):
        total = scoring.total_sheet(SCHEME_B, FULL_MARKS)
        assert total.groups == {"A": 60, "B": 20, "C": 20, "D": 10, "E": 0}
        assert (total.bonus, total.penalty, total.total) == (10, 0, 110)

    def test_nothing_is_zero(self):
        total = scoring.total_sheet(SCHEME_B, {})
        assert total.groups == dict.fromkeys("ABCDE", 0)
        assert (total.bonus, total.penalty, total.total) == (0, 0, 0)

    def test_bonus_and_penalty_are_capped(self):
        scores = {"A1": D(15), "D1": D(9), "D2": D(4), "E1": D(-3), "E2": D(-15)}
        total = scoring.total_sheet(SCHEME_B, scores)
        assert (total.bonus, total.penalty, total.total) == (10, -15, 10)

    def test_total_never_falls_below_zero(self):
        assert scoring.total_sheet(SCHEME_B, {"E2": D(-15)}).total == 0

    def test_group_never_falls_below_its_minimum(self):
        total = scoring.total_sheet(SCHEME_B, {"B2": D(-6), "A1": D(5)})
        assert total.groups["B"] == 0
        assert total.total == 5

    def test_ceiling_is_data(self):
        assert scoring.total_sheet(SCHEME_B, FULL_MARKS, ceiling=D(100)).total == 100

    def test_bonus_and_penalty_groups_are_data(self):
        rules = [rule("I", most=50), rule("T", most=5), rule("P", Kind.PLUS_MINUS, 0, -5)]
        scores = {"I": D(40), "T": D(2), "P": D(-1)}
        total = scoring.total_sheet(rules, scores, bonus_group="T", penalty_group="P")
        assert (total.bonus, total.penalty, total.total) == (2, -1, 41)

    def test_score_outside_its_bounds_is_cut(self):
        assert scoring.total_sheet([rule("X", most=5)], {"X": D(9)}).total == 5

    def test_groups_within_groups_are_capped_each(self):
        rules = [
            rule("I", Kind.GROUP, 9),
            rule("I.1", Kind.GROUP, 5, group="I"),
            rule("I.2", Kind.GROUP, 5, group="I"),
            rule("a", most=4, group="I.1"),
            rule("b", most=4, group="I.1"),
            rule("c", most=5, group="I.2"),
        ]
        total = scoring.total_sheet(rules, {"a": D(4), "b": D(3), "c": D(5)})
        assert total.groups == {"I.1": 5, "I.2": 5, "I": 9}
        assert total.total == 9

    @pytest.mark.parametrize(
        ("rules", "scores", "message"),
        [
            ([rule("X"), rule("X")], {}, "twice"),
            ([rule("X", group="lost")], {}, "no group"),
            ([rule("X"), rule("Y", group="X")], {}, "no group"),
            ([rule("G", Kind.GROUP, group="H"), rule("H", Kind.GROUP, group="G")], {}, "no group"),
            ([rule("X")], {"Z": D(1)}, "no criterion"),
            ([rule("G", Kind.GROUP)], {"G": D(1)}, "no criterion"),
        ],
    )
    def test_refuses_a_broken_scheme(self, rules, scores, message):
        with pytest.raises(ValueError, match=message):
            scoring.total_sheet(rules, scores)

    SCORES = st.fixed_dictionaries(
        {}, optional={code: st.decimals(-20, 20, places=2) for code in FULL_MARKS}
    )

    @given(SCORES, st.randoms(use_true_random=False))
    def test_agrees_with_the_oracle_in_any_order(self, scores, chance):
        rules = chance.sample(SCHEME_B, len(SCHEME_B))
        total = scoring.total_sheet(rules, scores)
        tops, expected = Oracle.sheet(SCHEME_B, scores)
        assert total.total == expected
        assert total.groups == tops
        assert 0 <= total.total <= scoring.CEILING

    @given(SCORES, st.sampled_from(sorted(FULL_MARKS)), st.decimals(0, 20, places=2))
    def test_a_better_score_never_lowers_the_total(self, scores, code, more):
        better = {**scores, code: scores.get(code, D(0)) + more}
        before, after = (scoring.total_sheet(SCHEME_B, sheet).total for sheet in (scores, better))
        assert after >= before


class TestGrade:
    @pytest.mark.parametrize(
        ("total", "grade"),
        [
            *[("110", Grade.EXCELLENT), ("90", Grade.EXCELLENT), ("89.9999", Grade.GOOD)],
            *[("80", Grade.GOOD), ("79.99", Grade.FAIR), ("70", Grade.FAIR)],
            *[("69.99", Grade.AVERAGE), ("50", Grade.AVERAGE), ("49.99", Grade.WEAK)],
            ("0", Grade.WEAK),
        ],
    )
    def test_threshold(self, total, grade):
        assert scoring.grade(D(total)) is grade

    def test_thresholds_are_data(self):
        assert scoring.grade(D(60), [(D(60), Grade.GOOD)]) is Grade.GOOD


def entry(key, total, group_a=0, penalty=0, bonus=0):
    return RankEntry(key, D(total), D(group_a), D(penalty), D(bonus))


def places(entries):
    return [(ranked.key, ranked.rank, str(ranked.decided_by)) for ranked in scoring.rank(entries)]


class TestRank:
    def test_nobody(self):
        assert scoring.rank([]) == []

    def test_alone(self):
        assert places([entry("x", 90)]) == [("x", 1, "total")]

    def test_by_total(self):
        assert places([entry("x", 90), entry("y", "90.01")]) == [
            ("y", 1, "total"),
            ("x", 2, "total"),
        ]

    def test_each_step_is_named(self):
        entries = [
            entry("none", 80, 50, -2, 3),
            entry("group", 90, 55),
            entry("group+", 90, 56),
            entry("fewer", 85, 50, -1),
            entry("more", 85, 50, "-1.5"),
            entry("bonus", 80, 50, -2, 4),
        ]
        assert places(entries) == [
            ("group+", 1, "group_a"),
            ("group", 2, "group_a"),
            ("fewer", 3, "penalty"),
            ("more", 4, "penalty"),
            ("bonus", 5, "bonus"),
            ("none", 6, "bonus"),
        ]

    def test_equals_share_a_rank_and_the_next_is_dense(self):
        entries = [entry("c", 80), entry("a", 90, 5), entry("b", 90, 5), entry("d", 90, 4)]
        assert places(entries) == [
            ("a", 1, "tie"),
            ("b", 1, "tie"),
            ("d", 2, "group_a"),
            ("c", 3, "total"),
        ]

    def test_ranks_on_what_is_not_shown_and_says_so(self):
        first, second, third = scoring.rank(
            [entry("x", "97.2451"), entry("y", "97.2549"), entry("z", 90)]
        )
        assert [first.key, second.key, third.key] == ["y", "x", "z"]
        assert (first.looks_tied, second.looks_tied, third.looks_tied) == (True, True, False)

    def test_a_true_tie_does_not_merely_look_so(self):
        assert [r.looks_tied for r in scoring.rank([entry("x", 90), entry("y", 90)])] == [False] * 2

    few = st.sampled_from([D(0), D("0.001"), D(1)])
    ENTRIES = st.lists(
        st.builds(RankEntry, st.none(), few, few, st.sampled_from([D(0), D(-1)]), few), max_size=9
    ).map(lambda rows: [RankEntry(n, *list(vars(row).values())[1:]) for n, row in enumerate(rows)])

    @given(ENTRIES, st.randoms(use_true_random=False))
    def test_agrees_with_the_oracle_in_any_order(self, entries, chance):
        ranked = scoring.rank(chance.sample(entries, len(entries)))
        assert {r.key: r.rank for r in ranked} == Oracle.ranks(entries)
        assert [r.rank for r in ranked] == sorted(r.rank for r in ranked)
        for one in ranked:
            assert one.decided_by == Oracle.decided_by(one.entry, entries)
            assert one.looks_tied == any(
                one.entry.total != other.total
                and scoring.round_display(one.entry.total) == scoring.round_display(other.total)
                for other in entries
            )

    @given(ENTRIES.filter(bool), st.decimals(0, 2, places=3))
    def test_a_better_result_never_lowers_the_own_rank(self, entries, more):
        own = entries[0]
        better = RankEntry(own.key, own.total + more, own.group_a, own.penalty, own.bonus)
        before, after = (
            next(r.rank for r in scoring.rank(rows) if r.key == own.key)
            for rows in (entries, [better, *entries[1:]])
        )
        assert after <= before


class TestRoundDisplay:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [("97.245", "97.25"), ("97.2449", "97.24"), ("-0.125", "-0.13"), ("5", "5.00")],
    )
    def test_half_up(self, value, shown):
        assert str(scoring.round_display(D(value))) == shown


def test_random_seasons_agree_with_the_oracle():
    """Whole seasons: formulas, sums and order, computed twice and compared to the last digit."""
    chance = random.Random(2026)
    for _ in range(400):
        units = range(chance.randint(1, 9))
        target = D(chance.randint(0, 40))
        actuals = [D(chance.randint(-2, 60)) for _ in units]
        best = scoring.leader_ratio([(actual, target) for actual in actuals])
        entries = []
        for unit, actual in zip(units, actuals, strict=True):
            scores = {
                "A1": scoring.half_plus_leader(D(15), actual, target, best),
                "A2": scoring.proportional(D(15), actual, target),
                "A3": scoring.banded(D(8), actual, target),
                "B2": D(chance.randint(-6, 6)),
                "D1": D(chance.randint(0, 9)),
                "E2": D(chance.randint(-4, 0)),
            }
            assert scores["A1"] == Oracle.half_plus_leader(15, actual, target, best)
            assert scores["A2"] == Oracle.proportional(15, actual, target)
            assert scores["A3"] == Oracle.banded(8, actual, target)
            total = scoring.total_sheet(SCHEME_B, scores)
            assert (total.groups, total.total) == Oracle.sheet(SCHEME_B, scores)
            entries.append(
                RankEntry(unit, total.total, total.groups["A"], total.penalty, total.bonus)
            )
        ranked = scoring.rank(entries)
        assert {r.key: r.rank for r in ranked} == Oracle.ranks(entries)

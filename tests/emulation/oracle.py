"""A season computed once more in exact fractions, written from domain.md §4 and as plainly.

It shares no function with the product: inputs are plain dicts, points are fractions, the place of
a unit is counted from how many different results are better than its own.
"""

import random
from decimal import Decimal
from fractions import Fraction

BANDS = [(100, 100), (95, 90), (90, 80), (80, 65), (70, 50)]
STEPS = ["group_a", "penalty", "bonus", "ballot", "women", "meeting"]


def kept(exact):
    """Four places, half up; what is rounded is never negative save a deduction."""
    sign = -1 if exact < 0 else 1
    return sign * Fraction(int(abs(exact) * 10_000 + Fraction(1, 2)), 10_000)


def clamp(low, value, high):
    return sorted([Fraction(low), Fraction(value), Fraction(high)])[1]


def formula(row, actual, target, everybody):
    """The points of one cell; `everybody` holds (actual, target) of all units in this criterion."""
    ms, a = Fraction(row["max"]), max(Fraction(actual), Fraction(0))
    t = None if target is None else Fraction(target)
    match row["method"]:
        case "EACH":
            return kept(clamp(row["min"], a * Fraction(row["each"]), row["max"]))
        case "ON_TIME":
            weeks = -(-a // 1)
            return kept(max(Fraction(0), ms - ms * weeks / 10))
        case "PROPORTIONAL":
            return None if t is None else kept(ms * (1 if t == 0 else min(a / t, 1)))
        case "BANDED":
            if t is None:
                return None
            percent = 100 if t == 0 else 100 * a / t
            return kept(ms * next((s for p, s in BANDS if percent >= p), 0) / 100)
    if t is None:
        top = max([max(Fraction(x), Fraction(0)) for x, _t in everybody])
        return kept(ms * a / top) if top else Fraction(0)
    ratios = [max(Fraction(x), Fraction(0)) / Fraction(y) for x, y in everybody if y]
    best = max(ratios, default=Fraction(0))
    if t == 0 or a == t:
        return kept(ms / 2)
    if a < t:
        return kept(ms / 2 * a / t)
    return kept(ms / 2 + ms / 2 * (a / t - 1) / (best - 1))


def season(scheme, sheets, facts):
    """Return {unit: (points, groups, total, rank, decided_by, grade)}."""
    earned = {unit: {} for unit in sheets}
    for row in scheme["rows"]:
        code = row["code"]
        cells = {unit: sheet[code] for unit, sheet in sheets.items() if code in sheet}
        everybody = [(a, t) for _s, a, t in cells.values() if a is not None]
        for unit, (score, actual, target) in cells.items():
            if row["method"] == "":
                value = None if score is None else Fraction(score)
            else:
                value = None if actual is None else formula(row, actual, target, everybody)
            if value is not None:
                earned[unit][code] = value
    sums = {unit: sheet_sums(scheme, earned[unit]) for unit in sheets}
    merits = {}
    for unit, (groups, total) in sums.items():
        own = {
            "total": total,
            "group_a": groups[scheme["lead"]],
            "penalty": groups.get(scheme["penalty"], 0),
            "bonus": groups.get(scheme["bonus"], 0),
        } | {step: Fraction(facts[unit].get(step, 0)) for step in STEPS[3:]}
        merits[unit] = tuple(own[step] for step in ["total", *scheme["steps"]])
    return {
        unit: (
            earned[unit],
            *sums[unit],
            1 + len({other for other in merits.values() if other > merits[unit]}),
            decided_by(scheme, unit, merits),
            graded(scheme, sums[unit][1]),
        )
        for unit in sheets
    }


def sheet_sums(scheme, earned):
    groups = {}

    def value(row):
        children = [child for child in scheme["rows"] if child["group"] == row["code"]]
        if row["is_group"]:
            raw = sum([value(child) for child in children], Fraction(0))
        else:
            raw = earned.get(row["code"], Fraction(0))
        points = clamp(row["min"], raw, row["max"])
        if row["is_group"] or row["group"] == "":
            groups[row["code"]] = points
        return points

    tops = [value(row) for row in scheme["rows"] if row["group"] == ""]
    return groups, clamp(0, sum(tops, Fraction(0)), scheme["ceiling"])


def decided_by(scheme, unit, merits):
    """The deepest step at which any other unit parts from this one."""
    names, deepest = ["total", *scheme["steps"], "tie"], 0
    for other, theirs in merits.items():
        if other != unit:
            pairs = zip(merits[unit], theirs, strict=True)
            differing = [n for n, (x, y) in enumerate(pairs) if x != y]
            deepest = max(deepest, differing[0] if differing else len(names) - 1)
    return names[deepest]


def graded(scheme, total):
    special = {scheme["bonus"], scheme["penalty"]}
    base = sum(
        Fraction(r["max"]) for r in scheme["rows"] if r["group"] == "" and r["code"] not in special
    )
    percent = total * 100 / base if base else total
    names = [(90, "EXCELLENT"), (80, "GOOD"), (70, "FAIR"), (50, "AVERAGE")]
    return next((name for least, name in names if percent >= least), "WEAK")


def invented(chance: random.Random):
    """Return a random scheme, sheets and facts: few different values, so that ties are common."""
    rows = []

    def row(code, group, most, least=0, method="", each=None, is_group=False):
        rows.append(
            {"code": code, "group": group, "max": Decimal(most), "min": Decimal(least),
             "method": method, "each": each, "is_group": is_group}
        )  # fmt: skip

    methods = ["", "PROPORTIONAL", "BANDED", "HALF_PLUS_LEADER", "ON_TIME", "EACH"]
    for top in "ABC"[: chance.randint(1, 3)]:
        row(top, "", chance.randint(5, 30), is_group=True)
        inner = chance.random() < 0.4
        if inner:
            row(f"{top}.1", top, chance.randint(3, 15), is_group=True)
        for number in range(chance.randint(1, 4)):
            method = chance.choice(methods)
            each = Decimal(chance.choice(["0.5", "2"])) if method == "EACH" else None
            group = f"{top}.1" if inner and number % 2 else top
            row(f"{top}{number}", group, chance.choice([3, 7, 10, "0.3"]), 0, method, each)
    row("D", "", 10)
    row("E", "", 0, -15, is_group=True)
    row("E1", "E", 0, -3, "EACH", Decimal("-0.5"))
    row("E2", "E", 0, -15)
    steps = chance.sample(STEPS, chance.randint(0, 6))
    scheme = {
        "rows": rows, "steps": steps, "lead": "A", "bonus": "D", "penalty": "E",
        "ceiling": Decimal(chance.choice([30, 60, 110])),
    }  # fmt: skip
    units = [f"u{n}" for n in range(chance.randint(1, 8))]
    sheets = {unit: {} for unit in units}
    for r in rows:
        if r["is_group"]:
            continue
        target = chance.choice([None, 0, 3, 9, 300])
        for unit in units:
            if chance.random() < 0.15:
                continue
            own = target if chance.random() < 0.7 else chance.choice([None, 0, 7])
            score = chance.choice([None, r["min"], r["max"], r["max"] / 2])
            actual = chance.choice([None, -1, 0, 1, 3, 4, 9, 301, Decimal("2.5"), 10])
            sheets[unit][r["code"]] = tuple(
                None if value is None else Decimal(value) for value in (score, actual, own)
            )
    facts = {
        unit: {step: Decimal(chance.randint(0, 1)) for step in STEPS[3:] if chance.random() < 0.5}
        for unit in units
    }
    return scheme, sheets, facts

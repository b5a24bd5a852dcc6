"""Who scores strictly, who mildly, and who returns favours. Pure: a warning, never a verdict.

All is relative: a scorer is compared with the others who scored the same cells (a cell is one
criterion of one unit), in shares of the span from its minimum to its maximum, so that criteria of
different size weigh the same. For a cell that n scorers scored, with points p of the scorer:

    difference  =  mean of the other n − 1 scores − p, by the span
    strictness  =  mean of the differences over the scorer's shared cells; above 0 is strict
    normalised  =  p + strictness × span, cut to the bounds of the criterion

A cell with one scorer, or a criterion without a span, compares nothing. Since the others are the
yardstick, one scorer who moves shifts the others by the opposite, in part: two alone show only who
is the stricter of the two, not who is right.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from emulation import scoring

Scores = Mapping[tuple[str, str, str], Decimal]  # by scorer, unit and code of the criterion
Bounds = Mapping[str, tuple[Decimal, Decimal]]  # the minimum and the maximum by code

LEAST = 5  # shared cells; fewer say nothing
CLEARLY = Decimal("0.05")  # of the span
_KEPT, _POINTS = Decimal("0.000001"), Decimal("0.0001")


@dataclass(frozen=True)
class Strictness:
    """How much less than the others a scorer gives, as a share of the span, to 6 places.

    None where fewer than the least number of `cells` were scored by others too.
    """

    scorer: str
    strictness: Decimal | None
    cells: int


@dataclass(frozen=True)
class Beside:
    """A score as given and as it would be without the scorer's strictness; None where unknown."""

    raw: Decimal
    normalised: Decimal | None


@dataclass(frozen=True)
class Reciprocal:
    """Two units that each score the other clearly higher than others do.

    The favours are shares of the span: what `one` gives `other` above the mean of the others.
    """

    one: str
    other: str
    given: Decimal
    returned: Decimal


def strictness(scores: Scores, bounds: Bounds, *, least: int = LEAST) -> dict[str, Strictness]:
    """Return the strictness of each scorer. Raises KeyError if a criterion has no bounds."""
    found: dict[str, list[Fraction]] = {scorer: [] for scorer, _unit, _code in scores}
    for (scorer, _unit, _code), difference in _differences(scores, bounds):
        found[scorer].append(difference)
    return {
        scorer: Strictness(
            scorer, _decimal(_mean(rows)) if rows and len(rows) >= least else None, len(rows)
        )
        for scorer, rows in found.items()
    }


def normalised(
    scores: Scores, bounds: Bounds, found: Mapping[str, Strictness]
) -> dict[tuple[str, str, str], Beside]:
    """Return each score as given and normalised by what `strictness` found, to 4 places."""
    beside = {}
    with localcontext(scoring.EXACT):
        for key, raw in scores.items():
            (low, high), share = bounds[key[2]], found[key[0]].strictness
            if share is None:
                beside[key] = Beside(raw, None)
                continue
            shifted = (raw + share * (high - low)).quantize(_POINTS, ROUND_HALF_UP)
            beside[key] = Beside(raw, max(low, min(shifted, high)))
    return beside


def reciprocal(
    scores: Scores, bounds: Bounds, *, limit: Decimal = CLEARLY, least: int = LEAST
) -> list[Reciprocal]:
    """Return the pairs of units that favour each other by at least `limit`, by their keys.

    Scorers are units here. A favour is what a unit gives another above the mean of the others,
    over at least `least` cells that others scored too. It must also exceed by the limit what the
    unit gives above the others elsewhere: who is mild to all returns no favour.
    """
    by_pair: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    by_scorer: dict[str, list[Fraction]] = defaultdict(list)
    for (scorer, unit, _code), difference in _differences(scores, bounds):
        by_pair[scorer, unit].append(-difference)
        by_scorer[scorer].append(-difference)
    favours = {}
    for (scorer, unit), rows in by_pair.items():
        elsewhere = len(by_scorer[scorer]) - len(rows)
        rest = sum(by_scorer[scorer], Fraction(0)) - sum(rows, Fraction(0))
        favour = _mean(rows)
        above = favour - (rest / elsewhere if elsewhere else 0)
        if len(rows) >= least and min(favour, above) >= Fraction(limit):
            favours[scorer, unit] = _decimal(favour)
    return [
        Reciprocal(one, other, favour, favours[other, one])
        for (one, other), favour in sorted(favours.items())
        if one < other and (other, one) in favours
    ]


def _differences(scores: Scores, bounds: Bounds) -> Iterable[tuple[tuple[str, str, str], Fraction]]:
    """Yield by how much of the span the others' mean lies above each score that has others."""
    sums: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for (_scorer, unit, code), points in scores.items():
        sums[unit, code].append(Fraction(points))
    totals = {cell: (sum(rows, Fraction(0)), len(rows)) for cell, rows in sums.items()}
    for key, points in scores.items():
        (total, number), (low, high) = totals[key[1:]], bounds[key[2]]
        if number > 1 and high > low:
            own, span = Fraction(points), Fraction(high) - Fraction(low)
            yield key, ((total - own) / (number - 1) - own) / span


def _mean(rows: list[Fraction]) -> Fraction:
    return sum(rows, Fraction(0)) / len(rows)


def _decimal(share: Fraction) -> Decimal:
    with localcontext(scoring.EXACT):
        exact = Decimal(share.numerator) / Decimal(share.denominator)
        return exact.quantize(_KEPT, ROUND_HALF_UP)

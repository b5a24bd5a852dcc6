"""A score sheet as it is read: its parts with their lines and sums, and what cost a unit points.

Every sum is made by `emulation.scoring`; a page only prints.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from clusters.models import Unit
from emulation import scoring, tally
from emulation.models import Criterion, Score, ScoreSheet
from emulation.standings import UnitTotals, scheme_rules

LARGEST_LOSSES = 3


@dataclass(frozen=True)
class Line:
    """A criterion of the sheet. `lost` is what is missing to its maximum, zero or negative."""

    score: Score
    lost: Decimal | None

    @property
    def criterion(self) -> Criterion:
        return self.score.criterion

    @property
    def is_gap(self) -> bool:
        """Whether the verified score differs from the unit's own."""
        return (
            self.score.verified_score is not None
            and self.score.verified_score != self.score.self_score
        )


@dataclass(frozen=True)
class Part:
    """A row at the top of the scheme with the lines below it, or with itself if it is no group."""

    top: Criterion
    lines: list[Line]
    own: Decimal
    verified: Decimal

    @property
    def is_group(self) -> bool:
        return self.top.kind == scoring.Kind.GROUP.value


@dataclass(frozen=True)
class Sheet:
    """A whole sheet with its two totals."""

    parts: list[Part]
    own: scoring.SheetTotal
    verified: scoring.SheetTotal

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    @property
    def has_verified(self) -> bool:
        """Whether the secretariat has scored any line."""
        return any(line.score.verified_score is not None for line in self.lines)

    @property
    def largest_losses(self) -> list[Line]:
        """The lines that cost the most, the dearest first."""
        lost = [line for line in self.lines if line.lost]
        return sorted(lost, key=lambda line: line.lost or 0)[:LARGEST_LOSSES]


def read(sheet: ScoreSheet) -> Sheet:
    """Return a sheet with the sums of both lanes, in two queries."""
    assert sheet.season.scheme, "a sheet was made from a scheme"
    scheme = sheet.season.scheme
    criteria = list(scheme.criteria.order_by("order", "id"))
    scores = list(sheet.scores.select_related("criterion").order_by("criterion__order", "id"))
    rules = scheme_rules(scheme, criteria)
    own = {row.criterion.code: row.self_score for row in scores if row.self_score is not None}
    seen = {
        row.criterion.code: row.verified_score for row in scores if row.verified_score is not None
    }
    sums, verified = tally.total(rules, own), tally.total(rules, seen)
    return Sheet(_parts(criteria, scores, sums, verified, scheme.bonus_group), sums, verified)


def _parts(
    criteria: Sequence[Criterion],
    scores: Sequence[Score],
    own: scoring.SheetTotal,
    verified: scoring.SheetTotal,
    bonus_group: str,
) -> list[Part]:
    tops = tops_of(criteria)
    lines: dict[int, list[Line]] = {row.pk: [] for row in criteria}
    for score in scores:
        top = tops[score.criterion_id]
        lines[top.pk].append(Line(score, _lost(score, top, bonus_group)))
    return [
        Part(row, lines[row.pk], own.groups[row.code], verified.groups[row.code])
        for row in criteria
        if row.parent_id is None and lines[row.pk]
    ]


def tops_of(criteria: Sequence[Criterion]) -> dict[int, Criterion]:
    """Return the row at the top of the scheme under which each criterion stands, by key."""
    known = {row.pk: row for row in criteria}

    def top(row: Criterion) -> Criterion:
        return top(known[row.parent_id]) if row.parent_id else row

    return {row.pk: top(row) for row in criteria}


def _lost(score: Score, top: Criterion, bonus_group: str) -> Decimal | None:
    """Return the verified score minus the maximum; a bonus not earned is no loss."""
    if score.verified_score is None or top.code == bonus_group:
        return None
    return score.verified_score - score.max_score


@dataclass(frozen=True)
class Place:
    """Where a unit stands: its line, and how far above it the next place is."""

    line: UnitTotals
    above: UnitTotals | None

    @property
    def behind(self) -> Decimal | None:
        return self.above.verified.total - self.line.verified.total if self.above else None


def place(lines: Sequence[UnitTotals], unit: Unit) -> Place | None:
    """Return the place of a ranked unit among the lines of its season, None while it has none."""
    line = next((row for row in lines if row.unit == unit), None)
    if line is None or line.rank is None:
        return None
    rank = line.rank
    return Place(line, next((row for row in lines if row.rank == rank - 1), None))

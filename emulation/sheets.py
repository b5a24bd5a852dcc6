"""A score sheet as it is read: its parts with their lines and sums, and what cost a unit points.

Every sum is made by `emulation.scoring`; a page only prints.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from clusters.models import Unit
from emulation import lanes, scoring
from emulation.models import Criterion, Proof, Score, ScoreSheet
from emulation.standings import Lane, UnitTotals

LARGEST_LOSSES = 3


@dataclass(frozen=True)
class Line:
    """A criterion of the sheet in its lanes.

    `own` and `verified` are points, `lost` is what is missing to the maximum, zero or negative;
    `cross` is the mean of the cross sheets that were sent.
    """

    score: Score
    lost: Decimal | None
    own: Decimal | None = None
    verified: Decimal | None = None
    cross: Decimal | None = None
    proofs: Sequence[Proof] = ()
    actual: Decimal | None = None
    target: Decimal | None = None

    @property
    def criterion(self) -> Criterion:
        return self.score.criterion

    @property
    def is_computed(self) -> bool:
        return lanes.is_computed(self.criterion)

    @property
    def is_gap(self) -> bool:
        """Whether the verified score differs from the unit's own."""
        return self.verified is not None and self.verified != self.own


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
    filled: Mapping[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    @property
    def has_verified(self) -> bool:
        """Whether the secretariat has scored any line."""
        return any(
            line.score.verified_score is not None or line.score.verified_actual is not None
            for line in self.lines
        )

    @property
    def largest_losses(self) -> list[Line]:
        """The lines that cost the most, the dearest first."""
        lost = [line for line in self.lines if line.lost]
        return sorted(lost, key=lambda line: line.lost or 0)[:LARGEST_LOSSES]


def read(
    sheet: ScoreSheet, *, with_cross: bool = False, with_proofs: bool = False, lane: str = Lane.OWN
) -> Sheet:
    """Return a sheet with the sums of both lanes, in a fixed number of queries.

    `lane` says whose actual values a line shows where they are computed.
    """
    assert sheet.season.scheme, "a sheet was made from a scheme"
    scheme = sheet.season.scheme
    criteria = list(scheme.criteria.order_by("order", "id"))
    scores = list(sheet.scores.select_related("criterion").order_by("criterion__order", "id"))
    counts = lanes.count(sheet, criteria, scores)
    own, seen = counts[Lane.OWN], counts[Lane.VERIFIED]
    means = lanes.cross_means(sheet) if with_cross else {}
    proofs = proofs_of(sheet) if with_proofs else {}
    cells = seen.cells if lane == Lane.VERIFIED else own.cells
    tops = tops_of(criteria)
    lines: dict[int, list[Line]] = {row.pk: [] for row in criteria}
    for score in scores:
        code, top = score.criterion.code, tops[score.criterion_id]
        verified, cell = seen.points.get(code), cells[code]
        lines[top.pk].append(
            Line(
                score=score,
                lost=_lost(verified, score, top, scheme.bonus_group),
                own=own.points.get(code),
                verified=verified,
                cross=means.get(score.criterion_id),
                proofs=proofs.get(score.pk, ()),
                actual=cell.actual,
                target=cell.target,
            )
        )
    parts = [
        Part(row, lines[row.pk], own.total.groups[row.code], seen.total.groups[row.code])
        for row in criteria
        if row.parent_id is None and lines[row.pk]
    ]
    filled = {lane.value: count.percent for lane, count in counts.items()}
    return Sheet(parts, own.total, seen.total, filled)


def proofs_of(sheet: ScoreSheet) -> dict[int, list[Proof]]:
    """Return {line: the achievements named as its evidence}; one query."""
    found: dict[int, list[Proof]] = {}
    for row in Proof.objects.filter(score__sheet=sheet).select_related("achievement"):
        found.setdefault(row.score_id, []).append(row)
    return found


def tops_of(criteria: Sequence[Criterion]) -> dict[int, Criterion]:
    """Return the row at the top of the scheme under which each criterion stands, by key."""
    known = {row.pk: row for row in criteria}

    def top(row: Criterion) -> Criterion:
        return top(known[row.parent_id]) if row.parent_id else row

    return {row.pk: top(row) for row in criteria}


def _lost(
    verified: Decimal | None, score: Score, top: Criterion, bonus_group: str
) -> Decimal | None:
    """Return the verified points minus the maximum; a bonus not earned is no loss."""
    if verified is None or top.code == bonus_group:
        return None
    return verified - score.max_score


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

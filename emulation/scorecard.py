"""Why a unit has its place: its score sheet beside the order, told for people.

From the last published order if there is one, else from the running computation. A fixed number
of queries; every number is made by `scoring`, `tally` and `gains`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.db.models import Avg

from clusters.models import Unit
from emulation import blocks, explaining, gains, ranking, tally
from emulation.blocks import Finding
from emulation.models import (
    Achievement,
    Criterion,
    CrossScore,
    CrossState,
    Objection,
    Proof,
    Review,
    Score,
    ScoreSheet,
    Season,
    SheetState,
    Standing,
    State,
)
from emulation.scoring import SheetTotal, Step
from emulation.sheets import tops_of
from emulation.standings import Lane, entrants, scheme_rules
from emulation.tally import Entrant, Placed, Rules

SHOWN_LOSSES = 5
SHOWN_WAYS = 4
OPEN_PARTS = 6


@dataclass(frozen=True)
class Rights:
    """What the reader may see of the sheet."""

    verified: bool
    place: bool
    evidence: bool
    findings: bool = True


@dataclass(frozen=True)
class Line:
    """One criterion with its lanes beside each other, and the reasons for its points."""

    score: Score
    own: Decimal | None
    cross: Decimal | None
    verified: Decimal | None
    lost: Decimal | None
    formula: str
    proofs: list[Proof] = field(default_factory=list)
    rejected: list[tuple[Achievement, str]] = field(default_factory=list)
    objection: Objection | None = None

    @property
    def criterion(self) -> Criterion:
        return self.score.criterion

    @property
    def open(self) -> Decimal:
        """What its maximum leaves open."""
        return self.criterion.max_score - (self.verified or Decimal(0))

    @property
    def accepted(self) -> int:
        return sum(not proof.refusal for proof in self.proofs)


@dataclass(frozen=True)
class Part:
    """A group with the criteria right below it, or a criterion at the top with itself."""

    head: str
    code: str
    lines: list[Line]

    @property
    def lost(self) -> Decimal:
        return sum((line.lost or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def won(self) -> Decimal:
        return sum((line.verified or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def own(self) -> Decimal:
        return sum((line.own or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def most(self) -> Decimal:
        return sum((line.criterion.max_score for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Near:
    """Units on a place beside the own: how far they are, and what told them apart if not that."""

    rank: int
    names: str
    distance: Decimal
    decided_by: str
    looks_equal: bool


@dataclass(frozen=True)
class Place:
    """Where the unit stands among `ranked` ones, and what would have brought it higher."""

    rank: int
    ranked: int
    grade: str
    lowered_by: str
    above: Near | None
    below: Near | None
    shares: str
    single: list[Line]
    together: list[Line]
    more: int


@dataclass(frozen=True)
class Card:
    """The whole scorecard. `standing` is the publication it was read from, None while running."""

    parts: list[Part]
    own: SheetTotal
    verified: SheetTotal
    place: Place | None
    standing: Standing | None
    findings: list[Finding]
    has_cross: bool
    has_first: bool

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    @property
    def losses(self) -> list[Line]:
        """The lines that cost points, the dearest first."""
        return sorted((row for row in self.lines if row.lost), key=lambda row: row.lost or 0)

    @property
    def largest_losses(self) -> list[Line]:
        return self.losses[:SHOWN_LOSSES]

    @property
    def unfolded(self) -> list[str]:
        """The parts that stand open: all of a short sheet, of a long one those that cost most."""
        if len(self.parts) <= OPEN_PARTS:
            return [part.code for part in self.parts]
        dear = {line.criterion.pk for line in self.largest_losses}
        return [
            part.code for part in self.parts if dear & {line.criterion.pk for line in part.lines}
        ]

    @property
    def has_verified(self) -> bool:
        """Whether the secretariat has scored anything."""
        return any(line.verified is not None for line in self.lines)


@dataclass(frozen=True)
class _Order:
    """The cells of both lanes and the order made of those that are done."""

    rules: Rules
    own: dict[str, Placed]
    cells: dict[str, Entrant]
    placed: list[Placed]
    seen: dict[str, Placed]
    standing: Standing | None


def read(sheet: ScoreSheet, season: Season, unit: Unit, rights: Rights) -> Card:
    """Return the scorecard of a unit as a reader with these rights sees it."""
    assert season.scheme
    criteria = list(season.scheme.criteria.all())
    units = list(season.units())
    order = _order(season, units, criteria)
    key = str(unit.pk)
    lines = _lines(sheet, season, criteria, order, rights)
    found = blocks.of_season(season, _totals(order)) if rights.findings else {}
    mine = [row for row in found.get(unit.pk, []) if not row.is_lifted]
    made = {row.key: row for row in order.placed}
    place = None
    if rights.place and key in made:
        place = _place(order, units, key, {line.criterion.code: line for line in lines}, mine)
    return Card(
        parts=_parts(criteria, lines),
        own=order.own[key].total,
        verified=(made.get(key) or order.seen[key]).total,
        place=place,
        standing=order.standing,
        findings=mine,
        has_cross=any(line.cross is not None for line in lines),
        has_first=any(line.score.first_score is not None for line in lines),
    )


def _order(season: Season, units: Sequence[Unit], criteria: Sequence[Criterion]) -> _Order:
    assert season.scheme
    rules = scheme_rules(season.scheme, criteria)
    lanes = entrants(season, units, criteria)
    own = {row.key: row for row in tally.tally(rules, lanes[Lane.OWN])}
    standing = season.standings.order_by("-number").first()
    if standing:
        rules, cells = tally.inputs_from_json(standing.inputs)
        placed = tally.tally(rules, cells)
        known = {row.key: row for row in cells}
        known |= {row.key: row for row in lanes[Lane.VERIFIED] if row.key not in known}
    else:
        states = dict(season.sheets.values_list("unit", "state"))
        done = {str(pk) for pk, state in states.items() if state == SheetState.APPRAISED}
        known = {row.key: row for row in lanes[Lane.VERIFIED]}
        placed = tally.tally(rules, [row for row in known.values() if row.key in done])
    seen = {row.key: row for row in tally.tally(rules, list(known.values()))}
    return _Order(rules, own, known, placed, seen, standing)


def _totals(order: _Order) -> dict[int, tuple[Decimal, Decimal]]:
    return {
        int(row.key): (order.own[row.key].total.total, row.total.total)
        for row in order.placed
        if row.key in order.own
    }


def _lines(
    sheet: ScoreSheet,
    season: Season,
    criteria: Sequence[Criterion],
    order: _Order,
    rights: Rights,
) -> list[Line]:
    key = str(sheet.unit_id)
    scores = list(sheet.scores.select_related("criterion").order_by("criterion__order", "id"))
    rules = {rule.code: rule for rule in order.rules.criteria}
    tops = tops_of(criteria)
    bonus = season.scheme.bonus_group if season.scheme else ""
    ranked = {row.key: row for row in order.placed}
    points = (ranked.get(key) or order.seen[key]).points
    # Who is not placed leads nobody, and is measured against those who are.
    against = [order.cells[row.key] for row in order.placed] or list(order.cells.values())
    cross = _cross(sheet) if rights.verified else {}
    proofs = _proofs(sheet) if rights.evidence else {}
    rejected = _rejected(season, sheet.unit, scores) if rights.evidence else {}
    objections = {row.score_id: row for row in Objection.objects.filter(score__sheet=sheet)}

    def line(score: Score) -> Line:
        code = score.criterion.code
        given = points.get(code) if rights.verified else None
        cell = order.cells[key].cells.get(code)
        best = explaining.best_of(row.cells[code] for row in against if code in row.cells)
        is_bonus = tops[score.criterion_id].code == bonus
        return Line(
            score=score,
            own=order.own[key].points.get(code),
            cross=cross.get(score.criterion_id),
            verified=given,
            lost=None if given is None or is_bonus else given - score.criterion.max_score,
            formula=explaining.formula(rules[code], cell, given, best) if code in rules else "",
            proofs=proofs.get(score.pk, []),
            rejected=rejected.get(score.criterion.category, []),
            objection=objections.get(score.pk) if rights.verified else None,
        )

    return [line(score) for score in scores]


def _cross(sheet: ScoreSheet) -> dict[int, Decimal]:
    """Return the mean of what the other units gave, by criterion; only what was sent."""
    rows = CrossScore.objects.filter(
        cross_sheet__sheet=sheet, cross_sheet__state=CrossState.SUBMITTED, score__isnull=False
    )
    means = rows.values_list("criterion").annotate(mean=Avg("score")).order_by()
    return {criterion: Decimal(mean) for criterion, mean in means}


def _proofs(sheet: ScoreSheet) -> dict[int, list[Proof]]:
    found: dict[int, list[Proof]] = defaultdict(list)
    rows = Proof.objects.filter(score__sheet=sheet).select_related("achievement__season__cluster")
    for row in rows:
        found[row.score_id].append(row)
    return found


def _rejected(
    season: Season, unit: Unit, scores: Sequence[Score]
) -> dict[str, list[tuple[Achievement, str]]]:
    """Return the unit's achievements that were not recognised, with the reason, by category."""
    wanted = {score.criterion.category for score in scores} - {""}
    rows = Achievement.objects.filter(
        season=season, unit=unit, state=State.REJECTED, category__in=wanted
    )
    ones = list(rows.select_related("season__cluster").order_by("number"))
    reasons: dict[int, str] = {}
    for review in Review.objects.filter(
        achievement__in=ones, decision=Review.Decision.REJECTED
    ).order_by("at", "id"):
        reasons[review.achievement_id] = review.reason
    found: dict[str, list[tuple[Achievement, str]]] = defaultdict(list)
    for row in ones:
        found[row.category].append((row, reasons.get(row.pk, "")))
    return found


def _parts(criteria: Sequence[Criterion], lines: Sequence[Line]) -> list[Part]:
    known = {row.pk: row for row in criteria}

    def named(row: Criterion) -> str:
        above = known.get(row.parent_id) if row.parent_id else None
        own = f"{row.code}. {row.name}"
        return f"{named(above)} › {own}" if above else own

    def group(line: Line) -> Criterion:
        row = line.criterion
        return known[row.parent_id] if row.parent_id else row

    return [
        Part(named(group(rows[0])), group(rows[0]).code, rows)
        for _pk, found in groupby(lines, key=lambda line: group(line).pk)
        if (rows := list(found))
    ]


def _place(
    order: _Order,
    units: Sequence[Unit],
    key: str,
    lines: Mapping[str, Line],
    findings: Sequence[Finding],
) -> Place:
    names = {str(unit.pk): unit.short_name for unit in units}
    me = next(row for row in order.placed if row.key == key)
    ways = gains.ways(order.rules, list(order.cells.values()), order.placed, key)
    single = [lines[code] for code in ways.single if code in lines]
    grade, lowered_by = blocks.shown_grade(me.grade, findings)
    equal = [row.key for row in order.placed if row.rank == me.rank and row.key != key]
    return Place(
        rank=me.rank,
        ranked=len(order.placed),
        grade=str(ranking.GRADES[grade]) if grade else "",
        lowered_by=lowered_by,
        above=_near(order, names, me, me.rank - 1),
        below=_near(order, names, me, me.rank + 1),
        shares=", ".join(names.get(other, other) for other in equal),
        single=single[:SHOWN_WAYS],
        together=[lines[code] for code in ways.together if code in lines],
        more=max(0, len(single) - SHOWN_WAYS),
    )


def _near(order: _Order, names: Mapping[str, str], me: Placed, rank: int) -> Near | None:
    rows = [row for row in order.placed if row.rank == rank]
    if not rows:
        return None
    facts = {entrant.key: entrant.facts for entrant in order.cells.values()}
    distance = abs(rows[0].total.total - me.total.total)
    step = gains.beside(order.rules, order.placed, facts, me.key, rows[0].key)
    return Near(
        rank=rank,
        names=", ".join(names.get(row.key, row.key) for row in rows),
        distance=distance,
        decided_by="" if step is Step.TOTAL else str(ranking.TIE_BREAKS[step]),
        looks_equal=bool(distance) and distance < Decimal("0.005"),
    )

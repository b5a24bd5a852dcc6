"""What a report is made from: the rows of a season, read once, in a number of queries that does
not grow with the season."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from awards.models import Conference, Nomination, NominationState, Remark
from clusters.models import Term, Unit
from emulation import standings
from emulation.models import (
    Achievement,
    Assessment,
    AssessmentKind,
    Category,
    Correction,
    Criterion,
    Drive,
    DriveStage,
    Launch,
    Pledge,
    ScoreSheet,
    Season,
    SheetState,
    Signature,
    Source,
)
from emulation.standings import TargetProgress, UnitTotals
from reports.content import Paragraph
from reports.summary import words

PARTICULARS = ("policy_document", "parliament", "community", "advanced_model")


@dataclass(frozen=True)
class Facts:
    """The rows of one season. `on` is the day on which the report is made."""

    season: Season
    on: date
    units: list[Unit]
    term: Term | None
    next_term: Term | None
    sources: list[Source]
    pledge: Pledge | None
    signatures: list[Signature]
    launches: list[Launch]
    drives: list[tuple[Drive, int]]
    achievements: list[Achievement]
    assessments: dict[str, list[Assessment]]
    conference: Conference | None
    remarks: list[Remark]
    nominations: list[Nomination]
    standings: list[UnitTotals]
    targets: list[TargetProgress]
    criteria: list[Criterion]
    sheets: dict[int, ScoreSheet]
    corrections: list[Correction]

    @property
    def cluster_name(self) -> str:
        return self.season.cluster.name

    @property
    def is_sourced(self) -> bool:
        """Whether the season retells a text: then nothing is said that has no source."""
        return bool(self.sources)

    @property
    def silence(self) -> Paragraph:
        """Return what stands under a heading for which there are no rows."""
        return Paragraph(words.NOT_IN_SOURCE if self.is_sourced else words.NO_FIGURES)

    @property
    def no_text(self) -> Paragraph:
        """Return what stands under a heading under which nobody has written yet."""
        return Paragraph(words.NOT_IN_SOURCE if self.is_sourced else words.NO_TEXT)

    @property
    def ranked(self) -> list[UnitTotals]:
        """Return the units that have their place, the best first."""
        return [line for line in self.standings if line.rank is not None]

    def of(self, *categories: Category) -> list[Achievement]:
        """Return the achievements of some categories, without those that are part of another."""
        return [
            row for row in self.achievements if row.category in categories and not row.parent_id
        ]

    def codes(self, rows: Sequence[object]) -> tuple[str, ...]:
        """Return the codes of the sources of some rows, each once, in order."""
        found = {row.source.code for row in rows if getattr(row, "source", None)}  # type: ignore[attr-defined]
        return tuple(sorted(found))

    def said(self, kind: AssessmentKind) -> tuple[Paragraph, ...]:
        """Return what the secretariat wrote under a heading, a paragraph each."""
        return tuple(
            Paragraph(words.sentence(row.text), self.codes([row])) for row in self.assessments[kind]
        )


def read(season: Season, *, on: date) -> Facts:
    """Return what a report of the season made on that day is made from."""
    pledge = Pledge.objects.select_related("source").filter(season=season).first()
    assessments: dict[str, list[Assessment]] = defaultdict(list)
    for row in season.assessments.select_related("source").order_by("order", "id"):
        assessments[row.kind].append(row)
    conference = Conference.objects.select_related("source").filter(season=season).first()
    terms = {
        term.year: term
        for term in Term.objects.filter(
            cluster=season.cluster_id, year__in=(season.year, season.year + 1)
        ).select_related("head", "deputy")
    }
    units = list(season.units())
    return Facts(
        season=season,
        on=on,
        units=units,
        term=terms.get(season.year),
        next_term=terms.get(season.year + 1),
        sources=list(season.sources.order_by("code")),
        pledge=pledge,
        signatures=list(pledge.signatures.select_related("unit")) if pledge else [],
        launches=_launches(season, units),
        drives=_drives(season),
        achievements=_achievements(season, units),
        assessments=assessments,
        conference=conference,
        remarks=_remarks(conference),
        nominations=_nominations(season),
        standings=standings.for_season(season),
        targets=standings.targets(season) if pledge else [],
        criteria=list(season.scheme.criteria.order_by("order", "id")) if season.scheme else [],
        sheets=_sheets(season),
        corrections=_corrections(season),
    )


def _place(units: list[Unit], unit_id: int | None) -> int:
    """Return the place of a unit in the official order; rows of the whole cluster come first."""
    places = {unit.pk: place for place, unit in enumerate(units, 1)}
    return places.get(unit_id, len(units) + 1) if unit_id else 0


def _launches(season: Season, units: list[Unit]) -> list[Launch]:
    rows = season.launches.select_related("unit", "source")
    return sorted(rows, key=lambda row: _place(units, row.unit_id))


def _drives(season: Season) -> list[tuple[Drive, int]]:
    """Return the drives, each with how many units told their final results."""
    told = Count("results", filter=Q(results__stage=DriveStage.FINAL))
    rows = season.drives.annotate(told=told).order_by("starts_on", "id")
    return [(row, row.told) for row in rows]


def _achievements(season: Season, units: list[Unit]) -> list[Achievement]:
    """Return what counts, by unit in the official order, then as it was numbered."""
    rows = (
        Achievement.objects.filter(season=season)
        .counted()
        .select_related("unit", "source", *PARTICULARS)
        .prefetch_related("advanced_model__adoptions")
        .order_by("number")
    )
    return sorted(rows, key=lambda row: _place(units, row.unit_id))


def _remarks(conference: Conference | None) -> list[Remark]:
    if conference is None:
        return []
    return list(conference.remarks.select_related("unit", "source").order_by("id"))


def _nominations(season: Season) -> list[Nomination]:
    """Return what is proposed and stands."""
    rows = season.nominations.filter(state=NominationState.PROPOSED)
    return list(rows.select_related("unit", "award", "source").order_by("award__order", "id"))


def _corrections(season: Season) -> list[Correction]:
    """Return what was corrected after the closing, as it was written."""
    rows = list(season.corrections.select_related("achievement").order_by("at", "id"))
    for row in rows:
        if row.achievement:
            row.achievement.season = season  # for its code
    return rows


def _sheets(season: Season) -> dict[int, ScoreSheet]:
    """Return the sheets that were sent, by unit: what a unit still drafts is its own."""
    rows = season.sheets.exclude(state=SheetState.DRAFT).prefetch_related("scores")
    return {sheet.unit_id: sheet for sheet in rows}

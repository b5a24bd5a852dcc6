"""Store the made-up cluster and play its year: every act at its hour, through the services.

What an administrator or the signing of the pledge would have left is written as rows; launches,
achievements, scores and nominations go through the same doors as on any other day, in the order
in which they happened, so that journal and numbers tell a true story.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial

from django.utils import timezone

from awards.models import Award
from awards.services import nominate
from clusters.models import Cluster, Membership, Term, TermState, Unit, User
from emulation import scheme_b
from emulation.models import (
    Assessment,
    Phase,
    Pledge,
    Registration,
    Scheme,
    Season,
    Target,
)
from emulation.services import scoring
from emulation.services.movement import record_launch
from emulation.services.scheme import store
from reports.sample import cluster_2026 as data
from reports.sample import movement_2026, periodic_2026, season_2026, visits_2026
from reports.sample.deeds import day
from reports.sample.scores_2026 import CODES, SHEETS, USUAL_NOTE, Sheet

Act = tuple[datetime, Callable[..., object]]


def write() -> Season:
    """Store cluster, season, pledge and narrative, and return the season."""
    units = _units()
    cluster = Cluster.objects.create(**data.CLUSTER)
    for order, letter in enumerate(data.UNITS, 1):
        Membership.objects.create(cluster=cluster, unit=units[letter], year=data.YEAR, order=order)
    Term.objects.create(
        cluster=cluster, year=data.YEAR, head=units[data.HEAD], deputy=units[data.DEPUTY],
        state=TermState.ACTIVE, source="Dữ liệu minh họa",
    )  # fmt: skip
    season = Season.objects.create(
        cluster=cluster, year=data.YEAR, slug=data.SLUG, motto=data.MOTTO, scheme=_scheme(),
        counted_to=data.COUNTED_TO, illustration=data.ILLUSTRATION,
    )  # fmt: skip
    Phase.objects.bulk_create(
        Phase(
            season=season, name=name, start=moment(data.OPEN_FROM), end=moment(data.OPEN_TO),
            grace_hours=data.GRACE_HOURS.get(name, 0), **dict.fromkeys(switches, True),
        )
        for name, switches in data.PHASES
    )  # fmt: skip
    _pledge(season, units)
    Assessment.objects.bulk_create(
        Assessment(season=season, kind=kind, order=order, text=text)
        for kind, texts in data.ASSESSMENTS.items()
        for order, text in enumerate(texts, 1)
    )
    return season


def moment(on: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return a time of a day in the zone of the cluster."""
    return timezone.make_aware(datetime.combine(on, time(hour, minute)))


def _units() -> dict[str, Unit]:
    return {
        letter: Unit.objects.get_or_create(
            code=f"DV0{order}",
            valid_from=None,
            defaults={
                "name": f"Đơn vị mẫu {letter} ({kind})",
                "short_name": f"Đơn vị mẫu {letter}",
                "is_illustrative": True,
            },
        )[0]
        for order, (letter, kind) in enumerate(data.UNITS.items(), 1)
    }


def _scheme() -> Scheme:
    known = Scheme.objects.filter(code=scheme_b.CODE, version=scheme_b.VERSION).first()
    return known or store(plan=scheme_b.PLAN, code=scheme_b.CODE, version=scheme_b.VERSION)


def _pledge(season: Season, units: dict[str, Unit]) -> None:
    # Its text, its settling and the signatures follow as acts.
    pledge = Pledge.objects.create(season=season)
    Registration.objects.bulk_create(
        Registration(pledge=pledge, unit=units[letter], title=title)
        for letter, titles in data.REGISTRATIONS.items()
        for title in titles
    )
    _targets(pledge, units)


def _targets(pledge: Pledge, units: dict[str, Unit]) -> None:
    """Store the targets: the cluster's, and each unit's share, whose weights make up 100.

    The weight of a target that a unit does not have goes to its first one.
    """
    shares: list[Target] = []
    for order, row in enumerate(data.TARGETS, 1):
        group, text, measure, direction, weight, planned = row
        common = {
            "pledge": pledge, "order": order, "group": group, "text": text, "measure": measure,
            "direction": direction,
        }  # fmt: skip
        whole = Target.objects.create(planned=sum(n or 0 for n in planned), **common)
        shares += [
            Target(unit=unit, part_of=whole, planned=share, weight=weight, **common)
            for unit, share in zip(units.values(), planned, strict=True)
            if share is not None
        ]
    for unit in units.values():
        mine = [share for share in shares if share.unit == unit]
        mine[0].weight += 100 - sum(share.weight for share in mine)
    Target.objects.bulk_create(shares)


def acts(season: Season, units: dict[str, Unit], people: dict[str, User]) -> list[Act]:
    """Return launches, score sheets and nominations, each with its hour."""
    found: list[Act] = []
    for letter, (when, slogan, plan) in data.LAUNCHES.items():
        launch = partial(
            record_launch, season=season, unit=units[letter], version=0, by=_staff(people, letter),
            slogan=slogan, launched_on=day(when), plan=plan,
        )  # fmt: skip
        found.append((moment(day(when), 15, 40), launch))
    for letter, sheet in SHEETS.items():
        found += _sheet_acts(season, units[letter], sheet, people, _staff(people, letter))
    found += periodic_2026.acts(season, units, people)
    found += movement_2026.acts(season, units, people)
    found += season_2026.acts(season, units, people)
    found += visits_2026.acts(season, units, people)
    in_force = Award.objects.on(date(data.YEAR, 12, 31))
    for number, (letter, (award, merit)) in enumerate(data.NOMINATIONS.items()):
        proposal = partial(
            nominate, season=season, unit=units[letter], award=in_force.get(code=award),
            merit=merit, by=people["thuky.b" if letter == data.HEAD else "thuky"],
        )  # fmt: skip
        found.append((moment(date(data.YEAR, 11, 18), 9, number * 7), proposal))
    return found


def _staff(people: dict[str, User], letter: str) -> User:
    return people[f"nhanvien.{letter.lower()}"]


def _sheet_acts(
    season: Season, unit: Unit, sheet: Sheet, people: dict[str, User], staff: User
) -> list[Act]:
    """Return the self-score and, where there is one, the appraisal of a unit."""

    def score_itself(at: datetime) -> None:
        made = scoring.open_sheet(season=season, unit=unit)
        lines = _lines(season, sheet.own, {})
        scoring.self_score(
            sheet=made, by=staff, version=made.version, lines=lines, send=bool(sheet.sent), at=at
        )

    def appraise(at: datetime) -> None:
        made = season.sheets.get(unit=unit)
        differing = zip(CODES, sheet.own.split(), sheet.verified.split(), strict=True)
        notes = {code: USUAL_NOTE for code, own, seen in differing if own != seen} | sheet.notes
        lines = _lines(season, sheet.verified, notes)
        by = people[sheet.secretary]
        scoring.appraise(sheet=made, by=by, version=made.version, lines=lines, finish=True, at=at)

    last = sheet.sent or "19/11"
    found: list[Act] = [(moment(day(last), 16, 5), score_itself)]
    if sheet.verified:
        found.append((moment(day(sheet.appraised), 10, 20), appraise))
    return found


def _lines(season: Season, scores: str, notes: dict[str, str]) -> scoring.Lines:
    """Return typed scores as the services take them; "-" is left out."""
    assert season.scheme
    criteria = dict(season.scheme.criteria.values_list("code", "pk"))
    return {
        criteria[code]: (Decimal(score), notes.get(code, ""))
        for code, score in zip(CODES, scores.split(), strict=True)
        if score != "-"
    }

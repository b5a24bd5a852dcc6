"""Store Cluster No. 1 of 2017. Its rows stand as the article left them: locked and concluded."""

import uuid
from datetime import date

from awards.models import Award, Conference, ConferenceState, Nomination, NominationState, Remark
from clusters.models import Cluster, Membership, Unit
from clusters.vietnamese import search_key
from emulation.models import Achievement, Assessment, Launch, Pledge, Season, Source, State
from emulation.models.particulars import PARTICULARS
from reports.sample import cluster_2017 as data


def write() -> Season:
    """Store the cluster with its season and return the season. Call it within a transaction."""
    cluster = Cluster.objects.create(**data.CLUSTER)
    for order, (name, short_name, code) in enumerate(data.UNITS, 1):
        unit, _is_new = Unit.objects.get_or_create(
            code=code, valid_from=None, defaults={"name": name, "short_name": short_name}
        )
        Membership.objects.create(cluster=cluster, unit=unit, year=data.YEAR, order=order)
    season = Season.objects.create(
        cluster=cluster, year=data.YEAR, slug=data.SLUG, illustration=data.ILLUSTRATION
    )
    sources = {
        code: Source.objects.create(season=season, code=code, quote=quote, correction=correction)
        for code, (quote, correction) in data.SOURCES.items()
    }
    _pledge_and_launch(season, sources)
    _achievements(season, sources)
    _assessments(season, sources)
    _conference(season, sources)
    _nominations(season, sources)
    return season


def _pledge_and_launch(season: Season, sources: dict[str, Source]) -> None:
    code, content = data.PLEDGE
    Pledge.objects.create(season=season, content=content, source=sources[code])
    code, plan = data.LAUNCH
    Launch.objects.create(season=season, plan=plan, source=sources[code])


def _achievements(season: Season, sources: dict[str, Source]) -> None:
    rows: dict[str, Achievement] = {}
    for number, fact in enumerate(data.FACTS, 1):
        row = Achievement(
            season=season,
            number=number,
            entry_key=uuid.uuid5(uuid.NAMESPACE_URL, f"{data.SLUG}/{fact.source}"),
            category=fact.category,
            title=fact.title,
            state=State.LOCKED,
            source=sources[fact.source],
            parent=rows.get(fact.part_of),
        )
        row.search_key = search_key(f"{row.code} {row.title}")
        row.save()
        rows[fact.source] = row
        if model := PARTICULARS.get(fact.category):
            model._default_manager.create(achievement=row, **fact.particulars)
    Season.objects.filter(pk=season.pk).update(next_number=len(rows) + 1)


def _assessments(season: Season, sources: dict[str, Source]) -> None:
    Assessment.objects.bulk_create(
        Assessment(season=season, kind=kind, text=text, source=sources[code])
        for kind, text, code in data.ASSESSMENTS
    )


def _conference(season: Season, sources: dict[str, Source]) -> None:
    code, conclusion = data.CONCLUSION
    conference = Conference.objects.create(
        season=season,
        conclusion=conclusion,
        state=ConferenceState.CONCLUDED,
        source=sources[code],
        **data.SPEAKER,
    )
    for kind, text, code in data.REMARKS:
        Remark.objects.create(conference=conference, kind=kind, text=text, source=sources[code])


def _nominations(season: Season, sources: dict[str, Source]) -> None:
    in_force = Award.objects.on(date(data.YEAR, 12, 31))
    for award, code in data.NOMINATIONS:
        Nomination.objects.create(
            season=season,
            award=in_force.get(code=award),
            state=NominationState.PROPOSED,
            source=sources[code],
        )

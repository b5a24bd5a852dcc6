"""The consolidated score table: the order of the units, or when it opens."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clusters.models import Unit
from clusters.permissions import standing
from emulation import permissions, published, ranking, windows
from emulation.blocks import in_force
from emulation.context import role_in
from emulation.models import Season, Standing
from emulation.schemes import steps_in_words
from emulation.standings import for_season
from emulation.views.request import UserRequest
from emulation.views.scoring import may_score, next_to_appraise
from emulation.views.season import get_season


def standings(request: UserRequest, slug: str) -> HttpResponse:
    """Show the order of the units, or when it opens."""
    season = get_season(request, slug)
    at = timezone.now()
    unit = permissions.own_unit(request.user, season)
    opening = season.phases.filter(see_standings=True, start__gt=at).order_by("start").first()
    context: dict[str, Any] = {
        "season": season,
        "unit": unit,
        "is_open": permissions.can_see_standings(request.user, season, at),
        "opens": windows.moment(opening.start) if opening else "",
        "may_score": unit and may_score(request.user, season, unit, at),
        "next": next_to_appraise(request.user, season, at),
    }
    if context["is_open"] and season.scheme:
        role = role_in(request.user, season)
        last = published.latest(season)
        context |= _frozen(last, unit, role) if last else _table(season, unit, role)
        context["may_publish"] = permissions.can_publish(request.user, season)
        if last and season.cluster_id in standing(request.user).clusters:
            context["changes"] = published.since(last, season)
    if context["is_open"] and season.scheme:
        context["barred"] = in_force(season)
        context["steps"] = ", ".join(steps_in_words(season.scheme))
    return render(request, "emulation/standings.html", context)


def _frozen(last: Standing, unit: Unit | None, role: str) -> dict[str, Any]:
    rules, labels = published.rules_and_labels(last)
    columns = ranking.frozen_columns(rules, labels["criteria"])
    lines = published.lines(last)
    names = labels["units"]
    return {
        "published": last,
        "columns": columns,
        "rows": ranking.rows(lines, columns, unit, role),
        "ranked": len(lines),
        "ties": ranking.tie_breaks(lines),
        "near": ranking.looks_tied(lines),
        "left_out": [(names[pk][1], reason) for pk, reason in labels["left_out"].items()],
    }


def _table(season: Season, unit: Unit | None, role: str) -> dict[str, Any]:
    assert season.scheme
    columns = ranking.columns(season.scheme, list(season.scheme.criteria.all()))
    lines = for_season(season)
    return {
        "columns": columns,
        "rows": ranking.rows(lines, columns, unit, role),
        "ranked": sum(line.rank is not None for line in lines),
        "ties": ranking.tie_breaks(lines),
        "near": ranking.looks_tied(lines),
    }

"""The list of achievements, with its filters."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clusters.vietnamese import search_key
from emulation import permissions
from emulation.context import role_in
from emulation.forms.achievement import FilterForm
from emulation.lines import Printer, filled
from emulation.models import Achievement, Season, State
from emulation.models.achievement import AWAITING, COUNTED, AchievementQuerySet
from emulation.views.request import UserRequest
from emulation.views.season import get_season

PER_PAGE = 50


def achievement_list(request: UserRequest, slug: str) -> HttpResponse:
    """List what the reader may see, newest first, by state, category, unit, target and words."""
    season = get_season(request, slug)
    role = role_in(request.user, season)
    units = None if role == "unit" else season.units()
    form = FilterForm(request.GET, season=season, units=units)
    given = form.given()
    found = _filtered(season, request, given)
    counts = dict(found.values_list("state").annotate(n=Count("id")).order_by())
    shown = found.filter(state=given["state"]) if "state" in given else found
    page = _pages(shown, counts, given).get_page(request.GET.get("page"))
    printer = Printer(season, role)
    rows = printer.lines(cast(AchievementQuerySet, page.object_list))
    known = [state for state in State if state in counts]
    context: dict[str, Any] = {
        "season": season,
        "filter": form,
        "given": given,
        "counts": [
            (state.value, str(state.label), printer.states[state], counts[state]) for state in known
        ],
        "total": sum(counts.values()),
        "page_obj": page,
        "rows": rows,
        "table": filled("emulation/_line.html", rows, with_units=role != "unit"),
        "with_units": role != "unit",
        "can_enter": _can_enter(request, season),
    }
    return render(request, "emulation/achievement_list.html", context)


def _can_enter(request: UserRequest, season: Season) -> bool:
    unit = permissions.own_unit(request.user, season)
    return permissions.can_enter(request.user, season, unit, timezone.now())


class _Counted(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, rows: AchievementQuerySet, known: int) -> None:
        super().__init__(rows, PER_PAGE)
        self.count = known


def _pages(rows: AchievementQuerySet, counts: dict[str, int], given: dict[str, Any]) -> _Counted:
    """Return the pages, newest first; how many rows there are follows from the counts by state."""
    known = counts.get(given["state"], 0) if "state" in given else sum(counts.values())
    return _Counted(rows.order_by(F("submitted_at").desc(nulls_first=True), "-id"), known)


def _filtered(season: Season, request: UserRequest, given: dict[str, Any]) -> AchievementQuerySet:
    """Return what the reader may see under all filters but that of the state."""
    rows = Achievement.objects.visible_in(season, request.user)
    if "category" in given:
        rows = rows.filter(category=given["category"])
    if "unit" in given:
        rows = rows.filter(unit=given["unit"])
    if "target" in given:
        rows = rows.filter(Q(target=given["target"]) | Q(target__part_of=given["target"]))
    if "activity" in given:
        rows = rows.filter(community__kind=given["activity"])
    if "figure" in given:
        rows = rows.filter(**{f"community__{given['figure']}__isnull": False})
    if "judged" in given:
        rows = rows.filter(state__in=COUNTED if given["judged"] == "counted" else AWAITING)
    for name in ("drive", "organization"):
        if name in given:
            rows = rows.filter(**{name: given[name]})
    words = Q()
    for word in search_key(given.get("q", "")).split():
        words &= Q(search_key__contains=word)
    return rows.filter(words)

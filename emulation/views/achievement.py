"""The list of achievements and the page of one."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clusters.vietnamese import search_key
from emulation import facts, permissions, windows
from emulation.context import role_in
from emulation.forms.achievement import FilterForm
from emulation.models import Achievement, Category, Season, State
from emulation.models.achievement import AchievementQuerySet
from emulation.services import achievement as services
from emulation.tags import Tag, achievement_tag
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history

PER_PAGE = 50
# The words of an address for each category.
SLUGS: dict[str, Category] = {
    "tham-muu": Category.ADVISORY,
    "phoi-hop": Category.COORDINATION,
    "van-ban": Category.POLICY_DOCUMENT,
    "quoc-hoi": Category.PARLIAMENT,
    "cai-cach": Category.REFORM,
    "sang-kien": Category.INITIATIVE,
    "xay-dung-luc-luong": Category.FORCE_BUILDING,
    "nep-song-van-hoa": Category.CULTURED_LIFESTYLE,
    "to-chuc-quan-chung": Category.MASS_ORGANIZATION,
    "cong-dong": Category.COMMUNITY,
    "dien-hinh": Category.ADVANCED_MODEL,
    "thi-dua": Category.EMULATION_WORK,
}


def get_achievement(request: UserRequest, slug: str, number: int) -> Achievement:
    """Return the achievement of the address or raise Http404; the menu then shows where it is."""
    season = get_season(request, slug)
    request.menu_place = "achievement_list"
    rows = Achievement.objects.visible_to(request.user).filter(season=season)
    found = get_object_or_404(rows.select_related("unit", "target", "source"), number=number)
    # The season of the address, whose phases and cluster are read already.
    found.season = season
    return found


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
    page = Paginator(_newest_first(shown), PER_PAGE).get_page(request.GET.get("page"))
    known = [state for state in State.values if state in counts]
    context: dict[str, Any] = {
        "season": season,
        "filter": form,
        "given": given,
        "counts": [(state, achievement_tag(state, role), counts[state]) for state in known],
        "total": sum(counts.values()),
        "page_obj": page,
        "rows": [(row, achievement_tag(row.state, role)) for row in page],
        "with_units": role != "unit",
        "can_enter": _can_enter(request, season),
    }
    return render(request, "emulation/achievement_list.html", context)


def _can_enter(request: UserRequest, season: Season) -> bool:
    unit = permissions.own_unit(request.user, season)
    return permissions.can_enter(request.user, season, unit, timezone.now())


def _newest_first(rows: AchievementQuerySet) -> AchievementQuerySet:
    ordered = rows.select_related("season", "unit").defer("description", "unit__search_key")
    return ordered.order_by(F("submitted_at").desc(nulls_first=True), "-id")


def _filtered(season: Season, request: UserRequest, given: dict[str, Any]) -> AchievementQuerySet:
    """Return what the reader may see under all filters but that of the state."""
    rows = Achievement.objects.visible_to(request.user).filter(season=season)
    if "category" in given:
        rows = rows.filter(category=given["category"])
    if "unit" in given:
        rows = rows.filter(unit=given["unit"])
    if "target" in given:
        rows = rows.filter(Q(target=given["target"]) | Q(target__part_of=given["target"]))
    words = Q()
    for word in search_key(given.get("q", "")).split():
        words &= Q(search_key__contains=word)
    return rows.filter(words)


def own_tag(request: UserRequest, achievement: Achievement) -> Tag:
    """Return the tag of the achievement as this reader sees it."""
    return achievement_tag(achievement.state, role_in(request.user, achievement.season))


def achievement_detail(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Show one achievement with its evidence, reviews and history, and what may be done."""
    achievement = get_achievement(request, slug, number)
    user, at = request.user, timezone.now()
    is_own = permissions.is_of_unit(user, achievement.unit)
    can_edit = permissions.can_edit(user, achievement, at)
    reviews = list(achievement.reviews.select_related("by"))
    context: dict[str, Any] = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "facts": [f for f in facts.of_achievement(achievement) if f.text and f.name != "title"],
        "particulars": facts.of_particulars(services.particulars(achievement)),
        "evidence": list(achievement.evidence.all()),
        "reviews": reviews,
        "returned": reviews[0] if reviews and achievement.state == State.RETURNED else None,
        "events": list(history(achievement)),
        "can_edit": can_edit,
        "can_submit": permissions.can_submit(user, achievement, at),
        "can_review": permissions.can_review(user, achievement, at),
        "locked": windows.why_locked(achievement, at) if is_own and not can_edit else "",
    }
    return render(request, "emulation/achievement_detail.html", context)

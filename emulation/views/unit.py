"""Units through time: the list, the card of one unit, and the changes an administrator makes."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusters import lineage
from clusters.models import Membership, Unit
from clusters.permissions import can_change_units
from clusters.vietnamese import search_key
from emulation import permissions, yearbook
from emulation.forms.unit import UnitFilterForm
from emulation.models import Season
from emulation.views.request import UserRequest
from emulation.views.season import chosen_unit, get_season
from journal.models import Event

PAGE = 50


def in_newest_season(request: UserRequest) -> None:
    """Let the head of a page that belongs to no season show the newest one of the reader."""
    seasons = Season.objects.visible_to(request.user).select_related("cluster", "scheme")
    request.season = seasons.order_by("-year", "pk").first()  # type: ignore[attr-defined]
    request.menu_place = "unit_list"


def unit_list(request: UserRequest) -> HttpResponse:
    """List the units that the reader may look up."""
    in_newest_season(request)
    form = UnitFilterForm(request.GET)
    given = form.given()
    rows = lineage.visible_to(request.user)
    for word in search_key(given.get("q", "")).split():
        rows = rows.filter(search_key__contains=word)
    if "ended" not in given:
        rows = rows.on(timezone.localdate())
    page = Paginator(rows.prefetch_related("successors"), PAGE).get_page(request.GET.get("page"))
    members = Membership.objects.filter(unit__in=[unit.pk for unit in page])
    latest = {row.unit_id: row for row in members.select_related("cluster").order_by("year", "pk")}
    context = {
        "filter": form,
        "given": given,
        "page_obj": page,
        "rows": [(unit, latest.get(unit.pk)) for unit in page],
        "today": timezone.localdate(),
    }
    return render(request, "emulation/unit_list.html", context)


def unit_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show what a unit was called, where it was a member, and its years side by side."""
    in_newest_season(request)
    unit = get_object_or_404(lineage.visible_to(request.user), pk=pk)
    family = lineage.family(unit)
    may_change = can_change_units(request.user)
    members = Membership.objects.filter(unit__in=lineage.ancestors(unit))
    context: dict[str, Any] = {
        "unit": unit,
        "family": family,
        "memberships": members.select_related("cluster", "unit").order_by("-year", "order"),
        "years": yearbook.years(unit, request.user, timezone.now()),
        "may_change": may_change and unit.valid_to is None,
        "events": _events(family) if may_change else [],
    }
    return render(request, "emulation/unit_detail.html", context)


def _events(family: lineage.Family) -> list[Event]:
    """Return what the journal tells of a unit and its relatives, newest first."""
    rows = Event.objects.filter(
        subject_kind=Unit._meta.label_lower, subject_id__in=[str(pk) for pk in family.units]
    )
    return list(rows.order_by("-number")[:PAGE])


@require_POST
def unit_switch(request: UserRequest, slug: str) -> HttpResponse:
    """Let a reader who may act for several units of a season go on for another one."""
    season = get_season(request, slug)
    given = request.POST.get("unit", "")
    mine = {str(unit.pk): unit for unit in permissions.own_units(request.user, season)}
    if unit := mine.get(given):
        request.session[chosen_unit(season)] = unit.pk
        messages.info(request, _("Đang làm cho %(unit)s.") % {"unit": unit})
    return redirect("season_home", slug=slug)

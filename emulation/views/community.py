"""Sums over achievements: what was done for the community, and what the mass organisations did."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from emulation import community as sums
from emulation import organizations, permissions
from emulation.context import role_in
from emulation.models import Organization
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def community(request: UserRequest, slug: str) -> HttpResponse:
    """Show the quantities by unit and by kind; a unit sees its own and the sum of the cluster."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    unit = permissions.own_unit(request.user, season)
    sees_all = role_in(request.user, season) != "unit"
    rows = sums.read(season)
    own = [row for row in rows if unit and row.unit_id == unit.pk]
    context: dict[str, Any] = {
        "season": season,
        "unit": unit,
        "sees_all": sees_all,
        "lines": sums.by_unit(season, rows) if sees_all else [],
        "kinds": sums.by_kind(rows if sees_all else own),
        "total": sums.line(_("Cả cụm"), rows, sums.NO_FILTERS if sees_all else None),
        "own": sums.line(str(unit), own),
    }
    return render(request, "emulation/community.html", context)


def organization(request: UserRequest, slug: str) -> HttpResponse:
    """Show what the mass organisations did, by unit and by category."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    unit = permissions.own_unit(request.user, season)
    sees_all = role_in(request.user, season) != "unit"
    every = organizations.read(season)
    rows = every if sees_all else [row for row in every if unit and row.unit_id == unit.pk]
    name = _("Cả cụm") if sees_all else str(unit)
    filters = "" if sees_all else f"&unit={unit.pk if unit else 0}"
    context = {
        "season": season,
        "unit": unit,
        "sees_all": sees_all,
        "organizations": list(Organization),
        "lines": organizations.by_unit(season, rows) if sees_all else [],
        "categories": organizations.by_category(rows),
        "total": organizations.total(name, rows),
        "filters": filters,
    }
    return render(request, "emulation/organization.html", context)

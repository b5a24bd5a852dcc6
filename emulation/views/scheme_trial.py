"""Which units would have changed place under a version of the scheme."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from emulation import permissions, trial
from emulation.models import Season, SheetState
from emulation.views.request import UserRequest
from emulation.views.scheme import get_scheme, season_of


def scheme_trial(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Compute the year before under a version, or this year where that has no scores."""
    season = season_of(request, slug)
    scheme = get_scheme(request, season, pk)
    if not permissions.is_secretary(request.user, season):
        raise PermissionDenied
    seasons = Season.objects.filter(
        cluster=season.cluster_id, year__in=(season.year - 1, season.year),
        sheets__state=SheetState.APPRAISED, scheme__isnull=False,
    )  # fmt: skip
    data = seasons.select_related("cluster", "scheme").order_by("year").first()
    found = trial.run(data, scheme) if data else None
    context = {"season": season, "scheme": scheme, "data": data, "trial": found}
    return render(request, "emulation/scheme_trial.html", context)

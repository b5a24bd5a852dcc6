"""The year of a cluster on one page."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from emulation.models import Season
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from reports.charts import bar_chart, stacked_bars
from reports.content import Chart
from reports.year import YearPage


def season_overview(request: UserRequest, slug: str) -> HttpResponse:
    """Show results, progress, targets and documents, as far as the reader may see them."""
    return overview(request, get_season(request, slug))


def overview(request: UserRequest, season: Season) -> HttpResponse:
    """Show the year; it is also the desk of a leader."""
    request.menu_place = "home"
    at = timezone.now()
    year = YearPage(season, request.user, at)
    context = {
        "season": season,
        "year": year,
        "figures_on": season.figures_on(timezone.localdate(at)),
        "totals": year.totals and drawn(year.totals),
        "groups": year.groups and stacked_bars(year.groups),
        "kinds": year.kinds and drawn(year.kinds),
        # Every showing of the button has its own: two clicks on it are one request.
        "request_key": uuid.uuid4(),
    }
    return render(request, "reports/season_overview.html", context)


def drawn(chart: Chart) -> str:
    """Return the drawing of a chart for the screen."""
    return bar_chart(chart, for_print=False)

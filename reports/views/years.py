"""The scores of several years side by side."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import permissions, years
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from emulation.years import UnitYear
from reports.charts import bar_chart
from reports.content import Bar, Chart


def season_years(request: UserRequest, slug: str) -> HttpResponse:
    """Show totals, ranks and criteria of up to five years, one unit of them in full."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    found = years.read(season, request.user, timezone.now())
    own = permissions.own_unit(request.user, season)
    wanted = request.GET.get("don-vi", "") or str(own.pk if own else "")
    rows = found.rows
    chosen = next((row for row in rows if str(row[0].pk) == wanted), rows[0] if rows else None)
    charts = []
    if chosen:
        charts = [
            (chart, bar_chart(chart, for_print=False))
            for chart in (_totals(chosen[1], rebased=found.is_rebased), _gaps(chosen[1]))
            if chart
        ]
    context = {
        "season": season,
        "found": found,
        "rows": rows,
        "chosen": chosen,
        "criteria": found.criteria(chosen[1]) if chosen else [],
        "scored": [year for year in found.years if year.criteria],
        "closed": [year for year in found.years if not year.is_open],
        "charts": charts,
    }
    return render(request, "reports/years.html", context)


def _totals(cells: list[UnitYear], *, rebased: bool) -> Chart | None:
    """Return the totals by year, as shares where the maximum is not the same."""
    known = [cell for cell in cells if cell.verified is not None]
    bars = tuple(
        Bar(str(cell.year.season.year), cell.share if rebased else cell.verified) for cell in known
    )
    title = _("Tổng điểm thẩm định so với điểm tối đa") if rebased else _("Tổng điểm thẩm định")
    return Chart(title, bars, unit="%" if rebased else _("điểm")) if bars else None


def _gaps(cells: list[UnitYear]) -> Chart | None:
    bars = tuple(
        Bar(str(cell.year.season.year), cell.gap) for cell in cells if cell.gap is not None
    )
    return Chart(_("Tự chấm trừ thẩm định"), bars, unit=_("điểm")) if bars else None

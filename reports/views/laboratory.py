"""What the order hangs on, for those who prepare the vote."""

import uuid
from decimal import Decimal, InvalidOperation

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from emulation.models import Season
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from reports import laboratory
from reports.charts import bar_chart
from reports.content import Cell, Column
from reports.findings import Check
from reports.permissions import can_test_fairness

MOST = Decimal(1000)
LONGEST = 8


def season_fairness(request: UserRequest, slug: str) -> HttpResponse:
    """Show the checks; weights that the reader typed come in the address."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    if not can_test_fairness(request.user, season):
        raise PermissionDenied
    typed = _typed(request)
    found = laboratory.read(season, typed)
    facts = _facts(season)
    context = {
        "season": season,
        "found": found,
        "request_key": uuid.uuid4(),
        "rows": [
            (row, _drawn(row), _lines(row), facts if row.about else "") for row in found.checks
        ],
        "weights": [
            (row.code, f"t-{row.code}", typed.get(row.code, row.max_score or -row.min_score))
            for row in found.tops
        ],
    }
    return render(request, "reports/laboratory.html", context)


def _drawn(check: Check) -> str:
    return bar_chart(check.chart, for_print=False) if check.chart else ""


def _lines(check: Check) -> list[list[tuple[Cell, Column]]]:
    """Return each row of the table, every cell with its column: a phone shows them as a list."""
    if check.table is None:
        return []
    columns = check.table.columns
    return [list(zip(row.cells, columns, strict=True)) for row in check.table.rows]


def _typed(request: UserRequest) -> dict[str, Decimal]:
    """Return the maxima in the address by code; what is no usable number is left out."""
    found = {}
    for name, text in request.GET.items():
        if not name.startswith("t-") or len(text) > LONGEST:
            continue
        try:
            value = Decimal(str(text).strip().replace(",", "."))
        except InvalidOperation:
            continue
        if value.is_finite() and 0 <= value <= MOST:
            found[name.removeprefix("t-")] = value
    return found


def _facts(season: Season) -> str:
    """Return where sizes are recorded, "" where that page is not part of the site."""
    try:
        return reverse("unit_facts", args=[season.slug])
    except NoReverseMatch:
        return ""

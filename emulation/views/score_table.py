"""The whole table of a season: every unit, every criterion, three lanes, read cell by cell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from clusters.models import Unit
from clusters.vietnamese import format_number
from emulation import permissions, tally
from emulation.models import Criterion, CrossScore, CrossState, Season
from emulation.scoring import Kind
from emulation.sheets import tops_of
from emulation.standings import Lane, entrants, scheme_rules
from emulation.views.request import UserRequest
from emulation.views.season import get_season

# By criterion code, then unit: points of the lane.
Points = Mapping[str, Mapping[int, Decimal]]


def score_table(request: UserRequest, slug: str) -> HttpResponse:
    """Show cluster roles all lanes of all units side by side, one group or one unit at will."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    if not permissions.can_see_pulse_of_all(request.user, season):
        raise PermissionDenied
    context: dict[str, Any] = {"season": season}
    if season.scheme:
        context |= _table(request, season)
    return render(request, "emulation/score_table.html", context)


def _table(request: UserRequest, season: Season) -> dict[str, Any]:
    assert season.scheme
    criteria, units = list(season.scheme.criteria.order_by("order", "id")), list(season.units())
    tops = tops_of(criteria)
    groups = [row for row in criteria if row.parent_id is None]
    group = next((row for row in groups if row.code == request.GET.get("nhom")), None)
    unit = next((row for row in units if str(row.pk) == request.GET.get("don-vi")), None)
    leaves = [
        row
        for row in criteria
        if row.kind != Kind.GROUP.value and (group is None or tops[row.pk] == group)
    ]
    shown = [unit] if unit else units
    lanes = _points(season, units, criteria)
    return {
        "groups": groups, "group": group, "units": units, "unit": unit, "shown": shown,
        "body": _body(leaves, shown, lanes),
    }  # fmt: skip


def _points(season: Season, units: Sequence[Unit], criteria: Sequence[Criterion]) -> list[Points]:
    """Return the own, the cross and the verified lane in points; a fixed number of queries."""
    assert season.scheme
    rules = scheme_rules(season.scheme, criteria)
    found = entrants(season, units, criteria)
    lanes: dict[Lane, dict[str, dict[int, Decimal]]] = {}
    for lane in Lane:
        best = tally.leaders(rules, found[lane])
        lanes[lane] = defaultdict(dict)
        for rule in rules.criteria:
            for entrant in found[lane]:
                cell = entrant.cells.get(rule.code)
                given = tally.points(rule, cell, best.get(rule.code)) if cell else None
                if given is not None:
                    lanes[lane][rule.code][int(entrant.key)] = given
    return [lanes[Lane.OWN], _cross(season, criteria), lanes[Lane.VERIFIED]]


def _cross(season: Season, criteria: Sequence[Criterion]) -> Points:
    codes = {row.pk: row.code for row in criteria}
    given: dict[str, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    rows = CrossScore.objects.filter(
        cross_sheet__sheet__season=season, cross_sheet__state=CrossState.SUBMITTED,
        score__isnull=False,
    )  # fmt: skip
    fields = rows.values_list("criterion", "cross_sheet__scored", "score").order_by()
    for criterion, unit, score in fields:
        if criterion in codes and score is not None:
            given[codes[criterion]][unit].append(score)
    return {
        code: {unit: sum(values, Decimal(0)) / len(values) for unit, values in row.items()}
        for code, row in given.items()
    }


def _body(
    leaves: Sequence[Criterion], units: Sequence[Unit], lanes: Sequence[Points]
) -> SafeString:
    """Write the rows. Numbers alone are joined by hand: a template a cell costs ten times more."""
    known: dict[Decimal, str] = {}

    def told(value: Decimal | None) -> str:
        if value is None:
            return "–"
        text = known.get(value)
        if text is None:
            text = known[value] = format_number(value, 2)
        return text

    nothing: dict[int, Decimal] = {}
    rows = []
    for leaf in leaves:
        own, cross, seen = (lane.get(leaf.code, nothing) for lane in lanes)
        head = format_html(
            '<tr><th scope="row">{}. {} <span class="muted">{}</span></th>',
            leaf.code, leaf.name, format_number(leaf.max_score),
        )  # fmt: skip
        cells = "".join(
            f"<td>{told(own.get(unit.pk))}<td>{told(cross.get(unit.pk))}"
            f"<td>{told(seen.get(unit.pk))}"
            for unit in units
        )
        rows.append(f"{head}{cells}</tr>")
    return mark_safe("".join(rows))

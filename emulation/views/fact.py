"""Facts of the units that break ties: the table, recording and dropping."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation import permissions
from emulation.forms.fact import FactForm
from emulation.models import FactKind
from emulation.services import fact as services
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def unit_facts(request: UserRequest, slug: str) -> HttpResponse:
    """Show the facts of every unit to the cluster's roles; the secretary records one."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    if not permissions.can_see_pulse_of_all(request.user, season):
        raise PermissionDenied
    may = permissions.can_run(request.user, season)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = FactForm(request.POST or None, season=season) if may else None
    if request.method == "POST" and form and form.is_valid():
        try:
            row = services.record_fact(season=season, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã ghi số liệu của %(unit)s.") % {"unit": row.unit})
            return redirect("unit_facts", slug)
    known = {(row.unit_id, row.kind): row for row in season.unit_facts.all()}
    context = {
        "season": season,
        "form": form,
        "kinds": [kind.label for kind in FactKind],
        "rows": [
            (unit, [(kind.label, known.get((unit.pk, kind.value))) for kind in FactKind])
            for unit in season.units()
        ],
        "is_published": permissions.is_published(season),
    }
    return render(request, "emulation/unit_facts.html", context)


@require_POST
def unit_fact_drop(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let the secretary drop a fact; the journal keeps it."""
    season = get_season(request, slug)
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    fact = get_object_or_404(season.unit_facts.select_related("unit"), pk=pk if pk < 2**63 else 0)
    try:
        services.drop_fact(fact=fact, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Đã bỏ số liệu của %(unit)s.") % {"unit": fact.unit})
    return redirect("unit_facts", slug)

"""Publishing the order: what would be published, and what was."""

from itertools import pairwise

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import permissions, published, ranking
from emulation.context import role_in
from emulation.forms.standing import PublicationForm
from emulation.models import ObjectionState, SheetState
from emulation.services import standing as services
from emulation.standings import for_season
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def publication(request: UserRequest, slug: str) -> HttpResponse:
    """Show the secretary what would be published, and publish it."""
    season = get_season(request, slug)
    if not permissions.can_publish(request.user, season):
        raise PermissionDenied
    if season.scheme is None:
        messages.info(request, _("Kỳ thi đua chưa có thang điểm."))
        return redirect("standings", slug)
    standings = list(season.standings.select_related("by"))
    last = standings[0] if standings else None
    lines = for_season(season)
    waiting = [row.unit for row in lines if row.state != SheetState.APPRAISED]
    form = PublicationForm(
        request.POST if request.method == "POST" else None,
        number=last.number if last else 0, waiting=waiting,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = services.publish(
                season=season, by=request.user, at=timezone.now(), left_out=form.left_out,
                reason=form.cleaned_data.get("reason", ""), seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("Đã công bố xếp hạng lần %(n)s.") % {"n": made.number})
            return redirect("standings", slug)
    columns = ranking.columns(season.scheme, list(season.scheme.criteria.all()))
    steps = {later.pk: published.between(earlier, later) for later, earlier in pairwise(standings)}
    context = {
        "season": season,
        "form": form,
        "waiting": waiting,
        "columns": columns,
        "rows": ranking.rows(lines, columns, None, role_in(request.user, season)),
        "ties": ranking.tie_breaks(lines),
        "near": ranking.looks_tied(lines),
        "last": last,
        "changes": published.since(last, season) if last else (),
        "objections": season.objections.filter(state=ObjectionState.OPEN).count(),
        "standings": [(row, steps.get(row.pk, ())) for row in standings],
    }
    return render(request, "emulation/publication.html", context)

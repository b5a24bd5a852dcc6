"""The scoring scheme of a season: its versions, one of them in full, which is used and why."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation import permissions, schemes
from emulation.forms.scheme import ChooseForm, ReasonForm
from emulation.models import Scheme, Season
from emulation.scheme_check import check
from emulation.services import scheme as services
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history


def season_of(request: UserRequest, slug: str) -> Season:
    """Return the season of the address; the menu then shows where its scheme is."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    return season


def get_scheme(request: UserRequest, season: Season, pk: int) -> Scheme:
    """Return a version of the season's cluster, or the one it uses; else raise Http404."""
    rows = Scheme.objects.select_related("previous", "cluster")
    mine = Q(cluster=season.cluster_id) | Q(pk=season.scheme_id)
    return get_object_or_404(rows.filter(mine), pk=pk)


def scheme_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the versions of the season's scheme, and what the secretary may take."""
    season = season_of(request, slug)
    mine = Q(cluster=season.cluster_id) | Q(pk=season.scheme_id)
    begun = schemes.is_signed(season) or season.sheets.exists()
    may_run = permissions.can_run(request.user, season)
    chosen = history(season).filter(verb="scheme.choose").exclude(reason="")
    context = {
        "season": season,
        "schemes": Scheme.objects.filter(mine).select_related("previous"),
        "shipped": schemes.SHIPPED.items() if may_run and not begun else (),
        "may_run": may_run,
        "chosen": chosen,
    }
    return render(request, "emulation/scheme_list.html", context)


def scheme_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show one version in full: the tree, what excludes, grades, the order in a tie."""
    season = season_of(request, slug)
    scheme = get_scheme(request, season, pk)
    criteria = list(scheme.criteria.order_by("order", "id"))
    conditions = list(scheme.conditions.all())
    plan = schemes.plan_of(scheme, criteria, conditions)
    may_run = permissions.can_run(request.user, season)
    is_used = scheme.pk == season.scheme_id
    context = {
        "season": season,
        "scheme": scheme,
        "rows": schemes.tree(criteria),
        "leaves": sum(not branch.is_group for branch in schemes.tree(criteria)),
        "conditions": conditions,
        "plan": plan,
        "grades": schemes.grades_in_words(scheme),
        "steps": schemes.steps_in_words(scheme),
        "faults": check(plan) if may_run else [],
        "is_used": is_used,
        "may_run": may_run,
        "may_edit": may_run
        and permissions.can_edit_scheme(request.user, scheme)
        and not schemes.is_begun(scheme),
        "may_choose": may_run and not is_used and not schemes.is_sent(season),
        "events": history(scheme)[:20],
    }
    return render(request, "emulation/scheme_detail.html", context)


@require_POST
def scheme_take(request: UserRequest, slug: str, code: str) -> HttpResponse:
    """Give the season a scheme that ships."""
    season = season_of(request, slug)
    if code not in schemes.SHIPPED:
        raise Http404
    try:
        made = services.take(season=season, shipped=code, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("scheme_list", slug=slug)
    messages.success(request, _("Kỳ này dùng %(scheme)s.") % {"scheme": made.name})
    return redirect("scheme_detail", slug=slug, pk=made.pk)


def scheme_version(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Make a new version of a scheme, with the reason."""
    season = season_of(request, slug)
    scheme = get_scheme(request, season, pk)
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.new_version(
                season=season, scheme=scheme, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã lập %(scheme)s để sửa.") % {"scheme": made})
            return redirect("scheme_detail", slug=slug, pk=made.pk)
    context = {"season": season, "scheme": scheme, "form": form}
    return render(request, "emulation/scheme_version.html", context)


def scheme_choose(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let the season use a version; with a reason once sheets or signatures rest on the old."""
    season = season_of(request, slug)
    scheme = get_scheme(request, season, pk)
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    is_signed = schemes.is_signed(season)
    needs_reason = is_signed or season.sheets.exists()
    form = ChooseForm(request.POST if request.method == "POST" else None, needs_reason=needs_reason)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose(season=season, scheme=scheme, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error if "reason" in form.fields else error.messages)
        else:
            messages.success(request, _("Kỳ này dùng %(scheme)s.") % {"scheme": scheme})
            return redirect("scheme_detail", slug=slug, pk=pk)
    context = {"season": season, "scheme": scheme, "form": form, "is_signed": is_signed}
    return render(request, "emulation/scheme_choose.html", context)

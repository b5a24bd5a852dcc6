"""Which units the cluster nominates for which awards."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from awards import permissions, services
from awards.forms.nomination import NominationForm, WithdrawalForm, awards_of
from awards.models import Award, Nomination, NominationState
from clusters.models import User
from emulation.models import Season
from emulation.permissions import can_see_standings, is_leader, is_secretary
from emulation.standings import UnitTotals, for_season
from emulation.tags import Tag
from emulation.views.autosave import typing
from emulation.views.request import UserRequest
from emulation.views.season import get_season


@dataclass(frozen=True)
class Row:
    """A nomination with the place of its unit, where the reader may know it."""

    nomination: Nomination
    line: UnitTotals | None
    tag: Tag


@dataclass(frozen=True)
class Group:
    """An award with those nominated for it; more than usual is a warning and blocks nothing."""

    award: Award
    rows: list[Row]

    @property
    def is_over(self) -> bool:
        usual = self.award.usual_quota
        return usual is not None and len(self.rows) > usual


def nomination_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show the standing nominations by award; withdrawn ones for the cluster's own people."""
    season = get_season(request, slug)
    at = timezone.now()
    found = list(
        Nomination.objects.visible_to(request.user)
        .filter(season=season)
        .select_related("unit", "award", "source")
        .order_by("award__order", "id")
    )
    withdrawn = [row for row in found if row.state == NominationState.WITHDRAWN]
    sees_withdrawn = is_secretary(request.user, season) or is_leader(request.user, season)
    context = {
        "season": season,
        "groups": _groups(request.user, season, [row for row in found if row not in withdrawn]),
        "withdrawn": withdrawn if sees_withdrawn else [],
        "may_write": permissions.can_nominate(request.user, season, at),
    }
    return render(request, "awards/nomination_list.html", context)


def _groups(user: User, season: Season, found: list[Nomination]) -> list[Group]:
    knows = season.scheme and can_see_standings(user, season, timezone.now())
    lines = {line.unit.pk: line for line in for_season(season)} if knows else {}
    groups: dict[Award, list[Row]] = {}
    for row in found:
        line = lines.get(row.unit_id) if row.unit_id else None
        groups.setdefault(row.award, []).append(Row(row, line, _tag(row)))
    return [Group(award, rows) for award, rows in groups.items()]


def _tag(nomination: Nomination) -> Tag:
    family = "run" if nomination.state == NominationState.PROPOSED else "off"
    return Tag(nomination.get_state_display(), family)


def _to_write(request: UserRequest, slug: str) -> Season:
    """Return the season in which the user may nominate, or raise PermissionDenied."""
    season = get_season(request, slug)
    request.menu_place = "nomination_list"
    if not permissions.can_nominate(request.user, season, timezone.now()):
        raise PermissionDenied
    return season


def nomination_new(request: UserRequest, slug: str) -> HttpResponse:
    """Nominate a unit; the form tells places and how many stand for each award already."""
    season = _to_write(request, slug)
    initial = {"award": request.GET.get("hinh-thuc")}
    autosave = typing(request, season)
    form = NominationForm(autosave.data, season=season, lines=for_season(season), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.nominate(
                season=season, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            autosave.saved()
            messages.success(request, _("Đã đề nghị %(unit)s.") % {"unit": made.unit})
            _warn(request, season, made.award)
            return redirect("nomination_list", slug=slug)
    context: dict[str, Any] = {
        "season": season, "form": form, "groups": _quotas(season), "autosave": autosave,
    }  # fmt: skip
    return render(request, "awards/nomination_new.html", context)


def _warn(request: UserRequest, season: Season, award: Award) -> None:
    """Say so where more units stand than a cluster usually nominates; nothing is blocked."""
    standing = Nomination.objects.filter(season=season, award=award).standing().count()
    if award.usual_quota is not None and standing > award.usual_quota:
        text = _("%(award)s: đã đề nghị %(n)s, một cụm thường đề nghị %(usual)s.")
        values = {"award": award.name, "n": standing, "usual": award.usual_quota}
        messages.warning(request, text % values)


def _quotas(season: Season) -> list[tuple[Award, int]]:
    """Return each award of the year with the number of nominations that stand for it."""
    standing = list(
        Nomination.objects.filter(season=season).standing().values_list("award", flat=True)
    )
    return [(award, standing.count(award.pk)) for award in awards_of(season)]


def nomination_withdraw(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw a nomination, with a reason."""
    season = _to_write(request, slug)
    rows = Nomination.objects.visible_to(request.user).select_related("unit", "award", "season")
    nomination = get_object_or_404(rows, season=season, pk=pk)
    if nomination.state == NominationState.WITHDRAWN:
        messages.info(request, _("Đề nghị này đã rút."))
        return redirect("nomination_list", slug=slug)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_nomination(
                nomination=nomination, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã rút đề nghị."))
            return redirect("nomination_list", slug=slug)
    context = {"season": season, "nomination": nomination, "form": form}
    return render(request, "awards/nomination_withdraw.html", context)

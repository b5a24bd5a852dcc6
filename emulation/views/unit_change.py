"""A unit is renamed, merged, split or moved: first what will happen is read, then it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters import lineage
from clusters.models import Unit
from clusters.permissions import can_change_units
from emulation.forms.unit import MergeForm, MoveForm, RenameForm, SplitForm
from emulation.models import Target
from emulation.services import units as services
from emulation.views.request import UserRequest
from emulation.views.unit import in_newest_season


@dataclass(frozen=True)
class Preview:
    """What a change will carry over."""

    passing: lineage.Succession
    first_year: int
    drafts: int


def _to_change(request: UserRequest, pk: int) -> Unit:
    """Return a unit that the user may change, or raise."""
    in_newest_season(request)
    unit = get_object_or_404(lineage.visible_to(request.user), pk=pk)
    if not can_change_units(request.user):
        raise PermissionDenied
    return unit


def _preview(units: Sequence[Unit], form: Any) -> Preview:
    day = form.cleaned_data["day"]
    year = services.first_year(units, day)
    drafts = Target.objects.filter(unit__in=units, pledge__season__year__gte=year)
    return Preview(lineage.succession(units, day, year), year, drafts.count())


def _answer(
    request: UserRequest,
    unit: Unit,
    form: Any,
    *,
    preview: Callable[[], Any],
    act: Callable[[], Unit],
    page: str,
) -> HttpResponse:
    """Show the form, then what will happen, then do it: only as it was read."""
    if unit.valid_to is not None:
        messages.info(request, _("Đơn vị này đã kết thúc. Chọn đơn vị kế tục."))
        return redirect("unit_detail", pk=unit.pk)
    shown = None
    if request.method == "POST" and form.is_valid():
        if form.is_confirmed:
            try:
                after = act()
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Đã ghi thay đổi của đơn vị."))
                return redirect("unit_detail", pk=after.pk)
        else:
            shown = preview()
            form.show_again()
    context = {"unit": unit, "form": form, "preview": shown, "is_read": shown is not None}
    return render(request, f"emulation/{page}.html", context)


def unit_rename(request: UserRequest, pk: int) -> HttpResponse:
    """Give a unit another name from a day on."""
    unit = _to_change(request, pk)
    form = RenameForm(request.POST or None, unit=unit)

    def act() -> Unit:
        return services.rename_unit(
            unit=unit, to=form.to(), day=form.cleaned_data["day"], by=request.user,
            basis=form.cleaned_data["basis"],
        )  # fmt: skip

    return _answer(
        request, unit, form, preview=lambda: _preview([unit], form), act=act, page="unit_rename"
    )


def unit_merge(request: UserRequest, pk: int) -> HttpResponse:
    """Make one unit of this and others from a day on."""
    unit = _to_change(request, pk)
    form = MergeForm(request.POST or None, unit=unit)

    def every() -> list[Unit]:
        return [unit, *form.cleaned_data["units"]]

    def act() -> Unit:
        return services.merge_units(
            units=every(), to=form.to(), day=form.cleaned_data["day"], by=request.user,
            basis=form.cleaned_data["basis"],
        )  # fmt: skip

    return _answer(
        request, unit, form, preview=lambda: _preview(every(), form), act=act, page="unit_merge"
    )


def unit_split(request: UserRequest, pk: int) -> HttpResponse:
    """Make several units of one from a day on, and say who goes where."""
    unit = _to_change(request, pk)
    today = timezone.localdate()
    people = lineage.succession([unit], today, today.year).appointments
    form = SplitForm(request.POST or None, unit=unit, people=people)

    def act() -> Unit:
        day, places = form.cleaned_data["day"], form.places()
        # Who left between a day in the past and today is not asked for.
        going = lineage.succession([unit], day, day.year).appointments
        services.split_unit(
            unit=unit, into=form.into(), people={row.pk: places.get(row.pk, 0) for row in going},
            day=day, by=request.user, basis=form.cleaned_data["basis"],
        )  # fmt: skip
        return unit

    return _answer(
        request, unit, form, preview=lambda: _preview([unit], form), act=act, page="unit_split"
    )


def unit_move(request: UserRequest, pk: int) -> HttpResponse:
    """Make a unit a member of another cluster from a year on."""
    unit = _to_change(request, pk)
    form = MoveForm(request.POST or None, unit=unit)

    def preview() -> int:
        row = form.cleaned_data
        return services.drafts(unit, row["origin"], row["year"]).count()

    def act() -> Unit:
        row = form.cleaned_data
        services.move_unit(
            unit=unit, origin=row["origin"], to=row["to"], year=row["year"], by=request.user,
            basis=row["basis"],
        )  # fmt: skip
        return unit

    return _answer(request, unit, form, preview=preview, act=act, page="unit_move")

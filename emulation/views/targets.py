"""The targets of a unit, or those the cluster shares, are set on one page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clusters.forms import Unsaved
from clusters.models import Unit
from emulation import permissions, pledges
from emulation.forms.targets import (
    SeenForm,
    TargetRows,
    rows_from,
    rows_of,
    target_set,
    typed_balance,
)
from emulation.models import Pledge, Target
from emulation.services.targets import set_targets
from emulation.views.autosave import typing
from emulation.views.pledge import get_pledge
from emulation.views.request import UserRequest
from emulation.weights import said

SHARED = "chung"


def _place(request: UserRequest, slug: str, unit: str) -> tuple[Pledge, Unit | None]:
    """Return the pledge and whose targets they are, or refuse who may not set them."""
    found = get_pledge(request, slug)
    member = None
    if unit != SHARED:
        if not unit.isdecimal() or len(unit) > 18:
            raise Http404
        member = get_object_or_404(found.season.units(), pk=unit)
    if not permissions.can_set_targets(request.user, found, member):
        raise PermissionDenied
    return found, member


def target_edit(request: UserRequest, slug: str, unit: str) -> HttpResponse:
    """Set the targets; what was typed stays on the page whatever stands in the way."""
    found, member = _place(request, slug, unit)
    stored = _stored(found, member)
    autosave = typing(request, found.season)
    head, rows = _forms(request, found, member, stored, autosave.data)
    stale: list[Target] = []
    if request.method == "POST" and rows.is_valid() and head.is_valid():
        try:
            _save(request, found, member, head, rows)
        except ValidationError as error:
            head.add_error(None, error.messages)
            if error.code == "stale":
                stale = _stored(found, member)
                head, rows = _rebased(request, found, member, head, stale)
        else:
            autosave.saved()
            messages.success(request, _("Đã lưu chỉ tiêu."))
            if request.POST.get("action") == "more":
                return redirect("target_edit", slug=slug, unit=unit)
            return redirect("pledge_unit", slug, member.pk) if member else redirect("pledge", slug)
    context = _shown(found, member, head, rows, stored)
    return render(
        request, "emulation/target_edit.html", context | {"stale": stale, "autosave": autosave}
    )


def _stored(pledge: Pledge, unit: Unit | None) -> list[Target]:
    return list(pledge.targets.filter(unit=unit).select_related("previous").order_by("order"))


def _shared(pledge: Pledge, unit: Unit | None) -> list[Target] | None:
    """Return the targets that a unit's may be part of; None where the rows are the cluster's."""
    return list(pledge.targets.filter(unit=None).order_by("order")) if unit else None


def _forms(
    request: UserRequest,
    pledge: Pledge,
    unit: Unit | None,
    stored: list[Target],
    data: QueryDict | None,
) -> tuple[SeenForm, TargetRows]:
    initial, shared = rows_of(stored), _shared(pledge, unit)
    if shared and not stored and request.GET.get("mau") == SHARED:
        initial = rows_from(shared)
    head = SeenForm(data, pledge=pledge, initial={"seen": pledges.fingerprint(stored)})
    return head, target_set(data, initial=initial, shared=shared)


def _save(
    request: UserRequest, pledge: Pledge, unit: Unit | None, head: SeenForm, rows: TargetRows
) -> None:
    set_targets(
        pledge=pledge, unit=unit, by=request.user, seen=head.cleaned_data["seen"],
        lines=[row.line() for row in rows.filled()], reason=head.cleaned_data.get("reason", ""),
    )  # fmt: skip


def _rebased(
    request: UserRequest, pledge: Pledge, unit: Unit | None, head: SeenForm, stored: list[Target]
) -> tuple[SeenForm, TargetRows]:
    """Keep what was typed, and let the next saving go over what is stored now."""
    typed = request.POST.copy()
    typed["seen"] = pledges.fingerprint(stored)
    known = {str(row.pk) for row in stored}
    for name in [name for name in typed if name.startswith("ct-") and name.endswith("-pk")]:
        if typed[name] not in known:
            typed[name] = ""
    again = SeenForm(typed, pledge=pledge)
    again.add_error(None, head.non_field_errors().as_data()[0])
    rows = target_set(typed, shared=_shared(pledge, unit))
    rows.is_valid()
    return again, rows


def _shown(
    pledge: Pledge, unit: Unit | None, head: SeenForm, rows: TargetRows, stored: list[Target]
) -> dict[str, Any]:
    """Return what the page shows of its rows: each with the stored one, the faults, the sum."""
    is_posted = rows.is_bound and not isinstance(rows.data, Unsaved)
    for text in rows.non_form_errors() if is_posted else ():
        head.add_error(None, text)
    known = {str(row.pk): row for row in stored}
    return {
        "season": pledge.season,
        "pledge": pledge,
        "unit": unit,
        "head": head,
        "rows": [(row, known.get(str(row["pk"].value()))) for row in rows],
        "set": rows,
        "faulty": [head, *rows.judged] if is_posted else [],
        "said": said(typed_balance(rows)) if unit else "",
        "may_copy": bool(unit) and not stored and pledge.targets.filter(unit=None).exists(),
    }

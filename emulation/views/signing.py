"""The pledge is written, settled and signed; units register the titles they strive for."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit
from emulation import permissions, pledges
from emulation.forms.pledge import RANKS, PledgeForm, SettleForm, SignForm, TitlesForm
from emulation.models import Pledge, Registration
from emulation.services import pledge as services
from emulation.views.autosave import typing
from emulation.views.pledge import get_pledge, pledge_of
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def pledge_write(request: UserRequest, slug: str) -> HttpResponse:
    """Let the secretary write the parts of the pledge and what is told of its ceremony."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    found = pledge_of(season)
    autosave = typing(request, season)
    form = PledgeForm(autosave.data, season=season, pledge=found)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            services.write_pledge(
                season=season, by=request.user, version=form.cleaned_data["version"],
                values=form.values(), reason=form.cleaned_data.get("reason", ""),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None if error.code == "stale" else "reason", _told(error))
            if error.code == "stale":
                stored = pledge_of(season)
                form.rebase(stored.version if stored else 0)
        else:
            autosave.saved()
            messages.success(request, _("Đã lưu giao ước."))
            return redirect("pledge", slug=slug)
    context = {
        "season": season, "pledge": found, "form": form, "stored": stored, "autosave": autosave,
    }  # fmt: skip
    return render(request, "emulation/pledge_write.html", context)


def _told(error: ValidationError) -> Any:
    """Return the texts of a refusal without the names of its fields."""
    return error.messages


def title_register(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Let a unit register the titles it strives for, or the secretary do it for a unit."""
    found = get_pledge(request, slug)
    member = get_object_or_404(found.season.units(), pk=unit)
    if not permissions.can_set_targets(request.user, found, member):
        raise PermissionDenied
    stored = _titles(found, member)
    form = TitlesForm(
        request.POST or None, known=_known_titles(), stored=stored,
        is_settled=found.settled_at is not None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.register_titles(
                pledge=found, unit=member, by=request.user, titles=form.wanted(),
                before=form.seen(), reason=form.cleaned_data.get("reason", ""),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, _told(error))
            stored = _titles(found, member)
            form.rebase(stored)
        else:
            messages.success(
                request, _("Đã lưu danh hiệu đăng ký của %(unit)s.") % {"unit": member}
            )
            return redirect("pledge_unit", slug=slug, unit=unit)
    context = {
        "season": found.season, "pledge": found, "unit": member, "form": form, "stored": stored,
        "is_own": permissions.is_of_unit(request.user, member),
    }  # fmt: skip
    return render(request, "emulation/title_register.html", context)


def _titles(pledge: Pledge, unit: Unit) -> list[str]:
    return list(pledge.registrations.filter(unit=unit).values_list("title", flat=True))


def _known_titles() -> list[str]:
    """Return the titles that units have registered so far, the usual ones first."""
    counts: dict[str, int] = {}
    for title in Registration.objects.values_list("title", flat=True):
        counts[title] = counts.get(title, 0) + 1
    return sorted(counts, key=lambda title: -counts[title])[:12]


def pledge_settle(request: UserRequest, slug: str) -> HttpResponse:
    """Let the secretary read everything once more and settle it."""
    found = get_pledge(request, slug)
    if not permissions.can_run(request.user, found.season):
        raise PermissionDenied
    if found.settled_at is not None:
        messages.info(request, _("Giao ước đã chốt."))
        return redirect("pledge", slug=slug)
    seen = pledges.fingerprint(found.targets.all())
    form = SettleForm(request.POST or None, initial={"version": found.version, "seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_pledge(pledge=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form = SettleForm(initial={"version": found.version, "seen": seen})
            return _settle_page(request, found, form, refused=error, status=200)
        messages.success(request, _("Đã chốt giao ước. Lãnh đạo các đơn vị có thể ký."))
        return redirect("pledge", slug=slug)
    return _settle_page(request, found, form)


def _settle_page(
    request: UserRequest,
    pledge: Pledge,
    form: SettleForm,
    *,
    refused: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = pledges.state(pledge.season, pledge)
    wrong = pledges.unbalanced(pledge.season, pledge.targets.all())
    context = {
        "season": pledge.season,
        "pledge": pledge,
        "form": form,
        "refused": refused.messages if refused else [],
        "lines": [(line, line.unit in wrong) for line in lines],
        "shared": pledge.targets.filter(unit=None).count(),
        "is_ready": bool(pledge.content.strip()) and not wrong,
    }
    return render(request, "emulation/pledge_settle.html", context, status=status)


def pledge_sign(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Let a unit's leader sign, or the secretary record who signed on paper."""
    found = get_pledge(request, slug)
    member = get_object_or_404(found.season.units(), pk=unit)
    on_paper = permissions.can_record_signature(request.user, found)
    if not (on_paper or permissions.can_sign(request.user, found, member)):
        raise PermissionDenied
    if found.signatures.filter(unit=member).exists():
        messages.info(request, _("%(unit)s đã ký giao ước.") % {"unit": member})
        return redirect("pledge", slug=slug)
    form = SignForm(
        request.POST or None, on_paper=on_paper, initial=_signer(request, found, on_paper)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.sign_pledge(pledge=found, unit=member, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("signed_on" if on_paper else None, _told(error))
        else:
            messages.success(request, _("Đã ghi chữ ký của %(unit)s.") % {"unit": member})
            return redirect("pledge", slug=slug)
    context = {
        "season": found.season, "pledge": found, "unit": member, "form": form, "ranks": RANKS,
        "on_paper": on_paper, "last": pledges.last_day(found), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "emulation/pledge_sign.html", context)


def _signer(request: UserRequest, pledge: Pledge, on_paper: bool) -> dict[str, str | date | None]:
    """Return what the form of a signature begins with: the leader's own account."""
    if on_paper:
        return {"signed_on": pledge.signed_on}
    user = request.user
    return {"signer": user.full_name, "rank": user.rank, "position": user.position}

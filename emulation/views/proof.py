"""The evidence of one line of a sheet: named by its unit, judged by the secretary."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from emulation import permissions
from emulation.forms.recusal import ProofForm, RefuseProofForm
from emulation.models import Proof, Score, ScoreSheet, SheetState
from emulation.services import proof as services
from emulation.views.request import UserRequest
from emulation.views.scoring import find_sheet


def _may_name(request: UserRequest, sheet: ScoreSheet) -> bool:
    at = timezone.now()
    if permissions.can_explain(request.user, sheet, at):
        return True
    is_open = permissions.can_self_score(request.user, sheet.season, sheet.unit, at)
    return is_open and sheet.state == SheetState.DRAFT


def proof_list(request: UserRequest, slug: str, unit: int, criterion: int) -> HttpResponse:
    """Show, name, drop, refuse and accept what stands behind one line."""
    season, member, sheet = find_sheet(request, slug, unit)
    if sheet is None or criterion >= 2**63:
        raise Http404
    may_name = _may_name(request, sheet)
    may_judge = permissions.can_appraise(request.user, sheet, timezone.now())
    if not (may_name or may_judge):
        raise PermissionDenied
    line = get_object_or_404(sheet.scores.select_related("criterion"), criterion=criterion)
    form, refusal = _forms(request, sheet)
    bound = form if form.is_bound else refusal if refusal.is_bound else None
    if request.method == "POST" and _act(request, sheet, line, form, refusal):
        return redirect("proof_list", slug=slug, unit=unit, criterion=criterion)
    context = {
        "season": season, "unit": member, "sheet": sheet, "line": line, "name_form": form,
        "refuse_form": refusal, "form": bound, "may_name": may_name, "may_judge": may_judge,
        "proofs": line.proofs.select_related("achievement"),
    }  # fmt: skip
    return render(request, "emulation/proof_list.html", context)


def _forms(request: UserRequest, sheet: ScoreSheet) -> tuple[ProofForm, RefuseProofForm]:
    action = request.POST.get("action")
    return (
        ProofForm(request.POST if action == "name" else None, sheet=sheet),
        RefuseProofForm(request.POST if action == "refuse" else None),
    )


def _act(
    request: UserRequest, sheet: ScoreSheet, line: Score, form: ProofForm, refusal: RefuseProofForm
) -> bool:
    """Do what was asked and tell whether it was done; what the service refuses is told."""
    action, by = request.POST.get("action"), request.user
    bound = {"name": form, "refuse": refusal}.get(action or "")
    if bound is not None and not bound.is_valid():
        return False
    try:
        if action == "name":
            achievement = form.cleaned_data["achievement"]
            services.name_proof(
                sheet=sheet, criterion=line.criterion_id, achievement=achievement, by=by
            )
        elif action == "refuse":
            reason = refusal.cleaned_data["reason"]
            services.refuse_proof(proof=_proof(request, line), by=by, reason=reason)
        elif action == "drop":
            services.drop_proof(proof=_proof(request, line), by=by)
        elif action == "accept":
            services.accept_proof(proof=_proof(request, line), by=by)
        else:
            return False
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    return True


def _proof(request: UserRequest, line: Score) -> Proof:
    key = request.POST.get("proof", "")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        raise Http404
    return get_object_or_404(line.proofs.select_related("score__sheet"), pk=int(key))

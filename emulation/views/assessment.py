"""The secretary writes the narrative of the summary report."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from emulation import permissions
from emulation.forms.assessment import AssessmentForm, digest
from emulation.models import AssessmentKind, Season
from emulation.services.season import assessment_texts, write_assessment
from emulation.views.autosave import typing
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def assessment_edit(request: UserRequest, slug: str) -> HttpResponse:
    """Edit every part of the narrative at once, one paragraph a line."""
    season = get_season(request, slug)
    request.menu_place = "document_list"
    if not permissions.can_assess(request.user, season):
        raise PermissionDenied
    stored = assessment_texts(season)
    autosave = typing(request, season)
    form = AssessmentForm(autosave.data, stored=stored)
    differing: list[tuple[str, list[str]]] = []
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, season, form, stored)
        except ValidationError as error:
            form.add_error(None, error)
            differing = _differing(form, assessment_texts(season))
        else:
            autosave.saved()
            messages.success(request, _("Đã lưu nội dung đánh giá."))
            return redirect("assessment_edit", slug=slug)
    context = {"season": season, "form": form, "differing": differing, "autosave": autosave}
    return render(request, "emulation/assessment_edit.html", context)


def _write(
    request: UserRequest,
    season: Season,
    form: AssessmentForm,
    stored: Mapping[AssessmentKind, Sequence[str]],
) -> None:
    if form.cleaned_data["before"] != digest(stored):
        raise ValidationError(
            _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    # The service compares once more, under the lock, with what was read above.
    write_assessment(season=season, by=request.user, paragraphs=form.paragraphs(), before=stored)


def _differing(
    form: AssessmentForm, stored: Mapping[AssessmentKind, Sequence[str]]
) -> list[tuple[str, list[str]]]:
    """Return the stored paragraphs of each part that differs from what was typed."""
    form.rebase(stored)
    typed = form.paragraphs()
    return [
        (str(kind.label), list(stored[kind]))
        for kind in AssessmentKind
        if typed[kind] != list(stored[kind])
    ]

"""The record of the year-end conference, and what the secretary writes into it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from awards import permissions, services
from awards.forms.conference import FIELDS, RANKS, ConferenceForm, RemarkForm
from awards.models import Conference, ConferenceState, Remark
from emulation.models import Season
from emulation.permissions import can_assess
from emulation.tags import Tag
from emulation.views.autosave import typing
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history


def conference(request: UserRequest, slug: str) -> HttpResponse:
    """Show what is recorded: facts, remarks by kind, conclusion, history."""
    season = get_season(request, slug)
    found = _stored(season)
    context = {
        "season": season,
        "conference": found,
        "tag": _tag(found) if found else None,
        "remarks": _remarks(found) if found else [],
        "events": history(found) if found else [],
        "may_write": permissions.can_confer(request.user, season, timezone.now()),
        "may_assess": can_assess(request.user, season),
    }
    return render(request, "awards/conference.html", context)


def _stored(season: Season) -> Conference | None:
    return Conference.objects.filter(season=season).select_related("season", "source").first()


def _tag(conference: Conference) -> Tag:
    if conference.state == ConferenceState.CONCLUDED:
        return Tag(conference.get_state_display(), "end", "lock")
    return Tag(conference.get_state_display(), "run")


def _remarks(conference: Conference) -> list[tuple[str, list[Remark]]]:
    """Return the remarks under the name of their kind, in the order of the conference."""
    rows = list(
        conference.remarks.select_related("unit", "achievement__season", "source").order_by("id")
    )
    return [
        (str(kind.label), found)
        for kind in Remark.Kind
        if (found := [row for row in rows if row.kind == kind])
    ]


def _to_write(request: UserRequest, slug: str) -> Season:
    """Return the season whose conference the user may write, or raise PermissionDenied."""
    season = get_season(request, slug)
    request.menu_place = "conference"
    if not permissions.can_confer(request.user, season, timezone.now()):
        raise PermissionDenied
    return season


def conference_edit(request: UserRequest, slug: str) -> HttpResponse:
    """Record date, place, chair and conclusion."""
    season = _to_write(request, slug)
    autosave = typing(request, season)
    form = ConferenceForm(autosave.data, season=season, conference=_stored(season))
    differing: list[tuple[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            services.record_conference(
                season=season, by=request.user, version=form.cleaned_data["version"],
                values=form.values(), at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
            differing = _differing(form, _stored(season))
        else:
            autosave.saved()
            messages.success(request, _("Đã ghi hội nghị."))
            return redirect("conference", slug=slug)
    context = {
        "season": season, "form": form, "differing": differing, "ranks": RANKS,
        "autosave": autosave,
    }  # fmt: skip
    return render(request, "awards/conference_edit.html", context)


def _differing(form: ConferenceForm, stored: Conference | None) -> list[tuple[str, Any]]:
    """Return (label, stored value) of each field that somebody else filled in otherwise."""
    form.rebase(stored.version if stored else 0)
    return [
        (str(form.fields[name].label), getattr(stored, name))
        for name in FIELDS
        if stored and getattr(stored, name) != form.cleaned_data[name]
    ]


def remark_add(request: UserRequest, slug: str) -> HttpResponse:
    """Record what was said, or a result that was added in the discussion."""
    season = _to_write(request, slug)
    autosave = typing(request, season)
    form = RemarkForm(autosave.data, season=season)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"kind": Remark.Kind(form.cleaned_data["kind"])}
        try:
            services.add_remark(season=season, by=request.user, at=timezone.now(), **values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            autosave.saved()
            messages.success(request, _("Đã ghi ý kiến."))
            again = "again" in request.POST
            return redirect("remark_add" if again else "conference", slug=slug)
    context = {"season": season, "form": form, "autosave": autosave}
    return render(request, "awards/remark_add.html", context)


def conference_conclude(request: UserRequest, slug: str) -> HttpResponse:
    """Ask once more, then close the record of the conference."""
    season = _to_write(request, slug)
    error_text = ""
    if request.method == "POST":
        try:
            services.conclude_conference(season=season, by=request.user, at=timezone.now())
        except ValidationError as error:
            error_text = " ".join(error.messages)
        else:
            messages.success(request, _("Đã kết luận hội nghị. Biên bản không sửa được nữa."))
            return redirect("conference", slug=slug)
    found = _stored(season)
    context = {
        "season": season,
        "conference": found,
        "error": error_text,
        "remarks": found.remarks.count() if found else 0,
    }
    return render(request, "awards/conference_conclude.html", context)

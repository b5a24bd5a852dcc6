"""The page of the hand-over: what is open, who takes over, and afterwards what was done."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from clusters.vietnamese import search_key
from emulation import permissions
from emulation.forms.handover import HandOverForm, NextHeadForm
from emulation.models import Season
from emulation.services import handover as services
from emulation.services.season_copy import next_season
from emulation.views.request import UserRequest
from journal.models import Event
from journal.queries import history
from reports import matters


def _season(request: UserRequest, slug: str) -> Season:
    """Return the season; who was its secretary reads how it was handed over, and no more."""
    season = get_object_or_404(Season.objects.select_related("cluster", "scheme"), slug=slug)
    if Season.objects.visible_to(request.user).filter(pk=season.pk).exists():
        request.season = season  # type: ignore[attr-defined]
        if not permissions.can_see_hand_over(request.user, season):
            raise PermissionDenied
    elif not permissions.can_see_hand_over(request.user, season):
        raise Http404
    request.menu_place = "season_work"
    return season


def handover(request: UserRequest, slug: str) -> HttpResponse:
    """Show what is open and hand over; once it is done, show what happened."""
    season = _season(request, slug)
    if services.is_handed_over(season):
        return _done(request, season)
    may = permissions.can_hand_over(request.user, season)
    if request.method == "POST" and not may:
        raise PermissionDenied
    rotation = services.rotation(season)
    choice, people = _forms(request, season, rotation)
    if request.method == "POST" and people is not None and people.is_valid():
        try:
            opened = services.hand_over(season=season, by=request.user, **people.cleaned_data)
        except ValidationError as error:
            people.add_error(None, error)
        else:
            text = _("Đã bàn giao cụm trưởng. Kỳ năm %(year)s đã mở.")
            messages.success(request, text % {"year": opened.year})
            return redirect("handover", slug=slug)
    context = {
        "season": season, "matters": matters.of_season(season, timezone.localdate()),
        "term": season.term(), "may": may, "choice": choice, "form": people,
        "q": request.GET.get("q", "")[:100], "next": next_season(season),
    }  # fmt: skip
    return render(request, "reports/handover.html", context)


def _forms(
    request: UserRequest, season: Season, rotation: services.Rotation
) -> tuple[NextHeadForm, HandOverForm | None]:
    """Return the form that chooses the units, and the one with their people once it makes sense."""
    today = timezone.localdate()
    known: dict[str, Any] = {
        "members": rotation.members, "first": today, "last": date(season.year + 1, 12, 31),
    }  # fmt: skip
    day = max(today, date(season.year + 1, 1, 1))
    proposed: dict[str, Any] = {"head": rotation.head, "deputy": rotation.deputy, "day": day}
    given = request.POST if request.method == "POST" else request.GET
    is_chosen = "head" in given
    choice = NextHeadForm(given if is_chosen else None, initial=proposed, **known)
    values = proposed
    if is_chosen:
        values = choice.cleaned_data if choice.is_valid() else {}
    if not (values.get("head") and values.get("deputy")):
        return choice, None
    homes = _homes([values["head"], values["deputy"]], values["day"], request)
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, initial=values, homes=homes, auto_id="ban-giao-%s", **known)
    return choice, form


def _homes(units: list[Unit], day: date, request: UserRequest) -> dict[int, str]:
    """Return who may take over with the unit they work in; a search narrows what is shown."""
    words = search_key(request.GET.get("q", "")[:100]).split() if request.method == "GET" else []
    found: dict[int, str] = {}
    for row in services.candidates(units, day):
        text = search_key(f"{row.user.full_name} {row.user.username} {row.unit}")
        if all(word in text for word in words):
            found.setdefault(row.user_id, str(row.unit))
    return found


def _done(request: UserRequest, season: Season) -> HttpResponse:
    """Show when and by whom it was handed over, to whom, and what is still open."""
    if request.method == "POST":
        messages.info(request, _("Đã bàn giao trước đó."))
        return redirect("handover", slug=season.slug)
    event = history(season).filter(verb="season.hand_over").first()
    may_open = permissions.can_hand_over(request.user, season)
    context = {
        "season": season, "term": season.term(), "following": services.rotation(season),
        "event": event, "people": _people(event), "day": _day(event), "next": next_season(season),
        "matters": matters.of_season(season, timezone.localdate()) if may_open else [],
    }  # fmt: skip
    return render(request, "reports/handover_done.html", context)


def _people(event: Event | None) -> dict[str, list[User]]:
    """Return who was secretary before and who is after, as the journal keeps it."""
    before, after = event.changes["secretaries"] if event else ([], [])
    users = User.objects.in_bulk({*before, *after})
    return {
        "before": [users[pk] for pk in before if pk in users],
        "after": [users[pk] for pk in after if pk in users],
    }


def _day(event: Event | None) -> date | None:
    return date.fromisoformat(event.changes["day"][1]) if event else None

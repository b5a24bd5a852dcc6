"""The quick entry of an achievement, and the page that asks once for what is still missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions, proposals, windows
from emulation.forms.quick import PhotoForm, PlaceForm, QuickForm
from emulation.models import Achievement, Category, Season
from emulation.services import achievement as services
from emulation.views.achievement import get_achievement, own_tag
from emulation.views.autosave import Typing, left_behind, typing
from emulation.views.category import achievement_category, why_closed
from emulation.views.entry import attach_files, is_bare
from emulation.views.request import UserRequest, entry_key
from emulation.views.season import get_season


def achievement_quick(request: UserRequest, slug: str) -> HttpResponse:
    """Enter a draft with five answers and a photo; the next page asks for the rest."""
    season = get_season(request, slug)
    request.menu_place = "achievement_list"
    at, is_post = timezone.now(), request.method == "POST"
    closed, unit = why_closed(request, season, at), permissions.own_unit(request.user, season)
    if closed and not is_post:
        return achievement_category(request, slug)
    assert unit is not None
    key = uuid4()
    autosave = typing(request, season, new=entry_key(request) or key)
    form = QuickForm(
        autosave.data, key=key, category=_usual_category(request.user, season, unit),
        season=season, unit=unit, today=timezone.localdate(at),
    )  # fmt: skip
    photos = PhotoForm(request.POST, request.FILES) if is_post else PhotoForm()
    if is_post and _may_store(form, photos):
        return _store(request, season, form, photos, autosave)
    return _quick_page(request, form, photos, autosave)


def _usual_category(user: User, season: Season, unit: Unit) -> str:
    """Return the category which the user, else anybody of the unit, entered last."""
    rows = Achievement.objects.filter(season=season, unit=unit, source=None).order_by("-pk")
    known = dict(rows.values_list("created_by", "category")[:50][::-1])
    newest = rows.values_list("category", flat=True).first()
    found: str = known.get(user.pk) or newest or Category.values[0]
    return found


def _may_store(form: QuickForm, photos: PhotoForm) -> bool:
    """Whether there is something to make a draft of; else it is said what is missing."""
    is_right = all([form.is_valid(), photos.is_valid()])
    given = form.values
    if form.may_begin and not (given.get("title") or given.get("quantity") or photos.files_given):
        if "title" not in form.errors:
            form.add_error("title", _("Nhập việc đã làm, hoặc chọn ảnh"))
        return False
    return is_right or form.may_begin


def _store(
    request: UserRequest,
    season: Season,
    form: QuickForm,
    photos: PhotoForm,
    autosave: Typing,
) -> HttpResponse:
    """Store the draft; where something is wrong, store what is right and ask again."""
    at, given = timezone.now(), form.cleaned_data
    unit = permissions.own_unit(request.user, season)
    assert unit is not None
    try:
        row = services.enter_achievement(
            season=season, unit=unit, by=request.user, key=given["entry_key"], values=form.values,
            particulars={}, at=at,
        )  # fmt: skip
        # Asked again for what was wrong, the same form completes its own draft.
        if is_bare(row) or given["version"]:
            row = services.change_achievement(
                achievement=row, by=request.user, version=given["version"] or row.version,
                values=form.values, particulars={}, at=at,
            )  # fmt: skip
    except PermissionDenied:
        form.add_error(None, windows.why_closed(season, "enter", at, unit))
        return _quick_page(request, form, photos, autosave)
    except ValidationError:
        # Changed elsewhere meanwhile: the full form compares.
        autosave.saved()
        return redirect("achievement_edit", season.slug, row.number)
    autosave.saved()
    for refusal in attach_files(request, row, photos.files_given, at):
        photos.add_error("files", refusal)
    if form.errors or photos.errors:
        form.rebase(row.version)
        return _quick_page(request, form, photos, autosave, begun=row)
    return redirect("achievement_missing", season.slug, row.number)


def _quick_page(
    request: UserRequest,
    form: QuickForm,
    photos: PhotoForm,
    autosave: Typing,
    begun: Achievement | None = None,
) -> HttpResponse:
    season = form.season
    proposed = proposals.by_category(season, form.unit) if "target" in form.fields else {}
    context = {
        "season": season,
        "form": form,
        "photos": photos,
        "forms": [photos],
        "autosave": autosave,
        "begun": begun,
        "files": list(begun.evidence.all()) if begun else [],
        "left": left_behind(request, season, request.path),
        "proposed": {category: target.pk for category, target in proposed.items()},
    }
    return render(request, "emulation/achievement_quick.html", context)


def achievement_missing(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """List once what an achievement still needs, and confirm the target proposed for it."""
    achievement = get_achievement(request, slug, number)
    if not permissions.is_of_unit(request.user, achievement.unit):
        raise PermissionDenied
    at = timezone.now()
    if not permissions.can_edit(request.user, achievement, at):
        return redirect("achievement_detail", slug, number)
    data = request.POST if request.method == "POST" else None
    place = PlaceForm(data, achievement=achievement)
    if request.method == "POST" and (values := _placed(request, place)):
        try:
            services.change_achievement(
                achievement=achievement, by=request.user, version=place.cleaned_data["version"],
                values=values, particulars={}, at=at,
            )  # fmt: skip
        except ValidationError as error:
            place.add_error(None, error.messages)
            achievement = get_achievement(request, slug, number)
            place.rebase(achievement.version)
        else:
            return redirect("achievement_missing", slug, number)
    return _missing_page(request, achievement, place, at)


def _placed(request: UserRequest, place: PlaceForm) -> Mapping[str, Any]:
    """Return what the pressed button decides, or nothing where the form is not right."""
    is_right = place.is_valid()
    if request.POST.get("then") == "none" and "version" in place.cleaned_data:
        return {"target": None, "quantity": None}
    given = place.cleaned_data
    return {"target": given["target"], "quantity": given["quantity"]} if is_right else {}


def _missing_page(
    request: UserRequest, achievement: Achievement, place: PlaceForm, at: datetime
) -> HttpResponse:
    missing = services.missing_parts(achievement)
    asks = achievement.target_id is None and place.fields["target"].queryset.exists()  # type: ignore[attr-defined]
    if asks:
        # The form below asks for it.
        missing.pop("target", None)
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "missing": missing,
        "form": place if asks else None,
        "evidence": list(achievement.evidence.all()),
        "deadline": windows.deadline(achievement.season, "submit", at, achievement.unit),
    }
    return render(request, "emulation/achievement_missing.html", context)

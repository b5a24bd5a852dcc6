"""A unit enters an achievement and changes it while it is a draft or was returned."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import ledger, permissions, returns, revisions, windows
from emulation.facts import Difference
from emulation.forms.entry import Entry
from emulation.models import Achievement, Category, Season, State
from emulation.services import achievement as services
from emulation.services import evidence as evidence_services
from emulation.uploads import MAX_SIZE, clean_name
from emulation.views.achievement import SLUGS, get_achievement, own_tag
from emulation.views.autosave import Typing, typing
from emulation.views.category import achievement_category, why_closed
from emulation.views.request import UserRequest, entry_key
from emulation.views.season import get_season
from journal.queries import history


def achievement_new(request: UserRequest, slug: str, category: str) -> HttpResponse:
    """Enter a draft; the same form sent twice lands on the same draft."""
    season = get_season(request, slug)
    if category not in SLUGS:
        raise Http404
    at = timezone.now()
    request.menu_place = "achievement_list"
    closed, unit = why_closed(request, season, at), permissions.own_unit(request.user, season)
    if closed and request.method != "POST":
        return achievement_category(request, slug)
    assert unit is not None
    key = uuid4()
    autosave = typing(request, season, new=entry_key(request) or key)
    entry = Entry(
        season=season, unit=unit, category=SLUGS[category], today=timezone.localdate(at), key=key,
        data=autosave.data, files=request.FILES if request.method == "POST" else None,
    )  # fmt: skip
    if request.method != "POST" and (begun := _begun(request, autosave)):
        return redirect("achievement_edit", slug, begun.number)
    if request.method == "POST" and (entry.is_valid() or entry.may_begin):
        return _enter(request, season, entry, at, autosave)
    return _page(request, season, entry, at, None, autosave=autosave)


def _begun(request: UserRequest, autosave: Typing) -> Achievement | None:
    """Return the draft that the uploading of a file began while its text was being typed."""
    key = autosave.key.rpartition("#")[2]
    rows = Achievement.objects.visible_to(request.user).filter(created_by=request.user)
    return rows.filter(entry_key=key).first() if autosave.is_restored else None


def _enter(
    request: UserRequest, season: Season, entry: Entry, at: datetime, autosave: Typing
) -> HttpResponse:
    """Store a new draft; where something is wrong, store what is right and show the rest."""
    values = entry.values | {"category": entry.category}
    try:
        row = services.enter_achievement(
            season=season, unit=entry.unit, by=request.user, key=entry.key, values=values,
            particulars=entry.particulars, at=at,
        )  # fmt: skip
        if is_bare(row):
            row = services.change_achievement(
                achievement=row, by=request.user, version=row.version, values=entry.values,
                particulars=entry.particulars, at=at,
            )  # fmt: skip
    except PermissionDenied:
        entry.main.add_error(None, windows.why_closed(season, "enter", at, entry.unit))
        return _page(request, season, entry, at, None, autosave=autosave)
    autosave.saved()
    if not row.is_editable:
        return redirect("achievement_sent", row.season.slug, row.number)
    if any(form.errors for form in entry.forms):
        _attach(request, row, entry, at)
        entry.main.rebase(row.version)
        return _refused(request, row, entry, at, begun=True)
    if different := entry.differences(row):
        return _stale(request, row, entry, at, different)
    return _saved(request, row, entry, at)


def is_bare(row: Achievement) -> bool:
    """Whether a draft was begun by its files alone, so that the first text belongs to it."""
    is_empty = not (row.title or row.started_on or row.description or row.target_id)
    return row.is_editable and row.version == 1 and is_empty and row.quantity is None


def achievement_edit(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Change a draft, or complete what was returned."""
    achievement = get_achievement(request, slug, number)
    if not permissions.is_of_unit(request.user, achievement.unit):
        raise PermissionDenied
    at = timezone.now()
    if request.method != "POST" and not permissions.can_edit(request.user, achievement, at):
        return redirect("achievement_detail", slug, number)
    if request.method != "POST":
        autosave = _typing(request, achievement)
        entry = entry_of(request, achievement, at, autosave.data)
        return _page(request, achievement.season, entry, at, achievement, autosave=autosave)
    return save(request, achievement, entry_of(request, achievement, at), at)


def _typing(request: UserRequest, achievement: Achievement) -> Typing:
    """Return what stands in the form; a draft that was begun by a file had no number at first."""
    slug = achievement.season.slug
    words = next(words for words, kind in SLUGS.items() if kind == achievement.category)
    new = reverse("achievement_new", args=[slug, words])
    path = reverse("achievement_edit", args=[slug, achievement.number])
    also = f"{new}#{achievement.entry_key}"
    return typing(request, achievement.season, path=path, also=also)


def entry_of(
    request: UserRequest, achievement: Achievement, at: datetime, data: Any = None
) -> Entry:
    """Return the forms of a stored achievement, filled with what was posted, if anything was."""
    assert achievement.unit is not None
    is_post = request.method == "POST"
    entry = Entry(
        season=achievement.season,
        unit=achievement.unit,
        category=achievement.category,
        today=timezone.localdate(at),
        stored=achievement,
        data=request.POST if is_post else data,
        files=request.FILES if is_post else None,
    )
    if achievement.state == State.RETURNED:
        entry.lock(achievement, returns.open_fields(achievement))
        entry.pin(returns.notes_of(achievement))
    return entry


def save(
    request: UserRequest, achievement: Achievement, entry: Entry, at: datetime
) -> HttpResponse:
    """Store what was posted; whatever stands in the way, the page keeps what was typed."""
    if not permissions.can_edit(request.user, achievement, at):
        entry.main.add_error(None, windows.why_locked(achievement, at))
    if not entry.is_valid():
        _attach(request, achievement, entry, at)
        return _refused(request, achievement, entry, at)
    # What was typed before the first file made the draft knew of no version.
    version = achievement.version if is_bare(achievement) else entry.version
    try:
        row = services.change_achievement(
            achievement=achievement, by=request.user, version=version,
            values=entry.values, particulars=entry.particulars, at=at,
        )  # fmt: skip
    except ValidationError as error:
        row = get_achievement(request, achievement.season.slug, achievement.number)
        if getattr(error, "code", "") != "stale":
            entry.main.add_error(None, error.messages)
            return _refused(request, row, entry, at)
        if different := entry.differences(row):
            return _stale(request, row, entry, at, different)
    _typing(request, row).saved()
    return _saved(request, row, entry, at)


def _refused(
    request: UserRequest, achievement: Achievement, entry: Entry, at: datetime, **more: Any
) -> HttpResponse:
    """Show what is wrong with all that was typed, and keep it also if the page is closed now."""
    autosave = _typing(request, achievement)
    autosave.refused(version=str(entry.main["version"].value()))
    return _page(request, achievement.season, entry, at, achievement, autosave=autosave, **more)


def _attach(
    request: UserRequest, achievement: Achievement, entry: Entry, at: datetime
) -> list[ValidationError]:
    """Keep each file that is taken, and say at the field why another is not."""
    if not (entry.evidence.is_valid() and permissions.can_edit(request.user, achievement, at)):
        return []
    refused = attach_files(request, achievement, entry.files, at)
    for refusal in refused:
        entry.evidence.add_error("files", refusal)
    return refused


def attach_files(
    request: UserRequest, achievement: Achievement, files: Iterable[UploadedFile], at: datetime
) -> list[ValidationError]:
    """Keep each file that is taken, and return why the others are not."""
    refused: list[ValidationError] = []
    known = set(achievement.evidence.values_list("name", flat=True))
    for file in files:
        name = file.name or ""
        try:
            evidence_services.attach_evidence(
                achievement=achievement, by=request.user, name=name,
                file=cast(BinaryIO, file), size=file.size or 0, at=at,
            )  # fmt: skip
        except ValidationError as error:
            # A second click sends the same file again: it is there, which is what was wanted.
            if not (error.code == "doubled" and clean_name(name) in known):
                refused.append(error)
    return refused


def _saved(
    request: UserRequest, achievement: Achievement, entry: Entry, at: datetime
) -> HttpResponse:
    """Attach the files of a draft that is stored, and go where the button leads."""
    season = achievement.season
    if _attach(request, achievement, entry, at):
        entry.main.rebase(achievement.version)
        autosave = replace(_typing(request, achievement), is_stored=True)
        return _page(request, season, entry, at, achievement, saved=True, autosave=autosave)
    then = request.POST.get("then")
    if then == "send":
        return redirect("achievement_submit", season.slug, achievement.number)
    messages.success(
        request, _("Đã lưu nháp lúc %(time)s.") % {"time": timezone.localtime(at).strftime("%H:%M")}
    )
    if then == "kho":
        return redirect("evidence_store", season.slug, achievement.number)
    if (file := _file_named(then)) and achievement.evidence.filter(pk=file).exists():
        return redirect("evidence_edit", season.slug, achievement.number, file)
    if then == "stay":
        edit = reverse("achievement_edit", args=[season.slug, achievement.number])
        return redirect(f"{edit}#minh-chung")
    return redirect("achievement_detail", season.slug, achievement.number)


def _file_named(then: str | None) -> int | None:
    """Return the file whose button "Ghi nguồn" was pressed: tep-12."""
    found = re.fullmatch(r"tep-([0-9]{1,18})", then or "")
    return int(found[1]) if found else None


def _stale(
    request: UserRequest,
    stored: Achievement,
    entry: Entry,
    at: datetime,
    different: list[Difference],
) -> HttpResponse:
    """Show both versions; saving once more lets the typed one win, knowingly."""
    _attach(request, stored, entry, at)
    entry.main.rebase(stored.version)
    return _refused(request, stored, entry, at, different=different)


def _page(
    request: UserRequest,
    season: Season,
    entry: Entry,
    at: datetime,
    achievement: Achievement | None,
    **more: Any,
) -> HttpResponse:
    context: dict[str, Any] = {
        "season": season,
        "achievement": achievement,
        "category_name": Category(entry.category).label,
        "entry": entry,
        "forms": entry.forms,
        "files": _files(request, season, entry, at, achievement),
        "deadline": windows.deadline(season, "submit", at, entry.unit),
    } | more
    if achievement is not None:
        context |= {"autosave": _typing(request, achievement)}
        context |= _stored(request, achievement) | more
    return render(request, "emulation/achievement_form.html", context)


def _files(
    request: UserRequest,
    season: Season,
    entry: Entry,
    at: datetime,
    achievement: Achievement | None,
) -> dict[str, Any]:
    """Return the ledger, whether more files may come, and where the script sends them."""
    if achievement is None:
        words = next(words for words, kind in SLUGS.items() if kind == entry.category)
        url = reverse("evidence_upload_new", args=[season.slug, words])
        return {"ledger": [], "open": True, "url": url, "largest": MAX_SIZE}
    return {
        "ledger": ledger.lines(request.user, achievement, at),
        "open": ledger.files_open(request.user, achievement, at),
        "url": reverse("evidence_upload", args=[season.slug, achievement.number]),
        "largest": MAX_SIZE,
    }


def _stored(request: UserRequest, achievement: Achievement) -> dict[str, Any]:
    """Return what the page shows beside the form once the achievement exists."""
    events = list(history(achievement))
    return {
        "tag": own_tag(request, achievement),
        "events": events,
        "last": events[0] if events else None,
    } | revisions.returned(achievement)

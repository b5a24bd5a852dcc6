"""Files sent one by one by the script of the form, while the rest is still being typed.

The answers are for static/js/upload.js: {"html": the ledger, …} or {"error": what to do}.
"""

from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation import ledger, permissions, windows
from emulation.models import Achievement
from emulation.services import achievement as entries
from emulation.services import evidence as services
from emulation.uploads import clean_name
from emulation.views.achievement import SLUGS, get_achievement
from emulation.views.request import UserRequest, entry_key
from emulation.views.season import get_season


@require_POST
def evidence_upload(request: UserRequest, slug: str, number: int) -> JsonResponse:
    """Attach one file to an achievement that exists."""
    achievement = get_achievement(request, slug, number)
    at = timezone.now()
    file = request.FILES.get("files")
    if not permissions.can_edit(request.user, achievement, at):
        return _locked(achievement, at)
    if file is None:
        return _refused(_("Chưa nhận được tệp. Chọn lại tệp."))
    return _attach(request, achievement, file, at)


@require_POST
def evidence_upload_new(request: UserRequest, slug: str, category: str) -> JsonResponse:
    """Attach the first file of an achievement that is being typed: its draft comes to be.

    The key of the form decides: a second file, a second click or a lost answer find the same
    draft. A file that is refused leaves no draft behind.
    """
    season = get_season(request, slug)
    if category not in SLUGS:
        raise Http404
    unit, at = permissions.own_unit(request.user, season), timezone.now()
    key, file = entry_key(request), request.FILES.get("files")
    if unit is None or not permissions.can_enter(request.user, season, unit, at):
        closed = windows.why_closed(season, "enter", at, unit) if unit else ""
        return _refused(closed or _("Không nhập được cho đơn vị này."), status=403)
    if file is None or key is None:
        return _refused(_("Chưa nhận được tệp. Chọn lại tệp."))
    try:
        services.examine(file.name or "", cast(BinaryIO, file), file.size or 0)
    except ValidationError as error:
        return _refused(_why(error, file))
    row = entries.enter_achievement(
        season=season, unit=unit, by=request.user, key=key,
        values={"category": SLUGS[category]}, particulars={}, at=at,
    )  # fmt: skip
    row.season = season
    return _attach(request, row, file, at)


def _refused(text: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": text}, status=status)


def _why(error: ValidationError, file: UploadedFile) -> str:
    """Return why a file is refused, without its name: the script shows that above."""
    return " ".join(error.messages).removeprefix(f"{clean_name(file.name or '')}: ")


def _locked(achievement: Achievement, at: datetime) -> JsonResponse:
    reason = windows.why_locked(achievement, at)
    return _refused(reason or _("Chỉ đơn vị của thành tích tải tệp lên được."), status=403)


def _attach(
    request: UserRequest, achievement: Achievement, file: UploadedFile, at: datetime
) -> JsonResponse:
    name = file.name or ""
    try:
        services.attach_evidence(
            achievement=achievement, by=request.user, name=name,
            file=cast(BinaryIO, file), size=file.size or 0, at=at,
        )  # fmt: skip
    except PermissionDenied:
        return _locked(achievement, at)
    except ValidationError as error:
        # The answer to the first try was lost on the way: the file is there.
        known = achievement.evidence.filter(name=clean_name(name)).exists()
        if not (error.code == "doubled" and known):
            return _refused(_why(error, file))
    return JsonResponse(_answer(request, achievement, at), status=201)


def _answer(request: UserRequest, achievement: Achievement, at: datetime) -> dict[str, Any]:
    """Return the ledger as it is now, and the addresses by which the page goes on."""
    here = (achievement.season.slug, achievement.number)
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "ledger": ledger.lines(request.user, achievement, at),
        "in_form": True,
    }
    return {
        "html": render_to_string("emulation/_evidence_list.html", context, request),
        "edit": reverse("achievement_edit", args=here),
        "upload": reverse("evidence_upload", args=here),
        "version": achievement.version,
    }

"""The files of an achievement: handed out to those who see it, removed by those who enter it."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation import permissions
from emulation.services import achievement as services
from emulation.views.achievement import get_achievement
from emulation.views.entry import entry_of, save
from emulation.views.request import UserRequest

logger = logging.getLogger(__name__)


def evidence_download(request: UserRequest, slug: str, number: int, pk: int) -> FileResponse:
    """Hand out one file to be saved, never to be opened inside the site."""
    achievement = get_achievement(request, slug, number)
    evidence = get_object_or_404(achievement.evidence, pk=pk)
    try:
        content = evidence.file.open("rb")
    except OSError as error:
        logger.exception("Evidence %s has no file", evidence.pk)
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=evidence.name,
        content_type=evidence.content_type,
    )
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def evidence_remove(request: UserRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Remove a file; the button stands in the form, so what was typed there is stored as well."""
    achievement = get_achievement(request, slug, number)
    evidence = get_object_or_404(achievement.evidence, pk=pk)
    at = timezone.now()
    if not permissions.can_edit(request.user, achievement, at):
        raise PermissionDenied
    services.remove_evidence(evidence=evidence, by=request.user, at=at)
    messages.success(request, _("Đã xóa tệp %(name)s.") % {"name": evidence.name})
    if "version" in request.POST:
        return save(request, achievement, entry_of(request, achievement, at), at)
    return redirect(reverse("achievement_edit", args=[slug, number]) + "#minh-chung")

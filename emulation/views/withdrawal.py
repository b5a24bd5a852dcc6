"""A unit takes an achievement back, and takes it up again as a draft."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation import permissions
from emulation.forms.thread import WithdrawForm
from emulation.models import Achievement, State
from emulation.services import withdrawal as services
from emulation.views.achievement import get_achievement, own_tag
from emulation.views.request import UserRequest


def _own(request: UserRequest, slug: str, number: int) -> Achievement:
    achievement = get_achievement(request, slug, number)
    if not permissions.is_of_unit(request.user, achievement.unit):
        raise PermissionDenied
    return achievement


def achievement_withdraw(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Ask why, and take the achievement back. A second click finds it withdrawn."""
    achievement = _own(request, slug, number)
    if not permissions.can_withdraw(request.user, achievement):
        return redirect("achievement_detail", slug, number)
    data = request.POST if request.method == "POST" else None
    form = WithdrawForm(data, is_sent=achievement.state != State.DRAFT)
    if request.method == "POST" and form.is_valid() and _withdrawn(request, achievement, form):
        return redirect("achievement_detail", slug, number)
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "form": form,
    }
    return render(request, "emulation/achievement_withdraw.html", context)


def _withdrawn(request: UserRequest, achievement: Achievement, form: WithdrawForm) -> bool:
    try:
        services.withdraw_achievement(
            achievement=achievement, by=request.user, reason=form.cleaned_data["reason"]
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Đã rút %(code)s.") % {"code": achievement.code})
    return True


@require_POST
def achievement_reopen(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Take up a withdrawn achievement as a draft."""
    achievement = _own(request, slug, number)
    try:
        services.reopen_achievement(achievement=achievement, by=request.user, at=timezone.now())
    except ValidationError as error:
        # A second click finds the draft that it opened.
        if error.code != "transition":
            messages.error(request, " ".join(error.messages))
        return redirect("achievement_detail", slug, number)
    messages.success(request, _("Đã mở lại bản nháp %(code)s.") % {"code": achievement.code})
    return redirect("achievement_edit", slug, number)

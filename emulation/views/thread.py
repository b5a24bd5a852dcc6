"""The unit and the secretariat write to each other about an achievement."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from emulation import permissions
from emulation.forms.thread import MessageForm
from emulation.models import Achievement
from emulation.services.thread import write_message
from emulation.talk import said_about
from emulation.views.achievement import get_achievement, own_tag
from emulation.views.request import UserRequest


def keep_message(request: UserRequest, achievement: Achievement) -> MessageForm | None:
    """Store the message that was posted; return the form where something is wrong with it."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return form
    try:
        write_message(achievement=achievement, by=request.user, text=form.cleaned_data["text"])
    except ValidationError as error:
        form.add_error(None, error)
        return form
    messages.success(request, _("Đã gửi trao đổi."))
    return None


def achievement_message(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Show the thread, and add to it."""
    achievement = get_achievement(request, slug, number)
    if not permissions.can_talk(request.user, achievement):
        raise PermissionDenied
    form = keep_message(request, achievement) if request.method == "POST" else MessageForm()
    if form is None:
        detail = reverse("achievement_detail", args=[slug, number])
        return redirect(f"{detail}#trao-doi")
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "said": said_about(achievement),
        "can_talk": True,
        "form": form,
        "message_form": form,
    }
    return render(request, "emulation/achievement_message.html", context)

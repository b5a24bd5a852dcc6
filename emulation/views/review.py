"""The secretary judges achievements one after the other: claim, evidence, decision."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clusters.permissions import standing
from emulation import ledger, permissions, returns, tags
from emulation.forms.review import ReviewForm
from emulation.models import Achievement, Review, Season, State
from emulation.models.achievement import AWAITING
from emulation.returns import FILES
from emulation.services import review as services
from emulation.talk import said_about
from emulation.views import claims
from emulation.views.evidence import stamp
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from emulation.views.thread import keep_message
from journal.queries import history

DONE = {
    Review.Decision.VERIFIED: gettext_lazy("Đã công nhận %(code)s."),
    Review.Decision.RETURNED: gettext_lazy("Đã trả lại %(code)s để đơn vị bổ sung."),
    Review.Decision.REJECTED: gettext_lazy("Đã ghi không công nhận %(code)s."),
}


def _to_judge(request: UserRequest, slug: str, number: int) -> Achievement:
    """Return an achievement that is the user's to judge, whatever its state is by now.

    Raises Http404 where it may not be seen, PermissionDenied where somebody else judges it.
    """
    season = get_season(request, slug)
    request.menu_place = "achievement_list"
    rows = Achievement.objects.visible_to(request.user).select_related(
        "season__cluster", "unit", "target"
    )
    achievement = get_object_or_404(rows, season=season, number=number)
    user, is_waiting = request.user, achievement.state in AWAITING
    if not permissions.is_secretary(user, season) or permissions.is_at_home(user, achievement.unit):
        raise PermissionDenied
    if is_waiting and not permissions.can_review(user, achievement, timezone.now()):
        raise PermissionDenied
    return achievement


def _already_done(request: UserRequest, achievement: Achievement) -> HttpResponse:
    text = _("%(code)s không còn chờ thẩm định: %(state)s.")
    values = {"code": achievement.code, "state": achievement.get_state_display()}
    messages.info(request, text % values)
    return redirect("achievement_detail", slug=achievement.season.slug, number=achievement.number)


def _queue(request: UserRequest, season: Season) -> list[int]:
    """Return the numbers of what waits for this user, the longest waiting first."""
    rows = Achievement.objects.filter(season=season).awaiting_review()
    mine = rows.exclude(unit__in=standing(request.user).home_units)
    return list(mine.order_by("submitted_at", "id").values_list("number", flat=True))


@require_POST
def achievement_start_review(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Tell the unit that work on its achievement began."""
    achievement = _to_judge(request, slug, number)
    if achievement.state not in AWAITING:
        return _already_done(request, achievement)
    try:
        services.start_review(achievement=achievement, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    return redirect("achievement_review", slug=slug, number=number)


def achievement_review(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Show claim and evidence side by side, and decide; or write to the unit meanwhile."""
    achievement = _to_judge(request, slug, number)
    if achievement.state not in AWAITING:
        return _already_done(request, achievement)
    queue = _queue(request, achievement.season)
    if request.method != "POST":
        return _page(request, achievement, queue, _form(achievement))
    if request.POST.get("then") == "message":
        # What was typed for the decision stays, unjudged, while a message goes out.
        talk = keep_message(request, achievement)
        typed = _form(achievement, initial=request.POST.dict())
        return _page(request, achievement, queue, typed, message_form=talk)
    if request.POST.get("stamp"):
        stamp(request, achievement, request.POST["stamp"])
        typed = _form(achievement, initial=request.POST.dict())
        return _page(request, achievement, queue, typed)
    form = _form(achievement, request.POST)
    if form.is_valid() and _decide(request, achievement, form):
        return _onward(request, achievement, queue)
    return _page(request, achievement, queue, form)


def _form(
    achievement: Achievement, data: Any = None, initial: dict[str, Any] | None = None
) -> ReviewForm:
    until = permissions.deadline(achievement.season, "verify", timezone.now())
    left = achievement.season.max_returns - returns.times_returned(achievement)
    return ReviewForm(
        data,
        initial=(initial or {}) | {"revision": achievement.revision},
        last_day=timezone.localtime(until).date() if until else None,
        parts=claims.labels(achievement) if left > 0 else {},
    )


def _decide(request: UserRequest, achievement: Achievement, form: ReviewForm) -> bool:
    """Record the decision; where the service refuses, say so on the form."""
    values = form.values
    try:
        services.review_achievement(
            achievement=achievement, by=request.user, at=timezone.now(), **values
        )
    except ValidationError as error:
        form.add_error(None, error)
        achievement.refresh_from_db(fields=["state", "revision", "version"])
        form.rebase(achievement.revision)
        return False
    messages.success(request, DONE[values["decision"]] % {"code": achievement.code})
    return True


def _onward(request: UserRequest, achievement: Achievement, queue: list[int]) -> HttpResponse:
    """Go to the next achievement that waits, round to the first; home when nothing is left."""
    place = queue.index(achievement.number) if achievement.number in queue else 0
    waiting = set(_queue(request, achievement.season))
    following = next((n for n in queue[place + 1 :] + queue[:place] if n in waiting), None)
    slug = achievement.season.slug
    if following is None:
        messages.info(
            request,
            _("Không còn mục nào chờ xử lý. Mục mới hiện ở đây khi đơn vị gửi."),
        )
        return redirect("season_home", slug=slug)
    return redirect("achievement_review", slug=slug, number=following)


def _page(
    request: UserRequest,
    achievement: Achievement,
    queue: list[int],
    form: ReviewForm,
    message_form: Any = None,
) -> HttpResponse:
    changes = claims.changes_since_sent(achievement)
    parts = claims.parts(achievement, form, {line.name for line in changes})
    place = queue.index(achievement.number) if achievement.number in queue else None
    files = ledger.lines(request.user, achievement, timezone.now())
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": tags.achievement_tag(achievement.state, "secretary"),
        "late": tags.late_tag(achievement.lateness),
        "parts": [part for part in parts if part.name != FILES],
        "files": next(part for part in parts if part.name == FILES),
        "changes": changes,
        "ledger": files,
        "repeated": sum(bool(line.repeats) for line in files),
        "events": history(achievement),
        "form": form,
        "asked_for": form.data.get("decision", "") if form.is_bound else "",
        "returned_times": returns.times_returned(achievement),
        "place": place + 1 if place is not None else None,
        "waiting": len(queue),
        "previous": queue[place - 1] if place else None,
        "following": queue[place + 1] if place is not None and queue[place + 1 :] else None,
        "may_start": achievement.state == State.SUBMITTED,
        "said": said_about(achievement),
        "can_talk": permissions.can_talk(request.user, achievement),
        "message_form": message_form,
    }
    return render(request, "emulation/achievement_review.html", context)

"""The page of one achievement; the list of all is in `listing`."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from emulation import chains, facts, ledger, permissions, revisions, windows
from emulation.context import role_in
from emulation.models import Achievement, Category, Review
from emulation.services import achievement as services
from emulation.tags import Tag, achievement_tag, late_tag
from emulation.talk import said_about
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history

_WITH = ("unit", "target", "source", "imported_from", "copied_from__season")
# The words of an address for each category.
SLUGS: dict[str, Category] = {
    "tham-muu": Category.ADVISORY,
    "phoi-hop": Category.COORDINATION,
    "van-ban": Category.POLICY_DOCUMENT,
    "quoc-hoi": Category.PARLIAMENT,
    "cai-cach": Category.REFORM,
    "sang-kien": Category.INITIATIVE,
    "xay-dung-luc-luong": Category.FORCE_BUILDING,
    "nep-song-van-hoa": Category.CULTURED_LIFESTYLE,
    "to-chuc-quan-chung": Category.MASS_ORGANIZATION,
    "cong-dong": Category.COMMUNITY,
    "dien-hinh": Category.ADVANCED_MODEL,
    "thi-dua": Category.EMULATION_WORK,
}


def get_achievement(request: UserRequest, slug: str, number: int) -> Achievement:
    """Return the achievement of the address or raise Http404; the menu then shows where it is."""
    season = get_season(request, slug)
    request.menu_place = "achievement_list"
    rows = Achievement.objects.visible_to(request.user).filter(season=season)
    found = get_object_or_404(
        rows.select_related("unit", "target", "drive", "source"), number=number
    )
    # The season of the address, whose phases and cluster are read already.
    found.season = season
    return found


def own_tag(request: UserRequest, achievement: Achievement) -> Tag:
    """Return the tag of the achievement as this reader sees it."""
    return achievement_tag(achievement.state, role_in(request.user, achievement.season))


def achievement_detail(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Show one achievement with its evidence, reviews and history, and what may be done."""
    achievement = get_achievement(request, slug, number)
    user, at = request.user, timezone.now()
    is_own = permissions.is_of_unit(user, achievement.unit)
    can_edit = permissions.can_edit(user, achievement, at)
    context: dict[str, Any] = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "facts": [f for f in facts.of_achievement(achievement) if f.text and f.name != "title"],
        "particulars": facts.of_particulars(services.particulars(achievement)),
        "ledger": ledger.lines(user, achievement, at),
        "reviews": _reviews(achievement),
        "events": list(history(achievement)),
        "said": said_about(achievement),
        "late": late_tag(achievement.lateness),
        "can_edit": can_edit,
        "can_submit": permissions.can_submit(user, achievement, at),
        "can_review": permissions.can_review(user, achievement, at),
        "can_withdraw": permissions.can_withdraw(user, achievement),
        "can_reopen": permissions.can_reopen(user, achievement, at),
        "can_talk": permissions.can_talk(user, achievement),
        "locked": _locked(achievement, at) if is_own and not can_edit else "",
        "corrections": list(achievement.corrections.select_related("by")),
        "can_correct": permissions.can_correct(user, achievement.season),
        "chain": chains.chain_of(achievement, user),
        "can_continue": chains.where_to_continue(achievement, user, at) is not None,
    } | revisions.returned(achievement)
    return render(request, "emulation/achievement_detail.html", context)


def _locked(achievement: Achievement, at: datetime) -> str:
    """Return why nothing can be changed; of a closed season every page says so already."""
    return "" if achievement.season.is_closed else windows.why_locked(achievement, at)


def _reviews(achievement: Achievement) -> list[tuple[Review, list[revisions.Note]]]:
    rows = achievement.reviews.select_related("by").prefetch_related("notes")
    return [(review, revisions.noted(review, achievement.category)) for review in rows]

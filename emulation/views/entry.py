"""A unit enters an achievement and changes it while it is a draft or was returned."""

from datetime import datetime
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emulation import permissions, windows
from emulation.facts import Difference
from emulation.forms.achievement import Entry
from emulation.models import Achievement, Category, Season, State
from emulation.services import achievement as services
from emulation.uploads import clean_name
from emulation.views.achievement import SLUGS, get_achievement, own_tag
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history

HINTS = {
    Category.ADVISORY: gettext_lazy("Báo cáo, đề xuất với lãnh đạo các cấp"),
    Category.COORDINATION: gettext_lazy("Vụ việc giải quyết cùng đơn vị, ngành khác"),
    Category.POLICY_DOCUMENT: gettext_lazy("Chỉ thị, nghị quyết, đề án, kế hoạch đã xây dựng"),
    Category.PARLIAMENT: gettext_lazy("Kỳ họp, giám sát, chất vấn, kiến nghị cử tri"),
    Category.REFORM: gettext_lazy("Thủ tục, quy trình, phần mềm, dữ liệu"),
    Category.INITIATIVE: gettext_lazy("Sáng kiến, đề tài đã được công nhận"),
    Category.FORCE_BUILDING: gettext_lazy("Công tác Đảng, đào tạo, bồi dưỡng cán bộ"),
    Category.CULTURED_LIFESTYLE: gettext_lazy("Chấp hành kỷ luật, điều lệnh, quy tắc ứng xử"),
    Category.MASS_ORGANIZATION: gettext_lazy("Việc do công đoàn, đoàn thanh niên, hội phụ nữ làm"),
    Category.COMMUNITY: gettext_lazy("Tình nguyện, tuyên truyền pháp luật, tặng quà, tuyên dương"),
    Category.ADVANCED_MODEL: gettext_lazy("Tập thể, cá nhân, mô hình, người tốt việc tốt"),
    Category.EMULATION_WORK: gettext_lazy("Phát động, sơ kết, kiểm tra, khen thưởng tại đơn vị"),
}


def achievement_category(request: UserRequest, slug: str) -> HttpResponse:
    """Ask what kind of result is to be entered."""
    season = get_season(request, slug)
    request.menu_place = "achievement_list"
    closed = _why_closed(request, season, timezone.now())
    categories = [(words, kind.label, HINTS[kind]) for words, kind in SLUGS.items()]
    context = {"season": season, "categories": categories, "closed": closed}
    page = "emulation/achievement_category.html"
    return render(request, page, context, status=403 if closed else 200)


def _why_closed(request: UserRequest, season: Season, at: datetime) -> str:
    """Say why the own unit cannot enter, "" if it can; PermissionDenied without a unit."""
    unit = permissions.own_unit(request.user, season)
    if unit is None:
        raise PermissionDenied
    return windows.why_closed(season, "enter", at)


def achievement_new(request: UserRequest, slug: str, category: str) -> HttpResponse:
    """Enter a draft; the same form sent twice lands on the same draft."""
    season = get_season(request, slug)
    if category not in SLUGS:
        raise Http404
    at = timezone.now()
    request.menu_place = "achievement_list"
    closed = _why_closed(request, season, at)
    if closed and request.method != "POST":
        return achievement_category(request, slug)
    unit = permissions.own_unit(request.user, season)
    assert unit is not None
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    entry = Entry(
        season=season, unit=unit, category=SLUGS[category], today=timezone.localdate(at),
        data=given[0], files=given[1],
    )  # fmt: skip
    if request.method == "POST" and entry.is_valid():
        return _enter(request, season, entry, at)
    return _page(request, season, entry, at, None)


def _enter(request: UserRequest, season: Season, entry: Entry, at: datetime) -> HttpResponse:
    unit = permissions.own_unit(request.user, season)
    assert unit is not None
    try:
        row = services.enter_achievement(
            season=season, unit=unit, by=request.user, key=entry.key,
            values=entry.values | {"category": entry.category}, particulars=entry.particulars,
            at=at,
        )  # fmt: skip
    except PermissionDenied:
        entry.main.add_error(None, windows.why_closed(season, "enter", at))
        return _page(request, season, entry, at, None)
    if not row.is_editable:
        return redirect("achievement_sent", row.season.slug, row.number)
    if different := entry.differences(row):
        return _stale(request, row, entry, at, different)
    return _saved(request, row, entry, at)


def achievement_edit(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Change a draft, or complete what was returned."""
    achievement = get_achievement(request, slug, number)
    if not permissions.is_of_unit(request.user, achievement.unit):
        raise PermissionDenied
    at = timezone.now()
    if request.method != "POST" and not permissions.can_edit(request.user, achievement, at):
        return redirect("achievement_detail", slug, number)
    entry = entry_of(request, achievement, at)
    if request.method != "POST":
        return _page(request, achievement.season, entry, at, achievement)
    return save(request, achievement, entry, at)


def entry_of(request: UserRequest, achievement: Achievement, at: datetime) -> Entry:
    """Return the forms of a stored achievement, filled with what was posted, if anything was."""
    assert achievement.unit is not None
    is_post = request.method == "POST"
    return Entry(
        season=achievement.season,
        unit=achievement.unit,
        category=achievement.category,
        today=timezone.localdate(at),
        stored=achievement,
        data=request.POST if is_post else None,
        files=request.FILES if is_post else None,
    )


def save(
    request: UserRequest, achievement: Achievement, entry: Entry, at: datetime
) -> HttpResponse:
    """Store what was posted; whatever stands in the way, the page keeps what was typed."""
    if not permissions.can_edit(request.user, achievement, at):
        entry.main.add_error(None, windows.why_locked(achievement, at))
    if not entry.is_valid():
        _attach(request, achievement, entry, at)
        return _page(request, achievement.season, entry, at, achievement)
    try:
        row = services.change_achievement(
            achievement=achievement, by=request.user, version=entry.version,
            values=entry.values, particulars=entry.particulars, at=at,
        )  # fmt: skip
    except ValidationError:
        row = get_achievement(request, achievement.season.slug, achievement.number)
        if different := entry.differences(row):
            return _stale(request, row, entry, at, different)
    return _saved(request, row, entry, at)


def _attach(
    request: UserRequest, achievement: Achievement, entry: Entry, at: datetime
) -> list[ValidationError]:
    """Keep each file that is taken, and say at the field why another is not."""
    refused: list[ValidationError] = []
    if not (entry.evidence.is_valid() and permissions.can_edit(request.user, achievement, at)):
        return refused
    known = set(achievement.evidence.values_list("name", flat=True))
    for file in entry.files:
        name = file.name or ""
        try:
            services.attach_evidence(
                achievement=achievement, by=request.user, name=name,
                file=cast(BinaryIO, file), size=file.size or 0, at=at,
            )  # fmt: skip
        except ValidationError as error:
            # A second click sends the same file again: it is there, which is what was wanted.
            if not (error.code == "doubled" and clean_name(name) in known):
                refused.append(error)
    for refusal in refused:
        entry.evidence.add_error("files", refusal)
    return refused


def _saved(
    request: UserRequest, achievement: Achievement, entry: Entry, at: datetime
) -> HttpResponse:
    """Attach the files of a draft that is stored, and go where the button leads."""
    season = achievement.season
    if _attach(request, achievement, entry, at):
        entry.main.rebase(achievement.version)
        return _page(request, season, entry, at, achievement, saved=True)
    then = request.POST.get("then")
    if then == "send":
        return redirect("achievement_submit", season.slug, achievement.number)
    messages.success(
        request, _("Đã lưu nháp lúc %(time)s.") % {"time": timezone.localtime(at).strftime("%H:%M")}
    )
    if then == "stay":
        edit = reverse("achievement_edit", args=[season.slug, achievement.number])
        return redirect(f"{edit}#minh-chung")
    return redirect("achievement_detail", season.slug, achievement.number)


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
    return _page(request, stored.season, entry, at, stored, different=different)


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
        "deadline": windows.deadline(season, "submit", at),
    } | more
    if achievement is not None:
        context |= _stored(request, achievement)
    return render(request, "emulation/achievement_form.html", context)


def _stored(request: UserRequest, achievement: Achievement) -> dict[str, Any]:
    """Return what the page shows beside the form once the achievement exists."""
    events = list(history(achievement))
    is_returned = achievement.state == State.RETURNED
    return {
        "tag": own_tag(request, achievement),
        "evidence": list(achievement.evidence.all()),
        "returned": achievement.reviews.select_related("by").first() if is_returned else None,
        "events": events,
        "last": events[0] if events else None,
    }

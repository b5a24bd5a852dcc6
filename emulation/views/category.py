"""A unit chooses what kind of result it enters."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from emulation import permissions, windows
from emulation.models import Category, Season
from emulation.views.achievement import SLUGS
from emulation.views.autosave import left_behind
from emulation.views.request import UserRequest
from emulation.views.season import get_season

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
    closed = why_closed(request, season, timezone.now())
    categories = [(words, kind.label, HINTS[kind]) for words, kind in SLUGS.items()]
    left = left_behind(request, season)
    context = {"season": season, "categories": categories, "closed": closed, "left": left}
    page = "emulation/achievement_category.html"
    return render(request, page, context, status=403 if closed else 200)


def why_closed(request: UserRequest, season: Season, at: datetime) -> str:
    """Say why the own unit cannot enter, "" if it can; PermissionDenied without a unit."""
    unit = permissions.own_unit(request.user, season)
    if unit is None:
        raise PermissionDenied
    return windows.why_closed(season, "enter", at, unit)

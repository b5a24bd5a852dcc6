"""What the frame of every page shows: whose desk it is, the season, and the menu of the role."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusters.models import User
from clusters.permissions import is_administrator, standing
from emulation import permissions
from emulation.models import Achievement, Season


@dataclass(frozen=True)
class Item:
    """One place of the menu; `waiting` counts work, 0 shows nothing."""

    name: str
    label: str
    short: str
    icon: str
    url: str
    waiting: int = 0
    is_current: bool = False


@dataclass(frozen=True)
class Desk:
    """Who acts, in which season, and where they may go."""

    season: Season | None
    role: str
    place: str
    menu: list[Item]

    @property
    def bar(self) -> list[Item]:
        """The three places that stand in the bar of a phone, beside "Thêm"."""
        return self.menu[:3]


def _places(role: str) -> list[tuple[str, str, str, str]]:
    """Return (url name, label, short label, icon) of a role's menu."""
    achievements = (
        "achievement_list",
        _("Kết quả, thành tích"),
        _("Thành tích"),
        "journal-text",
    )
    pledge = ("pledge", _("Giao ước thi đua"), _("Giao ước"), "flag")
    standings = ("standings", _("Chấm điểm"), _("Chấm điểm"), "table")
    conference = ("conference", _("Hội nghị, bình xét"), _("Hội nghị"), "people")
    nominations = ("nomination_list", _("Đề nghị khen thưởng"), _("Đề nghị"), "flag")
    documents = ("document_list", _("Văn bản, biểu mẫu"), _("Văn bản"), "file-earmark-text")
    return {
        "unit": [
            ("home", _("Việc cần làm"), pgettext("menu", "Việc"), "list-check"),
            achievements,
            pledge,
            standings,
            conference,
            documents,
        ],
        "secretary": [
            ("home", _("Chờ tôi xử lý"), _("Chờ xử lý"), "inbox"),
            achievements,
            standings,
            conference,
            nominations,
            documents,
        ],
        "leader": [
            ("home", _("Kết quả và phê duyệt"), _("Kết quả"), "bar-chart"),
            documents,
            standings,
            conference,
            nominations,
            achievements,
        ],
        "administrator": [
            ("home", _("Hệ thống"), _("Hệ thống"), "person-circle"),
        ],
    }[role]


def role_in(user: User, season: Season) -> str:
    """Return which desk the user has in a season: the cluster roles come before the unit's."""
    if permissions.is_secretary(user, season):
        return "secretary"
    if permissions.is_leader(user, season):
        return "leader"
    return "administrator" if is_administrator(user) else "unit"


def _queue(user: User, season: Season) -> int:
    rows = Achievement.objects.filter(season=season).awaiting_review()
    return rows.exclude(unit__in=standing(user).home_units).count()


def _desk(request: HttpRequest) -> Desk | None:
    user = request.user
    if not isinstance(user, User):
        return None
    season: Season | None = getattr(request, "season", None)
    if season is None:
        return Desk(season=None, role="", place="", menu=[])
    role = role_in(user, season)
    labels = {
        "unit": _("Nhân viên đơn vị"),
        "secretary": _("Thư ký cụm"),
        "leader": _("Lãnh đạo phụ trách cụm"),
        "administrator": _("Quản trị"),
    }
    unit = permissions.own_unit(user, season) if role == "unit" else None
    current = request.resolver_match.url_name if request.resolver_match else ""
    menu = [
        Item(
            name=name,
            label=label,
            short=short,
            icon=icon,
            url=reverse(name, args=[season.slug]) if name != "home" else _home(season),
            waiting=_queue(user, season) if name == "home" and role == "secretary" else 0,
            is_current=name == (getattr(request, "menu_place", None) or current),
        )
        for name, label, short, icon in _places(role)
    ]
    return Desk(season=season, role=labels[role], place=unit.short_name if unit else "", menu=menu)


def _home(season: Season) -> str:
    return reverse("season_home", args=[season.slug])


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor; lazy, because error pages and fragments do not show the frame."""
    return {"desk": SimpleLazyObject(lambda: _desk(request))}

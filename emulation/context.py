"""What the frame of every page shows: whose desk it is, the season, and the menu of the role."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation import permissions, windows
from emulation.models import Achievement, PeriodicReport, ReportState, Season


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
    # What a unit does most often: on a phone it is one tap away from everywhere.
    quick: Item | None = None
    # Other units of this season for which the reader may act: a merger leaves several.
    others: Sequence[Unit] = ()

    @property
    def closed(self) -> str:
        """Say that nothing of this season changes any more, "" while it does."""
        return windows.season_closed(self.season) if self.season else ""

    @property
    def bar(self) -> list[Item]:
        """The three places that stand in the bar of a phone, beside "Thêm"."""
        if self.quick is None:
            return self.menu[:3]
        first, second = self.menu[:2]
        return [
            first,
            self.quick,
            replace(second, is_current=False) if self.quick.is_current else second,
        ]


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
    reports = ("period_list", _("Báo cáo định kỳ"), _("Báo cáo"), "calendar3")
    pulse = ("pulse", _("Nhịp năm"), _("Nhịp năm"), "bar-chart")
    documents = ("document_list", _("Văn bản, biểu mẫu"), _("Văn bản"), "file-earmark-text")
    # Holds every place that the five others leave out.
    work = ("season_work", _("Công việc của kỳ"), _("Công việc"), "three-dots")
    return {
        "unit": [
            ("home", _("Việc cần làm"), pgettext("menu", "Việc"), "list-check"),
            achievements,
            reports,
            pledge,
            standings,
            work,
        ],
        "secretary": [
            ("home", _("Chờ tôi xử lý"), _("Chờ xử lý"), "inbox"),
            achievements,
            reports,
            pulse,
            standings,
            work,
        ],
        "leader": [
            ("home", _("Kết quả và phê duyệt"), _("Kết quả"), "bar-chart"),
            documents,
            pulse,
            standings,
            conference,
            work,
        ],
        "administrator": [
            ("home", _("Hệ thống"), _("Hệ thống"), "person-circle"),
            pulse,
            work,
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


def _reports(user: User, season: Season) -> int:
    rows = PeriodicReport.objects.filter(period__season=season, state=ReportState.SUBMITTED)
    return rows.exclude(unit__in=standing(user).home_units).count()


# What waits for a secretary, by the place where it is done.
WAITING = {"home": _queue, "period_list": _reports}


def _waiting(
    of: Mapping[str, Callable[[User, Season], int]], name: str, user: User, season: Season
) -> int:
    return of[name](user, season) if name in of else 0


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
    others = [row for row in permissions.own_units(user, season) if row != unit] if unit else []
    waiting = WAITING if role == "secretary" else {}
    # What the page has counted for itself is not counted again.
    known: dict[str, int] = getattr(request, "menu_waiting", {})
    places = _places(role)
    current = _current(request, [name for name, *_rest in places])
    menu = [
        Item(
            name=name,
            label=label,
            short=short,
            icon=icon,
            url=reverse(name, args=[season.slug]) if name != "home" else _home(season),
            waiting=known[name] if name in known else _waiting(waiting, name, user, season),
            is_current=name == current,
        )
        for name, label, short, icon in places
    ]
    place = unit.short_name if unit else ""
    # Offered where the page behind it opens: a closed door is no offer.
    may_enter = unit is not None and permissions.can_enter(user, season, unit, timezone.now())
    quick = _quick(request, season) if may_enter else None
    return Desk(
        season=season, role=labels[role], place=place, menu=menu, quick=quick, others=others
    )


def _quick(request: HttpRequest, season: Season) -> Item:
    name, label = "achievement_quick", _("Nhập nhanh")
    current = request.resolver_match.url_name if request.resolver_match else ""
    return Item(
        name=name,
        label=label,
        short=label,
        icon="plus-lg",
        url=reverse(name, args=[season.slug]),
        is_current=current == name,
    )


def _current(request: HttpRequest, names: list[str]) -> str:
    """Return the place of the menu in which the page lies: the last one holds all the others."""
    given = request.resolver_match.url_name if request.resolver_match else ""
    place = getattr(request, "menu_place", None) or given
    return place if place in names else names[-1]


def _home(season: Season) -> str:
    return reverse("season_home", args=[season.slug])


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor; lazy, because error pages and fragments do not show the frame."""
    return {"desk": SimpleLazyObject(lambda: _desk(request))}

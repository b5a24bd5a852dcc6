"""The head of the cluster hands over: who takes the role, from which day, and the next season."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Appointment, Role, Term, TermState, Unit, User
from emulation import permissions
from emulation.models import Season
from emulation.services.phases import locked_season
from emulation.services.season_copy import Heirs, copy_season, heirs, next_season
from journal.services import record


@dataclass(frozen=True)
class Rotation:
    """Who may head the cluster next year, and whom the rotation proposes."""

    members: list[Unit]
    head: Unit | None
    deputy: Unit | None


def rotation(season: Season) -> Rotation:
    """Propose the present deputy as the next head, and the unit after it as deputy.

    What is stored for next year already comes first. A unit that ended gives way to its successor.
    """
    following, now = heirs(season), season.term()
    planned = _next_term(season)
    if planned:
        return Rotation(following.order, planned.head, planned.deputy)
    head = _after(now, following)
    return Rotation(following.order, head, _next_in_order(head, following.order))


def _after(term: Term | None, following: Heirs) -> Unit | None:
    if term is None or not following.order:
        return None
    deputies = following.of.get(term.deputy_id or 0, [])
    heads = following.of.get(term.head_id, [])
    if deputies:
        return deputies[0]
    return _next_in_order(heads[0] if heads else None, following.order)


def _next_in_order(unit: Unit | None, order: list[Unit]) -> Unit | None:
    if unit not in order or len(order) < 2:
        return None
    return order[(order.index(unit) + 1) % len(order)]


def _next_term(season: Season) -> Term | None:
    rows = Term.objects.filter(cluster=season.cluster_id, year=season.year + 1)
    return rows.select_related("head", "deputy").first()


def is_handed_over(season: Season) -> bool:
    """Tell whether the next head has taken over."""
    term, following = season.term(), _next_term(season)
    if term and term.state == TermState.HANDED_OVER:
        return True
    return following is not None and following.state != TermState.PLANNED


def candidates(units: Sequence[Unit], day: date) -> QuerySet[Appointment]:
    """Return the appointments, in force on `day`, of who could be secretary from these units."""
    rows = Appointment.objects.filter(unit__in=units, user__is_active=True).on(day)
    return rows.select_related("user", "unit").order_by("user__sort_key", "user", "pk")


@transaction.atomic
def hand_over(
    *,
    season: Season,
    by: User,
    head: Unit,
    deputy: Unit,
    people: Sequence[User],
    day: date,
    source: str = "",
    at: datetime | None = None,
) -> Season:
    """Hand the cluster over to the head and deputy of next year; return next year's season.

    From `day` on `people` are its secretaries and the present ones no more; this term ends, the
    next is active, and the next season is opened where nobody opened it yet. Raises
    ValidationError code="done", "member", "same", "day", "nobody" or "people"; PermissionDenied
    for anybody but the secretary.
    """
    row = locked_season(season)
    if not permissions.can_hand_over(by, row):
        raise PermissionDenied
    term = Term.objects.select_for_update().filter(cluster=row.cluster_id, year=row.year).first()
    if is_handed_over(row):
        text = _("Đã bàn giao cho cụm trưởng năm %(year)s.") % {"year": row.year + 1}
        raise ValidationError(text, code="done")
    _check_units(row, head, deputy)
    _check_day(row, day, timezone.localdate(at))
    homes = _homes(people, (head, deputy), day)
    opened = next_season(row) or copy_season(season=row, by=by, at=at)
    before = _end_appointments(row, day)
    for user in people:
        Appointment.objects.get_or_create(
            user=user, role=Role.SECRETARY, unit=homes[user.pk], cluster=row.cluster, start=day
        )
    changes: dict[str, Any] = _turn_terms(row, term, head, deputy, source) | {
        "secretaries": [before, [user.pk for user in people]],
        "day": [None, day],
        "season": [None, opened.slug],
    }
    record(verb="season.hand_over", subject=row, by=by, changes=changes, at=at)
    return opened


def _check_units(season: Season, head: Unit, deputy: Unit) -> None:
    if head == deputy:
        raise ValidationError(_("Cụm trưởng và cụm phó phải là hai đơn vị."), code="same")
    members = heirs(season).order
    if lost := [str(unit) for unit in (head, deputy) if unit not in members]:
        text = _("%(units)s không là thành viên của cụm trong năm %(year)s.")
        values = {"units": ", ".join(lost), "year": season.year + 1}
        raise ValidationError(text % values, code="member")


def _check_day(season: Season, day: date, today: date) -> None:
    last = date(season.year + 1, 12, 31)
    if not today <= day <= last:
        text = _("Chọn ngày từ hôm nay đến %(last)s") % {"last": f"{last:%d/%m/%Y}"}
        raise ValidationError({"day": ValidationError(text, code="day")})


def _homes(people: Sequence[User], units: Sequence[Unit], day: date) -> dict[int, Unit]:
    """Return in which of the two units each of them works; the head's comes first."""
    if not people:
        raise ValidationError(_("Chọn ít nhất một người nhận vai trò thư ký."), code="nobody")
    found: dict[int, Unit] = {}
    place = {unit.pk: number for number, unit in enumerate(units)}
    rows = sorted(candidates(units, day), key=lambda row: place[row.unit_id or 0])
    for row in rows:
        found.setdefault(row.user_id, units[place[row.unit_id or 0]])
    if lost := [str(user) for user in people if user.pk not in found]:
        text = _("%(names)s: chưa được phân công ở đơn vị cụm trưởng, cụm phó mới từ ngày đó.")
        raise ValidationError(text % {"names": ", ".join(lost)}, code="people")
    return found


def _end_appointments(season: Season, day: date) -> list[int]:
    """End the role of the present secretaries the day before; return whose it was."""
    rows = Appointment.objects.filter(
        Q(end=None) | Q(end__gte=day), cluster=season.cluster_id, role=Role.SECRETARY,
        start__lt=day,
    )  # fmt: skip
    users = list(rows.order_by("pk").values_list("user", flat=True))
    rows.update(end=day - timedelta(days=1))
    return users


def _turn_terms(
    season: Season, term: Term | None, head: Unit, deputy: Unit, source: str
) -> dict[str, list[Any]]:
    """Let this term end and the next one begin; return what changed."""
    if term:
        term.state = TermState.HANDED_OVER
        term.save()
    following = _next_term(season) or Term(cluster=season.cluster, year=season.year + 1)
    following.head, following.deputy, following.state = head, deputy, TermState.ACTIVE
    following.source = source or following.source
    following.save()
    return {
        "head": [term.head_id if term else None, head.pk],
        "deputy": [term.deputy_id if term else None, deputy.pk],
    }

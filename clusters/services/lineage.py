"""Units are renamed, merged, split, or move to another cluster; their record follows them.

The rows of the past stay as they were: they end the day before, and new rows begin that name them
as predecessors. The year that runs keeps its members; rights follow by `permissions.standing`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters import lineage, permissions
from clusters.models import Appointment, Cluster, Membership, Term, Unit, User
from journal.services import record


@dataclass(frozen=True)
class UnitName:
    """What a unit is called from a day on."""

    name: str
    short_name: str
    code: str


@transaction.atomic
def rename_unit(
    *, unit: Unit, to: UnitName, day: date, by: User, basis: str = "", first_year: int | None = None
) -> Unit:
    """Give a unit another name or code from `day` on; return the row that follows it.

    `first_year` is the first year whose place passes on, by default the next to begin. Raises
    ValidationError code="ended", "day", "code" or "same"; PermissionDenied for anybody but an
    administrator.
    """
    [old] = _ending([unit], by, day)
    if (to.name, to.short_name, to.code) == (old.name, old.short_name, old.code):
        raise ValidationError(_("Tên và ký hiệu chưa đổi."), code="same")
    [new] = _begin([old], [to], day)
    passed = _pass_on([old], day, first_year, lambda _row: new, new)
    changes = {name: [getattr(old, name), value] for name, value in asdict(to).items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    record(verb="unit.rename", subject=new, by=by, reason=basis, changes=changes | passed)
    return new


@transaction.atomic
def merge_units(
    *,
    units: Sequence[Unit],
    to: UnitName,
    day: date,
    by: User,
    basis: str = "",
    first_year: int | None = None,
) -> Unit:
    """Let one unit follow several from `day` on; the first of them leaves it its place.

    A unit that takes others in under its own name is a new row too. Raises ValidationError
    code="few", "ended", "day" or "code"; PermissionDenied for anybody but an administrator.
    """
    if len({unit.pk for unit in units}) < 2:
        raise ValidationError(_("Chọn ít nhất hai đơn vị để sáp nhập."), code="few")
    old = _ending(units, by, day)
    [new] = _begin(old, [to], day)
    passed = _pass_on(old, day, first_year, lambda _row: new, new)
    changes = {"units": [[row.pk for row in old], new.pk], "name": [None, new.name]}
    record(verb="unit.merge", subject=new, by=by, reason=basis, changes=changes | passed)
    return new


@transaction.atomic
def split_unit(
    *,
    unit: Unit,
    into: Sequence[UnitName],
    people: Mapping[int, int],
    day: date,
    by: User,
    basis: str = "",
    first_year: int | None = None,
) -> list[Unit]:
    """Let several units follow one from `day` on; the first of them takes its place.

    `people` tells for each appointment that goes on (by key) to which of `into` it goes. Raises
    ValidationError code="few", "ended", "day", "code" or "people"; PermissionDenied for anybody
    but an administrator.
    """
    if len(into) < 2:
        raise ValidationError(_("Nhập ít nhất hai đơn vị mới."), code="few")
    [old] = _ending([unit], by, day)
    new = _begin([old], into, day)
    running = lineage.succession([old], day, day.year).appointments
    if lost := [str(row.user) for row in running if people.get(row.pk) not in range(len(new))]:
        text = _("Chọn đơn vị mới cho: %(names)s.") % {"names": ", ".join(lost)}
        raise ValidationError(text, code="people")
    passed = _pass_on([old], day, first_year, lambda row: new[people[row.pk]], *new)
    changes = {"units": [old.pk, [row.pk for row in new]], "names": [None, [str(n) for n in new]]}
    record(verb="unit.split", subject=old, by=by, reason=basis, changes=changes | passed)
    return new


@transaction.atomic
def move_unit(
    *, unit: Unit, origin: Cluster, to: Cluster, year: int, by: User, basis: str = ""
) -> Membership:
    """Make a unit a member of another cluster from `year` on, the last in its order.

    A year that has begun keeps its members. Raises ValidationError code="ended", "begun", "same",
    "cluster", "member" or "term"; PermissionDenied for anybody but an administrator.
    """
    if not permissions.can_change_units(by):
        raise PermissionDenied
    [row] = _locked([unit])
    _may_move(row, origin, to, year)
    leaving = Membership.objects.filter(unit=row, cluster=origin, year__gte=year)
    years = sorted({year, *leaving.values_list("year", flat=True)})
    leaving.delete()
    made = [_join(row, to, each) for each in years]
    changes = {"cluster": [origin.pk, to.pk], "years": [None, years]}
    record(verb="unit.move", subject=row, by=by, reason=basis, changes=changes)
    return made[0]


def _locked(units: Sequence[Unit]) -> list[Unit]:
    """Return the rows in the order of `units`; raises ValidationError where one ended.

    All units are locked, in one order: a code is asked for and taken by one change at a time.
    """
    keys = [unit.pk for unit in units]
    found = {row.pk: row for row in Unit.objects.select_for_update(no_key=True).order_by("pk")}
    rows = [found[pk] for pk in dict.fromkeys(keys)]
    for row in rows:
        if row.valid_to is not None:
            text = _("%(unit)s đã kết thúc ngày %(day)s. Chọn đơn vị kế tục.")
            values = {"unit": row, "day": f"{row.valid_to:%d/%m/%Y}"}
            raise ValidationError(text % values, code="ended")
    return rows


def _ending(units: Sequence[Unit], by: User, day: date) -> list[Unit]:
    """Return the rows that end the day before `day`, ended and locked."""
    if not permissions.can_change_units(by):
        raise PermissionDenied
    rows = _locked(units)
    for row in rows:
        if row.valid_from and day <= row.valid_from:
            text = _("Chọn ngày sau %(day)s, là ngày %(unit)s bắt đầu.")
            values = {"unit": row, "day": f"{row.valid_from:%d/%m/%Y}"}
            raise ValidationError(text % values, code="day")
        row.valid_to = day - timedelta(days=1)
        # Of a unit in a closed year only this may change.
        row.save(update_fields=["valid_to"])
    return rows


def _begin(old: Sequence[Unit], names: Sequence[UnitName], day: date) -> list[Unit]:
    """Store the units that follow `old`; raises ValidationError where a code is somebody else's."""
    codes = [name.code for name in names]
    living = Unit.objects.filter(code__in=codes).exclude(pk__in=[row.pk for row in old])
    living = living.filter(Q(valid_to=None) | Q(valid_to__gte=day))
    taken = sorted(set(living.values_list("code", flat=True)))
    taken += sorted({code for code in codes if codes.count(code) > 1})
    if taken:
        text = _("Ký hiệu %(codes)s đã dùng cho một đơn vị khác. Chọn ký hiệu khác.")
        raise ValidationError(text % {"codes": ", ".join(taken)}, code="code")
    illustrative = all(row.is_illustrative for row in old)
    new = [
        Unit.objects.create(valid_from=day, is_illustrative=illustrative, **asdict(name))
        for name in names
    ]
    for row in new:
        row.predecessors.set(old)
    return new


def _pass_on(
    old: Collection[Unit],
    day: date,
    first_year: int | None,
    heir: Callable[[Appointment], Unit],
    *new: Unit,
) -> dict[str, Any]:
    """Give appointments, memberships and terms to the successors; return what the journal keeps."""
    year = first_year or lineage.first_year_after(day, timezone.localdate())
    found = lineage.succession(old, day, year)
    for row in found.appointments:
        _continue(row, heir(row), day)
    order = {unit.pk: place for place, unit in enumerate(old)}
    known: set[tuple[int, int]] = set()
    for member in sorted(found.memberships, key=lambda row: order[row.unit_id]):
        _follow(member, new, known)
    for term in found.terms:
        _follow_term(term, order, new[0])
    return {
        "day": [None, day],
        "appointments": [None, [row.pk for row in found.appointments]],
        "years": [None, sorted({row.year for row in found.memberships})],
    }


def _continue(row: Appointment, unit: Unit, day: date) -> None:
    """End an appointment and begin it anew in `unit`; what only begins later just moves there."""
    same = {"user": row.user, "role": row.role, "cluster": row.cluster, "unit": unit}
    start = max(row.start, day)
    twin = Appointment.objects.filter(start=start, **same).first()
    if twin is None and row.start >= day:
        row.unit = unit
        row.save()
        return
    if twin is None:
        Appointment.objects.create(start=start, end=row.end, **same)
    elif twin.end and (row.end is None or row.end > twin.end):
        twin.end = row.end
        twin.save()
    if row.start >= day:
        row.delete()
    else:
        row.end = day - timedelta(days=1)
        row.save()


def _follow(member: Membership, new: Sequence[Unit], known: set[tuple[int, int]]) -> None:
    """Give a place in a year to come to the first successor; the others come last."""
    place = member.cluster_id, member.year
    if place in known:
        member.delete()
        return
    known.add(place)
    member.unit = new[0]
    member.save()
    for unit in new[1:]:
        last = _last_order(member.cluster, member.year)
        Membership.objects.create(
            cluster=member.cluster, unit=unit, year=member.year, order=last + 1
        )


def _last_order(cluster: Cluster, year: int) -> int:
    rows = Membership.objects.filter(cluster=cluster, year=year)
    return rows.aggregate(last=Max("order"))["last"] or 0


def _join(unit: Unit, cluster: Cluster, year: int) -> Membership:
    """Make `unit` the last member of a year; where nobody is one yet, the present ones stay."""
    members = Membership.objects.filter(cluster=cluster)
    if not members.filter(year=year).exists():
        before = members.filter(year__lt=year).order_by("-year").first()
        rows = Unit.objects.filter(
            memberships__cluster=cluster, memberships__year=before.year if before else 0
        )
        staying = lineage.lasting(rows.order_by("memberships__order"), date(year, 1, 1))
        elsewhere = set(Membership.objects.filter(year=year).values_list("unit", flat=True))
        Membership.objects.bulk_create(
            Membership(cluster=cluster, unit=row, year=year, order=order)
            for order, row in enumerate(staying, 1)
            if row.pk not in elsewhere and row != unit
        )
    last = _last_order(cluster, year)
    return Membership.objects.create(cluster=cluster, unit=unit, year=year, order=last + 1)


def _follow_term(term: Term, old: Collection[int], unit: Unit) -> None:
    """Let `unit` head the cluster in a year to come; it is not its own deputy."""
    if term.head_id in old:
        term.head = unit
    if term.deputy_id in old:
        term.deputy = unit
    if term.deputy_id == term.head_id:
        term.deputy = None
    term.save()


def _may_move(unit: Unit, origin: Cluster, to: Cluster, year: int) -> None:
    """Raise ValidationError where the unit may not move between the clusters in that year."""
    today = timezone.localdate()
    if year <= today.year:
        text = _("Năm %(year)s đã bắt đầu và giữ nguyên thành viên. Chọn từ năm %(next)s.")
        raise ValidationError(text % {"year": year, "next": today.year + 1}, code="begun")
    if origin == to:
        raise ValidationError(_("Chọn một cụm khác với cụm hiện nay."), code="same")
    if year < to.year_from or (to.year_to is not None and year > to.year_to):
        text = _("%(cluster)s không hoạt động trong năm %(year)s.")
        raise ValidationError(text % {"cluster": to, "year": year}, code="cluster")
    if not Membership.objects.filter(unit__in=lineage.ancestors(unit), cluster=origin).exists():
        text = _("%(unit)s không là thành viên của %(cluster)s.")
        raise ValidationError(text % {"unit": unit, "cluster": origin}, code="cluster")
    if Membership.objects.filter(unit=unit, cluster=to, year__gte=year).exists():
        text = _("%(unit)s đã là thành viên của %(cluster)s từ năm đó.")
        raise ValidationError(text % {"unit": unit, "cluster": to}, code="member")
    heads = Term.objects.filter(Q(head=unit) | Q(deputy=unit), cluster=origin, year__gte=year)
    if term := heads.first():
        text = _("Đơn vị dự kiến làm cụm trưởng hoặc cụm phó năm %(year)s. Sửa nhiệm kỳ đó trước.")
        raise ValidationError(text % {"year": term.year}, code="term")

"""Writes to the targets of the pledge: those of one unit, or those the cluster shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions, pledges, weights
from emulation.models import Direction, Pledge, Target
from emulation.services.pledge import locked_pledge, stale, verb_of_change
from journal.services import changed, plain, record

MOST = 60
# Orders are moved out of the way while rows change places: each is unique at every moment.
ASIDE = 10_000
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """A target as it is to be; `pk` names the stored row, None for a new one."""

    pk: int | None
    group: str
    text: str
    measure: str
    planned: Decimal
    direction: str = Direction.MORE
    weight: Decimal = Decimal(0)
    note: str = ""
    part_of_id: int | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns of the row, numbers as the database gives them back."""
        return {
            "group": self.group,
            "text": self.text,
            "measure": self.measure,
            "planned": self.planned.quantize(HUNDREDTH),
            "direction": self.direction,
            "weight": self.weight.quantize(HUNDREDTH),
            "note": self.note,
            "part_of_id": self.part_of_id,
        }


@transaction.atomic
def set_targets(
    *,
    pledge: Pledge,
    unit: Unit | None,
    by: User,
    seen: str,
    lines: Sequence[Line],
    reason: str = "",
    at: datetime | None = None,
) -> list[Target]:
    """Make `lines` the targets of a unit, or of the cluster, in this order; return the rows.

    `seen` is the fingerprint of what the form showed: ValidationError(code="stale") where something
    else is stored. The same lines sent twice change nothing. What achievements or another year
    refer to cannot be removed (code "used"). After the settling only the secretary may change
    anything, with a `reason`; PermissionDenied for another unit.
    """
    row = locked_pledge(pledge)
    if not permissions.can_set_targets(by, row, unit):
        raise PermissionDenied
    if unit and not row.season.units().filter(pk=unit.pk).exists():
        raise PermissionDenied
    stored = list(row.targets.filter(unit=unit).order_by("order"))
    if [_values(target) for target in stored] == [line.values() for line in lines]:
        return stored
    known = {target.pk: target for target in stored}
    if seen != pledges.fingerprint(stored) or {line.pk for line in lines} - {None, *known}:
        raise stale()
    _check(row, unit, lines)
    _check_weights(row, unit, lines)
    verb = verb_of_change(row, "pledge.targets", reason)
    kept = {line.pk for line in lines}
    gone = [target for target in stored if target.pk not in kept]
    _remove(gone)
    pairs = _write(row, unit, known, lines)
    pairs |= {"unit": str(unit) if unit else "", "removed": [target.text for target in gone]}
    said = reason.strip() if verb == "pledge.amend" else ""
    record(verb=verb, subject=row, by=by, changes=pairs, reason=said, at=at)
    return list(row.targets.filter(unit=unit).order_by("order"))


def _values(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in Line(None, "", "", "", Decimal(0)).values()}


def _check(pledge: Pledge, unit: Unit | None, lines: Sequence[Line]) -> None:
    """Refuse too many lines, and a part of something that is no target of the cluster."""
    if len(lines) > MOST:
        text = _("Mỗi bảng có tối đa %(n)s chỉ tiêu")
        raise ValidationError(text, code="many", params={"n": MOST})
    parents = {line.part_of_id for line in lines if line.part_of_id}
    shared = pledge.targets.filter(unit=None, pk__in=parents).count() if unit else 0
    if shared != len(parents):
        raise ValidationError(_("Chọn một chỉ tiêu chung của cụm"), code="part_of")


def _check_weights(pledge: Pledge, unit: Unit | None, lines: Sequence[Line]) -> None:
    """A draft may be anything; what is settled stays complete."""
    found = weights.balance(line.weight for line in lines)
    if unit and pledge.settled_at is not None and not found.is_full:
        text = _("Giao ước đã chốt, trọng số của đơn vị phải cộng đủ 100. %(said)s.")
        raise ValidationError(text, code="weights", params={"said": weights.said(found)})


def _remove(gone: Sequence[Target]) -> None:
    rows = Target.objects.filter(pk__in=[target.pk for target in gone])
    used = rows.filter(Q(achievements__isnull=False) | Q(next_years__isnull=False)).distinct()
    if texts := list(used.values_list("text", flat=True)):
        text = _("Không xóa được chỉ tiêu đã có thành tích hoặc năm sau dùng tiếp: %(texts)s")
        raise ValidationError(text, code="used", params={"texts": "; ".join(texts)})
    rows.delete()


def _write(
    pledge: Pledge, unit: Unit | None, known: dict[int, Target], lines: Sequence[Line]
) -> dict[str, Any]:
    """Store every line at its place; return what was added and changed."""
    added, differing = [], []
    pledge.targets.filter(unit=unit).update(order=F("order") + ASIDE)
    for order, line in enumerate(lines, 1):
        target = known.get(line.pk or 0) or Target(pledge=pledge, unit=unit)
        values = line.values()
        if target.pk:
            found = changed(target, values)
            differing += [[line.text, name, *pair] for name, pair in found.items()]
        else:
            added.append([line.text, plain(values["planned"]), line.measure])
        for name, value in (values | {"order": order}).items():
            setattr(target, name, value)
        target.save()
    return {"added": added, "changed": differing}

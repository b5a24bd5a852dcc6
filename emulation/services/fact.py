"""Writes to the facts of units which break ties: a number with its source, replaced or dropped."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions
from emulation.models import FactKind, Season, UnitFact
from emulation.services.phases import locked_season
from journal.services import changed, plain, record

WHOLE = (FactKind.BALLOT, FactKind.SIZE)
MOST = Decimal("99999999.99")
LONGEST_SOURCE = 300
_CENT = Decimal("0.01")


def _to_run(season: Season, by: User) -> Season:
    row = locked_season(season)
    if not permissions.can_run(by, row):
        raise PermissionDenied
    return row


def _at(name: str, text: str, code: str) -> ValidationError:
    return ValidationError({name: ValidationError(text, code=code)})


def _checked(kind: FactKind, value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 <= value <= MOST:
        raise _at("value", _("Nhập giá trị từ 0 đến 99.999.999,99"), "range")
    if kind == FactKind.WOMEN and value not in (0, 1):
        raise _at("value", _("Nhập 1 nếu được ưu tiên tỷ lệ nữ, 0 nếu không"), "women")
    if kind in WHOLE and value != value.to_integral_value():
        raise _at("value", _("Nhập số phiếu, quân số bằng số nguyên"), "whole")
    if value != value.quantize(_CENT):
        raise _at("value", _("Nhập giá trị với tối đa 2 chữ số sau dấu phẩy"), "places")
    # As the database gives it back, so that the journal compares like with like.
    return value.quantize(_CENT)


@transaction.atomic
def record_fact(
    *,
    season: Season,
    unit: Unit,
    kind: str,
    value: Decimal,
    source: str,
    by: User,
    at: datetime | None = None,
) -> UnitFact:
    """Record a fact of a unit with its source; what was recorded before is replaced.

    The same fact sent twice is found and written down once. Raises ValidationError at the field:
    "unit" of no member, "kind", "range", "women", "whole" or "places" of the value, "source" where
    it is empty or too long; PermissionDenied for anybody but the secretary and in a closed season.
    """
    at = at or timezone.now()
    held = _to_run(season, by)
    if not held.units().filter(pk=unit.pk).exists():
        raise _at("unit", _("Chọn đơn vị thành viên của cụm"), "unit")
    if kind not in FactKind.values:
        raise _at("kind", _("Chọn loại số liệu"), "kind")
    source = source.strip()
    if not source or len(source) > LONGEST_SOURCE:
        raise _at("source", _("Nêu căn cứ, tối đa 300 ký tự"), "source")
    number = _checked(FactKind(kind), value)
    values: dict[str, Any] = {"value": number, "source": source}
    known = UnitFact.objects.filter(season=held, unit=unit, kind=kind).first()
    if known is None:
        row = UnitFact(season=held, unit=unit, kind=kind)
        pairs = {name: [None, plain(new)] for name, new in values.items()}
    else:
        row, pairs = known, changed(known, values)
        if not pairs:
            return row
    row.value, row.source, row.by, row.at = number, source, by, at
    row.save()
    record(verb="fact.record", subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def drop_fact(*, fact: UnitFact, by: User, at: datetime | None = None) -> None:
    """Drop a fact; the journal keeps what it said.

    Raises ValidationError code="gone" for one that was dropped already; PermissionDenied for
    anybody but the secretary and in a closed season.
    """
    held = _to_run(fact.season, by)
    row = UnitFact.objects.filter(season=held, pk=fact.pk).select_related("unit").first()
    if row is None:
        raise ValidationError(_("Số liệu này đã được bỏ."), code="gone")
    pairs = {"value": [plain(row.value), None], "source": [row.source, None]}
    record(verb="fact.drop", subject=row, by=by, changes=pairs, at=at)
    row.delete()

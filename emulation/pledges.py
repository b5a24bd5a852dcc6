"""How a pledge stands: what each unit pledged and signed, what was amended, what is to do."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clusters.models import Unit
from emulation import weights
from emulation.models import Pledge, Season, Signature, Target
from emulation.tags import Tag
from emulation.weights import Balance
from journal.models import Event
from journal.queries import history


def fingerprint(targets: Iterable[Target]) -> str:
    """Return a short text that differs as soon as anything in these stored targets does."""
    rows = [
        [
            *(row.pk, row.unit_id, row.part_of_id, row.order, row.group, row.text, row.measure),
            *(f"{row.planned:.2f}", row.direction, f"{row.weight:.2f}", row.note),
        ]
        for row in sorted(targets, key=lambda row: (row.unit_id or 0, row.order))
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:32]


def unbalanced(season: Season, targets: Iterable[Target]) -> dict[Unit, Balance]:
    """Return the member units whose own targets do not make up 100, in the official order."""
    rows = list(targets)
    return weights.unbalanced(
        {unit: [row.weight for row in rows if row.unit_id == unit.pk] for unit in season.units()}
    )


@dataclass(frozen=True)
class UnitPledge:
    """What one unit pledged: its targets and their weights, its titles, its signature."""

    unit: Unit
    targets: int
    balance: Balance
    titles: list[str]
    signature: Signature | None
    tag: Tag

    @property
    def said(self) -> str:
        return weights.said(self.balance)


def state(season: Season, pledge: Pledge | None, own: Unit | None = None) -> list[UnitPledge]:
    """Return a line per member unit in the official order; `own` is the reader's unit."""
    if pledge is None:
        return []
    pledge.season = season
    found: dict[int, list[Target]] = {}
    for row in pledge.targets.exclude(unit=None):
        found.setdefault(row.unit_id or 0, []).append(row)
    titles: dict[int, list[str]] = {}
    for registration in pledge.registrations.all():
        titles.setdefault(registration.unit_id, []).append(registration.title)
    signatures = {row.unit_id: row for row in pledge.signatures.select_related("by")}
    return [
        UnitPledge(
            unit=unit,
            targets=len(found.get(unit.pk, [])),
            balance=weights.balance(row.weight for row in found.get(unit.pk, [])),
            titles=titles.get(unit.pk, []),
            signature=signatures.get(unit.pk),
            tag=signature_tag(pledge, signatures.get(unit.pk), is_own=unit == own),
        )
        for unit in season.units()
    ]


def signature_tag(pledge: Pledge, signature: Signature | None, *, is_own: bool = False) -> Tag:
    """Return one word on whether a unit signed; amber asks only those who can."""
    if signature is None:
        waits = pledge.settled_at is not None
        return Tag(_("Chưa ký"), "do" if waits and is_own else "run" if waits else "off")
    if signature.is_late:
        return Tag(_("Ký chậm"), "off", "clock")
    return Tag(_("Đã ký"), "ok", "check2")


def amendments(pledge: Pledge) -> list[Event]:
    """Return what was changed after the settling, newest first."""
    return list(history(pledge).filter(verb="pledge.amend"))


def last_day(pledge: Pledge) -> date:
    """Return the day after which a signature is late: the ceremony, or the end of March."""
    end = date(pledge.season.year, 3, 31)
    return min(end, pledge.signed_on or end)

"""Writes to the text of the pledge: its parts, the titles registered, settling, signing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions, pledges, weights
from emulation.models import Pledge, Registration, Season, Signature
from emulation.models.season import days_of
from emulation.services import scheme
from emulation.services.phases import locked_season
from journal.services import changed, record

# What the units sign; the ceremony is recorded beside it, before or after.
TEXT = ("basis", "content", "measures")
CEREMONY = ("signed_on", "place", "witness")
SHORTEST_REASON = 20


def locked_pledge(pledge: Pledge) -> Pledge:
    """Return the pledge's row with its season, locked for the caller's transaction."""
    rows = Pledge.objects.select_for_update(of=("self",)).select_related("season__cluster")
    return rows.get(pk=pledge.pk)


def stale() -> ValidationError:
    """Return the refusal of what was typed over something that is no longer stored."""
    return ValidationError(
        _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
    )


def verb_of_change(pledge: Pledge, usual: str, reason: str) -> str:
    """Return the verb under which a change of what the units sign is written down.

    What is settled is amended, for a reason that can be read: raises ValidationError(code="reason")
    for one of fewer than 20 characters.
    """
    if pledge.settled_at is None:
        return usual
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError(
            {"reason": ValidationError(
                _("Giao ước đã chốt: nêu lý do điều chỉnh, ít nhất %(n)s ký tự"),
                code="reason", params={"n": SHORTEST_REASON},
            )}
        )  # fmt: skip
    return "pledge.amend"


@transaction.atomic
def write_pledge(
    *,
    season: Season,
    by: User,
    version: int,
    values: Mapping[str, Any],
    reason: str = "",
    at: datetime | None = None,
) -> Pledge:
    """Write the parts of the pledge (`TEXT`) and what is told of its ceremony (`CEREMONY`).

    `version` is 0 for a pledge that is not there yet. A change of the text after the settling is an
    amendment and needs its `reason`. Raises ValidationError(code="stale") where somebody saved in
    between; PermissionDenied for anybody but the secretary.
    """
    row = locked_season(season)
    if not permissions.can_run(by, row):
        raise PermissionDenied
    pledge = Pledge.objects.select_related("season__cluster").filter(season=row).first()
    known = pledge or Pledge(season=row, version=0)
    pairs = changed(known, values)
    if not pairs and pledge:
        return pledge
    if version != known.version:
        raise stale()
    usual = "pledge.write"
    verb = verb_of_change(known, usual, reason) if set(TEXT) & set(pairs) else usual
    for name in pairs:
        setattr(known, name, values[name])
    known.version += 1
    known.save()
    said = reason.strip() if verb == "pledge.amend" else ""
    record(verb=verb, subject=known, by=by, changes=pairs, reason=said, at=at)
    return known


@transaction.atomic
def register_titles(
    *,
    pledge: Pledge,
    unit: Unit,
    by: User,
    titles: Sequence[str],
    before: Sequence[str] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> list[str]:
    """Replace the titles that a unit registers to strive for; return them in their order.

    `before` is what the form showed: ValidationError(code="stale") where it is stored no more.
    After the settling only the secretary may, with a `reason`.
    """
    row = locked_pledge(pledge)
    if not permissions.can_set_targets(by, row, unit) or not _is_member(row, unit):
        raise PermissionDenied
    wanted = list(dict.fromkeys(titles))
    stored = list(row.registrations.filter(unit=unit).values_list("title", flat=True))
    if stored == wanted:
        return wanted
    if before is not None and list(before) != stored:
        raise stale()
    verb = verb_of_change(row, "pledge.register", reason)
    row.registrations.filter(unit=unit).delete()
    Registration.objects.bulk_create(
        Registration(pledge=row, unit=unit, title=title) for title in wanted
    )
    pairs = {str(unit): [stored, wanted]}
    record(verb=verb, subject=row, by=by, changes=pairs, reason=_said(verb, reason), at=at)
    return wanted


def _said(verb: str, reason: str) -> str:
    return reason.strip() if verb == "pledge.amend" else ""


def _is_member(pledge: Pledge, unit: Unit) -> bool:
    return pledge.season.units().filter(pk=unit.pk).exists()


@transaction.atomic
def settle_pledge(
    *, pledge: Pledge, by: User, version: int, seen: str, at: datetime | None = None
) -> Pledge:
    """Fix the text and the targets: from now on they are what the units sign.

    `seen` is the fingerprint of the targets that the secretary read (`pledges.fingerprint`). A
    second click finds it done. Raises ValidationError: "stale", "empty" without a text, and
    "weights", which names the units whose own targets do not make up 100.
    """
    at = at or timezone.now()
    row = locked_pledge(pledge)
    if not permissions.can_run(by, row.season):
        raise PermissionDenied
    if row.settled_at is not None:
        return row
    targets = list(row.targets.all())
    if version != row.version or seen != pledges.fingerprint(targets):
        raise stale()
    if not row.content.strip():
        raise ValidationError(_("Soạn nội dung giao ước trước khi chốt."), code="empty")
    if wrong := pledges.unbalanced(row.season, targets):
        lines = [f"{unit}: {weights.said(found)}" for unit, found in wrong.items()]
        text = _("Trọng số chỉ tiêu riêng của mỗi đơn vị phải cộng đủ 100. %(units)s.")
        raise ValidationError(text, code="weights", params={"units": "; ".join(lines)})
    row.settled_at = at
    row.version += 1
    row.save(update_fields=["settled_at", "version"])
    record(verb="pledge.settle", subject=row, by=by, changes={"targets": len(targets)}, at=at)
    return row


@transaction.atomic
def sign_pledge(
    *,
    pledge: Pledge,
    unit: Unit,
    by: User,
    signer: str,
    rank: str = "",
    position: str = "",
    signed_on: date | None = None,
    at: datetime | None = None,
) -> Signature:
    """Sign for a unit: its leader today, or the secretary for a leader who signed on paper.

    Only the secretary gives a day; a leader's day is that of the act. A second click finds the
    first signature. The first one locks the season's scheme. Raises ValidationError(code="day") for
    a day of another year or to come; PermissionDenied for anybody else, and while the text is not
    settled.
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    row = locked_pledge(pledge)
    on_paper = permissions.can_record_signature(by, row)
    may = on_paper or permissions.can_sign(by, row, unit)
    if not may or not _is_member(row, unit):
        raise PermissionDenied
    if found := Signature.objects.filter(pledge=row, unit=unit).first():
        return found
    day = (signed_on if on_paper else None) or today
    if not days_of(row.season)[0] <= day <= today:
        text = _("Chọn ngày trong năm %(year)s, không sau hôm nay")
        raise ValidationError(
            {"signed_on": ValidationError(text, "day", {"year": row.season.year})}
        )
    made = Signature.objects.create(
        pledge=row, unit=unit, signer=signer, rank=rank, position=position, signed_on=day, by=by
    )
    changes = {"unit": str(unit), "signer": signer, "signed_on": day, "on_paper": on_paper}
    if locked := scheme.lock(row.season, at):
        changes["scheme_locked"] = locked
    record(verb="pledge.sign", subject=row, by=by, at=at, changes=changes)
    return made

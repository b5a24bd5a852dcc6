"""Publishing the order of a season: its inputs and its result are frozen together."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions, published
from emulation.models import Season, SheetState, Standing
from emulation.services.unclassified import check_unclassified
from journal.services import record


@transaction.atomic
def publish(
    *,
    season: Season,
    by: User,
    reason: str = "",
    left_out: Mapping[int, str] | None = None,
    seen: int | None = None,
    at: datetime | None = None,
) -> Standing:
    """Freeze the order as it is; `left_out` gives the reason for each unit that has no place.

    `seen` is the number of the last publication that the page showed, so that two who publish at
    once leave one publication. Every member unit is appraised, or left out with a reason.
    Raises ValidationError code="no_scheme", "stale", "reason" or "missing"; PermissionDenied.
    """
    at = at or timezone.now()
    row = (
        Season.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cluster", "scheme")
        .get(pk=season.pk)
    )
    if not permissions.can_publish(by, row):
        raise PermissionDenied
    if row.scheme is None:
        raise ValidationError(_("Kỳ thi đua chưa có thang điểm."), code="no_scheme")
    check_unclassified({"reason": reason})
    # Whoever appraises meanwhile waits, and then finds the order published.
    states = dict(row.sheets.select_for_update(of=("self",)).values_list("unit", "state"))
    last = published.latest(row)
    number = last.number if last else 0
    if seen is not None and seen != number:
        raise ValidationError(_("Xếp hạng vừa được người khác công bố. Xem lại."), code="stale")
    if last and not reason:
        raise ValidationError({"reason": _("Nêu lý do công bố lại.")}, code="reason")
    excused = _excused(row, states, left_out or {})
    inputs, result = published.freeze(row, excused)
    made = Standing.objects.create(
        season=row, number=number + 1, inputs=inputs, result=result,
        sha256=published.digest(inputs), reason=reason, by=by, at=at,
    )  # fmt: skip
    record(
        verb="standing.publish", subject=row, by=by, reason=reason, at=at,
        changes={"number": [number or None, number + 1], "sha256": [None, made.sha256]},
    )  # fmt: skip
    return made


def _excused(
    season: Season, states: Mapping[int, str], left_out: Mapping[int, str]
) -> dict[int, str]:
    """Return who has no place, with the reason; refuse who has neither sheet nor reason."""
    waiting = [u for u in season.units() if states.get(u.pk) != SheetState.APPRAISED]
    excused = {unit.pk: left_out[unit.pk] for unit in waiting if left_out.get(unit.pk)}
    check_unclassified({str(pk): text for pk, text in excused.items()})
    missing = [unit.short_name for unit in waiting if unit.pk not in excused]
    if missing:
        raise ValidationError(
            _("Chưa thẩm định xong: %(units)s. Thẩm định nốt hoặc nêu lý do không xếp hạng."),
            code="missing",
            params={"units": ", ".join(missing)},
        )
    if len(waiting) == len(season.units()):
        raise ValidationError(_("Chưa có đơn vị nào để xếp hạng."), code="missing")
    return excused

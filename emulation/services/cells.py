"""One line of a lane: what it takes, how it is compared, and how it is saved as it is typed."""

from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from clusters.vietnamese import format_number
from emulation import lanes, permissions, scoring
from emulation.models import CrossScore, Score, ScoreSheet, SheetState
from emulation.models.sheet import SHEET_TRANSITIONS
from emulation.standings import Lane
from journal.services import record

_MOST = Decimal(10) ** 10


class Entry(NamedTuple):
    """What one lane says of one criterion: points, or an actual value with its target."""

    score: Decimal | None = None
    note: str = ""
    actual: Decimal | None = None
    target: Decimal | None = None
    basis: str = ""

    @property
    def token(self) -> str:
        """A short name of this very content, for a page to say what it was typed over."""
        values = [format_number(value) for value in (self.score, self.actual, self.target)]
        return sha256(repr([*values, self.note, self.basis]).encode()).hexdigest()[:16]


def entry_of(line: Score, lane: Lane) -> Entry:
    """Return what is stored in a lane of a line."""
    cell = lanes.cell_of(line, lane)
    basis = line.verified_basis if lane is Lane.VERIFIED else ""
    return Entry(cell.score, getattr(line, f"{lane}_note"), cell.actual, cell.target, basis)


def check(line: Score | CrossScore, entry: Entry) -> None:
    """Raise ValidationError where the line does not take this: computed, out of range, too fine."""
    criterion = line.criterion
    if lanes.is_computed(criterion):
        raise ValidationError(
            _("%(code)s được tính từ số liệu, không nhập."), "computed", {"code": criterion.code}
        )
    if criterion.method and entry.score is not None and isinstance(line, Score):
        raise ValidationError(
            _("%(code)s tính điểm từ số thực hiện."), "computed", {"code": criterion.code}
        )
    if entry.score is not None:
        rule = scoring.CriterionRule(
            code=criterion.code, kind=scoring.Kind(criterion.kind), max_score=line.max_score,
            min_score=line.min_score, points_each=None, group="",
        )  # fmt: skip
        try:
            scoring.check_score(rule, entry.score)
        except scoring.ScoreOutOfRange as refused:
            raise ValidationError(
                _("Điểm %(code)s từ %(least)s đến %(most)s, tối đa 2 chữ số sau dấu phẩy."),
                refused.code,
                {
                    "code": criterion.code,
                    "least": format_number(line.min_score),
                    "most": format_number(line.max_score),
                },
            ) from refused
    for value in (entry.actual, entry.target):
        if value is not None and not (value.is_finite() and 0 <= value < _MOST):
            raise ValidationError(
                _("Số liệu %(code)s từ 0 đến dưới 10 tỷ."), "range", {"code": criterion.code}
            )


def put(line: Score, lane: Lane, entry: Entry) -> list[Any] | None:
    """Write a lane of a line; return [before, after] for the journal, None if nothing changed."""
    before = entry_of(line, lane)
    if before == entry:
        return None
    check(line, entry)
    values = {
        f"{lane}_score": entry.score, f"{lane}_note": entry.note,
        f"{lane}_actual": entry.actual, f"{lane}_target": entry.target,
    }  # fmt: skip
    if lane is Lane.VERIFIED:
        values["verified_basis"] = entry.basis
    for name, value in values.items():
        setattr(line, name, value)
    line.save(update_fields=list(values))
    return [_told(line, before), _told(line, entry)]


def _told(line: Score, entry: Entry) -> list[Any]:
    first = [entry.actual, entry.target] if line.criterion.method else [entry.score]
    return [*first, entry.note, *([entry.basis] if entry.basis else [])]


def lock(sheet: ScoreSheet) -> ScoreSheet:
    """Return the sheet as it is now, locked for the caller's transaction."""
    return (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("season__cluster", "season__scheme", "unit")
        .get(pk=sheet.pk)
    )


def move(sheet: ScoreSheet, to: SheetState) -> None:
    """Set the state. Raises ValidationError code="transition" where it may not follow."""
    if sheet.state != to and to not in SHEET_TRANSITIONS[SheetState(sheet.state)]:
        raise ValidationError(
            _("Bảng điểm đang ở trạng thái “%(state)s”."),
            code="transition",
            params={"state": sheet.get_state_display()},
        )
    sheet.state = to


def reopen(sheet: ScoreSheet) -> None:
    """A verified score of a finished sheet was changed: it waits to be finished again."""
    if sheet.state == SheetState.APPRAISED:
        move(sheet, SheetState.EXPLAINED if sheet.first_at else SheetState.SUBMITTED)


def may_write(sheet: ScoreSheet, lane: Lane, by: User, at: datetime) -> None:
    """Raise PermissionDenied, or ValidationError code="transition" where a lane was sent."""
    if lane is Lane.VERIFIED:
        if not permissions.can_appraise(by, sheet, at):
            raise PermissionDenied
        return
    if not permissions.can_self_score(by, sheet.season, sheet.unit, at):
        raise PermissionDenied
    if sheet.state != SheetState.DRAFT:
        raise ValidationError(_("Bảng tự chấm đã gửi."), code="transition")


@transaction.atomic
def write_cell(
    *,
    sheet: ScoreSheet,
    criterion: int,
    lane: Lane,
    entry: Entry,
    was: str,
    by: User,
    at: datetime | None = None,
) -> tuple[ScoreSheet, Score]:
    """Save one line of a lane; `was` is the token of what it was typed over.

    A line that somebody else changed meanwhile is told (code="stale") and never overwritten; the
    same content sent twice is saved once. Other lines of the sheet may change at the same time.
    """
    at = at or timezone.now()
    row = lock(sheet)
    may_write(row, lane, by, at)
    line = row.scores.select_related("criterion").get(criterion=criterion)
    stored = entry_of(line, lane)
    if stored != entry and stored.token != was:
        raise ValidationError(_("Dòng này vừa được người khác lưu."), code="stale")
    pair = put(line, lane, entry)
    if pair is not None:
        if lane is Lane.VERIFIED:
            reopen(row)
        row.version += 1
        row.save()
        record(verb="sheet.cell", subject=row, by=by, changes={line.criterion.code: pair}, at=at)
    return row, line

"""Writes to scoring schemes: taking one that ships, editing, new versions, choosing, locking.

A version is edited in place only while nobody rests on it: it is of the cluster, not locked, no
sheet was opened on it and no closed season used it. Everything else is a new version with a reason.

A season changes its scheme freely until a sheet is opened or the pledge is signed. After that the
change needs a reason, which everybody in the season reads, and the version chosen is locked at
once. Drafts of sheets move along by the codes of their criteria; where something typed would have
no place in the new version, and once a sheet was sent, the change is refused.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions, schemes
from emulation.models import Criterion, Scheme, Score, Season
from emulation.models.scheme import Condition
from emulation.scheme_check import Plan, check, difference
from emulation.scoring import Kind, Method
from emulation.services.phases import locked_season
from journal.services import plain, record

FRAME = (
    "name", "ceiling", "source", "lead_group", "bonus_group", "penalty_group", "gap_limit",
)  # fmt: skip
SHORTEST_REASON = 10


def _columns(plan: Plan) -> dict[str, Any]:
    """Return the plan's frame as the columns of a scheme."""
    return {name: getattr(plan, name) for name in FRAME} | {
        "tie_breaks": list(plan.tie_breaks),
        "grades": {name: str(least) for name, least in plan.grades.items()},
    }


@transaction.atomic
def store(*, plan: Plan, code: str, version: int = 1, **values: Any) -> Scheme:
    """Store a plan as a version, without an entry: the act that needs it leaves its own."""
    made = Scheme.objects.create(code=code, version=version, **_columns(plan), **values)
    _write(made, plan)
    return made


def _write(scheme: Scheme, plan: Plan) -> None:
    """Make the rows of a version those of the plan; rows of the same code stay the same rows."""
    known = {row.code: row for row in scheme.criteria.all()}
    made: dict[str, Criterion] = {}
    for order, line in enumerate(plan.lines, 1):
        row = known.get(line.code) or Criterion(scheme=scheme)
        for name in schemes.LINE_FIELDS:
            setattr(row, name, getattr(line, name))
        row.kind, row.method = line.kind.value, line.method.value
        row.order, row.parent = order, made[line.parent] if line.parent else None
        row.save()
        made[line.code] = row
    gone = [row.pk for code, row in known.items() if code not in made]
    try:
        # What stays has its new group already: a group takes along only what goes with it.
        scheme.criteria.filter(pk__in=gone).delete()
        _write_rules(scheme, plan)
    except ProtectedError as error:
        text = _("Không bỏ được tiêu chí, điều kiện đã dùng ở nơi khác. Lập phiên bản mới.")
        raise ValidationError(text, code="used") from error


def _write_rules(scheme: Scheme, plan: Plan) -> None:
    known = {row.code: row for row in scheme.conditions.all()}
    for order, rule in enumerate(plan.rules, 1):
        row = known.pop(rule.code, None) or Condition(scheme=scheme)
        for name, value in rule._asdict().items():
            setattr(row, name, value)
        row.order = order
        row.save()
    scheme.conditions.filter(pk__in=[row.pk for row in known.values()]).delete()


def _locked(scheme: Scheme) -> Scheme:
    return Scheme.objects.select_for_update(of=("self",)).get(pk=scheme.pk)


def _stale() -> ValidationError:
    return ValidationError(
        _("Thang điểm này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
    )


def refuse_faults(plan: Plan) -> None:
    """Raise ValidationError(code="faults") with all that is wrong in a plan."""
    if faults := check(plan):
        raise ValidationError([ValidationError(row.text, code="faults") for row in faults])


@transaction.atomic
def take(*, season: Season, shipped: str, by: User, at: datetime | None = None) -> Scheme:
    """Give the season a scheme that ships, as the cluster's own copy; return it.

    What the cluster took before is used again as it is now. Raises ValidationError(code="begun")
    once a sheet was opened or the pledge is signed: then a new version with a reason is due.
    """
    row = locked_season(season)
    if not permissions.can_run(by, row) or shipped not in schemes.SHIPPED:
        raise PermissionDenied
    if schemes.is_signed(row) or row.sheets.exists():
        text = _("Đã mở bảng điểm hoặc đã ký giao ước: lập phiên bản mới, có lý do.")
        raise ValidationError(text, code="begun")
    code = f"{shipped}-{row.cluster_id}"
    found = Scheme.objects.filter(code=code, cluster=row.cluster).first()
    found = found or store(plan=schemes.SHIPPED[shipped], code=code, cluster=row.cluster)
    if row.scheme_id != found.pk:
        before, row.scheme = str(row.scheme or ""), found
        row.save(update_fields=["scheme"])
        pair = {"season": str(row), "scheme": [before, str(found)]}
        record(verb="scheme.take", subject=found, by=by, changes=pair, at=at)
    return found


def lock(season: Season, at: datetime) -> str:
    """Lock the season's scheme within the caller's act; return its name, "" if nothing changed.

    The caller tells it in its own entry. What a closed season used is fixed anyway.
    """
    scheme = season.scheme
    if scheme is None:
        return ""
    row = _locked(scheme)
    behind = Season.objects.filter(scheme=row).exclude(closed_at=None)
    if row.is_locked or behind.exists():
        return ""
    row.locked_at = at
    row.save(update_fields=["locked_at"])
    return str(row)


@transaction.atomic
def change(
    *,
    scheme: Scheme,
    by: User,
    edits: int,
    plan: Plan,
    verb: str = "scheme.change",
    at: datetime | None = None,
) -> Scheme:
    """Make a version that nobody rests on yet what the plan says.

    `edits` is the counter that the form showed: ValidationError(code="stale") where somebody saved
    since. Also "faults", "begun" (a sheet stands on it) and "used"; PermissionDenied for whoever
    is not the secretary of its cluster, and for a locked or common one.
    """
    row = _locked(scheme)
    if not permissions.can_edit_scheme(by, row):
        raise PermissionDenied
    if edits != row.edits:
        raise _stale()
    if schemes.is_begun(row):
        text = _("Đã có bảng điểm theo thang này: lập phiên bản mới, có lý do.")
        raise ValidationError(text, code="begun")
    refuse_faults(plan)
    old = schemes.plan_of(row)
    found = _told(old, plan)
    if not found:
        return row
    for name, value in _columns(plan).items():
        setattr(row, name, value)
    row.edits += 1
    row.save()
    _write(row, plan)
    record(verb=verb, subject=row, by=by, changes=found, at=at)
    return row


def _told(old: Plan, new: Plan) -> dict[str, Any]:
    """Return what differs between two plans, as the journal keeps it."""
    found: dict[str, Any] = {
        name: list(codes)
        for name, codes in difference(old, new)._asdict().items()
        if codes
    }  # fmt: skip
    if [row.code for row in old.lines] != [row.code for row in new.lines]:
        found["order"] = True
    before, after = _columns(old), _columns(new)
    pairs = {name: [plain(before[name]), plain(after[name])] for name in after}
    # Numbers are compared as numbers: 10 and 10.00 are the same.
    found |= {n: pair for n, pair in pairs.items() if getattr(old, n) != _alike(old, new, n)}
    if list(old.rules) != list(new.rules):
        found["conditions"] = [[rule.code for rule in plan.rules] for plan in (old, new)]
    return found


def _alike(old: Plan, new: Plan, name: str) -> Any:
    """Return a value of the new plan in the type that the old one has."""
    value = getattr(new, name)
    return type(getattr(old, name))(value) if name in ("tie_breaks", "grades") else value


def _has_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        text = _("Nêu lý do, ít nhất %(n)s ký tự") % {"n": SHORTEST_REASON}
        raise ValidationError({"reason": ValidationError(text, code="reason")})


@transaction.atomic
def new_version(
    *, season: Season, scheme: Scheme, by: User, reason: str, at: datetime | None = None
) -> Scheme:
    """Copy a version to the season's cluster, to be edited; the season keeps its own until chosen.

    Raises ValidationError(code="reason") for a reason of fewer than 10 characters.
    """
    row = locked_season(season)
    if not permissions.can_run(by, row):
        raise PermissionDenied
    _has_reason(reason)
    is_own = scheme.cluster_id == row.cluster_id
    code = scheme.code if is_own else f"{scheme.code[:30]}-{row.cluster_id}"
    last = Scheme.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    made = store(
        plan=schemes.plan_of(scheme), code=code, version=last + 1, cluster=row.cluster,
        previous=scheme, reason=reason.strip(),
    )  # fmt: skip
    record(
        verb="scheme.version", subject=made, by=by, reason=made.reason, at=at,
        changes={"previous": str(scheme)},
    )  # fmt: skip
    return made


@transaction.atomic
def choose(
    *, season: Season, scheme: Scheme, by: User, reason: str = "", at: datetime | None = None
) -> Season:
    """Let the season use a version of its cluster's; with a reason once something rests on the old.

    Raises ValidationError(code="reason"), "sent" once a sheet was sent in, "typed" where a draft
    holds what the new version has no place for, "faults" for a version that does not add up.
    """
    at = at or timezone.now()
    row = locked_season(season)
    if not permissions.can_run(by, row) or scheme.cluster_id not in (None, row.cluster_id):
        raise PermissionDenied
    if row.scheme_id == scheme.pk:
        return row
    if schemes.is_sent(row):
        text = _("Đã có bảng điểm gửi đi, kỳ này giữ thang điểm đang dùng.")
        raise ValidationError(text, code="sent")
    signed = schemes.is_signed(row)
    if signed or row.sheets.exists():
        _has_reason(reason)
    refuse_faults(schemes.plan_of(scheme))
    _carry_drafts(row, list(scheme.criteria.all()))
    before, row.scheme = str(row.scheme or ""), scheme
    row.save(update_fields=["scheme"])
    changes = {"scheme": [before, str(scheme)]}
    if signed and (name := lock(row, at)):
        changes["locked"] = [name]
    record(
        verb="scheme.choose", subject=row, by=by, reason=reason.strip(), changes=changes, at=at
    )  # fmt: skip
    return row


def _carry_drafts(season: Season, criteria: Sequence[Criterion]) -> None:
    """Give every open draft the rows of the new version; what was typed goes along by its code."""
    leaves = {row.code: row for row in criteria if row.kind != Kind.GROUP.value}
    for sheet in season.sheets.prefetch_related("scores__criterion", "scores__proofs"):
        known: set[str] = set()
        for score in sheet.scores.all():
            code = score.criterion.code
            leaf = leaves.get(code)
            if leaf and _fits(score, leaf):
                score.criterion = leaf
                score.min_score, score.max_score = leaf.min_score, leaf.max_score
                score.save(update_fields=["criterion", "min_score", "max_score"])
                known.add(code)
            elif _is_typed(score):
                text = _("%(unit)s đã ghi tiêu chí %(code)s; phiên bản này không có chỗ cho số đó.")
                raise ValidationError(text % {"unit": sheet.unit, "code": code}, code="typed")
            else:
                score.delete()
        Score.objects.bulk_create(
            Score(sheet=sheet, criterion=leaf, min_score=leaf.min_score, max_score=leaf.max_score)
            for code, leaf in leaves.items()
            if code not in known
        )


def _is_typed(score: Score) -> bool:
    values = (score.self_score, score.self_actual, score.self_target)
    return any(value is not None for value in values) or bool(score.self_note or score.proofs.all())


def _fits(score: Score, leaf: Criterion) -> bool:
    """Whether what a draft holds can stand in the row of the new version."""
    is_points = leaf.method == Method.TYPED.value
    if score.self_score is not None:
        return is_points and leaf.min_score <= score.self_score <= leaf.max_score
    return not is_points or (score.self_actual is None and score.self_target is None)

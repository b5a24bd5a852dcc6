"""Cross-inspection: plan, cancel, record what was found, and agree on it from both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions, scoring
from emulation.inspections import inspectors_of
from emulation.models import Finding, Inspection, Inspector, Season
from emulation.models.season import days_of
from emulation.services.phases import locked_season
from emulation.standings import rules_of
from journal.services import changed, record

PLAN = ("unit", "planned_on", "place", "plan")
TEAM, UNIT = "team", "unit"


@dataclass(frozen=True)
class Member:
    """One person of a team; the first of a team heads it."""

    unit: Unit
    name: str
    position: str = ""


@dataclass(frozen=True)
class Found:
    """What was found on one criterion."""

    text: str
    score: Decimal | None = None
    request: str = ""


@transaction.atomic
def plan_inspection(
    *,
    season: Season,
    by: User,
    values: Mapping[str, Any],
    team: Sequence[Member],
    at: datetime | None = None,
) -> Inspection:
    """Plan the inspection of one unit by a team of others; the first of `team` heads it.

    `values` are unit, planned_on, place and plan. Raises ValidationError code="own" for somebody
    of the inspected unit or its line, "team", "twice", "day" or "exists"; PermissionDenied for
    anybody but the secretary.
    """
    row = _to_run(season, by)
    inspection = Inspection(season=row)
    pairs = _write_plan(inspection, values, team)
    record(verb="inspection.plan", subject=inspection, by=by, changes=pairs, at=at)
    return inspection


@transaction.atomic
def change_plan(
    *,
    inspection: Inspection,
    by: User,
    version: int,
    values: Mapping[str, Any],
    team: Sequence[Member],
    at: datetime | None = None,
) -> Inspection:
    """Change a plan before the visit. Raises as `plan_inspection`, and code="stale", "visited"."""
    _to_run(inspection.season, by)
    row = _locked(inspection, version)
    _not_visited(row)
    pairs = _write_plan(row, values, team)
    if pairs:
        row.version += 1
        row.save()
        record(verb="inspection.plan", subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def cancel_inspection(
    *, inspection: Inspection, by: User, version: int, reason: str, at: datetime | None = None
) -> None:
    """Drop a plan before the visit, with a reason; the journal keeps what was planned."""
    _to_run(inspection.season, by)
    row = _locked(inspection, version)
    _not_visited(row)
    if not reason.strip():
        raise _at("reason", _("Nêu lý do bỏ cuộc kiểm tra"), "reason")
    kept = {name: [getattr(row, name), None] for name in PLAN}
    kept["team"] = [_team(row), None]
    reason = reason.strip()
    record(verb="inspection.cancel", subject=row, by=by, reason=reason, changes=kept, at=at)
    row.delete()


@transaction.atomic
def record_visit(
    *,
    inspection: Inspection,
    by: User,
    version: int,
    visited_on: date,
    conclusion: str,
    findings: Mapping[int, Found],
    at: datetime | None = None,
) -> Inspection:
    """Write down the visit: its day, what was found by criterion (key), the conclusion.

    A change takes back the agreement of a side that gave it before. Raises ValidationError
    code="stale", "agreed", "day", "criterion" or the code of a score out of its range;
    PermissionDenied for anybody but the team's units and the secretary, never the own unit.
    """
    locked_season(inspection.season)
    row = _locked(inspection, version)
    if row.is_agreed:
        raise ValidationError(_("Hai bên đã thống nhất; kết quả không đổi nữa."), code="agreed")
    if not permissions.can_record_inspection(by, row):
        raise PermissionDenied
    first, last = days_of(row.season)
    if not first <= visited_on <= min(last, timezone.localdate(at)):
        text = _("Chọn ngày trong năm %(year)s, không sau hôm nay")
        raise _at("visited_on", text % {"year": row.season.year}, "day")
    pairs = changed(row, {"visited_on": visited_on, "conclusion": conclusion})
    row.visited_on, row.conclusion = visited_on, conclusion
    pairs |= _write_findings(row, findings)
    if pairs:
        reason = _take_back(row)
        row.version += 1
        row.save()
        record(verb="inspection.record", subject=row, by=by, reason=reason, changes=pairs, at=at)
    return row


@transaction.atomic
def agree(
    *, inspection: Inspection, by: User, version: int, side: str, at: datetime | None = None
) -> Inspection:
    """Stand by what was found, for the team or for the unit; with both it changes no more.

    Raises ValidationError code="stale" where it was changed since `version` was read, "agreed"
    where that side has agreed; PermissionDenied for anybody else.
    """
    assert side in (TEAM, UNIT), side
    at = at or timezone.now()
    locked_season(inspection.season)
    row = _locked(inspection, version)
    if getattr(row, f"{side}_agreed_at"):
        raise ValidationError(_("Bên này đã thống nhất."), code="agreed")
    may = permissions.can_agree_for_team if side == TEAM else permissions.can_agree_for_unit
    if not may(by, row):
        raise PermissionDenied
    setattr(row, f"{side}_agreed_by", by)
    setattr(row, f"{side}_agreed_at", at)
    row.version += 1
    row.save()
    changes = {f"{side}_agreed_by": [None, by]}
    record(verb="inspection.agree", subject=row, by=by, changes=changes, at=at)
    return row


def _to_run(season: Season, by: User) -> Season:
    row = locked_season(season)
    if not permissions.can_run(by, row):
        raise PermissionDenied
    return row


def _locked(inspection: Inspection, version: int) -> Inspection:
    row = (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("season__cluster", "season__scheme", "unit")
        .prefetch_related("team__unit")
        .get(pk=inspection.pk)
    )
    if row.version != version:
        raise ValidationError(
            _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    return row


def _at(field: str, text: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(text, code=code)})


def _not_visited(row: Inspection) -> None:
    if row.visited_on:
        text = _("Đã ghi kết quả kiểm tra; kế hoạch không đổi nữa.")
        raise ValidationError(text, code="visited")


def _write_plan(
    row: Inspection, values: Mapping[str, Any], team: Sequence[Member]
) -> dict[str, list[Any]]:
    """Store plan and team where they make sense; return what changed."""
    _check_team(row.season, values["unit"], team)
    first, last = days_of(row.season)
    if not first <= values["planned_on"] <= last:
        text = _("Chọn ngày trong năm %(year)s") % {"year": row.season.year}
        raise _at("planned_on", text, "day")
    same = Inspection.objects.filter(
        season=row.season, unit=values["unit"], planned_on=values["planned_on"]
    )
    if same.exclude(pk=row.pk).exists():
        text = _("Ngày này đã có cuộc kiểm tra ở đơn vị đó.")
        raise _at("planned_on", text, "exists")
    is_new = row.pk is None
    pairs = (
        {name: [None, values[name]] for name in PLAN}
        if is_new
        else changed(row, {name: values[name] for name in PLAN})
    )
    for name in PLAN:
        setattr(row, name, values[name])
    row.save()
    before = [] if is_new else _team(row)
    after = [[member.unit.pk, member.name, member.position] for member in team]
    if before != after or "unit" in pairs:
        row.team.all().delete()
        Inspector.objects.bulk_create(
            Inspector(inspection=row, inspected=row.unit, is_head=number == 0, **vars(member))
            for number, member in enumerate(team)
        )
    if before != after:
        pairs["team"] = [before, after]
    return pairs


def _team(row: Inspection) -> list[list[Any]]:
    return [[member.unit_id, member.name, member.position] for member in row.team.order_by("pk")]


def _check_team(season: Season, unit: Unit, team: Sequence[Member]) -> None:
    if not team:
        raise ValidationError(_("Nhập ít nhất một người của tổ kiểm tra."), code="team")
    if unit not in season.units():
        raise _at("unit", _("Chọn một mục có trong danh sách"), "unit")
    allowed = {row.pk for row in inspectors_of(season, unit)}
    if own := [member.name for member in team if member.unit.pk not in allowed]:
        text = _("%(names)s: người của đơn vị được kiểm tra không ở trong tổ kiểm tra.")
        raise ValidationError(text % {"names": ", ".join(own)}, code="own")
    if len({(member.unit.pk, member.name) for member in team}) < len(team):
        raise ValidationError(_("Mỗi người ghi một lần trong tổ kiểm tra."), code="twice")


def _write_findings(row: Inspection, findings: Mapping[int, Found]) -> dict[str, list[Any]]:
    """Store the findings in the place of the earlier ones; return what changed, by code."""
    criteria = {c.pk: c for c in row.season.scheme.criteria.all()} if row.season.scheme else {}
    known = {finding.criterion_id: finding for finding in row.findings.all()}
    pairs: dict[str, list[Any]] = {}
    rules = dict(zip(criteria, rules_of(list(criteria.values())), strict=True))
    for pk, found in findings.items():
        _check_finding(rules.get(pk), found)
    for pk in sorted({*known, *findings}):
        before, after = known.get(pk), findings.get(pk)
        old = Found(before.text, before.score, before.request) if before else None
        if old == after:
            continue
        pairs[criteria[pk].code] = [_listed(old), _listed(after)]
        if after is None:
            row.findings.filter(criterion=pk).delete()
        else:
            Finding.objects.update_or_create(
                inspection=row, criterion_id=pk, defaults=asdict(after)
            )
    return pairs


def _listed(found: Found | None) -> list[Any] | None:
    return [found.text, found.score, found.request] if found else None


def _check_finding(rule: scoring.CriterionRule | None, found: Found) -> None:
    if rule is None or rule.kind is scoring.Kind.GROUP:
        raise ValidationError(_("Tiêu chí không có trong thang điểm của kỳ."), code="criterion")
    if not found.text:
        text = _("Nhập nhận xét cho %(code)s") % {"code": rule.code}
        raise ValidationError(text, code="text")
    if found.score is None:
        return
    try:
        scoring.check_score(rule, found.score)
    except scoring.ScoreOutOfRange as refused:
        text = _("Điểm đề xuất của %(code)s ngoài khung điểm.") % {"code": rule.code}
        raise ValidationError(text, code=refused.code) from refused


def _take_back(row: Inspection) -> str:
    """Clear the agreement of a side that gave it; say so in the words of the history."""
    sides = {TEAM: _("tổ kiểm tra"), UNIT: _("đơn vị")}
    cleared = [word for side, word in sides.items() if getattr(row, f"{side}_agreed_at")]
    for side in sides:
        setattr(row, f"{side}_agreed_by", None)
        setattr(row, f"{side}_agreed_at", None)
    if not cleared:
        return ""
    return _("Nội dung đổi sau khi %(side)s thống nhất; cần thống nhất lại.") % {"side": cleared[0]}

"""Periodic reports: their windows, and the way of a report between unit and secretariat."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions
from emulation.models import Period, PeriodicReport, Reminder, ReportState, Season
from emulation.models.periodic import REPORT_TRANSITIONS, WITH_UNIT
from emulation.periods import of_kinds
from emulation.services.review import REASON_LENGTH
from emulation.services.unclassified import check_unclassified
from journal.services import changed, record

PARTS = ("results", "shortcomings", "tasks")


def _stale() -> ValidationError:
    text = _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại.")
    return ValidationError(text, code="stale")


def _season(season: Season) -> Season:
    return Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)


def _period(period: Period) -> Period:
    rows = Period.objects.select_for_update(of=("self",)).select_related("season__cluster")
    return rows.get(pk=period.pk)


def _report(report: PeriodicReport) -> PeriodicReport:
    rows = PeriodicReport.objects.select_for_update(of=("self",))
    return rows.select_related("period__season__cluster", "unit").get(pk=report.pk)


def _is_member(period: Period, unit: Unit) -> bool:
    return period.season.units().filter(pk=unit.pk).exists()


def _check_move(report: PeriodicReport, to: ReportState) -> None:
    """Raise ValidationError(code="transition") where `to` may not follow the state."""
    if to not in REPORT_TRANSITIONS[ReportState(report.state)]:
        raise ValidationError(
            _("Báo cáo đang ở trạng thái “%(state)s”, không chuyển được sang “%(to)s”."),
            code="transition",
            params={"state": report.get_state_display(), "to": to.label},
        )


@transaction.atomic
def set_periods(
    *,
    season: Season,
    by: User,
    kinds: Sequence[str],
    cut: date | None = None,
    at: datetime | None = None,
) -> list[Period]:
    """Take the usual windows of the chosen kinds, as far as they are not there yet.

    Returns the new ones; a second click adds nothing. Raises PermissionDenied for anybody but
    the secretary of a season that is open.
    """
    season = _season(season)
    if not permissions.can_run(by, season):
        raise PermissionDenied
    known = set(season.periods.values_list("name", flat=True))
    new = [
        Period(season=season, kind=w.kind, name=w.name, start=w.start, end=w.end, due_on=w.due_on)
        for w in of_kinds(kinds, season.year, cut)
        if w.name not in known
    ]
    if new:
        Period.objects.bulk_create(new)
        names = [period.name for period in new]
        record(verb="period.set", subject=season, by=by, at=at, changes={"periods": [[], names]})
    return new


@transaction.atomic
def add_period(
    *, season: Season, by: User, values: Mapping[str, Any], at: datetime | None = None
) -> Period:
    """Add a period with dates of its own, also one of a drive.

    Raises ValidationError where the name is taken or the days are out of order,
    PermissionDenied for anybody but the secretary.
    """
    season = _season(season)
    if not permissions.can_run(by, season):
        raise PermissionDenied
    period = Period(season=season, **values)
    period.full_clean()
    period.save()
    record(verb="period.set", subject=period, by=by, at=at)
    return period


@transaction.atomic
def change_period(
    *,
    period: Period,
    by: User,
    version: int,
    values: Mapping[str, Any],
    at: datetime | None = None,
) -> Period:
    """Change name, days or due date of a period.

    Raises ValidationError(code="stale") where somebody saved after `version` was read,
    PermissionDenied for anybody but the secretary.
    """
    row = _period(period)
    if not permissions.can_run(by, row.season):
        raise PermissionDenied
    if row.version != version:
        raise _stale()
    pairs = changed(row, values)
    if not pairs:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.full_clean()
    row.save()
    record(verb="period.change", subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def remove_period(*, period: Period, by: User, at: datetime | None = None) -> None:
    """Remove a period of which no unit has written anything; reminders of it go with it.

    Raises ValidationError(code="written") where a report stands, PermissionDenied for anybody
    but the secretary.
    """
    row = _period(period)
    if not permissions.can_run(by, row.season):
        raise PermissionDenied
    if row.reports.exists():
        raise ValidationError(
            _("Đã có đơn vị soạn hoặc được miễn báo cáo của kỳ này, không xóa được."),
            code="written",
        )
    record(verb="period.remove", subject=row, by=by, at=at, changes={"name": [row.name, ""]})
    row.reminders.all().delete()
    row.delete()


@transaction.atomic
def write_report(
    *,
    period: Period,
    unit: Unit,
    by: User,
    version: int,
    values: Mapping[str, str],
    at: datetime | None = None,
) -> PeriodicReport:
    """Save what a unit writes of a period; the first saving makes the draft.

    `version` is 0 for a first saving. Raises ValidationError code="stale" where somebody saved in
    between, code="locked" where it was sent or excused, code="early" before the window begins,
    code="secret" with the field where a text carries a secrecy mark; PermissionDenied for another
    unit.
    """
    at = at or timezone.now()
    period = _period(period)
    if not (permissions.can_report(by, period.season, unit) and _is_member(period, unit)):
        raise PermissionDenied
    row = PeriodicReport.objects.select_for_update(of=("self",)).filter(period=period, unit=unit)
    report = row.first()
    if report and report.state not in WITH_UNIT:
        text = _("Báo cáo đang ở trạng thái “%(state)s”, không sửa được.")
        params = {"state": report.get_state_display()}
        raise ValidationError(text, code="locked", params=params)
    if version != (report.version if report else 0):
        raise _stale()
    check_unclassified(values)
    if timezone.localdate(at) < period.start:
        raise ValidationError(_("Kỳ báo cáo này chưa bắt đầu."), code="early")
    is_new = report is None
    report = report or PeriodicReport(period=period, unit=unit, version=0)
    pairs = changed(report, values)
    if not pairs and not is_new:
        return report
    for name, value in values.items():
        setattr(report, name, value)
    report.version += 1
    if not report.results and report.state == ReportState.RETURNED:
        raise ValidationError({"results": [_("Nhập kết quả thực hiện")]})
    report.save()
    record(verb="report.write", subject=report, by=by, changes=pairs, at=at)
    return report


@transaction.atomic
def submit_report(
    *, report: PeriodicReport, by: User, version: int, at: datetime | None = None
) -> PeriodicReport:
    """Send a report to the secretariat, also after its due date: that it is late is marked.

    What was sent, returned and is sent again keeps the time of its first sending: by that its
    punctuality is judged. Raises ValidationError code="transition" on a second click,
    code="stale" where the text is no longer what was checked; PermissionDenied for another unit.
    """
    at = at or timezone.now()
    row = _report(report)
    if not permissions.can_report(by, row.period.season, row.unit):
        raise PermissionDenied
    _check_move(row, ReportState.SUBMITTED)
    if row.version != version:
        raise ValidationError(
            _("Báo cáo vừa được người khác sửa. Kiểm tra lại rồi gửi."), code="stale"
        )
    if not row.results.strip():
        raise ValidationError({"results": [_("Nhập kết quả thực hiện")]})
    if row.sent_at is None:
        row.sent_at, row.sent_by = at, by
    _move(row, ReportState.SUBMITTED, by=by, verb="report.submit", at=at)
    return row


def _move(
    row: PeriodicReport,
    to: ReportState,
    *,
    by: User,
    verb: str,
    at: datetime | None,
    reason: str = "",
) -> None:
    """Write the new state, the reason that belongs to it, and the record of the act."""
    check_unclassified({"reason": reason})
    before, row.state, row.reason = row.state, to, reason
    row.version += 1
    row.save()
    changes = {"state": [before, row.state]}
    record(verb=verb, subject=row, by=by, reason=reason, changes=changes, at=at)


def _answered(report: PeriodicReport, by: User, to: ReportState, version: int) -> PeriodicReport:
    """Return the locked report that `by` may move to `to`."""
    row = _report(report)
    if not permissions.can_answer_report(by, row.period.season, row.unit):
        raise PermissionDenied
    _check_move(row, to)
    if row.version != version:
        raise ValidationError(_("Đơn vị vừa gửi lại báo cáo. Xem lại bản mới."), code="stale")
    return row


@transaction.atomic
def accept_report(
    *, report: PeriodicReport, by: User, version: int, at: datetime | None = None
) -> PeriodicReport:
    """Take a report that was sent as complete.

    Raises ValidationError code="transition" or "stale"; PermissionDenied for the own unit and for
    anyone but the secretary.
    """
    row = _answered(report, by, ReportState.ACCEPTED, version)
    _move(row, ReportState.ACCEPTED, by=by, verb="report.accept", at=at)
    return row


@transaction.atomic
def return_report(
    *, report: PeriodicReport, by: User, version: int, reason: str, at: datetime | None = None
) -> PeriodicReport:
    """Give a report back to its unit with a reason of at least 20 characters.

    Raises ValidationError on the reason, code="transition" or "stale"; PermissionDenied for the
    own unit and for anyone but the secretary.
    """
    row, reason = _answered(report, by, ReportState.RETURNED, version), reason.strip()
    if len(reason) < REASON_LENGTH:
        text = _("Nêu lý do trả lại, ít nhất 20 ký tự, để đơn vị biết cần bổ sung gì")
        raise ValidationError({"reason": [text]})
    _move(row, ReportState.RETURNED, by=by, verb="report.return", at=at, reason=reason)
    return row


@transaction.atomic
def excuse_unit(
    *, period: Period, unit: Unit, by: User, reason: str, at: datetime | None = None
) -> PeriodicReport:
    """Let a unit off a report that it has not sent; what it wrote so far stays.

    Raises ValidationError on the reason or code="transition" where it was sent; PermissionDenied
    for the own unit, for no member of the season, and for anyone but the secretary.
    """
    period, reason = _period(period), reason.strip()
    if not (permissions.can_answer_report(by, period.season, unit) and _is_member(period, unit)):
        raise PermissionDenied
    if not reason:
        raise ValidationError({"reason": [_("Nêu lý do miễn gửi")]})
    rows = PeriodicReport.objects.select_for_update(of=("self",)).filter(period=period, unit=unit)
    row = rows.first() or PeriodicReport(period=period, unit=unit, version=0)
    _check_move(row, ReportState.EXCUSED)
    _move(row, ReportState.EXCUSED, by=by, verb="report.excuse", at=at, reason=reason)
    return row


@transaction.atomic
def unexcuse_unit(
    *, report: PeriodicReport, by: User, at: datetime | None = None
) -> PeriodicReport:
    """Ask a unit for the report after all.

    Raises ValidationError(code="transition") where it is not excused; PermissionDenied for the
    own unit and for anyone but the secretary.
    """
    row = _report(report)
    if not permissions.can_answer_report(by, row.period.season, row.unit):
        raise PermissionDenied
    _check_move(row, ReportState.DRAFT)
    _move(row, ReportState.DRAFT, by=by, verb="report.unexcuse", at=at)
    return row


@transaction.atomic
def remind(*, period: Period, by: User, at: datetime | None = None) -> list[Unit]:
    """Remind every unit that has not sent and is not excused, each once a day at most.

    Returns the units reminded now. Raises ValidationError(code="nobody") where none is left to
    remind today, so that a second click adds nothing; PermissionDenied for anybody but the
    secretary.
    """
    at = at or timezone.now()
    period, today = _period(period), timezone.localdate(at)
    if not permissions.can_run(by, period.season):
        raise PermissionDenied
    done = set(period.reports.exclude(state__in=WITH_UNIT).values_list("unit", flat=True))
    done |= set(period.reminders.filter(day=today).values_list("unit", flat=True))
    units = [unit for unit in period.season.units() if unit.pk not in done]
    if not units:
        raise ValidationError(
            _("Hôm nay không còn đơn vị nào cần nhắc báo cáo này."), code="nobody"
        )
    Reminder.objects.bulk_create(
        Reminder(period=period, unit=unit, day=today, by=by) for unit in units
    )
    names = [str(unit) for unit in units]
    record(verb="report.remind", subject=period, by=by, at=at, changes={"units": [[], names]})
    return units

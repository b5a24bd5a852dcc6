"""Who has sent which periodic report: reads with a fixed number of queries.

A line joins a period and a unit, with the report if there is one; drafts are the unit's alone, so
for everybody else a draft looks like no report.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clusters.models import Unit
from emulation.models import Period, PeriodicReport, Reminder, ReportState, Season
from emulation.models.periodic import WITH_UNIT
from emulation.tags import Tag, due_tag, report_tag, short_date

# So many periods stand beside each other where no kind is chosen.
LATEST = 6


@dataclass(frozen=True)
class Line:
    """How one unit stands with one period on a day."""

    period: Period
    unit: Unit
    report: PeriodicReport | None
    on: date
    reminded: Sequence[date] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The state of the report, "" where none was begun."""
        return self.report.state if self.report else ""

    @property
    def is_with_unit(self) -> bool:
        """The unit still has to send it, first or again."""
        return self.report is None or self.report.state in WITH_UNIT

    @property
    def is_owed(self) -> bool:
        """Its window is over, and the secretariat has not got it."""
        is_returned = self.state == ReportState.RETURNED
        return self.is_with_unit and (self.on > self.period.end or is_returned)

    @property
    def is_open(self) -> bool:
        """The unit may write it: its window has begun."""
        return self.is_with_unit and self.on >= self.period.start

    @property
    def is_late(self) -> bool:
        if self.report is None:
            return self.on > self.period.due_on
        return self.report.is_late(self.on)

    @property
    def days_late(self) -> int:
        """How many days after it was due it was sent, or has been waited for; 0 in time."""
        if not self.is_late:
            return 0
        sent = self.report.sent_at if self.report else None
        day = timezone.localdate(sent) if sent else self.on
        return (day - self.period.due_on).days

    @property
    def late(self) -> str:
        """Say by how many days what was sent came late, "" where it came in time."""
        if not (self.report and self.report.sent_at and self.days_late):
            return ""
        text = ngettext("muộn %(n)s ngày", "muộn %(n)s ngày", self.days_late)
        return text % {"n": self.days_late}

    @property
    def reminder(self) -> str:
        """Say when the secretary reminded, "" where nobody did or nothing is waited for."""
        if not self.reminded or not self.is_with_unit:
            return ""
        days = ", ".join(short_date(day, self.on) for day in self.reminded[:3])
        return _("Thư ký cụm nhắc ngày %(days)s") % {"days": days}

    def tag(self, role: str) -> Tag:
        """Return how the line looks to a reader at the desk `role`."""
        if not self.is_with_unit or self.state == ReportState.RETURNED:
            return report_tag(self.state, role)
        if self.on <= self.period.end:
            begun = self.on >= self.period.start
            return Tag(_("Đang trong kỳ") if begun else _("Chưa đến kỳ"), "off")
        if role == "unit":
            word = _("Đang soạn") if self.report else _("Chưa soạn")
            return due_tag(word, self.period.due_on, self.on)
        if self.is_late:
            return Tag(_("Chưa gửi, quá hạn"), "do" if role == "secretary" else "run")
        return Tag(_("Chưa gửi"), "off")

    @property
    def mark(self) -> tuple[str, str]:
        """Return (word, icon) for a cell of the table of all units."""
        words = {
            ReportState.ACCEPTED: (pgettext("report", "Tiếp nhận"), "check2"),
            ReportState.SUBMITTED: (pgettext("report", "Đã gửi"), "check2"),
            ReportState.RETURNED: (pgettext("report", "Trả lại"), "arrow-counterclockwise"),
            ReportState.EXCUSED: (pgettext("report", "Miễn"), ""),
        }
        if self.report and self.state != ReportState.DRAFT:
            word, icon = words[ReportState(self.state)]
            return (_("%(word)s, muộn") % {"word": word}, "clock") if self.late else (word, icon)
        if self.on <= self.period.end:
            return "–", ""
        if self.is_late:
            return pgettext("report", "Quá hạn"), "exclamation-circle"
        return pgettext("report", "Chưa gửi"), ""


def of_unit(season: Season, unit: Unit, on: date) -> list[Line]:
    """Return the periods of a season as its unit sees them, by due date; three queries."""
    periods = list(season.periods.select_related("drive"))
    return lines(periods, [unit], on, with_drafts=True)


def of_period(period: Period, units: Iterable[Unit], on: date) -> list[Line]:
    """Return one period for all units in the given order, without their drafts; two queries."""
    return lines([period], list(units), on)


def lines(
    periods: Sequence[Period], units: Sequence[Unit], on: date, *, with_drafts: bool = False
) -> list[Line]:
    """Return a line for each period and unit, period by period; two queries."""
    reports = PeriodicReport.objects.filter(period__in=periods, unit__in=units)
    if not with_drafts:
        reports = reports.exclude(state=ReportState.DRAFT)
    known_periods = {period.pk: period for period in periods}
    found: dict[tuple[int, int], PeriodicReport] = {}
    for report in reports:
        report.period = known_periods[report.period_id]
        found[report.period_id, report.unit_id] = report
    days: dict[tuple[int, int], list[date]] = defaultdict(list)
    for reminder in Reminder.objects.filter(period__in=periods, unit__in=units).order_by("-day"):
        days[reminder.period_id, reminder.unit_id].append(reminder.day)
    return [
        Line(period, unit, found.get((period.pk, unit.pk)), on, days[period.pk, unit.pk])
        for period in periods
        for unit in units
    ]


@dataclass(frozen=True)
class Summary:
    """How many units have sent a report of one period, how many late, excused, missing."""

    period: Period
    lines: Sequence[Line]

    @property
    def sent(self) -> int:
        return sum(
            line.state in (ReportState.SUBMITTED, ReportState.ACCEPTED) for line in self.lines
        )

    @property
    def waiting(self) -> int:
        """Sent, and the secretary has not answered."""
        return sum(line.state == ReportState.SUBMITTED for line in self.lines)

    @property
    def late(self) -> int:
        """Sent after the due date."""
        return sum(bool(line.late) for line in self.lines)

    @property
    def returned(self) -> int:
        return sum(line.state == ReportState.RETURNED for line in self.lines)

    @property
    def excused(self) -> int:
        return sum(line.state == ReportState.EXCUSED for line in self.lines)

    @property
    def missing(self) -> int:
        """Neither sent nor excused, returned ones too."""
        return sum(line.is_with_unit for line in self.lines)

    @property
    def to_remind(self) -> int:
        """How many units a reminder would reach today."""
        return sum(line.is_with_unit and line.on not in line.reminded for line in self.lines)

    @property
    def is_over(self) -> bool:
        """The window is over: reports are waited for."""
        return bool(self.lines) and self.lines[0].on > self.period.end


@dataclass(frozen=True)
class Table:
    """Units by periods: `summaries` are the columns, `rows` one unit each."""

    summaries: Sequence[Summary]
    rows: Sequence[tuple[Unit, Sequence[Line]]]


def table(season: Season, on: date, kind: str = "") -> Table:
    """Return who has sent what, of one kind of period or of the latest ones; four queries."""
    units = list(season.units())
    periods = list(season.periods.all())
    if kind:
        periods = [period for period in periods if period.kind == kind]
    else:
        over = [period for period in periods if period.end < on]
        periods = over[-LATEST:] or periods[:LATEST]
    found = lines(periods, units, on)
    size = len(units)
    columns = [found[i * size : (i + 1) * size] for i in range(len(periods))]
    return Table(
        [Summary(*pair) for pair in zip(periods, columns, strict=True)],
        [(unit, [column[i] for column in columns]) for i, unit in enumerate(units)],
    )

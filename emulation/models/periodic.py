"""Periodic reports: the windows of a season, what each unit sent, and who was reminded."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models.movement import Drive
from emulation.models.season import Season


class PeriodKind(models.TextChoices):
    MONTH = "month", _("Tháng")
    QUARTER = "quarter", _("Quý")
    HALF = "half", _("6 tháng đầu năm")
    NINE = "nine", _("9 tháng")
    YEAR = "year", _("Năm")
    DRIVE = "drive", _("Chuyên đề, đợt")


class Period(models.Model):
    """A window of data with the day its reports are due (domain.md 3.7: data, not constants)."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="periods")
    kind = models.CharField(_("loại kỳ báo cáo"), max_length=7, choices=PeriodKind.choices)
    name = models.CharField(_("tên kỳ báo cáo"), max_length=120)
    start = models.DateField(_("số liệu từ ngày"))
    end = models.DateField(_("đến hết ngày"))
    due_on = models.DateField(_("hạn gửi"))
    drive = models.ForeignKey(
        Drive,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="periods",
        verbose_name=_("đợt thi đua"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["season", "due_on", "end", "id"]
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = pgettext_lazy("plural", "kỳ báo cáo")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "name"],
                name="period_name_once",
                violation_error_message=_("Đã có kỳ báo cáo tên như vậy."),
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start"), due_on__gte=F("start")),
                name="period_days_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Đã gửi")
    RETURNED = "returned", _("Trả lại bổ sung")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    EXCUSED = "excused", _("Được miễn gửi")


REPORT_TRANSITIONS: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFT: frozenset({ReportState.SUBMITTED, ReportState.EXCUSED}),
    ReportState.SUBMITTED: frozenset({ReportState.ACCEPTED, ReportState.RETURNED}),
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED, ReportState.EXCUSED}),
    ReportState.ACCEPTED: frozenset(),
    ReportState.EXCUSED: frozenset({ReportState.DRAFT}),
}
# With the unit: it writes, and the secretariat waits.
WITH_UNIT = (ReportState.DRAFT, ReportState.RETURNED)


class PeriodicReportQuerySet(models.QuerySet["PeriodicReport"]):
    def visible_to(self, user: User) -> "PeriodicReportQuerySet":
        """A unit's own, and all but drafts for the cluster's secretary and leader."""
        if is_administrator(user):
            return self
        who = standing(user)
        return self.filter(
            Q(unit__in=who.units)
            | Q(period__season__cluster__in=who.clusters) & ~Q(state=ReportState.DRAFT)
        )


class PeriodicReport(models.Model):
    """What one unit reports of one period. Drafted from the period's achievements."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    state = models.CharField(
        _("trạng thái"), max_length=9, choices=ReportState.choices, default=ReportState.DRAFT
    )
    results = models.TextField(_("kết quả thực hiện"), blank=True)
    shortcomings = models.TextField(_("tồn tại, hạn chế"), blank=True)
    tasks = models.TextField(_("nhiệm vụ kỳ tới"), blank=True)
    reason = models.TextField(_("lý do trả lại hoặc miễn gửi"), blank=True)
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PeriodicReportQuerySet.as_manager()

    class Meta:
        ordering = ["period", "id"]
        verbose_name = _("báo cáo định kỳ")
        verbose_name_plural = pgettext_lazy("plural", "báo cáo định kỳ")
        constraints = [
            models.UniqueConstraint(fields=["period", "unit"], name="one_report_a_period"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "excused"])
                | Q(sent_at__isnull=False) & ~Q(results=""),
                name="report_sent_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "excused"]) | ~Q(reason=""),
                name="report_refusal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} · {self.unit}"

    def is_late(self, on: date) -> bool:
        """Sent after the day it was due, or not sent and that day is over."""
        if self.state == ReportState.EXCUSED:
            return False
        sent = timezone.localdate(self.sent_at) if self.sent_at else on
        return sent > self.period.due_on


class Reminder(models.Model):
    """A unit was reminded of a report; once a day at most."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="reminders")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    day = models.DateField(_("ngày nhắc"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người nhắc"))

    class Meta:
        ordering = ["period", "-day", "id"]
        verbose_name = _("lần nhắc nộp báo cáo")
        verbose_name_plural = pgettext_lazy("plural", "lần nhắc nộp báo cáo")
        constraints = [
            models.UniqueConstraint(fields=["period", "unit", "day"], name="one_reminder_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.period}"

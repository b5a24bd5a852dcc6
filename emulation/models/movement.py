"""Movements and peak drives of a season, with the interim and final results of each unit."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from emulation.models.season import Season


class DriveKind(models.TextChoices):
    MOVEMENT = "movement", _("Phong trào thi đua")
    PEAK = "peak", _("Đợt thi đua đặc biệt, cao điểm")


class Drive(models.Model):
    """A movement named in the pledge, or a peak drive with its own dates and results.

    The pledge lists name, aim, launch and closing day (domain.md 3.3 (1)).
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="drives")
    kind = models.CharField(_("loại"), max_length=8, choices=DriveKind.choices)
    name = models.CharField(_("tên phong trào, đợt thi đua"), max_length=200)
    aim = models.CharField(_("mục tiêu"), max_length=500, blank=True)
    slogan = models.CharField(_("khẩu hiệu hành động"), max_length=300, blank=True)
    starts_on = models.DateField(_("ngày phát động"))
    interim_on = models.DateField(_("ngày sơ kết"), null=True, blank=True)
    ends_on = models.DateField(_("ngày tổng kết"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["season", "starts_on", "id"]
        verbose_name = _("đợt thi đua")
        verbose_name_plural = pgettext_lazy("plural", "đợt thi đua")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "name"],
                name="drive_name_once",
                violation_error_message=_("Kỳ này đã có đợt thi đua tên như vậy."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"))
                & (
                    Q(interim_on=None)
                    | Q(interim_on__gte=F("starts_on"), interim_on__lte=F("ends_on"))
                ),
                name="drive_days_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DriveStage(models.TextChoices):
    INTERIM = "interim", _("Sơ kết")
    FINAL = "final", _("Tổng kết")


class DriveResult(models.Model):
    """What one unit reports of a drive at its interim or final review."""

    drive = models.ForeignKey(Drive, models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    stage = models.CharField(_("bước"), max_length=7, choices=DriveStage.choices)
    text = models.TextField(_("kết quả"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("ghi lúc"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["drive", "stage", "id"]
        verbose_name = _("kết quả đợt thi đua")
        verbose_name_plural = pgettext_lazy("plural", "kết quả đợt thi đua")
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "unit", "stage"], name="one_drive_result_a_stage"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="drive_result_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.drive} · {self.unit}"

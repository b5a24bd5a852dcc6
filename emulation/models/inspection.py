"""Cross-inspection: units visit each other, write down what they found, and both sides agree."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models.scheme import Criterion
from emulation.models.season import Season


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> "InspectionQuerySet":
        """Those of the own unit, those in whose team it is, and all for the cluster's roles."""
        if is_administrator(user):
            return self
        who = standing(user)
        teams = Inspector.objects.filter(unit__in=who.units).values("inspection")
        return self.filter(
            Q(unit__in=who.units) | Q(pk__in=teams) | Q(season__cluster__in=who.clusters)
        )


class Inspection(models.Model):
    """Kiểm tra chéo of one unit: plan, visit, conclusion; done when both sides have agreed."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="inspections")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị được kiểm tra")
    )
    planned_on = models.DateField(_("ngày dự kiến"))
    place = models.CharField(_("nơi kiểm tra"), max_length=200, blank=True)
    plan = models.TextField(_("nội dung kiểm tra"))
    visited_on = models.DateField(_("ngày kiểm tra"), null=True, blank=True)
    conclusion = models.TextField(_("kết luận"), blank=True)
    team_agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    team_agreed_at = models.DateTimeField(_("tổ kiểm tra thống nhất lúc"), null=True)
    unit_agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    unit_agreed_at = models.DateTimeField(_("đơn vị thống nhất lúc"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["season", "planned_on", "id"]
        verbose_name = _("cuộc kiểm tra chéo")
        verbose_name_plural = pgettext_lazy("plural", "cuộc kiểm tra chéo")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "unit", "planned_on"], name="one_inspection_a_day"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{side}_agreed_by": None, f"{side}_agreed_at": None})
                    | Q(
                        **{
                            f"{side}_agreed_by__isnull": False,
                            f"{side}_agreed_at__isnull": False,
                            "visited_on__isnull": False,
                        }
                    ),
                    name=f"{side}_agrees_after_the_visit",
                )
                for side in ("team", "unit")
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Kiểm tra chéo')} {self.unit}"

    @property
    def is_agreed(self) -> bool:
        """Both sides have agreed: nothing of it changes any more."""
        return self.team_agreed_at is not None and self.unit_agreed_at is not None

    @property
    def head(self) -> "Inspector | None":
        """Who heads the team; read from the team as it was fetched."""
        return next((row for row in self.team.all() if row.is_head), None)


class Inspector(models.Model):
    """A member of the team. `inspected` repeats the unit, so that the database can refuse its own.

    No one judges their own unit.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="team")
    inspected = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    name = models.CharField(_("họ và tên"), max_length=120)
    position = models.CharField(_("cấp bậc, chức vụ"), max_length=160, blank=True)
    is_head = models.BooleanField(_("tổ trưởng"), default=False)

    class Meta:
        ordering = ["inspection", "-is_head", "id"]
        verbose_name = _("thành viên tổ kiểm tra")
        verbose_name_plural = pgettext_lazy("plural", "thành viên tổ kiểm tra")
        constraints = [
            models.CheckConstraint(
                condition=~Q(unit=F("inspected")),
                name="nobody_inspects_the_own_unit",
                violation_error_message=_("Đơn vị được kiểm tra không có người trong tổ kiểm tra."),
            ),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(is_head=True), name="one_head_a_team"
            ),
            models.UniqueConstraint(fields=["inspection", "unit", "name"], name="inspector_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Finding(models.Model):
    """What the team found on one criterion of the scheme."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="findings")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name=_("tiêu chí")
    )
    text = models.TextField(_("nhận xét"))
    score = models.DecimalField(
        _("điểm đề xuất"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    request = models.CharField(_("yêu cầu khắc phục"), max_length=500, blank=True)

    class Meta:
        ordering = ["inspection", "criterion__order", "id"]
        verbose_name = _("kết quả kiểm tra theo tiêu chí")
        verbose_name_plural = pgettext_lazy("plural", "kết quả kiểm tra theo tiêu chí")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "criterion"], name="one_finding_a_criterion"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="finding_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.text[:60]}"

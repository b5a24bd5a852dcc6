"""The pledge a cluster signs, its targets and signatures, and each unit's launch."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from emulation.models.season import Season, Source


class Pledge(models.Model):
    """Giao ước thi đua: one per season, signed by the leader of every member unit."""

    season = models.OneToOneField(Season, models.PROTECT, related_name="pledge")
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    place = models.CharField(_("nơi ký"), max_length=200, blank=True)
    basis = models.TextField(_("căn cứ"), blank=True)
    content = models.TextField(_("nội dung"), blank=True)
    measures = models.TextField(_("biện pháp, tổ chức thực hiện"), blank=True)
    witness = models.CharField(
        _("đại diện cơ quan thường trực chứng kiến"), max_length=200, blank=True
    )
    # From this moment the text and the targets are what the units sign.
    settled_at = models.DateTimeField(_("chốt nội dung lúc"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("giao ước thi đua")
        verbose_name_plural = pgettext_lazy("plural", "giao ước thi đua")

    def __str__(self) -> str:
        return f"{_('Giao ước thi đua')} {self.season.year}"


class TargetGroup(models.TextChoices):
    POLITICAL = "political", _("Nhiệm vụ chính trị")
    DISCIPLINE = "discipline", _("Kỷ luật, điều lệnh, nếp sống văn hóa")
    FORCE = "force", _("Xây dựng Đảng, xây dựng lực lượng")
    COMMUNITY = "community", _("Hoạt động vì cộng đồng")
    EMULATION = "emulation", _("Công tác thi đua, khen thưởng")


class Direction(models.TextChoices):
    MORE = "more", _("càng nhiều càng tốt")
    LESS = "less", _("càng ít càng tốt")


class Target(models.Model):
    """Chỉ tiêu: a content with unit of measure and planned value, of the cluster or one unit."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="targets")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("đơn vị"),
        help_text=_("Để trống: chỉ tiêu chung của cụm."),
    )
    part_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("góp vào chỉ tiêu chung"),
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    group = models.CharField(_("nhóm"), max_length=12, choices=TargetGroup.choices)
    text = models.CharField(_("nội dung, chỉ tiêu"), max_length=300)
    measure = models.CharField(_("đơn vị tính"), max_length=40)
    planned = models.DecimalField(
        _("giao ước"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    direction = models.CharField(
        _("chiều"), max_length=4, choices=Direction.choices, default=Direction.MORE
    )
    weight = models.DecimalField(_("trọng số"), max_digits=5, decimal_places=2, default=0)
    note = models.CharField(_("ghi chú"), max_length=200, blank=True)
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="next_years",
        verbose_name=_("chỉ tiêu năm trước"),
    )

    class Meta:
        ordering = ["pledge", "order", "id"]
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = pgettext_lazy("plural", "chỉ tiêu")
        constraints = [
            models.UniqueConstraint(
                F("pledge"), Coalesce("unit", 0), F("order"), name="target_order_once"
            ),
            models.CheckConstraint(condition=Q(planned__gte=0), name="target_is_not_negative"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100), name="target_weight_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Signature(models.Model):
    """The leader of a member unit who signed the pledge."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="signatures")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    signer = models.CharField(_("người ký"), max_length=120)
    rank = models.CharField(_("cấp bậc"), max_length=40, blank=True)
    position = models.CharField(_("chức vụ"), max_length=120, blank=True)
    signed_on = models.DateField(_("ngày ký"))
    by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        ordering = ["pledge", "id"]
        verbose_name = _("chữ ký giao ước")
        verbose_name_plural = pgettext_lazy("plural", "chữ ký giao ước")
        constraints = [
            models.UniqueConstraint(fields=["pledge", "unit"], name="unit_signs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.signer}"

    @property
    def is_late(self) -> bool:
        """Signed after the ceremony, or after March, the last usual month (domain.md 3.1)."""
        ceremony = self.pledge.signed_on
        last = date(self.pledge.season.year, 3, 31)
        return self.signed_on > min(last, ceremony or last)


class Registration(models.Model):
    """A title that a unit registers to strive for; its name is printed word for word."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="registrations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    title = models.CharField(_("danh hiệu đăng ký"), max_length=200)

    class Meta:
        ordering = ["pledge", "id"]
        verbose_name = _("danh hiệu đăng ký")
        verbose_name_plural = pgettext_lazy("plural", "danh hiệu đăng ký")
        constraints = [
            models.UniqueConstraint(fields=["pledge", "unit", "title"], name="title_once_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.title}"


class Launch(models.Model):
    """Phát động: a unit starts the movement and ties it to a slogan of its own.

    Without a unit the row states what all units did, where a source names none of them.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="launches")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="launches",
        verbose_name=_("đơn vị"),
    )
    slogan = models.CharField(_("khẩu hiệu hành động"), max_length=300, blank=True)
    launched_on = models.DateField(_("ngày phát động"), null=True, blank=True)
    theme = models.CharField(_("chủ đề"), max_length=300, blank=True)
    purpose = models.TextField(_("mục đích, yêu cầu"), blank=True)
    plan = models.TextField(_("nội dung kế hoạch phát động"), blank=True)
    measures = models.TextField(_("biện pháp"), blank=True)
    interim_on = models.DateField(_("ngày sơ kết"), null=True, blank=True)
    final_on = models.DateField(_("ngày tổng kết"), null=True, blank=True)
    rewards = models.TextField(_("khen thưởng"), blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["season", "id"]
        verbose_name = _("phát động phong trào")
        verbose_name_plural = pgettext_lazy("plural", "phát động phong trào")
        constraints = [
            models.UniqueConstraint(F("season"), Coalesce("unit", 0), name="unit_launches_once"),
            models.CheckConstraint(
                condition=Q(source__isnull=False)
                | (Q(unit__isnull=False, launched_on__isnull=False) & ~Q(slogan="")),
                name="launch_has_unit_day_and_slogan",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Phát động')} · {self.unit or _('Cả cụm')}"

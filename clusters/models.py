"""Users, units, clusters, and who belonged to what in which year."""

from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.vietnamese import nfc, person_key, search_key, sort_key

YEARS = Q(year__gte=1948) & Q(year__lte=2200)


class User(AbstractUser):
    """A person who signs in. Vietnamese names are one text, sorted by the given name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("họ và tên"), max_length=120)
    rank = models.CharField(_("cấp bậc"), max_length=40, blank=True)
    position = models.CharField(_("chức vụ"), max_length=120, blank=True)
    sort_key = models.TextField(editable=False, db_index=True)
    is_sample = models.BooleanField(
        _("tài khoản mẫu"),
        default=False,
        help_text=_("Không đăng nhập được trên hệ thống dùng thật."),
    )
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("người dùng")
        verbose_name_plural = pgettext_lazy("plural", "người dùng")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.full_name = nfc(self.full_name)
        self.sort_key = person_key(self.full_name)
        super().save(*args, **kwargs)


class UnitQuerySet(models.QuerySet["Unit"]):
    def on(self, day: date) -> Self:
        """Units that exist on `day`."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )


class Unit(models.Model):
    """An organisational unit under one name and code; a renamed unit is a new row."""

    name = models.CharField(_("tên đơn vị"), max_length=200)
    short_name = models.CharField(_("tên gọi ngắn"), max_length=80)
    code = models.SlugField(_("ký hiệu"), max_length=20)
    valid_from = models.DateField(_("có từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến ngày"), null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="successors",
        verbose_name=_("đơn vị tiền thân"),
    )
    is_illustrative = models.BooleanField(_("đơn vị minh họa"), default=False)
    sort_key = models.TextField(editable=False, db_index=True)
    search_key = models.CharField(max_length=400, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("đơn vị")
        verbose_name_plural = pgettext_lazy("plural", "đơn vị")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="unit_code_once_at_a_time",
                violation_error_message=_("Ký hiệu này đã dùng cho một đơn vị khác."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_from=None),
                name="unit_code_once_from_the_start",
                violation_error_message=_("Ký hiệu này đã dùng cho một đơn vị khác."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="unit_ends_after_it_begins",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name, self.short_name = nfc(self.name), nfc(self.short_name)
        self.sort_key = sort_key(self.name)
        self.search_key = search_key(f"{self.name} {self.short_name} {self.code}")
        super().save(*args, **kwargs)


class Cluster(models.Model):
    """A group of comparable units. Its number alone is not unique: level, block and year tell."""

    level = models.CharField(_("cấp tổ chức"), max_length=120)
    block = models.CharField(_("khối"), max_length=160)
    number = models.PositiveSmallIntegerField(_("số"))
    name = models.CharField(_("tên cụm"), max_length=200)
    place = models.CharField(_("địa danh"), max_length=60, default="Hà Nội")
    code = models.CharField(_("ký hiệu trên văn bản"), max_length=20)
    year_from = models.PositiveSmallIntegerField(_("từ năm"))
    year_to = models.PositiveSmallIntegerField(_("đến năm"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("cụm minh họa"), default=False)
    units = models.ManyToManyField(Unit, through="Membership", related_name="clusters")

    class Meta:
        ordering = ["level", "number", "year_from"]
        verbose_name = _("cụm thi đua")
        verbose_name_plural = pgettext_lazy("plural", "cụm thi đua")
        constraints = [
            models.UniqueConstraint(
                fields=["level", "block", "number", "year_from"], name="cluster_identity"
            ),
            models.CheckConstraint(
                condition=Q(year_to=None) | Q(year_to__gte=F("year_from")),
                name="cluster_ends_after_it_begins",
                violation_error_message=_("Năm kết thúc phải sau năm bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A unit is a member of a cluster in one year, at its place in the official order."""

    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="memberships", verbose_name=_("cụm thi đua")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="memberships", verbose_name=_("đơn vị")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    order = models.PositiveSmallIntegerField(_("thứ tự"))

    class Meta:
        ordering = ["cluster", "-year", "order"]
        verbose_name = _("đơn vị thành viên")
        verbose_name_plural = pgettext_lazy("plural", "đơn vị thành viên")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year", "unit"], name="member_once_a_year"),
            models.UniqueConstraint(fields=["cluster", "year", "order"], name="member_order_once"),
            models.CheckConstraint(condition=YEARS, name="membership_year_is_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.cluster} · {self.year}"


class TermState(models.TextChoices):
    PLANNED = "planned", _("Dự kiến")
    ACTIVE = "active", _("Đang giữ")
    HANDED_OVER = "handed_over", _("Đã bàn giao")


class Term(models.Model):
    """Which units head a cluster in a year; rotation makes it a row per year."""

    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="terms", verbose_name=_("cụm thi đua")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    head = models.ForeignKey(
        Unit, models.PROTECT, related_name="terms_as_head", verbose_name=_("cụm trưởng")
    )
    deputy = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="terms_as_deputy",
        verbose_name=_("cụm phó"),
    )
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=TermState.choices, default=TermState.PLANNED
    )
    source = models.CharField(_("căn cứ"), max_length=200, blank=True)

    class Meta:
        ordering = ["cluster", "-year"]
        verbose_name = _("nhiệm kỳ cụm trưởng")
        verbose_name_plural = pgettext_lazy("plural", "nhiệm kỳ cụm trưởng")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year"], name="one_term_a_year"),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("head")),
                name="head_is_not_deputy",
                violation_error_message=_("Cụm trưởng và cụm phó phải là hai đơn vị."),
            ),
            models.CheckConstraint(condition=YEARS, name="term_year_is_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} · {self.year}"


class Role(models.TextChoices):
    UNIT_STAFF = "unit_staff", _("Nhân viên đơn vị")
    UNIT_LEADER = "unit_leader", _("Lãnh đạo đơn vị")
    SECRETARY = "secretary", _("Thư ký cụm")
    LEADER = "leader", _("Lãnh đạo phụ trách cụm")


UNIT_ROLES = (Role.UNIT_STAFF, Role.UNIT_LEADER)
CLUSTER_ROLES = (Role.SECRETARY, Role.LEADER)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: date) -> Self:
        """Appointments in force on `day`."""
        return self.filter(Q(end=None) | Q(end__gte=day), start__lte=day)


class Appointment(models.Model):
    """A user holds a role for a unit or a cluster between two dates; rights follow from it."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="appointments", verbose_name=_("người dùng")
    )
    role = models.CharField(_("vai trò"), max_length=12, choices=Role.choices)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("đơn vị"),
        help_text=_("Với thư ký cụm: đơn vị công tác, để không thẩm định đơn vị mình."),
    )
    cluster = models.ForeignKey(
        Cluster,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("cụm thi đua"),
    )
    start = models.DateField(_("từ ngày"))
    end = models.DateField(_("đến ngày"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["user", "-start"]
        verbose_name = _("phân công")
        verbose_name_plural = pgettext_lazy("plural", "phân công")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=UNIT_ROLES, unit__isnull=False, cluster=None)
                | Q(role__in=CLUSTER_ROLES, cluster__isnull=False),
                name="appointment_has_its_scope",
                violation_error_message=_(
                    "Vai trò ở đơn vị cần chọn đơn vị; vai trò ở cụm cần chọn cụm."
                ),
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="appointment_ends_after_it_begins",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.UniqueConstraint(
                F("user"),
                F("role"),
                Coalesce("unit", 0),
                Coalesce("cluster", 0),
                F("start"),
                name="appointment_once",
                violation_error_message=_("Phân công này đã có."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit or self.cluster}"

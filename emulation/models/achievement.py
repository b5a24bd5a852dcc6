"""Achievements with their particulars, evidence and reviews."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models.importing import Import
from emulation.models.movement import Drive
from emulation.models.pledge import Target
from emulation.models.season import Season, Source


class Category(models.TextChoices):
    """Kinds of result, in the order of the report (domain.md 5.5 and 6.4)."""

    ADVISORY = "advisory", _("Tham mưu, báo cáo")
    COORDINATION = "coordination", _("Phối hợp giải quyết vụ việc")
    POLICY_DOCUMENT = "policy_document", _("Văn bản, đề án")
    PARLIAMENT = "parliament", _("Phục vụ Quốc hội")
    REFORM = "reform", _("Cải cách hành chính, chuyển đổi số")
    INITIATIVE = "initiative", _("Sáng kiến, nghiên cứu khoa học")
    FORCE_BUILDING = "force_building", _("Xây dựng Đảng, xây dựng lực lượng")
    CULTURED_LIFESTYLE = "cultured_lifestyle", _("Kỷ luật, điều lệnh, nếp sống văn hóa")
    MASS_ORGANIZATION = "mass_organization", _("Tổ chức quần chúng")
    COMMUNITY = "community", _("Vì cộng đồng")
    ADVANCED_MODEL = "advanced_model", _("Điển hình tiên tiến")
    EMULATION_WORK = "emulation_work", _("Công tác thi đua, khen thưởng")


class Organization(models.TextChoices):
    TRADE_UNION = "trade_union", _("Công đoàn")
    YOUTH_UNION = "youth_union", _("Đoàn Thanh niên")
    WOMEN_UNION = "women_union", _("Hội Phụ nữ")


class State(models.TextChoices):
    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Đã gửi")
    UNDER_REVIEW = "under_review", _("Đang thẩm định")
    RETURNED = "returned", _("Trả lại bổ sung")
    VERIFIED = "verified", _("Đã thẩm định")
    REJECTED = "rejected", _("Không công nhận")
    LOCKED = "locked", _("Đã chốt")
    WITHDRAWN = "withdrawn", _("Đã rút")


class Lateness(models.TextChoices):
    """How something was sent after its deadline; empty for what came in time."""

    GRACE = "grace", _("Gửi muộn, trong thời gian gia hạn")
    CODE = "code", _("Gửi muộn, theo mã nộp muộn")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset(
        {State.UNDER_REVIEW, State.VERIFIED, State.RETURNED, State.REJECTED, State.WITHDRAWN}
    ),
    State.UNDER_REVIEW: frozenset(
        {State.VERIFIED, State.RETURNED, State.REJECTED, State.WITHDRAWN}
    ),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset({State.DRAFT}),
    State.VERIFIED: frozenset({State.LOCKED}),
    State.REJECTED: frozenset(),
    State.LOCKED: frozenset(),
}
EDITABLE = (State.DRAFT, State.RETURNED)
# What the unit keeps to itself: never sent, or taken back.
PRIVATE = (State.DRAFT, State.WITHDRAWN)
AWAITING = (State.SUBMITTED, State.UNDER_REVIEW)
COUNTED = (State.VERIFIED, State.LOCKED)


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def visible_to(self, user: User) -> Self:
        """A unit's own, all but drafts for the cluster's secretary and leader, the cluster's own.

        Another unit's achievements do not exist for a unit; an administrator reads all.
        """
        if is_administrator(user):
            return self
        who = standing(user)
        return self.filter(
            Q(unit__in=who.units)
            | Q(season__cluster__in=who.clusters) & ~Q(state__in=PRIVATE)
            | Q(unit=None, season__in=Season.objects.visible_to(user))
        )

    def visible_in(self, season: Season, user: User) -> Self:
        """As `visible_to`, within one season that the reader is known to see: cheaper to ask."""
        rows = self.filter(season=season)
        if is_administrator(user):
            return rows
        who = standing(user)
        seen = Q(unit=None)
        if who.units:
            seen |= Q(unit__in=who.units)
        return rows.filter(
            seen | ~Q(state__in=PRIVATE) if season.cluster_id in who.clusters else seen
        )

    def awaiting_review(self) -> Self:
        return self.filter(state__in=AWAITING)

    def counted(self) -> Self:
        """Those that count in totals and reports."""
        return self.filter(state__in=COUNTED)


class Achievement(models.Model):
    """One result of one unit, or of the whole cluster where the source names no unit."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="achievements")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("đơn vị"),
    )
    number = models.PositiveIntegerField(_("số"))
    # Given by the form when it is first shown: a second click finds the row, not a second one.
    entry_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    category = models.CharField(_("loại"), max_length=20, choices=Category.choices)
    # A draft may be a photo alone; what is sent has a title.
    title = models.CharField(_("việc đã làm"), max_length=300, blank=True)
    description = models.TextField(_("diễn giải"), blank=True)
    organization = models.CharField(
        _("tổ chức quần chúng chủ trì"), max_length=12, choices=Organization.choices, blank=True
    )
    started_on = models.DateField(_("ngày"), null=True, blank=True)
    ended_on = models.DateField(_("đến ngày"), null=True, blank=True)
    target = models.ForeignKey(
        Target,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("chỉ tiêu giao ước"),
    )
    quantity = models.DecimalField(
        _("kết quả tính vào chỉ tiêu"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=State.choices, default=State.DRAFT
    )
    revision = models.PositiveIntegerField(_("bản sửa"), default=0)
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    lateness = models.CharField(
        _("gửi muộn"), max_length=5, choices=Lateness.choices, blank=True, editable=False
    )
    is_internal = models.BooleanField(_("lưu hành nội bộ"), default=False)
    drive = models.ForeignKey(
        Drive,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("đợt thi đua"),
    )
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name=_("tiếp nối thành tích"),
    )
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chép từ thành tích"),
    )
    imported_from = models.ForeignKey(
        Import,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("nhập từ tệp"),
    )
    added_at_conference = models.BooleanField(_("bổ sung tại hội nghị"), default=False)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="achievements"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    search_key = models.CharField(max_length=700, editable=False, blank=True)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-id"]
        verbose_name = _("thành tích")
        verbose_name_plural = pgettext_lazy("plural", "thành tích")
        indexes = [
            models.Index(
                F("season"),
                F("unit"),
                F("submitted_at").desc(),
                F("id").desc(),
                name="achievement_unit_list",
            ),
            models.Index(
                fields=["season", "submitted_at", "id"],
                name="achievement_queue",
                condition=Q(state__in=["submitted", "under_review"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="achievement_number_once"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(source__isnull=False),
                name="achievement_has_a_unit_or_a_source",
            ),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gte=0),
                name="achievement_quantity_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="achievement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN])
                | Q(source__isnull=False)
                | Q(submitted_at__isnull=False, started_on__isnull=False, revision__gte=1)
                & ~Q(title=""),
                name="achievement_sent_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The title as pages show it: a draft may have none yet."""
        return self.title or gettext("(chưa đặt tên)")

    @property
    def code(self) -> str:
        """The short code by which people find it, such as TT-2026-0147."""
        return f"TT-{self.season.year}-{self.number:04d}"

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

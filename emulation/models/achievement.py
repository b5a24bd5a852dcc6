"""Achievements with their particulars, evidence and reviews."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
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


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset(
        {State.UNDER_REVIEW, State.VERIFIED, State.RETURNED, State.REJECTED}
    ),
    State.UNDER_REVIEW: frozenset({State.VERIFIED, State.RETURNED, State.REJECTED}),
    State.RETURNED: frozenset({State.SUBMITTED}),
    State.VERIFIED: frozenset({State.LOCKED}),
    State.REJECTED: frozenset({State.LOCKED}),
    State.LOCKED: frozenset(),
}
EDITABLE = (State.DRAFT, State.RETURNED)
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
            | Q(season__cluster__in=who.clusters) & ~Q(state=State.DRAFT)
            | Q(unit=None, season__in=Season.objects.visible_to(user))
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
    title = models.CharField(_("việc đã làm"), max_length=300)
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
                condition=Q(state=State.DRAFT)
                | Q(source__isnull=False)
                | Q(submitted_at__isnull=False, started_on__isnull=False, revision__gte=1),
                name="achievement_sent_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """The short code by which people find it, such as TT-2026-0147."""
        return f"TT-{self.season.year}-{self.number:04d}"

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE


class PolicyKind(models.TextChoices):
    DIRECTIVE = "directive", _("Chỉ thị")
    RESOLUTION = "resolution", _("Nghị quyết")
    SCHEME = "scheme", _("Đề án")
    REPORT = "report", _("Báo cáo")
    PLAN = "plan", _("Kế hoạch")
    OTHER = "other", _("Văn bản khác")


class PolicyStatus(models.TextChoices):
    BUILT = "built", _("Đã xây dựng")
    COMPLETED = "completed", _("Hoàn thành")
    ISSUED = "issued", _("Đã ban hành")


class PolicyDocument(models.Model):
    """Particulars of a text that a unit drafted or completed."""

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="policy_document")
    kind = models.CharField(_("loại văn bản"), max_length=12, choices=PolicyKind.choices)
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True)
    issuer = models.CharField(_("cấp ban hành"), max_length=160, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    about = models.CharField(_("trích yếu"), max_length=300)
    status = models.CharField(_("kết quả"), max_length=12, choices=PolicyStatus.choices)

    class Meta:
        verbose_name = _("văn bản, đề án")
        verbose_name_plural = pgettext_lazy("plural", "văn bản, đề án")

    def __str__(self) -> str:
        return self.about


class ParliamentaryService(models.Model):
    """Particulars of service to the National Assembly: term, sessions and kinds of work."""

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="parliament")
    term = models.PositiveSmallIntegerField(_("Quốc hội khóa"))
    sessions = models.CharField(_("các kỳ họp"), max_length=60)
    supervision = models.BooleanField(_("giám sát chuyên đề"), default=False)
    interpellation = models.BooleanField(_("chất vấn, trả lời chất vấn"), default=False)
    petitions = models.PositiveIntegerField(_("số kiến nghị của cử tri"), null=True, blank=True)
    voter_petition = models.BooleanField(_("kiến nghị của cử tri"), default=False)

    class Meta:
        verbose_name = _("phục vụ Quốc hội")
        verbose_name_plural = pgettext_lazy("plural", "phục vụ Quốc hội")
        constraints = [
            models.CheckConstraint(
                condition=Q(term__gte=1, term__lte=99), name="parliament_term_is_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sessions} · {self.term}"


class CommunityKind(models.TextChoices):
    VOLUNTEERING = "volunteering", _("Tình nguyện, chung sức vì cộng đồng")
    LEGAL_OUTREACH = "legal_outreach", _("Tuyên truyền, phổ biến pháp luật")
    GIFT = "gift", _("Thăm hỏi, tặng quà")
    HONOUR_CHILDREN = "honour_children", _("Tuyên dương, động viên các cháu")


COMMUNITY_FIGURES = ("sessions", "participants", "families", "gifts", "value", "pupils")


class CommunityActivity(models.Model):
    """Quantities of an activity for the community; an empty one was not counted."""

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="community")
    kind = models.CharField(_("hoạt động"), max_length=16, choices=CommunityKind.choices)
    sessions = models.PositiveIntegerField(_("số buổi"), null=True, blank=True)
    participants = models.PositiveIntegerField(_("số người dự"), null=True, blank=True)
    families = models.PositiveIntegerField(_("số gia đình"), null=True, blank=True)
    gifts = models.PositiveIntegerField(_("số suất quà"), null=True, blank=True)
    value = models.PositiveBigIntegerField(_("trị giá (đồng)"), null=True, blank=True)
    pupils = models.PositiveIntegerField(_("số cháu"), null=True, blank=True)

    class Meta:
        verbose_name = _("hoạt động vì cộng đồng")
        verbose_name_plural = pgettext_lazy("plural", "hoạt động vì cộng đồng")
        constraints = [
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__lte=10**12), name="community_value_is_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class AdvancedModel(models.Model):
    """Điển hình tiên tiến, người tốt việc tốt, mô hình: who or what, and whether replicated."""

    class Kind(models.TextChoices):
        COLLECTIVE = "collective", _("Tập thể điển hình")
        INDIVIDUAL = "individual", _("Cá nhân điển hình")
        GOOD_DEED = "good_deed", _("Gương người tốt, việc tốt")
        PRACTICE = "practice", _("Mô hình mới")

    achievement = models.OneToOneField(Achievement, models.CASCADE, related_name="advanced_model")
    kind = models.CharField(_("loại điển hình"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("tên tập thể, cá nhân hoặc mô hình"), max_length=200)
    replicated = models.BooleanField(_("đã nhân rộng"), default=False)

    class Meta:
        verbose_name = _("điển hình tiên tiến")
        verbose_name_plural = pgettext_lazy("plural", "điển hình tiên tiến")

    def __str__(self) -> str:
        return self.name


def evidence_path(evidence: "Evidence", name: str) -> str:
    """Return a random place for a file: its own name is kept in the row alone."""
    return f"evidence/{evidence.achievement.season_id}/{uuid.uuid4().hex}"


class Evidence(models.Model):
    """A file that proves an achievement."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="evidence")
    name = models.CharField(_("tên tệp"), max_length=120)
    file = models.FileField(_("tệp"), upload_to=evidence_path, max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("dung lượng"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["achievement", "id"]
        verbose_name = _("minh chứng")
        verbose_name_plural = pgettext_lazy("plural", "minh chứng")
        constraints = [
            models.UniqueConstraint(fields=["achievement", "sha256"], name="evidence_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """What the secretariat said of one revision of an achievement."""

    class Decision(models.TextChoices):
        VERIFIED = "verified", _("Công nhận")
        RETURNED = "returned", _("Trả lại bổ sung")
        REJECTED = "rejected", _("Không công nhận")

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="reviews")
    revision = models.PositiveIntegerField(_("bản sửa"))
    decision = models.CharField(_("kết luận"), max_length=8, choices=Decision.choices)
    reason = models.TextField(_("lý do"), blank=True)
    deadline = models.DateField(_("hạn bổ sung"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("kết luận thẩm định")
        verbose_name_plural = pgettext_lazy("plural", "kết luận thẩm định")
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "revision"], name="one_review_a_revision"
            ),
            models.CheckConstraint(
                condition=Q(decision="verified") | ~Q(reason=""), name="refusal_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()

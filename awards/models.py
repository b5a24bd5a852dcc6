"""Awards, the year-end conference with what was said there, and nominations."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models import Achievement, Season, Source


class AwardQuerySet(models.QuerySet["Award"]):
    def on(self, day: date) -> Self:
        """Awards in force on `day`."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )


class Award(models.Model):
    """A danh hiệu thi đua or hình thức khen thưởng; the name is printed word for word."""

    class Kind(models.TextChoices):
        TITLE = "title", _("Danh hiệu thi đua")
        FORM = "form", _("Hình thức khen thưởng")

    class Audience(models.TextChoices):
        COLLECTIVE = "collective", _("Tập thể")
        INDIVIDUAL = "individual", _("Cá nhân")
        BOTH = "both", _("Tập thể, cá nhân")

    class Certainty(models.TextChoices):
        CITED = "cited", _("Có căn cứ")
        UNVERIFIED = "unverified", _("Chưa kiểm chứng")

    code = models.SlugField(_("mã"), max_length=30)
    name = models.CharField(_("tên"), max_length=160)
    kind = models.CharField(_("phân loại"), max_length=5, choices=Kind.choices)
    audience = models.CharField(_("đối tượng"), max_length=10, choices=Audience.choices)
    decided_by = models.CharField(_("thẩm quyền quyết định"), max_length=160, blank=True)
    standard = models.TextField(_("tiêu chuẩn"), blank=True)
    citation = models.CharField(_("căn cứ"), max_length=200, blank=True)
    certainty = models.CharField(_("độ chắc chắn"), max_length=10, choices=Certainty.choices)
    usual_quota = models.PositiveSmallIntegerField(
        _("số lượng thường đề nghị của một cụm"), null=True, blank=True
    )
    at_conference = models.BooleanField(_("bình xét tại hội nghị cụm"), default=False)
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        verbose_name = _("danh hiệu, hình thức khen thưởng")
        verbose_name_plural = pgettext_lazy("plural", "danh hiệu, hình thức khen thưởng")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="award_once_at_a_time"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_from=None), name="award_once_from_the_start"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="award_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ConferenceState(models.TextChoices):
    OPEN = "open", _("Đang ghi")
    CONCLUDED = "concluded", _("Đã kết luận")


class Conference(models.Model):
    """Hội nghị tổng kết: where the report is read, results are added and flags discussed."""

    season = models.OneToOneField(Season, models.PROTECT, related_name="conference")
    held_on = models.DateField(_("ngày tổ chức"), null=True, blank=True)
    place = models.CharField(_("địa điểm"), max_length=200, blank=True)
    chair = models.CharField(_("chủ trì"), max_length=120, blank=True)
    chair_rank = models.CharField(_("cấp bậc"), max_length=40, blank=True)
    chair_position = models.CharField(_("chức vụ"), max_length=160, blank=True)
    secretary = models.CharField(_("thư ký hội nghị"), max_length=120, blank=True)
    conclusion_by = models.CharField(
        _("người phát biểu kết luận"),
        max_length=200,
        blank=True,
        help_text=_("Cấp bậc, họ tên, chức vụ; để trống nếu là người chủ trì."),
    )
    conclusion = models.TextField(_("kết luận"), blank=True)
    state = models.CharField(
        _("trạng thái"),
        max_length=10,
        choices=ConferenceState.choices,
        default=ConferenceState.OPEN,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("hội nghị tổng kết")
        verbose_name_plural = pgettext_lazy("plural", "hội nghị tổng kết")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(conclusion=""), name="concluded_has_a_conclusion"
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Hội nghị tổng kết')} {self.season.year}"

    @property
    def chaired_by(self) -> str:
        """Rank, name and position of the chair, "" while nobody is recorded."""
        name = " ".join(filter(None, (self.chair_rank, self.chair)))
        return ", ".join(filter(None, (name, self.chair_position))) if self.chair else ""

    @property
    def concluded_by(self) -> str:
        """Who gave the concluding speech: the chair, where nobody else is named."""
        return self.conclusion_by or self.chaired_by


class Remark(models.Model):
    """What was said at the conference: by a unit, or without one where no source names it."""

    class Kind(models.TextChoices):
        DISCUSSION = "discussion", _("Phát biểu thảo luận")
        ADDITION = "addition", _("Bổ sung kết quả")
        REVIEW = "review", _("Bình xét, suy tôn")
        CALL = "call", _("Lời kêu gọi")

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="remarks")
    kind = models.CharField(_("loại"), max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị")
    )
    speaker = models.CharField(_("người phát biểu"), max_length=160, blank=True)
    text = models.TextField(_("nội dung"))
    achievement = models.ForeignKey(
        Achievement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="remarks",
        verbose_name=_("thành tích được bổ sung"),
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["conference", "id"]
        verbose_name = _("ý kiến tại hội nghị")
        verbose_name_plural = pgettext_lazy("plural", "ý kiến tại hội nghị")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit or self.speaker}"


class NominationState(models.TextChoices):
    DRAFT = "draft", _("Bản nháp")
    PROPOSED = "proposed", pgettext_lazy("state", "Đề nghị khen thưởng")
    WITHDRAWN = "withdrawn", _("Đã rút")


NOMINATION_TRANSITIONS: dict[NominationState, frozenset[NominationState]] = {
    NominationState.DRAFT: frozenset({NominationState.PROPOSED, NominationState.WITHDRAWN}),
    NominationState.PROPOSED: frozenset({NominationState.WITHDRAWN}),
    NominationState.WITHDRAWN: frozenset(),
}


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, user: User) -> Self:
        """What is proposed, for every member of the cluster; drafts for its cluster roles."""
        if is_administrator(user):
            return self
        proposed = Q(season__in=Season.objects.visible_to(user)) & ~Q(state=NominationState.DRAFT)
        return self.filter(Q(season__cluster__in=standing(user).clusters) | proposed)

    def standing(self) -> Self:
        """Those not withdrawn."""
        return self.exclude(state=NominationState.WITHDRAWN)


class Nomination(models.Model):
    """Đề nghị: a unit for an award. The decision belongs to the authority named there."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="nominations")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name=_("đơn vị"),
    )
    award = models.ForeignKey(
        Award, models.PROTECT, related_name="nominations", verbose_name=_("hình thức đề nghị")
    )
    merit = models.TextField(_("tóm tắt thành tích"), blank=True)
    state = models.CharField(
        _("trạng thái"),
        max_length=10,
        choices=NominationState.choices,
        default=NominationState.DRAFT,
    )
    withdrawn_reason = models.TextField(_("lý do rút"), blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["season", "award__order", "id"]
        verbose_name = _("đề nghị khen thưởng")
        verbose_name_plural = pgettext_lazy("plural", "đề nghị khen thưởng")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "unit", "award"],
                condition=~Q(state="withdrawn"),
                name="nominated_once_an_award",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(source__isnull=False),
                name="nomination_has_a_unit_or_a_source",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="withdrawal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} · {self.unit or _('không nêu tên')}"

"""A cluster's year: its phases, the text of its assessment, the sources its facts come from."""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import YEARS, Cluster, Term, Unit, User
from clusters.permissions import is_administrator, standing


class SeasonQuerySet(models.QuerySet["Season"]):
    def visible_to(self, user: User) -> Self:
        """Seasons of clusters in which the user holds a role, or whose member is their unit.

        An administrator reads every season.
        """
        if is_administrator(user):
            return self
        who = standing(user)
        member = Cluster.objects.filter(
            memberships__unit__in=who.units, memberships__year=models.OuterRef("year")
        )
        return self.filter(
            Q(cluster__in=who.clusters)
            | models.Exists(member.filter(pk=models.OuterRef("cluster_id")))
        )


class Season(models.Model):
    """One year of one cluster; everything that is done in it hangs on this row."""

    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="seasons", verbose_name=_("cụm thi đua")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    slug = models.SlugField(_("đường dẫn"), max_length=60, unique=True)
    movement = models.CharField(
        _("phong trào thi đua"), max_length=200, default="Vì an ninh Tổ quốc"
    )
    motto = models.CharField(_("phương châm"), max_length=300, blank=True)
    scheme = models.ForeignKey(
        "emulation.Scheme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seasons",
        verbose_name=_("thang điểm"),
    )
    counted_to = models.DateField(_("số liệu tính đến ngày"), null=True, blank=True)
    illustration = models.TextField(
        _("ghi chú dữ liệu minh họa"),
        blank=True,
        help_text=_("Nếu có, in trên mọi trang và mọi văn bản của kỳ."),
    )
    max_returns = models.PositiveSmallIntegerField(
        _("số lần trả lại tối đa"),
        default=3,
        help_text=_("Quá số lần này, thư ký cụm công nhận hoặc không công nhận."),
    )
    next_number = models.PositiveIntegerField(default=1, editable=False)
    closed_at = models.DateTimeField(_("chốt lúc"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = SeasonQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "cluster"]
        verbose_name = _("kỳ thi đua")
        verbose_name_plural = pgettext_lazy("plural", "kỳ thi đua")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year"], name="one_season_a_year"),
            models.CheckConstraint(condition=YEARS, name="season_year_is_sane"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="season_is_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} · {self.year}"

    @property
    def is_closed(self) -> bool:
        """A closed season changes no more, through no door; the database refuses too."""
        return self.closed_at is not None

    def figures_on(self, day: date) -> date | None:
        """Return the day of the figures as seen on `day`: nothing of a later day is in them."""
        return min(self.counted_to, day) if self.counted_to else None

    def units(self) -> models.QuerySet[Unit]:
        """Return the member units of the year, in the official order."""
        return Unit.objects.filter(
            memberships__cluster=self.cluster_id, memberships__year=self.year
        ).order_by("memberships__order")

    def term(self) -> Term | None:
        """Return who heads the cluster this year, or None while nobody is named."""
        return (
            Term.objects.filter(cluster=self.cluster_id, year=self.year)
            .select_related("head", "deputy")
            .first()
        )


SWITCHES = (
    "enter",
    "submit",
    "verify",
    "self_score",
    "appraise",
    "see_standings",
    "nominate",
    "confer",
    "objection",
    "vote",
)
# What units do: a grace period and a late code prolong these, and nothing else.
UNIT_SWITCHES = ("enter", "submit", "self_score")


class Phase(models.Model):
    """A span of time in a season and what it allows; rights change by dates, not by code."""

    season = models.ForeignKey(
        Season, models.CASCADE, related_name="phases", verbose_name=_("kỳ thi đua")
    )
    name = models.CharField(_("tên pha"), max_length=120)
    start = models.DateTimeField(_("bắt đầu"))
    end = models.DateTimeField(_("kết thúc"))
    enter = models.BooleanField(_("nhập thành tích"), default=False)
    submit = models.BooleanField(_("gửi thành tích"), default=False)
    verify = models.BooleanField(_("thẩm định thành tích"), default=False)
    self_score = models.BooleanField(_("tự chấm điểm"), default=False)
    appraise = models.BooleanField(_("chấm điểm thẩm định"), default=False)
    see_standings = models.BooleanField(_("đơn vị xem xếp hạng"), default=False)
    nominate = models.BooleanField(_("đề nghị khen thưởng"), default=False)
    confer = models.BooleanField(_("ghi hội nghị"), default=False)
    objection = models.BooleanField(_("kiến nghị về điểm"), default=False)
    vote = models.BooleanField(_("bỏ phiếu"), default=False)
    grace_hours = models.PositiveSmallIntegerField(
        _("gia hạn (giờ)"),
        default=0,
        help_text=_("Sau khi kết thúc, đơn vị vẫn nhập, gửi và tự chấm được; ghi là gửi muộn."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["season", "start", "id"]
        verbose_name = _("pha")
        verbose_name_plural = pgettext_lazy("plural", "các pha")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="phase_ends_after_it_begins",
                violation_error_message=_("Pha phải kết thúc sau khi bắt đầu."),
            ),
            models.UniqueConstraint(fields=["season", "name"], name="phase_name_once"),
            models.CheckConstraint(
                condition=Q(grace_hours__lte=24 * 60), name="phase_grace_is_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def covers(self, at: datetime) -> bool:
        """The end belongs to the phase no more: a second after the deadline is too late."""
        return self.start <= at < self.end

    def covers_late(self, at: datetime) -> bool:
        """The hours of grace after the end."""
        return self.end <= at < self.end + timedelta(hours=self.grace_hours)


class LateCode(models.Model):
    """Mã nộp muộn: lets one unit enter, send and score itself until a moment, once redeemed."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="late_codes")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    code = models.CharField(_("mã nộp muộn"), max_length=12)
    until = models.DateTimeField(_("dùng đến"))
    reason = models.CharField(_("lý do cho nộp muộn"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người cấp"))
    at = models.DateTimeField(_("cấp lúc"))
    redeemed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người dùng mã")
    )
    redeemed_at = models.DateTimeField(_("dùng lúc"), null=True)

    class Meta:
        ordering = ["season", "-at", "-id"]
        verbose_name = _("mã nộp muộn")
        verbose_name_plural = pgettext_lazy("plural", "mã nộp muộn")
        constraints = [
            models.UniqueConstraint(fields=["season", "code"], name="late_code_once"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="late_code_ends_later"),
            models.CheckConstraint(
                condition=Q(redeemed_by=None, redeemed_at=None)
                | Q(redeemed_by__isnull=False, redeemed_at__isnull=False),
                name="late_code_is_redeemed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.until:%d/%m/%Y}"


class Source(models.Model):
    """A phrase of the text that facts of a season were taken from, and what was corrected."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="sources")
    code = models.CharField(_("mã"), max_length=8)
    quote = models.TextField(_("trích tài liệu nguồn"))
    correction = models.TextField(_("đính chính"), blank=True)

    class Meta:
        ordering = ["season", "code"]
        verbose_name = _("trích dẫn nguồn")
        verbose_name_plural = pgettext_lazy("plural", "trích dẫn nguồn")
        constraints = [
            models.UniqueConstraint(fields=["season", "code"], name="source_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class AssessmentKind(models.TextChoices):
    """Narrative parts of the summary report, in the order of the report (domain.md 5.5)."""

    LEADERSHIP = "leadership", _("Công tác lãnh đạo, chỉ đạo")
    ACTIVITY = "activity", _("Hoạt động của cụm")
    STRENGTH = "strength", _("Ưu điểm")
    SHORTCOMING = "shortcoming", _("Tồn tại, hạn chế")
    CAUSE = "cause", _("Nguyên nhân")
    LESSON = "lesson", _("Bài học kinh nghiệm")
    DIRECTION = "direction", _("Phương hướng")
    TASK = "task", _("Nhiệm vụ trọng tâm")
    PROPOSAL = "proposal", _("Kiến nghị, đề xuất")


class Assessment(models.Model):
    """One paragraph of the assessment of the year, under its heading of the report."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="assessments")
    kind = models.CharField(_("phần"), max_length=12, choices=AssessmentKind.choices)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=1)
    text = models.TextField(_("nội dung"))
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["season", "kind", "order", "id"]
        verbose_name = _("nội dung đánh giá")
        verbose_name_plural = pgettext_lazy("plural", "nội dung đánh giá")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "kind", "order"], name="assessment_order_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.order}"


def days_of(season: Season) -> tuple[date, date]:
    """Return the first and last day on which things of a season may have happened.

    A cluster's year begins on 15/12 of the year before (Decree 09/2019/ND-CP, domain.md 3.7).
    """
    return date(season.year - 1, 12, 15), date(season.year, 12, 31)

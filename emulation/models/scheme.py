"""Scoring schemes as data: a versioned tree of criteria, locked when a pledge is signed."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Cluster, User
from clusters.permissions import is_administrator, standing
from emulation.models.achievement import Category
from emulation.models.pledge import TargetGroup
from emulation.scoring import GRADES, TIE_BREAKS, Kind, Method


def usual_grades() -> dict[str, str]:
    """The grades of domain.md 4.5: at least so many per cent of the base points."""
    return {grade.value: str(least) for least, grade in GRADES}


def usual_tie_breaks() -> list[str]:
    """The written order of domain.md 4.5, after the total itself."""
    return [step.value for step in TIE_BREAKS]


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def visible_to(self, user: User) -> Self:
        """Common schemes, and those of the clusters that the user has a part in."""
        if is_administrator(user):
            return self
        who = standing(user)
        member = Q(cluster__memberships__unit__in=who.units)
        return self.filter(Q(cluster=None) | Q(cluster__in=who.clusters) | member).distinct()


class Scheme(models.Model):
    """Thang điểm: one version of a tree of criteria. A locked version never changes again."""

    code = models.SlugField(_("mã"), max_length=40)
    version = models.PositiveSmallIntegerField(_("phiên bản"), default=1)
    name = models.CharField(_("tên thang điểm"), max_length=200)
    ceiling = models.DecimalField(_("tổng tối đa"), max_digits=7, decimal_places=2)
    source = models.CharField(_("căn cứ"), max_length=300, blank=True)
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="schemes",
        verbose_name=_("cụm thi đua"),
    )  # fmt: skip
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next_versions",
        verbose_name=_("phiên bản trước"),
    )  # fmt: skip
    reason = models.CharField(_("lý do có phiên bản này"), max_length=500, blank=True)
    lead_group = models.CharField(_("nhóm xét trước khi bằng điểm"), max_length=12, blank=True)
    bonus_group = models.CharField(_("nhóm điểm thưởng"), max_length=12, blank=True)
    penalty_group = models.CharField(_("nhóm điểm trừ"), max_length=12, blank=True)
    tie_breaks = models.JSONField(_("thứ tự xét khi bằng điểm"), default=usual_tie_breaks)
    grades = models.JSONField(_("mức xếp loại"), default=usual_grades)
    gap_limit = models.DecimalField(
        _("chênh lệch phải nêu căn cứ"), max_digits=5, decimal_places=2, default=0,
        help_text=_("Thẩm định lệch tự chấm quá số điểm này thì nêu lý do gắn với minh chứng."),
    )  # fmt: skip
    locked_at = models.DateTimeField(_("khóa lúc"), null=True, blank=True, editable=False)
    edits = models.PositiveIntegerField(default=1, editable=False)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("thang điểm")
        verbose_name_plural = pgettext_lazy("plural", "thang điểm")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.CheckConstraint(condition=Q(ceiling__gt=0), name="scheme_ceiling_is_positive"),
            models.CheckConstraint(condition=Q(gap_limit__gte=0), name="scheme_gap_is_positive"),
            models.CheckConstraint(
                condition=Q(previous=None) | ~Q(reason=""), name="new_version_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.version})"

    @property
    def is_locked(self) -> bool:
        """A signed pledge promised this version: a change is a new version with a reason."""
        return self.locked_at is not None


KINDS = [
    (Kind.GROUP.value, _("nhóm")),
    (Kind.QUANTITATIVE.value, _("định lượng")),
    (Kind.QUALITATIVE.value, _("định tính")),
    (Kind.COUNT.value, _("chấm thẳng")),
    (Kind.PLUS_MINUS.value, _("cộng/trừ")),
]
METHODS: list[tuple[str, Any]] = [
    (Method.TYPED.value, _("chấm bằng điểm")),
    (Method.PROPORTIONAL.value, _("theo tỷ lệ đạt")),
    (Method.BANDED.value, _("theo mức đạt")),
    (Method.HALF_PLUS_LEADER.value, _("đạt được nửa điểm, vượt tính theo đơn vị dẫn đầu")),
    (Method.ON_TIME.value, _("theo thời hạn")),
    (Method.EACH.value, _("điểm mỗi lần")),
]


class ActualSource(models.TextChoices):
    """Where the actual value of a criterion comes from."""

    TYPED = "typed", _("nhập số liệu")
    ACHIEVEMENTS = "achievements", _("số thành tích được công nhận")
    QUANTITY = "quantity", _("tổng số lượng của thành tích được công nhận")
    TARGETS = "targets", _("mức đạt chỉ tiêu giao ước")


class Criterion(models.Model):
    """A group or a leaf of a scheme. Scores lie between `min_score` and `max_score`.

    With a `method` the points follow from an actual value (and a target where it needs one);
    without, somebody gives them.
    """

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="criteria")
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("nhóm"),
    )
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    code = models.CharField(_("mã"), max_length=12)
    name = models.CharField(_("tiêu chí"), max_length=300)
    kind = models.CharField(_("cách chấm"), max_length=12, choices=KINDS)
    method = models.CharField(_("cách tính điểm"), max_length=16, choices=METHODS, blank=True)
    actual_source = models.CharField(
        _("nguồn số liệu"), max_length=12, choices=ActualSource.choices, default=ActualSource.TYPED
    )
    category = models.CharField(
        _("loại thành tích"), max_length=20, choices=Category.choices, blank=True
    )
    target_group = models.CharField(
        _("nhóm chỉ tiêu"), max_length=12, choices=TargetGroup.choices, blank=True
    )
    min_score = models.DecimalField(_("điểm tối thiểu"), max_digits=7, decimal_places=2, default=0)
    max_score = models.DecimalField(_("điểm tối đa"), max_digits=7, decimal_places=2)
    points_each = models.DecimalField(
        _("điểm mỗi lần"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    guidance = models.TextField(_("hướng dẫn chấm"), blank=True)

    class Meta:
        ordering = ["scheme", "order", "id"]
        verbose_name = _("tiêu chí")
        verbose_name_plural = pgettext_lazy("plural", "tiêu chí")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="criterion_code_once"),
            models.CheckConstraint(
                condition=Q(max_score__gte=F("min_score")), name="criterion_range_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(method="") | ~Q(kind=Kind.GROUP.value), name="group_has_no_method"
            ),
            models.CheckConstraint(
                condition=~Q(method=Method.EACH.value) | Q(points_each__isnull=False),
                name="each_has_its_points",
            ),
            models.CheckConstraint(
                condition=Q(actual_source=ActualSource.TYPED)
                | ~Q(method="") & (~Q(category="") | ~Q(target_group="")),
                name="computed_actual_says_from_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"


class Effect(models.TextChoices):
    """What a condition of domain.md 4.5 takes away."""

    NO_FLAG = "no_flag", _("không đề nghị tặng cờ")
    NO_TITLE = "no_title", _("không xét danh hiệu")
    GRADE_DOWN = "grade_down", _("hạ một bậc xếp loại")


class Finder(models.TextChoices):
    """How a condition is found: by the system from what is recorded, or by a person."""

    PERSON = "person", _("thư ký ghi nhận")
    UNSIGNED = "unsigned", _("hệ thống: chưa ký giao ước")
    UNREPORTED = "unreported", _("hệ thống: thiếu báo cáo bắt buộc")
    OVERRATED = "overrated", _("hệ thống: tự chấm cao hơn thẩm định quá tỷ lệ")


class Condition(models.Model):
    """A disqualifying condition. Only a rule with a cited source blocks; the others warn."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="conditions")
    order = models.PositiveSmallIntegerField(_("thứ tự"))
    code = models.SlugField(_("mã"), max_length=40)
    name = models.CharField(_("điều kiện"), max_length=300)
    effect = models.CharField(_("hệ quả"), max_length=12, choices=Effect.choices)
    finder = models.CharField(
        _("cách phát hiện"), max_length=12, choices=Finder.choices, default=Finder.PERSON
    )
    # More than so many reports, or so many per cent, by the finder.
    limit = models.DecimalField(_("ngưỡng"), max_digits=6, decimal_places=2, null=True, blank=True)
    basis = models.CharField(_("điều, khoản"), max_length=300, blank=True)
    source = models.CharField(_("văn bản nguồn"), max_length=300, blank=True)
    valid_from = models.DateField(_("có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hết hiệu lực sau"), null=True, blank=True)
    is_on = models.BooleanField(_("đang áp dụng"), default=True)

    class Meta:
        ordering = ["scheme", "order", "id"]
        verbose_name = _("điều kiện loại trừ")
        verbose_name_plural = pgettext_lazy("plural", "điều kiện loại trừ")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="condition_code_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="condition_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(source="") | ~Q(basis=""), name="sourced_condition_names_its_article"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def blocks(self) -> bool:
        """Whether it blocks; without a source it only warns and can be overridden."""
        return self.source != ""

"""Scoring schemes as data, and the score sheets of a season."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models.achievement import Lateness
from emulation.models.season import Season
from emulation.scoring import Kind


class Scheme(models.Model):
    """Thang điểm: a versioned tree of criteria."""

    code = models.SlugField(_("mã"), max_length=40)
    version = models.PositiveSmallIntegerField(_("phiên bản"), default=1)
    name = models.CharField(_("tên thang điểm"), max_length=200)
    ceiling = models.DecimalField(_("tổng tối đa"), max_digits=7, decimal_places=2)
    source = models.CharField(_("căn cứ"), max_length=300, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("thang điểm")
        verbose_name_plural = pgettext_lazy("plural", "thang điểm")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.version})"


KINDS = [
    (Kind.GROUP.value, _("nhóm")),
    (Kind.QUANTITATIVE.value, _("định lượng")),
    (Kind.QUALITATIVE.value, _("định tính")),
    (Kind.COUNT.value, _("chấm thẳng")),
    (Kind.PLUS_MINUS.value, _("cộng/trừ")),
]


class Criterion(models.Model):
    """A group or a leaf of a scheme. Scores lie between `min_score` and `max_score`."""

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
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"


class SheetState(models.TextChoices):
    DRAFT = "draft", _("Đang tự chấm")
    SUBMITTED = "submitted", _("Đã gửi tự chấm")
    APPRAISED = "appraised", _("Đã thẩm định")


SHEET_TRANSITIONS: dict[SheetState, frozenset[SheetState]] = {
    SheetState.DRAFT: frozenset({SheetState.SUBMITTED}),
    SheetState.SUBMITTED: frozenset({SheetState.APPRAISED, SheetState.DRAFT}),
    SheetState.APPRAISED: frozenset({SheetState.SUBMITTED}),
}


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def visible_to(self, user: User) -> Self:
        """The unit's own and, for the secretary and leader, all of the cluster."""
        if is_administrator(user):
            return self
        who = standing(user)
        return self.filter(Q(unit__in=who.units) | Q(season__cluster__in=who.clusters))


class ScoreSheet(models.Model):
    """Bảng điểm: the scores of one unit in one season."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sheets")
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=SheetState.choices, default=SheetState.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(_("gửi tự chấm lúc"), null=True, blank=True)
    lateness = models.CharField(
        _("gửi muộn"), max_length=5, choices=Lateness.choices, blank=True, editable=False
    )
    appraised_at = models.DateTimeField(_("thẩm định lúc"), null=True, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        ordering = ["season", "id"]
        verbose_name = _("bảng điểm")
        verbose_name_plural = pgettext_lazy("plural", "bảng điểm")
        constraints = [
            models.UniqueConstraint(fields=["season", "unit"], name="one_sheet_a_unit"),
            models.CheckConstraint(
                condition=Q(state=SheetState.DRAFT) | Q(submitted_at__isnull=False),
                name="sheet_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Bảng điểm')} {self.unit} {self.season.year}"


class Score(models.Model):
    """One line of a sheet. It keeps the range it was given in, whatever the scheme becomes."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    min_score = models.DecimalField(max_digits=7, decimal_places=2)
    max_score = models.DecimalField(max_digits=7, decimal_places=2)
    self_score = models.DecimalField(
        _("tự chấm"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    self_note = models.CharField(_("giải trình"), max_length=500, blank=True)
    verified_score = models.DecimalField(
        _("thẩm định"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    verified_note = models.CharField(_("lý do, cách tính"), max_length=500, blank=True)

    class Meta:
        ordering = ["sheet", "criterion__order"]
        verbose_name = _("điểm")
        verbose_name_plural = pgettext_lazy("plural", "điểm")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="one_score_a_criterion"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None})
                    | Q(**{f"{name}__gte": F("min_score"), f"{name}__lte": F("max_score")}),
                    name=f"{name}_is_in_range",
                )
                for name in ("self_score", "verified_score")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.verified_score or self.self_score}"

"""The score sheets of a season in their lanes: self, cross, first and final appraisal."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models.achievement import Achievement, Lateness
from emulation.models.scheme import Criterion
from emulation.models.season import Season


class SheetState(models.TextChoices):
    DRAFT = "draft", _("Đang tự chấm")
    SUBMITTED = "submitted", _("Đã gửi tự chấm")
    FIRST = "first", _("Chờ giải trình")
    EXPLAINED = "explained", _("Đã giải trình")
    APPRAISED = "appraised", _("Đã thẩm định")


# First appraisal, explanation, second appraisal (domain.md 4.1); the middle two may be left out.
SHEET_TRANSITIONS: dict[SheetState, frozenset[SheetState]] = {
    SheetState.DRAFT: frozenset({SheetState.SUBMITTED}),
    SheetState.SUBMITTED: frozenset({SheetState.FIRST, SheetState.APPRAISED, SheetState.DRAFT}),
    SheetState.FIRST: frozenset({SheetState.EXPLAINED, SheetState.APPRAISED}),
    SheetState.EXPLAINED: frozenset({SheetState.APPRAISED}),
    SheetState.APPRAISED: frozenset({SheetState.SUBMITTED, SheetState.EXPLAINED}),
}


# What waits for the secretariat; what was sent and is not appraised to the end.
WAITING = (SheetState.SUBMITTED, SheetState.EXPLAINED)
UNFINISHED = (*WAITING, SheetState.FIRST)


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
    first_at = models.DateTimeField(_("thẩm định lần 1 lúc"), null=True, blank=True)
    explained_at = models.DateTimeField(_("giải trình lúc"), null=True, blank=True)
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


class Basis(models.TextChoices):
    """What a gap between self-score and appraisal rests on."""

    EVIDENCE = "evidence", _("Căn cứ minh chứng đã nêu")
    ABSENT = "absent", _("Không có minh chứng")


class Score(models.Model):
    """One line of a sheet. It keeps the range it was given in, whatever the scheme becomes.

    Where the criterion has a method, a lane holds an actual value (and target) and its points
    follow; elsewhere it holds points.
    """

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    min_score = models.DecimalField(max_digits=7, decimal_places=2)
    max_score = models.DecimalField(max_digits=7, decimal_places=2)
    self_score = models.DecimalField(
        _("tự chấm"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    self_note = models.CharField(_("giải trình"), max_length=500, blank=True)
    self_actual = models.DecimalField(
        _("thực hiện"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    self_target = models.DecimalField(
        _("chỉ tiêu"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    # The first appraisal as it was put to the unit, in points; its answer; then what counts.
    first_score = models.DecimalField(
        _("thẩm định lần 1"), max_digits=9, decimal_places=4, null=True, blank=True
    )
    first_note = models.CharField(_("nhận xét lần 1"), max_length=500, blank=True)
    explanation = models.CharField(_("giải trình của đơn vị"), max_length=1000, blank=True)
    verified_score = models.DecimalField(
        _("thẩm định"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    verified_note = models.CharField(_("lý do, cách tính"), max_length=500, blank=True)
    verified_actual = models.DecimalField(
        _("thực hiện, thẩm định"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    verified_target = models.DecimalField(
        _("chỉ tiêu, thẩm định"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    verified_basis = models.CharField(
        _("căn cứ của chênh lệch"), max_length=8, choices=Basis.choices, blank=True
    )

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
                for name in ("self_score", "first_score", "verified_score")
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 0}),
                    name=f"{name}_is_not_negative",
                )
                for name in ("self_actual", "self_target", "verified_actual", "verified_target")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.verified_score or self.self_score}"


class Proof(models.Model):
    """An achievement that a unit names as evidence for a line of its sheet; it may be refused."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="proofs")
    achievement = models.ForeignKey(
        Achievement, models.PROTECT, related_name="proofs", verbose_name=_("thành tích")
    )
    refusal = models.CharField(_("lý do không chấp nhận"), max_length=500, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["score", "id"]
        verbose_name = _("minh chứng của điểm")
        verbose_name_plural = pgettext_lazy("plural", "minh chứng của điểm")
        constraints = [
            models.UniqueConstraint(fields=["score", "achievement"], name="proof_once"),
            models.CheckConstraint(
                condition=Q(refusal="", refused_by=None)
                | ~Q(refusal="") & Q(refused_by__isnull=False),
                name="proof_is_refused_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.achievement)


class Relation(models.TextChoices):
    """Why somebody does not score a unit."""

    FAMILY = "family", _("Người thân công tác tại đơn vị")
    CHAIN = "chain", _("Quan hệ cấp trên, cấp dưới")
    FORMER = "former", _("Từng công tác tại đơn vị trong kỳ")
    DISPUTE = "dispute", _("Đang có khiếu nại, tranh chấp với đơn vị")
    OTHER = "other", _("Lý do khác")


class CrossState(models.TextChoices):
    ASSIGNED = "assigned", _("Chờ chấm chéo")
    SUBMITTED = "submitted", _("Đã chấm chéo")
    ABSTAINED = "abstained", _("Không chấm")


class CrossSheetQuerySet(models.QuerySet["CrossSheet"]):
    def visible_to(self, user: User) -> Self:
        """Those the user's unit gives, and all for the cluster's roles.

        The scored unit sees the mean on its sheet, not who gave what.
        """
        if is_administrator(user):
            return self
        who = standing(user)
        return self.filter(Q(scorer__in=who.units) | Q(sheet__season__cluster__in=who.clusters))


class CrossSheet(models.Model):
    """Chấm chéo: the scores that one unit gives another. `scored` repeats the unit of the sheet.

    So the database can refuse that a unit scores itself.
    """

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="cross_sheets")
    scored = models.ForeignKey(Unit, models.PROTECT, related_name="+", editable=False)
    scorer = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị chấm")
    )
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=CrossState.choices, default=CrossState.ASSIGNED
    )
    relation = models.CharField(_("quan hệ"), max_length=8, choices=Relation.choices, blank=True)
    reason = models.CharField(_("lý do không chấm"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CrossSheetQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "id"]
        verbose_name = _("bảng chấm chéo")
        verbose_name_plural = pgettext_lazy("plural", "bảng chấm chéo")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "scorer"], name="cross_sheet_once"),
            models.CheckConstraint(
                condition=~Q(scorer=F("scored")),
                name="nobody_scores_the_own_unit",
                violation_error_message=_("Đơn vị không tự chấm chéo chính mình."),
            ),
            models.CheckConstraint(
                condition=~Q(state=CrossState.ABSTAINED) | ~Q(relation=""),
                name="abstention_names_the_relation",
            ),
            models.CheckConstraint(
                condition=~Q(state=CrossState.SUBMITTED) | Q(submitted_at__isnull=False),
                name="cross_sheet_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorer} → {self.scored}"


class CrossScore(models.Model):
    """What a scorer gives for one criterion."""

    cross_sheet = models.ForeignKey(CrossSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    min_score = models.DecimalField(max_digits=7, decimal_places=2)
    max_score = models.DecimalField(max_digits=7, decimal_places=2)
    score = models.DecimalField(
        _("chấm chéo"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("nhận xét"), max_length=500, blank=True)

    class Meta:
        ordering = ["cross_sheet", "criterion__order"]
        verbose_name = _("điểm chấm chéo")
        verbose_name_plural = pgettext_lazy("plural", "điểm chấm chéo")
        constraints = [
            models.UniqueConstraint(fields=["cross_sheet", "criterion"], name="cross_score_once"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=F("min_score"), score__lte=F("max_score")),
                name="cross_score_is_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.score}"


class Recusal(models.Model):
    """A secretary who does not score a unit, and the relation that is the reason."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="recusals")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    relation = models.CharField(_("quan hệ"), max_length=8, choices=Relation.choices)
    note = models.CharField(_("nói rõ"), max_length=300, blank=True)
    at = models.DateTimeField(_("khai lúc"))

    class Meta:
        ordering = ["season", "id"]
        verbose_name = _("khai báo không chấm")
        verbose_name_plural = pgettext_lazy("plural", "khai báo không chấm")
        constraints = [
            models.UniqueConstraint(fields=["season", "unit", "user"], name="recusal_once"),
            models.CheckConstraint(
                condition=~Q(relation=Relation.OTHER) | ~Q(note=""),
                name="other_relation_is_told",
                violation_error_message=_("Nói rõ lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.unit}"

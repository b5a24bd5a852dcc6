"""What follows from the scores: facts that break ties, findings, published order, objections."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models.scheme import Condition
from emulation.models.season import Season
from emulation.models.sheet import Score


class FactKind(models.TextChoices):
    """What the order or its checks need of a unit besides points (domain.md 4.5)."""

    BALLOT = "ballot", _("kết quả bỏ phiếu kín (số phiếu)")
    WOMEN = "women", _("ưu tiên tỷ lệ nữ (1 là có)")
    MEETING = "meeting", _("quyết định của hội nghị (số lớn hơn đứng trước)")
    SIZE = "size", _("quân số")


class UnitFact(models.Model):
    """A number about a unit in a season, with where it comes from."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="unit_facts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    kind = models.CharField(_("số liệu"), max_length=8, choices=FactKind.choices)
    value = models.DecimalField(_("giá trị"), max_digits=10, decimal_places=2)
    source = models.CharField(_("căn cứ"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        ordering = ["season", "kind", "id"]
        verbose_name = _("số liệu của đơn vị")
        verbose_name_plural = pgettext_lazy("plural", "số liệu của đơn vị")
        constraints = [
            models.UniqueConstraint(fields=["season", "unit", "kind"], name="unit_fact_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="unit_fact_is_not_negative"),
            models.CheckConstraint(condition=~Q(source=""), name="unit_fact_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_kind_display()} {self.value}"


class Block(models.Model):
    """A disqualifying condition found for a unit; a warning may be overridden with a reason."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="blocks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    condition = models.ForeignKey(
        Condition, models.PROTECT, related_name="+", verbose_name=_("điều kiện")
    )
    found_on = models.DateField(_("ngày"))
    detail = models.CharField(_("sự việc"), max_length=500)
    source = models.CharField(_("văn bản, căn cứ"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("ghi lúc"))
    # A warning put aside, or a finding that proved wrong; either way with a reason.
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(_("gỡ lúc"), null=True)
    lifted_reason = models.CharField(_("lý do gỡ"), max_length=500, blank=True)

    class Meta:
        ordering = ["season", "-found_on", "-id"]
        verbose_name = _("trường hợp loại trừ")
        verbose_name_plural = pgettext_lazy("plural", "trường hợp loại trừ")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "unit", "condition", "found_on"], name="block_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None, lifted_reason="")
                | Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~Q(lifted_reason=""),
                name="block_is_lifted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.condition}"


class Standing(models.Model):
    """Bảng xếp hạng công bố: what the order was computed from, and what came out. Never changed.

    `inputs` and `result` are canonical JSON texts, `sha256` is of `inputs`.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="standings")
    number = models.PositiveSmallIntegerField(_("lần công bố"))
    inputs = models.TextField()
    result = models.TextField()
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(_("lý do công bố lại"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("công bố lúc"))

    class Meta:
        ordering = ["season", "-number"]
        verbose_name = _("bảng xếp hạng công bố")
        verbose_name_plural = pgettext_lazy("plural", "bảng xếp hạng công bố")
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="standing_number_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="published_again_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} · {_('lần')} {self.number}"


class ObjectionState(models.TextChoices):
    OPEN = "open", _("Chờ trả lời")
    ACCEPTED = "accepted", _("Chấp nhận")
    REFUSED = "refused", _("Không chấp nhận")


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: User) -> Self:
        """The own unit's and, for the cluster's roles, all; answered ones the whole cluster."""
        if is_administrator(user):
            return self
        who = standing(user)
        mine = Q(score__sheet__unit__in=who.units) | Q(season__cluster__in=who.clusters)
        member = Q(season__in=Season.objects.visible_to(user)) & ~Q(state=ObjectionState.OPEN)
        return self.filter(mine | member)


class Objection(models.Model):
    """Kiến nghị về điểm: once a criterion, against the published order, with new evidence."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="objections")
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="objections")
    score = models.OneToOneField(Score, models.PROTECT, related_name="objection")
    wanted = models.DecimalField(
        _("điểm đề nghị"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    text = models.TextField(_("nội dung kiến nghị"))
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=ObjectionState.choices, default=ObjectionState.OPEN
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("gửi lúc"))
    answer = models.TextField(_("trả lời"), blank=True)
    # The points before and after the answer, for everybody to read.
    before = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    after = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["season", "at", "id"]
        verbose_name = _("kiến nghị về điểm")
        verbose_name_plural = pgettext_lazy("plural", "kiến nghị về điểm")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_something"),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, answer="", answered_by=None)
                | ~Q(state=ObjectionState.OPEN)
                & ~Q(answer="")
                & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="objection_is_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("by")),
                name="nobody_answers_the_own_objection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score.criterion.code}: {self.text[:60]}"


def objection_path(file: "ObjectionFile", name: str) -> str:
    """Return a random place for a file: its own name is kept in the row alone."""
    return f"objections/{file.objection.season_id}/{uuid.uuid4().hex}"


class ObjectionFile(models.Model):
    """New evidence that goes with an objection."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files")
    name = models.CharField(_("tên tệp"), max_length=120)
    file = models.FileField(_("tệp"), upload_to=objection_path, max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("dung lượng"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["objection", "id"]
        verbose_name = _("minh chứng mới của kiến nghị")
        verbose_name_plural = pgettext_lazy("plural", "minh chứng mới của kiến nghị")
        constraints = [
            models.UniqueConstraint(fields=["objection", "sha256"], name="objection_file_once"),
        ]

    def __str__(self) -> str:
        return self.name

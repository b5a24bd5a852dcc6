"""Events that are only ever added, each carrying the hash of the one before."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.verbs import Verb


def verbs() -> list[tuple[str, Any]]:
    """Return the acts; as a function, so that a new act needs no migration."""
    return Verb.choices


class Head(models.Model):
    """The one row that every writer locks, so that the chain has neither gaps nor forks."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="journal_head_is_single"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Event(models.Model):
    """One act. The database refuses to change or delete it (see migration `append_only`)."""

    number = models.PositiveBigIntegerField(_("số thứ tự"), primary_key=True)
    at = models.DateTimeField(_("thời điểm"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("người thực hiện"),
        related_name="+",
    )
    actor_name = models.CharField(_("họ tên"), max_length=150, blank=True)
    verb = models.CharField(_("việc"), max_length=60, choices=verbs)
    subject_kind = models.CharField(_("loại đối tượng"), max_length=60)
    subject_id = models.CharField(_("mã đối tượng"), max_length=40)
    subject_name = models.CharField(_("đối tượng"), max_length=300)
    reason = models.TextField(_("lý do"), blank=True)
    # {"field": [before, after]}; never what a ballot paper says, never a password.
    changes = models.JSONField(_("thay đổi"), default=dict, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("việc đã ghi")
        verbose_name_plural = pgettext_lazy("plural", "nhật ký hệ thống")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="journal_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject_name}"

"""Corrections of a closed season: new entries beside what stays as it was."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import User
from emulation.models.achievement import Achievement
from emulation.models.season import Season


class Correction(models.Model):
    """Đính chính: what stood there, what is right, and why. The database keeps it unchanged."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="corrections")
    achievement = models.ForeignKey(
        Achievement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("thành tích"),
    )
    about = models.CharField(_("nội dung được đính chính"), max_length=200)
    was = models.TextField(_("đã ghi"))
    becomes = models.TextField(_("đính chính thành"))
    reason = models.TextField(_("lý do"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        ordering = ["season", "-at", "-id"]
        verbose_name = _("đính chính")
        verbose_name_plural = pgettext_lazy("plural", "đính chính")
        constraints = [
            models.CheckConstraint(
                condition=~Q(becomes="") & ~Q(reason=""), name="correction_is_complete"
            ),
        ]

    def __str__(self) -> str:
        return self.about

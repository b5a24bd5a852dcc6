"""The ledger of evidence: which file proves which claim, and where in it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import User
from emulation.models.achievement import Achievement


def evidence_path(evidence: "Evidence", name: str) -> str:
    """Return a random place for a file: its own name is kept in the row alone."""
    return f"evidence/{evidence.achievement.season_id}/{uuid.uuid4().hex}"


class Claim(models.TextChoices):
    """Which statement of the achievement a piece of evidence proves."""

    DEED = "deed", _("Việc đã làm")
    QUANTITY = "quantity", _("Kết quả tính vào chỉ tiêu")
    PARTICULARS = "particulars", _("Phần chi tiết")


class Evidence(models.Model):
    """A file that proves a claim of an achievement. The same stored file may serve many rows."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="evidence")
    name = models.CharField(_("tên tệp"), max_length=120)
    file = models.FileField(_("tệp"), upload_to=evidence_path, max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("dung lượng"))
    sha256 = models.CharField(max_length=64, db_index=True)
    claim = models.CharField(
        _("chứng minh cho"), max_length=12, choices=Claim.choices, default=Claim.DEED
    )
    page = models.CharField(_("trang"), max_length=40, blank=True)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=160, blank=True)
    document_number = models.CharField(_("số, ký hiệu văn bản"), max_length=60, blank=True)
    # The number without case, spaces and accents: how the same document is found elsewhere.
    document_key = models.CharField(max_length=60, blank=True, editable=False, db_index=True)
    issued_on = models.DateField(_("ngày văn bản"), null=True, blank=True)
    # Name, issuer and number as they are searched in the unit's own store.
    search_key = models.CharField(max_length=400, blank=True, editable=False)
    original_seen_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xem bản gốc")
    )
    original_seen_at = models.DateTimeField(_("đã xem bản gốc lúc"), null=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["achievement", "id"]
        verbose_name = _("minh chứng")
        verbose_name_plural = pgettext_lazy("plural", "minh chứng")
        constraints = [
            models.UniqueConstraint(fields=["achievement", "sha256"], name="evidence_file_once"),
            models.CheckConstraint(
                condition=Q(original_seen_by=None, original_seen_at=None)
                | Q(original_seen_by__isnull=False, original_seen_at__isnull=False),
                name="original_seen_by_somebody_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

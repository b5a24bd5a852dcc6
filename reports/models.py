"""A document is a row: asked for, made by a worker, then never changed."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import User
from clusters.permissions import is_administrator, standing
from emulation.models import Phase, Season


class DocumentKind(models.TextChoices):
    FINAL_REPORT = "final_report", _("Báo cáo tổng kết")
    # The same with an annex on what the order hangs on, for those who ask for it.
    FAIR_REPORT = "fair_report", _("Báo cáo tổng kết kèm kiểm định công bằng")


class DocumentState(models.TextChoices):
    QUEUED = "queued", _("Đang chờ")
    RUNNING = "running", _("Đang lập")
    READY = "ready", _("Đã lập")
    FAILED = "failed", _("Không lập được")


ACTIVE = (DocumentState.QUEUED, DocumentState.RUNNING)


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """Documents of the cluster for its secretary and leader; finished ones for its units.

        A report tells every score, so units see it once a phase has opened the standings to them.
        """
        if is_administrator(user):
            return self
        opened = Phase.objects.filter(
            season=models.OuterRef("season"), see_standings=True, start__lte=timezone.now()
        )
        mine = Q(state=DocumentState.READY, season__in=Season.objects.visible_to(user))
        return self.filter(
            Q(season__cluster__in=standing(user).clusters) | mine & models.Exists(opened)
        )


def document_path(document: "Document", name: str) -> str:
    """Return a random place: a name that can be guessed is never a way to a file."""
    return f"documents/{document.season_id}/{uuid.uuid4().hex}.pdf"


class Document(models.Model):
    """One PDF. The database refuses to change a READY one (see migration `ready_stays`)."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="documents")
    kind = models.CharField(_("loại"), max_length=20, choices=DocumentKind.choices)
    number = models.PositiveIntegerField(_("số"))
    title = models.CharField(_("tên văn bản"), max_length=300)
    # One key per click: the second click of a double finds the first one's row.
    request_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        _("trạng thái"),
        max_length=7,
        choices=DocumentState.choices,
        default=DocumentState.QUEUED,
    )
    step = models.CharField(_("bước"), max_length=120, blank=True)
    percent = models.PositiveSmallIntegerField(_("phần trăm"), default=0)
    attempt = models.PositiveSmallIntegerField(_("lần thử"), default=0)
    # Who holds the job now: a worker writes results only while this is still its own token.
    claim = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(_("dấu sống"), null=True, blank=True)
    error = models.TextField(_("lỗi"), blank=True)
    requested_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người yêu cầu")
    )
    requested_at = models.DateTimeField(_("yêu cầu lúc"))
    sent_at = models.DateTimeField(_("vào hàng đợi lúc"), null=True, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    file = models.FileField(_("tệp"), upload_to=document_path, max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("dung lượng"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("số trang"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        verbose_name = _("văn bản")
        verbose_name_plural = pgettext_lazy("plural", "văn bản")
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | (~Q(file="") & ~Q(sha256="") & Q(finished_at__isnull=False, percent=100)),
                name="ready_document_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="failed_document_says_why"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """The short code by which people find it, such as BC-2026-012."""
        return f"BC-{self.season.year}-{self.number:03d}"

    @property
    def is_final(self) -> bool:
        return self.state not in ACTIVE

"""A file of achievements that a unit uploaded: kept as evidence of what it brought in."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.models import Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models.season import Season


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Đang kiểm tra")
    REFUSED = "refused", _("Có ô sai")
    CHECKED = "checked", _("Chờ xác nhận")
    WRITING = "writing", _("Đang ghi")
    DONE = "done", _("Đã nhập")
    DISMISSED = "dismissed", _("Đã bỏ")


IMPORT_TRANSITIONS: dict[ImportState, frozenset[ImportState]] = {
    ImportState.CHECKING: frozenset(
        {ImportState.REFUSED, ImportState.CHECKED, ImportState.DISMISSED}
    ),
    ImportState.REFUSED: frozenset({ImportState.DISMISSED}),
    ImportState.CHECKED: frozenset({ImportState.WRITING, ImportState.DISMISSED}),
    ImportState.WRITING: frozenset({ImportState.DONE, ImportState.REFUSED}),
    ImportState.DONE: frozenset(),
    ImportState.DISMISSED: frozenset(),
}


# A worker reads the file or writes the rows.
AT_WORK = (ImportState.CHECKING, ImportState.WRITING)


def import_path(row: "Import", name: str) -> str:
    """Return a random place for a file: its own name is kept in the row alone."""
    return f"imports/{row.season_id}/{uuid.uuid4().hex}"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """A unit's own alone: what was not entered is like a draft. An administrator reads all."""
        if is_administrator(user):
            return self
        return self.filter(unit__in=standing(user).units)


class Import(models.Model):
    """One uploaded table.

    `problems` is a list of [address of the cell, what is wrong]; `entries` is what the cells of
    each good row say, as `emulation.forms.importing` reads them.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="imports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))
    # Given by the form when it is first shown: a second click finds the row, not a second one.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("tên tệp"), max_length=120)
    file = models.FileField(_("tệp"), upload_to=import_path, max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("dung lượng"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        _("trạng thái"),
        max_length=9,
        choices=ImportState.choices,
        default=ImportState.CHECKING,
    )
    rows = models.PositiveIntegerField(_("số dòng"), default=0)
    done = models.PositiveIntegerField(_("số dòng đã xong"), default=0)
    problems = models.JSONField(_("ô sai"), default=list)
    entries = models.JSONField(_("các dòng"), default=list)
    # A worker's claim, renewed while it works; one that fell silent may be taken again.
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempt = models.PositiveSmallIntegerField(_("lần thử"), default=0, editable=False)
    sent_at = models.DateTimeField(_("vào hàng đợi lúc"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("người xác nhận")
    )
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người tải lên"))
    at = models.DateTimeField(_("tải lên lúc"))

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["season", "-at", "-id"]
        verbose_name = _("lần nhập từ tệp")
        verbose_name_plural = pgettext_lazy("plural", "lần nhập từ tệp")
        constraints = [
            models.CheckConstraint(
                condition=Q(done__lte=F("rows")), name="import_does_no_more_than_its_rows"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.WRITING, ImportState.DONE])
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="import_is_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

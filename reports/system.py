"""What an administrator sees of the whole installation. Reads only."""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.models import Appointment, Cluster, Membership, Unit, User
from emulation.models import Achievement, Season
from journal.models import Event
from reports import pdf
from reports.models import Document

SHOWN = 100
# What an administrator keeps, in the order in which a new installation needs it.
PLACES: tuple[tuple[type[Model], object], ...] = (
    (Unit, _("Đơn vị theo thời gian, đơn vị tiền thân")),
    (Cluster, _("Đơn vị thành viên từng năm, cụm trưởng, cụm phó")),
    (User, _("Tài khoản, họ tên, chức vụ")),
    (Appointment, _("Ai giữ vai trò nào, ở đơn vị hoặc cụm nào, từ ngày nào")),
    (Season, _("Các pha trong năm, ai được làm gì lúc nào")),
    (Event, _("Ai đã làm gì, lúc nào, vì sao")),
)


@dataclass(frozen=True)
class Place:
    """A page of the admin, and what is kept there."""

    text: str
    note: str
    url: str


@dataclass(frozen=True)
class System:
    """The seasons with what is in them, the end of the journal, and what is missing to print."""

    seasons: list[Season]
    events: int
    last: Event | None
    missing: str
    places: list[Place]


def read() -> System:
    """Return the state of the installation, in three queries."""
    members = Membership.objects.filter(cluster=OuterRef("cluster"), year=OuterRef("year"))
    seasons = Season.objects.select_related("cluster").annotate(
        members=_count(members, "cluster"),
        achievement_count=_count(Achievement.objects.filter(season=OuterRef("pk")), "season"),
        document_count=_count(Document.objects.filter(season=OuterRef("pk")), "season"),
    )
    return System(
        seasons=list(seasons.order_by("-year", "cluster", "pk")[:SHOWN]),
        events=Event.objects.count(),
        last=Event.objects.order_by("-number").first(),
        missing=pdf.missing_libraries(),
        places=_places(),
    )


def _places() -> list[Place]:
    """Return the pages of the admin that exist."""
    return [
        Place(
            text=str(model._meta.verbose_name_plural).capitalize(),
            note=str(note),
            url=reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
        )
        for model, note in PLACES
        if admin.site.is_registered(model)
    ]


def _count(rows: QuerySet, group: str) -> Coalesce:
    """Return the number of rows as a part of the query around them."""
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)

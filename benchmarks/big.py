"""A season as big as a cluster's year gets: 20 units, 2,000 achievements, 4,000 evidence files.

Rows are written at one stroke: what is measured is reading and copying them.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from clusters.models import Appointment, Cluster, Membership, Role, Unit, User
from clusters.vietnamese import search_key
from emulation.models import (
    Achievement,
    Category,
    Evidence,
    Period,
    Phase,
    Pledge,
    Season,
    State,
    Target,
    TargetGroup,
)
from emulation.models.season import SWITCHES

UNITS, ACHIEVEMENTS, FILES, TARGETS = 20, 2_000, 4_000, 12
YEAR = timezone.localdate().year
STATES = (State.SUBMITTED, State.UNDER_REVIEW, State.VERIFIED, State.VERIFIED, State.RETURNED)


def build() -> Season:
    """Store the season and return it; `clerk` is of the first unit, `keeper` the secretary."""
    cluster = Cluster.objects.create(
        level="Bộ mẫu", block="Khối lớn", number=77, name="Cụm thi đua lớn", code="CTĐL",
        year_from=YEAR, is_illustrative=True,
    )  # fmt: skip
    units = [
        Unit.objects.create(code=f"L{n:02}", name=f"Đơn vị lớn {n}", short_name=f"Đơn vị {n}")
        for n in range(1, UNITS + 1)
    ]
    Membership.objects.bulk_create(
        Membership(cluster=cluster, unit=unit, year=YEAR, order=order)
        for order, unit in enumerate(units, 1)
    )
    season = Season.objects.create(cluster=cluster, year=YEAR, slug="lon")
    _phases(season)
    _pledge(season, units)
    _people(cluster, units[0])
    _achievements(season, units)
    return season


def _people(cluster: Cluster, unit: Unit) -> None:
    for username, role, where in (
        ("clerk", Role.UNIT_STAFF, {"unit": unit}),
        ("keeper", Role.SECRETARY, {"cluster": cluster}),
    ):
        user = User.objects.create(username=username, full_name=f"Người {username}")
        Appointment.objects.create(user=user, role=role, start=date(YEAR - 1, 1, 1), **where)


def _phases(season: Season) -> None:
    start = timezone.make_aware(datetime.combine(date(YEAR - 1, 12, 15), time()))
    Phase.objects.bulk_create(
        Phase(
            season=season, name=f"Pha {n}", start=start, end=start + timedelta(days=700 + n),
            **dict.fromkeys(SWITCHES, True),
        )
        for n in range(5)
    )  # fmt: skip
    Period.objects.bulk_create(
        Period(
            season=season, kind="month", name=f"Tháng {n}/{YEAR}", start=date(YEAR, n, 1),
            end=date(YEAR, n, 28), due_on=date(YEAR, n, 28),
        )
        for n in range(1, 13)
    )  # fmt: skip


def _pledge(season: Season, units: list[Unit]) -> None:
    pledge = Pledge.objects.create(season=season, content="Giao ước")

    def target(unit: Unit | None, order: int, part_of: Target | None) -> Target:
        return Target(
            pledge=pledge, unit=unit, order=order, group=TargetGroup.POLITICAL,
            text=f"Chỉ tiêu {order}", measure="việc", planned=Decimal(10), part_of=part_of,
        )  # fmt: skip

    whole = Target.objects.bulk_create(target(None, n, None) for n in range(1, TARGETS + 1))
    Target.objects.bulk_create(
        target(unit, n, row) for unit in units for n, row in enumerate(whole, 1)
    )


def _achievements(season: Season, units: list[Unit]) -> None:
    kinds, now = list(Category), timezone.now()
    rows = Achievement.objects.bulk_create(
        [_achievement(season, units[n % UNITS], n, kinds[n % len(kinds)], now)
         for n in range(1, ACHIEVEMENTS + 1)],
        batch_size=500,
    )  # fmt: skip
    Season.objects.filter(pk=season.pk).update(next_number=ACHIEVEMENTS + 1)
    Evidence.objects.bulk_create(
        [
            Evidence(
                achievement=rows[n % ACHIEVEMENTS], name=f"minh-chung-{n}.pdf", size=100_000,
                file=f"evidence/{n}", content_type="application/pdf", sha256=f"{n:064x}",
            )
            for n in range(FILES)
        ],
        batch_size=500,
    )  # fmt: skip


def _achievement(season: Season, unit: Unit, n: int, kind: Category, now: datetime) -> Achievement:
    title = f"Tham mưu, hoàn thành văn bản số {n} về công tác thi đua, khen thưởng của đơn vị"
    return Achievement(
        season=season, unit=unit, number=n, category=kind, title=title,
        description="Diễn giải. " * 40,
        started_on=date(YEAR, 1 + n % 12, 1 + n % 28), state=STATES[n // UNITS % len(STATES)],
        revision=1, submitted_at=now - timedelta(hours=n), search_key=search_key(f"{n} {title}"),
    )  # fmt: skip

"""What the secretariat of the made-up cluster sets beside the phases: one late code, used."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from clusters.models import Unit, User
from emulation.models import Season
from emulation.services.late_codes import issue_late_code, redeem_late_code
from reports.sample import cluster_2026

LETTER, DAYS = "F", 7
REASON = "Cán bộ phụ trách đi công tác đột xuất; lãnh đạo cụm đồng ý cho gửi bổ sung."
ISSUED, USED = (11, 16), (11, 17)

Act = tuple[datetime, Callable[..., object]]


def _moment(day: tuple[int, int], hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(date(cluster_2026.YEAR, *day), time(hour, 20)))


def acts(season: Season, units: dict[str, Unit], people: dict[str, User]) -> list[Act]:
    """Return the giving of the code, and its use by the staff of the unit."""
    unit = units[LETTER]

    def give(at: datetime) -> None:
        issue_late_code(
            season=season, unit=unit, until=at + timedelta(days=DAYS), reason=REASON,
            by=people["thuky"], at=at,
        )  # fmt: skip

    def use(at: datetime) -> None:
        code = season.late_codes.get(unit=unit).code
        by = people[f"nhanvien.{LETTER.lower()}"]
        redeem_late_code(season=season, unit=unit, code=code, by=by, at=at)

    return [(_moment(ISSUED, 9), give), (_moment(USED, 8), use)]

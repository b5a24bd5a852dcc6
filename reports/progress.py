"""How far the secretariat has come with each unit: a table whose numbers open lists. Reads only."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from clusters.permissions import standing
from emulation import standings
from emulation.models import Season, State
from emulation.standings import UnitProgress


@dataclass(frozen=True)
class Cell:
    """A number of the table of progress, with its heading and the list that it opens."""

    head: str
    number: int
    url: str


@dataclass(frozen=True)
class Line:
    """A line of the table of progress."""

    name: str
    cells: list[Cell]
    sent: int
    percent: int


@dataclass(frozen=True)
class Progress:
    """How far the secretariat has come with each unit, and with the whole cluster."""

    lines: list[Line]
    total: Line


def by_unit(season: Season, *, queue_of: User | None = None) -> Progress | None:
    """Return the table of progress, in two queries; None where no unit has sent anything.

    A year that is told of the cluster as a whole says nothing of its units, not even "0". With
    `queue_of`, what waits leads to the queue of that secretary, as far as it is theirs.
    """
    rows = standings.progress(season)
    parts = ("verified", "awaiting", "returned", "rejected")
    sums = {name: sum(getattr(row, name) for row in rows) for name in parts}
    if not any(row.sent for row in rows):
        return None
    total = UnitProgress(unit=Unit(short_name=_("Cả cụm")), **sums)
    at_home = standing(queue_of).home_units if queue_of else frozenset()

    def line(row: UnitProgress) -> Line:
        is_queue = queue_of is not None and row.unit.pk not in at_home
        cells = _cells(season, row, is_queue=is_queue)
        return Line(str(row.unit), cells, row.sent, row.percent)

    return Progress([line(row) for row in rows], line(total))


def _cells(season: Season, row: UnitProgress, *, is_queue: bool) -> list[Cell]:
    """Return the numbers of a unit, or of all where the unit is none that is stored."""
    unit = {"unit": row.unit.pk} if row.unit.pk else {}

    def achievements(**filters: str) -> str:
        query = urlencode(filters | unit)
        return f"{reverse('achievement_list', args=[season.slug])}?{query}"

    queue = f"{reverse('season_home', args=[season.slug])}?{urlencode(unit)}#danh-sach"
    return [
        Cell(_("Đã thẩm định"), row.verified, achievements(judged="counted")),
        Cell(
            _("Chờ thẩm định"), row.awaiting, queue if is_queue else achievements(judged="waiting")
        ),
        Cell(_("Trả lại bổ sung"), row.returned, achievements(state=State.RETURNED)),
        Cell(_("Không công nhận"), row.rejected, achievements(state=State.REJECTED)),
    ]

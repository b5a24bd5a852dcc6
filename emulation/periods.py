"""The usual windows of periodic reports of a year: a proposal, which the secretary may change.

Pure. The days are those of Decree 09/2019/ND-CP on state reporting (domain.md 3.7): figures run
from the 15th to the 14th. The decree leaves the day of sending to whoever asks for a report; the
20th is proposed. Names of periods are data and stay Vietnamese.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from clusters.vietnamese import roman

MONTH, QUARTER, HALF, NINE, YEAR = "month", "quarter", "half", "nine", "year"
KINDS = (MONTH, QUARTER, HALF, NINE, YEAR)
FIRST_DAY, LAST_DAY = 15, 14
# From the last day of the figures to the day on which the report is due.
DAYS_TO_SEND = 6


@dataclass(frozen=True)
class Window:
    """One proposed period: the days of its figures, both included, and when it is due."""

    kind: str
    name: str
    start: date
    end: date

    @property
    def due_on(self) -> date:
        """The day by which the report is sent."""
        return self.end + timedelta(days=DAYS_TO_SEND)


def _window(kind: str, name: str, year: int, first: int, last: int) -> Window:
    """Return the window of the months `first` to `last`, which begins in the month before."""
    start = date(year - 1, 12, FIRST_DAY) if first == 1 else date(year, first - 1, FIRST_DAY)
    return Window(kind, name, start, date(year, last, LAST_DAY))


def of_year(year: int, cut: date | None = None) -> list[Window]:
    """Return the nineteen usual windows of a year, in the order in which they end.

    `cut` is the day to which a cluster counts that meets before the year is over: the window of
    the year ends there, if that is earlier.
    """
    months = [_window(MONTH, f"Tháng {n}", year, n, n) for n in range(1, 13)]
    quarters = [_window(QUARTER, f"Quý {roman(n)}", year, 3 * n - 2, 3 * n) for n in range(1, 5)]
    whole = _window(YEAR, f"Năm {year}", year, 1, 12)
    if cut and whole.start <= cut < whole.end:
        whole = Window(YEAR, whole.name, whole.start, cut)
    found = [
        *months,
        *quarters,
        _window(HALF, "6 tháng đầu năm", year, 1, 6),
        _window(NINE, "9 tháng", year, 1, 9),
        whole,
    ]
    return sorted(found, key=lambda window: (window.end, KINDS.index(window.kind)))


def of_kinds(kinds: Iterable[str], year: int, cut: date | None = None) -> list[Window]:
    """Return the usual windows of the chosen kinds, in the order in which they end."""
    chosen = set(kinds)
    return [window for window in of_year(year, cut) if window.kind in chosen]


def ahead(kind: str, year: int) -> str:
    """Return how a report of that kind heads what comes next (domain.md 5.5)."""
    return {
        MONTH: _("Nhiệm vụ tháng tới"),
        QUARTER: _("Nhiệm vụ quý tới"),
        HALF: _("Nhiệm vụ 6 tháng cuối năm"),
        NINE: _("Nhiệm vụ 3 tháng cuối năm"),
        YEAR: _("Phương hướng, nhiệm vụ năm %(year)s") % {"year": year + 1},
    }.get(kind, _("Nhiệm vụ thời gian tới"))

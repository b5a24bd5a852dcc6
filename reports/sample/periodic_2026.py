"""The periodic reports of the made-up cluster: in time, late, returned, excused, missing.

Every text is drafted from the achievements of its window, as a unit would begin; a unit's answer
comes from the secretary who is not at home in it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from django.utils import timezone

from clusters.models import Unit, User
from emulation import drafting, periods
from emulation.models import Period, PeriodicReport, Season
from emulation.services import periodic
from reports.sample import cluster_2026

Act = tuple[datetime, Callable[..., object]]
KINDS = (periods.HALF, periods.NINE, periods.YEAR)
# One more, which the cluster asks for besides.
OWN = periods.Window(
    periods.QUARTER, "Quý III", date(cluster_2026.YEAR, 6, 15), date(cluster_2026.YEAR, 9, 14)
)
# Reports that are over by the day on which the made-up year stands still.
OVER = ("6 tháng đầu năm", "Quý III", "9 tháng")
RETURNED = "Chưa có số liệu về chỉ tiêu kiểm tra điều lệnh; bổ sung rồi gửi lại."
EXCUSED = "Đơn vị phục vụ đoàn thanh tra của Bộ trong cả tháng 9; số liệu gộp vào báo cáo năm."


class Story(NamedTuple):
    """How one unit dealt with one report; the others sent two days early and were accepted."""

    days_late: int = -2
    ending: str = "accepted"


STORIES = {
    ("D", "6 tháng đầu năm"): Story(-1, "returned, then accepted"),
    ("G", "6 tháng đầu năm"): Story(5),
    ("E", "Quý III"): Story(2),
    ("F", "Quý III"): Story(ending="excused"),
    ("G", "Quý III"): Story(-1, "draft"),
    ("E", "9 tháng"): Story(ending="missing"),
    ("G", "9 tháng"): Story(ending="missing"),
    ("C", "9 tháng"): Story(-1, "submitted"),
    ("B", "9 tháng"): Story(-3, "returned"),
}
# Who was reminded of what, so many days after it was due.
REMINDERS = (("Quý III", 2), ("9 tháng", 1), ("9 tháng", 9))


def acts(season: Season, units: dict[str, Unit], people: dict[str, User]) -> list[Act]:
    """Return what happened to the reports, each with its hour."""
    windows = {window.name: window for window in periods.of_kinds(KINDS, season.year)}
    windows[OWN.name] = OWN
    begin = partial(periodic.set_periods, season=season, by=people["thuky"], kinds=KINDS)
    add = partial(_add, season, people["thuky"])
    found: list[Act] = [
        (_hour(date(season.year, 1, 5), 9), begin),
        (_hour(date(season.year, 6, 29), 14), add),
    ]
    for name in OVER:
        due = windows[name].due_on
        for letter, unit in units.items():
            found += _acts(_Desk(season, name, letter, unit, people), due)
    for name, days in REMINDERS:
        hour = _hour(windows[name].due_on + timedelta(days=days), 8, 30)
        found.append((hour, partial(_remind, season, name, people["thuky"])))
    return found


def _hour(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class _Desk(NamedTuple):
    """One report in the hands of its unit and of the secretary who answers."""

    season: Season
    name: str
    letter: str
    unit: Unit
    people: dict[str, User]

    @property
    def staff(self) -> User:
        return self.people[f"nhanvien.{self.letter.lower()}"]

    @property
    def secretary(self) -> User:
        return self.people["thuky.b" if self.letter == "A" else "thuky"]

    def period(self) -> Period:
        return self.season.periods.get(name=self.name)

    def report(self) -> PeriodicReport:
        return PeriodicReport.objects.get(
            period__name=self.name, period__season=self.season, unit=self.unit
        )

    def write(self, at: datetime) -> None:
        period = self.period()
        draft = drafting.draft(period, self.unit)
        texts = {name: getattr(draft, name) for name in periodic.PARTS}
        periodic.write_report(
            period=period, unit=self.unit, by=self.staff, version=0, values=texts, at=at
        )

    def send(self, at: datetime) -> None:
        row = self.report()
        periodic.submit_report(report=row, by=self.staff, version=row.version, at=at)

    def accept(self, at: datetime) -> None:
        row = self.report()
        periodic.accept_report(report=row, by=self.secretary, version=row.version, at=at)

    def give_back(self, at: datetime) -> None:
        row = self.report()
        periodic.return_report(
            report=row, by=self.secretary, version=row.version, reason=RETURNED, at=at
        )

    def excuse(self, at: datetime) -> None:
        periodic.excuse_unit(
            period=self.period(), unit=self.unit, by=self.secretary, reason=EXCUSED, at=at
        )


def _acts(desk: _Desk, due: date) -> Iterator[Act]:
    """Yield the acts of one report in their order."""
    story = STORIES.get((desk.letter, desk.name), Story())
    sent = due + timedelta(days=story.days_late)
    if story.ending == "missing":
        return
    if story.ending == "excused":
        yield _hour(due - timedelta(days=4), 10), desk.excuse
        return
    yield _hour(sent, 9, 15), desk.write
    if story.ending == "draft":
        return
    yield _hour(sent, 15, 40), desk.send
    answered = sent + timedelta(days=3)
    if story.ending.startswith("returned"):
        yield _hour(answered, 9), desk.give_back
    if story.ending.endswith("then accepted"):
        yield _hour(answered + timedelta(days=1), 10), desk.send
    if story.ending.endswith("accepted"):
        yield _hour(answered + timedelta(days=2), 14), desk.accept


def _add(season: Season, by: User, at: datetime) -> None:
    names = ("kind", "name", "start", "end", "due_on")
    values = {name: getattr(OWN, name) for name in names}
    periodic.add_period(season=season, by=by, values=values, at=at)


def _remind(season: Season, name: str, by: User, at: datetime) -> None:
    periodic.remind(period=season.periods.get(name=name), by=by, at=at)

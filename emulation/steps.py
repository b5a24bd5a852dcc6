"""What the year asks of a unit, step by step, and where each step is done or seen.

`Facts` reads everything for all units at once, with a fixed number of queries; which outcome a
step has is decided in `emulation.readiness`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clusters.models import Unit, User
from clusters.vietnamese import format_number
from emulation import drives, permissions, pledges, reporting, standings, weights
from emulation.drafting import TOLD
from emulation.models import (
    Achievement,
    Category,
    Direction,
    Evidence,
    Pledge,
    ReportState,
    Season,
    SheetState,
    State,
)
from emulation.models.season import days_of
from emulation.readiness import Outcome, dated, target
from emulation.standings import TargetProgress
from emulation.tags import Tag, due_tag

# The parts of the report of the year (domain.md 5.5) and the categories told in each.
CHAPTERS = (
    (
        gettext_lazy("Thực hiện nhiệm vụ chính trị"),
        (
            *(Category.ADVISORY, Category.COORDINATION, Category.POLICY_DOCUMENT),
            *(Category.PARLIAMENT, Category.REFORM, Category.INITIATIVE),
        ),
    ),
    (
        gettext_lazy("Xây dựng Đảng, xây dựng lực lượng; nếp sống văn hóa"),
        (Category.FORCE_BUILDING, Category.CULTURED_LIFESTYLE),
    ),
    (
        gettext_lazy("Tổ chức quần chúng; hoạt động vì cộng đồng"),
        (Category.MASS_ORGANIZATION, Category.COMMUNITY),
    ),
    (gettext_lazy("Điển hình tiên tiến, người tốt việc tốt"), (Category.ADVANCED_MODEL,)),
    (gettext_lazy("Công tác thi đua, khen thưởng"), (Category.EMULATION_WORK,)),
)


@dataclass(frozen=True)
class Address:
    """A page of a season; a table of all units never asks for its text."""

    name: str
    args: tuple[object, ...]
    query: str = ""


@dataclass(frozen=True)
class Step:
    """One thing the year asks for: what, how it stands, where it is done or seen."""

    group: str
    text: str
    outcome: Outcome
    address: Address
    note: str = ""
    due: date | None = None

    @property
    def url(self) -> str:
        page = reverse(self.address.name, args=self.address.args)
        return f"{page}?{self.address.query}" if self.address.query else page

    def tag(self, on: date) -> Tag:
        """Return one word on the step; a deadline makes it heavier the nearer it is."""
        if self.outcome == Outcome.DONE:
            return Tag(_("Hoàn thành"), "ok", "check2")
        if self.outcome == Outcome.AHEAD:
            return Tag(_("Chưa đến hạn"), "off")
        return due_tag(_("Còn thiếu"), self.due, on) if self.due else Tag(_("Còn thiếu"), "do")


@dataclass(frozen=True)
class Numbers:
    """Achievements with a figure, and how many of them have no evidence."""

    all: int = 0
    bare: int = 0


class Facts:
    """What is stored of some units of a season, read once for all of them."""

    def __init__(self, season: Season, units: Sequence[Unit], at: datetime) -> None:
        self.season, self.units, self.at = season, units, at
        self.on = timezone.localdate(at)

    def page(self, name: str, *args: object, query: str = "") -> Address:
        """Return an address within the season."""
        return Address(name, (self.season.slug, *args), query)

    @cached_property
    def last_day(self) -> date:
        """The day to which figures of the year are counted."""
        return self.season.counted_to or days_of(self.season)[1]

    @cached_property
    def pledge(self) -> Pledge | None:
        found = Pledge.objects.filter(season=self.season).first()
        if found:
            found.season = self.season
        return found

    @cached_property
    def targets(self) -> dict[int, list[TargetProgress]]:
        return standings.targets_of_units(self.season, self.units)

    @cached_property
    def signed(self) -> set[int]:
        """Units that signed the pledge."""
        rows = self.pledge.signatures.values_list("unit", flat=True) if self.pledge else ()
        return set(rows)

    @cached_property
    def registered(self) -> set[int]:
        """Units that registered a title."""
        rows = self.pledge.registrations.values_list("unit", flat=True) if self.pledge else ()
        return set(rows)

    @cached_property
    def launched(self) -> set[int]:
        rows = self.season.launches.exclude(unit=None).values_list("unit", flat=True)
        return {pk for pk in rows if pk}

    @cached_property
    def _achievements(self) -> QuerySet[Achievement]:
        """Those of the units, and those told of the whole cluster."""
        rows = Achievement.objects.filter(season=self.season)
        if len(self.units) == 1:
            rows = rows.filter(Q(unit=self.units[0]) | Q(unit=None))
        return rows

    @cached_property
    def counts(self) -> dict[int | None, dict[tuple[str, str], int]]:
        """How many achievements by unit (None: the whole cluster), category and state."""
        rows = self._achievements
        found: dict[int | None, dict[tuple[str, str], int]] = defaultdict(dict)
        grouped = rows.values_list("unit", "category", "state").annotate(n=Count("pk"))
        for unit, category, state, number in grouped.order_by():
            found[unit][category, state] = number
        return found

    @property
    def is_whole(self) -> bool:
        """A year that is told of the cluster as a whole says nothing of its units."""
        if None not in self.counts or len(self.counts) > 1:
            return False
        return not self.season.achievements.exclude(unit=None).exists()

    @cached_property
    def numbers(self) -> dict[int | None, Numbers]:
        """Achievements that name a figure, and those of them without evidence, by unit."""
        bare = Q(~Exists(Evidence.objects.filter(achievement=OuterRef("pk"))))
        rows = self._achievements.filter(state__in=TOLD, quantity__gt=0)
        grouped = rows.values_list("unit").annotate(Count("pk"), bare=Count("pk", filter=bare))
        return {unit: Numbers(*found) for unit, *found in grouped.order_by()}

    @cached_property
    def reports(self) -> dict[int, list[reporting.Line]]:
        """The periods by unit, by due date."""
        periods = list(self.season.periods.all())
        found: dict[int, list[reporting.Line]] = defaultdict(list)
        for line in reporting.lines(periods, self.units, self.on):
            found[line.unit.pk].append(line)
        return found

    @cached_property
    def told(self) -> dict[int, set[tuple[int, str]]]:
        """(drive, stage) of the results that each unit reported."""
        found: dict[int, set[tuple[int, str]]] = defaultdict(set)
        for drive in self.drives:
            for result in drive.results.all():
                found[result.unit_id].add((drive.pk, result.stage))
        return found

    @cached_property
    def drives(self) -> list[drives.Drive]:
        return list(self.season.drives.prefetch_related("results"))

    @cached_property
    def sent_sheets(self) -> set[int]:
        """Units that sent their own scores."""
        rows = self.season.sheets.exclude(state=SheetState.DRAFT)
        return set(rows.values_list("unit", flat=True))

    @cached_property
    def phases(self) -> list[tuple[date, frozenset[str]]]:
        """(first day, switches of units) of the phases."""
        return [
            (
                timezone.localdate(phase.start),
                frozenset(name for name in ("enter", "self_score") if getattr(phase, name)),
            )
            for phase in permissions.phases(self.season)
        ]

    def opens(self, switch: str) -> date | None:
        """Return the first day on which `switch` is on, None where no phase has it."""
        return min((day for day, switches in self.phases if switch in switches), default=None)


def of_unit(facts: Facts, unit: Unit, reader: User) -> list[Step]:
    """Return the steps of one unit; for its own people with the addresses where they are done."""
    season, at = facts.season, facts.at
    is_own = permissions.is_of_unit(reader, unit) and not season.is_closed
    return [
        *_pledge(facts, unit, reader, is_own=is_own),
        *_launch(facts, unit, may=permissions.can_launch(reader, season, unit, at)),
        *_targets(facts, unit),
        *_chapters(facts, unit),
        *_achievements(facts, unit, is_own=is_own),
        *_reports(facts, unit, is_own=is_own),
        *_drives(facts, unit, is_own=is_own),
        *_scores(facts, unit, may=permissions.can_self_score(reader, season, unit, at)),
    ]


def empty_categories(facts: Facts, unit: Unit) -> list[str]:
    """Return the categories in which the unit has sent nothing, in the order of the report."""
    full = _full(facts, unit)
    return [str(category.label) for category in Category if category not in full]


def _full(facts: Facts, unit: Unit) -> set[str]:
    return {category for category, state in facts.counts.get(unit.pk, {}) if state in TOLD}


def _pledge(facts: Facts, unit: Unit, reader: User, *, is_own: bool) -> Iterator[Step]:
    pledge, on = facts.pledge, facts.on
    if pledge is None:
        return
    is_settled = pledge.settled_at is not None or pledge.signed_on is not None
    seen = facts.page("pledge_unit", unit.pk)
    work = is_own and not is_settled
    balance = weights.balance(row.target.weight for row in facts.targets.get(unit.pk, []))
    yield Step(
        "pledge",
        _("Đăng ký chỉ tiêu, trọng số đủ 100"),
        dated(is_done=balance.is_full, since=None, on=on),
        facts.page("target_edit", unit.pk) if work else seen,
        weights.said(balance),
    )
    yield Step(
        "pledge",
        _("Đăng ký danh hiệu thi đua"),
        dated(is_done=unit.pk in facts.registered, since=None, on=on),
        facts.page("title_register", unit.pk) if work else seen,
    )
    is_signed = unit.pk in facts.signed
    outcome = dated(is_done=is_signed, since=None if is_settled else date.max, on=on)
    is_waiting = pledge.settled_at is not None and outcome == Outcome.MISSING
    may_sign = is_waiting and permissions.can_sign(reader, pledge, unit)
    yield Step(
        "pledge",
        _("Ký giao ước thi đua"),
        outcome,
        facts.page("pledge_sign", unit.pk) if may_sign else facts.page("pledge"),
        _("Ký sau khi thư ký cụm chốt nội dung") if outcome == Outcome.AHEAD else "",
        pledges.last_day(pledge) if is_waiting else None,
    )


def _launch(facts: Facts, unit: Unit, *, may: bool) -> Iterator[Step]:
    since, is_done = facts.opens("enter"), unit.pk in facts.launched
    if since is None and not is_done:
        return
    work = may and not is_done
    yield Step(
        "pledge",
        _("Ghi việc phát động phong trào"),
        dated(is_done=is_done, since=since, on=facts.on),
        facts.page("launch_edit" if work else "launch_list"),
    )


def _targets(facts: Facts, unit: Unit) -> Iterator[Step]:
    for row in facts.targets.get(unit.pk, []):
        one = row.target
        is_less = one.direction == Direction.LESS
        reached = f"{format_number(row.reached)}/{format_number(one.planned)} {one.measure}"
        if row.percent is not None and not is_less:
            reached = f"{reached} ({int(row.percent)}%)"
        outcome = target(is_less=is_less, is_met=row.is_met, on=facts.on, last=facts.last_day)
        yield Step("targets", one.text, outcome, facts.page("target_detail", one.pk), reached)


def _chapters(facts: Facts, unit: Unit) -> Iterator[Step]:
    """Every part of the report of the year tells of at least one achievement."""
    full, since = _full(facts, unit), facts.opens("enter")
    for name, categories in CHAPTERS:
        is_done = not full.isdisjoint(categories)
        if since is None and not is_done:
            continue
        empty = ", ".join(str(one.label) for one in categories if one not in full)
        yield Step(
            "results",
            _("Có thành tích: %(part)s") % {"part": name},
            dated(is_done=is_done, since=since, on=facts.on),
            facts.page("achievement_list"),
            "" if is_done else _("Chưa có: %(categories)s") % {"categories": empty},
        )


def _achievements(facts: Facts, unit: Unit, *, is_own: bool) -> Iterator[Step]:
    """What was begun is finished: nothing returned, no draft left, every figure proved."""
    counts = facts.counts.get(unit.pk, {})
    if not counts:
        return
    mine = "" if is_own else f"&unit={unit.pk}"
    for state, text in (
        (State.RETURNED, _("Bổ sung xong thành tích bị trả lại")),
        (State.DRAFT, _("Gửi hết bản nháp")),
    ):
        number = sum(n for (_category, found), n in counts.items() if found == state)
        left = ngettext("Còn %(n)s thành tích", "Còn %(n)s thành tích", number) % {"n": number}
        # Drafts are the unit's alone: others read how many, not which.
        is_shown = number and (is_own or state != State.DRAFT)
        query = f"state={state}{mine}" if is_shown else ""
        outcome = dated(is_done=not number, since=None, on=facts.on)
        place = facts.page("achievement_list", query=query)
        yield Step("results", text, outcome, place, left if number else "")
    if numbers := facts.numbers.get(unit.pk):
        left = ngettext(
            "%(n)s thành tích có số liệu mà chưa có tệp",
            "%(n)s thành tích có số liệu mà chưa có tệp",
            numbers.bare,
        )
        yield Step(
            "results",
            _("Đủ minh chứng cho mọi số liệu"),
            dated(is_done=not numbers.bare, since=None, on=facts.on),
            facts.page("achievement_list"),
            left % {"n": numbers.bare} if numbers.bare else "",
        )


def _reports(facts: Facts, unit: Unit, *, is_own: bool) -> Iterator[Step]:
    """A report counts once its window is over; an excused one is not asked for."""
    for line in facts.reports.get(unit.pk, []):
        if line.state == ReportState.EXCUSED:
            continue
        is_over = facts.on > line.period.end or line.state == ReportState.RETURNED
        outcome = dated(
            is_done=not line.is_with_unit, since=None if is_over else date.max, on=facts.on
        )
        place = "report_edit" if is_own and outcome == Outcome.MISSING else "report_detail"
        yield Step(
            "reports",
            _("Báo cáo %(period)s") % {"period": line.period},
            outcome,
            facts.page(place, line.period.pk, unit.pk),
            line.late or line.reminder,
            line.period.due_on if outcome == Outcome.MISSING else None,
        )


def _drives(facts: Facts, unit: Unit, *, is_own: bool) -> Iterator[Step]:
    told = facts.told.get(unit.pk, set())
    for drive in facts.drives:
        for stage in drives.stages(drive):
            due = drives.due_on(drive, stage)
            outcome = dated(is_done=(drive.pk, stage) in told, since=due, on=facts.on)
            if is_own and outcome == Outcome.MISSING:
                place = facts.page("drive_report", drive.pk, drives.WORDS[stage])
            else:
                place = facts.page("drive_detail", drive.pk)
            yield Step(
                "drives",
                _("Kết quả %(stage)s: %(drive)s")
                % {"stage": stage.label.lower(), "drive": drive.name},
                outcome,
                place,
                due=due if outcome == Outcome.MISSING else None,
            )


def _scores(facts: Facts, unit: Unit, *, may: bool) -> Iterable[Step]:
    since, is_done = facts.opens("self_score"), unit.pk in facts.sent_sheets
    if not facts.season.scheme_id or (since is None and not is_done):
        return []
    outcome = dated(is_done=is_done, since=since, on=facts.on)
    place = "sheet_self_score" if may and outcome == Outcome.MISSING else "sheet_detail"
    return [
        Step("scores", _("Gửi bảng tự chấm điểm"), outcome, facts.page(place, unit.pk)),
    ]

"""The desk of a unit: what waits for it, how far its year has come. Reads only.

Every answer costs a fixed number of queries, however many rows there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from awards.models import Nomination, NominationState
from clusters.models import Unit, User
from emulation import goals, permissions, pulse, standings
from emulation.models import (
    Achievement,
    CrossSheet,
    CrossState,
    Launch,
    Phase,
    Pledge,
    ScoreSheet,
    Season,
    State,
)
from emulation.models import SheetState as Sheet
from emulation.models.achievement import AWAITING, COUNTED
from emulation.pulse import Pulse
from emulation.tags import Tag, achievement_tag, due_tag, sheet_tag, short_date

SHOWN = 50
DRAFTS_SHOWN = 5
# Pages on which a unit does its part of the pledge before its text is settled.
PLEDGING = ("target_edit", "title_register")
# Django's Vietnamese has "Thứ 2".
WEEKDAYS = (
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


@dataclass(frozen=True)
class Todo:
    """A line of a task list: the thing, what is missing, how it stands, where it is done."""

    text: str
    note: str
    tag: Tag
    url: str


@dataclass(frozen=True)
class Month:
    """A column of the chart of months, in units of its drawing (24 wide, 72 high)."""

    name: int
    value: int
    x: int
    height: int
    is_now: bool

    @property
    def top(self) -> int:
        return 100 - self.height

    @property
    def middle(self) -> int:
        return self.x + 9


def newest_season(user: User) -> Season | None:
    """Return the season that a user most likely wants: the newest that they see, and has begun."""
    rows = Season.objects.visible_to(user).select_related("cluster").order_by("-year", "pk")
    # The next year is opened while this one still runs: it waits for its own first day.
    begun = rows.filter(year__lte=timezone.localdate().year)
    return begun.first() or rows.first()


def last_day(end: datetime) -> date:
    """Return the last day of a span whose end belongs to it no more."""
    return timezone.localdate(end - timedelta(microseconds=1))


def day_in_words(day: date) -> str:
    """Return a day with its name: "Thứ Hai, 23/11/2026"."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


def opening(phases: Iterable[Phase], at: datetime) -> str:
    """Say when the next of the phases, else the last, is or was open; they are in order of time."""
    today = timezone.localdate(at)
    spans = list(phases)
    ahead = [phase for phase in spans if phase.end > at] or spans[-1:]
    if not ahead:
        return _("Chưa xếp lịch")
    begin, end = timezone.localdate(ahead[0].start), last_day(ahead[0].end)
    return _("Mở từ %(begin)s đến %(end)s") % {
        "begin": short_date(begin, today),
        "end": f"{end:%d/%m/%Y}",
    }


def months(season: Season, unit: Unit | None, today: date) -> list[Month]:
    """Return the achievements that count by month, as columns."""
    values = standings.by_month(season, unit)
    highest = max(values) or 1
    return [
        Month(
            name=i + 1,
            value=value,
            x=3 + 24 * i,
            height=value * 72 // highest,
            is_now=(season.year, i + 1) == (today.year, today.month),
        )
        for i, value in enumerate(values)
    ]


@dataclass(frozen=True)
class UnitDesk:
    """All that the desk of one unit shows at one moment; every part is read once."""

    season: Season
    unit: Unit
    user: User
    at: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @property
    def day(self) -> str:
        return day_in_words(self.today)

    @property
    def may_enter(self) -> bool:
        return permissions.can_enter(self.user, self.season, self.unit, self.at)

    def open_until(self, switch: str) -> date | None:
        """Return the last day on which the switch is on, None while it is off."""
        end = permissions.deadline(self.season, switch, self.at, self.unit)
        return last_day(end) if end else None

    def _url(self, name: str, *args: int) -> str:
        return reverse(name, args=[self.season.slug, *args])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many achievements of the unit are in each state."""
        rows = Achievement.objects.filter(season=self.season, unit=self.unit)
        found = rows.values_list("state").annotate(number=Count("id")).order_by()
        return dict(found)

    def count(self, *states: str) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @cached_property
    def launch(self) -> Launch | None:
        return Launch.objects.filter(season=self.season, unit=self.unit).first()

    @cached_property
    def pledge(self) -> Pledge | None:
        return Pledge.objects.filter(season=self.season).first()

    @cached_property
    def sheet(self) -> ScoreSheet | None:
        return ScoreSheet.objects.filter(season=self.season, unit=self.unit).first()

    @cached_property
    def targets(self) -> list[goals.Goal]:
        """The unit's targets; where it has none of its own, those of the cluster."""
        rows = standings.targets(self.season, self.unit) or standings.targets(self.season)
        return [goals.goal(row, self.season, self.today) for row in rows]

    @cached_property
    def pace(self) -> int | None:
        return goals.pace(self.season, self.today)

    @cached_property
    def months(self) -> list[Month]:
        return months(self.season, self.unit, self.today)

    @property
    def has_months(self) -> bool:
        return any(month.value for month in self.months)

    @cached_property
    def nominations(self) -> list[str]:
        rows = Nomination.objects.filter(
            season=self.season, unit=self.unit, state=NominationState.PROPOSED
        )
        return list(rows.values_list("award__name", flat=True))

    @cached_property
    def due(self) -> list[Todo]:
        """What the unit has to do now: what came back first, drafts last."""
        return [
            *self._returned(),
            *self._steps_due(),
            *self._launch_due(),
            *self._sheet_due(),
            *self._cross_due(),
            *self._drafts(),
        ]

    @cached_property
    def pulse(self) -> Pulse | None:
        """How ready the unit is for the conference; None where the year tells of the cluster."""
        return pulse.of_unit(self.season, self.unit, self.user, self.at)

    def _steps_due(self) -> list[Todo]:
        """What has a day and is not done, such as reports, and what the pledge still lacks."""
        if self.pulse is None or self.season.is_closed:
            return []
        return [
            Todo(step.text, step.note, tag, step.url)
            for step, tag in self.pulse.missing
            if step.due or step.address.name in PLEDGING
        ]

    @property
    def more_drafts(self) -> int:
        return max(0, self.count(State.DRAFT) - DRAFTS_SHOWN)

    def _returned(self) -> list[Todo]:
        rows = Achievement.objects.filter(
            season=self.season, unit=self.unit, state=State.RETURNED
        ).prefetch_related("reviews")
        place = "achievement_edit" if self.open_until("verify") else "achievement_detail"
        found: list[tuple[date, Todo]] = []
        for row in rows[:SHOWN]:
            tag = achievement_tag(row.state, "unit")
            review = next(iter(row.reviews.all()), None)
            day = review.deadline if review else None
            note = _("Thư ký cụm: %(reason)s") % {"reason": review.reason} if review else ""
            if day:
                tag = due_tag(tag.word, day, self.today)
            found.append((day or date.max, Todo(row.name, note, tag, self._url(place, row.number))))
        return [todo for _day, todo in sorted(found, key=lambda pair: pair[0])]

    def _launch_due(self) -> list[Todo]:
        day = self.open_until("enter")
        if self.launch or day is None:
            return []
        note = _("Khẩu hiệu hành động, ngày phát động")
        tag = due_tag(_("Chưa bắt đầu"), day, self.today)
        return [Todo(_("Ghi việc phát động phong trào"), note, tag, self._url("launch_edit"))]

    def _cross_due(self) -> list[Todo]:
        """The first appraisal that waits for the unit's answer, and sheets it has to score."""
        found: list[Todo] = []
        day = self.open_until("appraise")
        if day is None:
            return found
        if self.sheet and self.sheet.state == Sheet.FIRST:
            tag = due_tag(str(Sheet.FIRST.label), day, self.today)
            url = self._url("sheet_explain", self.unit.pk)
            found.append(Todo(_("Giải trình điểm thẩm định lần 1"), "", tag, url))
        rows = CrossSheet.objects.filter(
            sheet__season=self.season, scorer=self.unit, state=CrossState.ASSIGNED
        ).exclude(sheet__state__in=[Sheet.DRAFT, Sheet.APPRAISED])
        for row in rows.select_related("scored"):
            text = _("Chấm chéo %(unit)s") % {"unit": row.scored}
            tag = due_tag(str(CrossState.ASSIGNED.label), day, self.today)
            found.append(Todo(text, "", tag, self._url("cross_score", row.pk)))
        return found

    def _sheet_due(self) -> list[Todo]:
        day, sheet = self.open_until("self_score"), self.sheet
        if day is None or not self.season.scheme_id or (sheet and sheet.state != Sheet.DRAFT):
            return []
        word = str(Sheet.DRAFT.label) if sheet else _("Chưa bắt đầu")
        url = self._url("sheet_self_score", self.unit.pk)
        text = _("Tự chấm điểm năm %(year)s") % {"year": self.season.year}
        return [Todo(text, self.scored, due_tag(word, day, self.today), url)]

    @cached_property
    def scored(self) -> str:
        if self.sheet is None:
            return _("Chưa chấm tiêu chí nào")
        counts = self.sheet.scores.aggregate(done=Count("self_score"), all=Count("pk"))
        return _("Đã chấm %(done)s trên %(all)s tiêu chí") % counts

    def _drafts(self) -> list[Todo]:
        day = self.open_until("submit")
        rows = Achievement.objects.filter(season=self.season, unit=self.unit, state=State.DRAFT)
        note = _("Chưa gửi thư ký cụm")
        if day:
            note = _("Chưa gửi thư ký cụm; hạn gửi %(day)s") % {"day": f"{day:%d/%m/%Y}"}
        place = "achievement_edit" if self.may_enter else "achievement_detail"
        near = day is not None and (day - self.today).days <= 7
        plain = achievement_tag(State.DRAFT, "unit")
        tag = due_tag(plain.word, day, self.today) if day and near else plain
        return [
            Todo(row.name, note, tag, self._url(place, row.number))
            for row in rows.order_by("-id")[:DRAFTS_SHOWN]
        ]

    @cached_property
    def dossier(self) -> list[Todo]:
        """The parts of the unit's year, each with one word on how it stands."""
        return [
            self._pledge_part(),
            self._launch_part(),
            self._achievements_part(),
            self._reports_part(),
            self._sheet_part(),
            self._nomination_part(),
        ]

    def _pledge_part(self) -> Todo:
        text, url, pledge = _("Giao ước thi đua"), self._url("pledge"), self.pledge
        if pledge is None:
            return Todo(text, _("Cụm chưa ghi giao ước"), Tag(_("Chưa bắt đầu"), "off"), url)
        number = len(self.targets)
        parts = [ngettext("%(n)s chỉ tiêu", "%(n)s chỉ tiêu", number) % {"n": number}]
        if titles := pledge.registrations.filter(unit=self.unit).count():
            of_titles = ngettext("%(n)s danh hiệu đăng ký", "%(n)s danh hiệu đăng ký", titles)
            parts.append(of_titles % {"n": titles})
        if pledge.signed_on is None:
            return Todo(text, ", ".join(parts), Tag(_("Chưa ký"), "run"), url)
        signed = _("Ký ngày %(day)s") % {"day": f"{pledge.signed_on:%d/%m/%Y}"}
        has_signed = pledge.signatures.filter(unit=self.unit).exists()
        tag = _done() if has_signed else Tag(_("Đơn vị chưa ký"), "do")
        return Todo(text, f"{signed}; {', '.join(parts)}", tag, url)

    def _launch_part(self) -> Todo:
        text, launch = _("Phát động phong trào"), self.launch
        url = self._url("launch_list")
        if launch:
            note = _("Khẩu hiệu hành động: %(slogan)s") % {"slogan": launch.slogan}
            return Todo(text, note if launch.slogan else "", _done(), url)
        family = "do" if self.open_until("enter") else "off"
        return Todo(text, _("Chưa ghi khẩu hiệu"), Tag(_("Chưa bắt đầu"), family), url)

    def _achievements_part(self) -> Todo:
        text, url = _("Thành tích và minh chứng"), self._url("achievement_list")
        total, missing = self.count(*State.values), self.count(State.RETURNED, State.DRAFT)
        if not total:
            note = _("Thành tích do đơn vị nhập suốt năm")
            return Todo(text, note, Tag(_("Chưa bắt đầu"), "do" if self.may_enter else "off"), url)
        parts = [
            (_("%(n)s đã thẩm định"), self.count(*COUNTED)),
            (_("%(n)s chờ thẩm định"), self.count(*AWAITING)),
            (_("%(n)s trả lại"), self.count(State.RETURNED)),
            (_("%(n)s bản nháp"), self.count(State.DRAFT)),
            (_("%(n)s không công nhận"), self.count(State.REJECTED)),
        ]
        words = ", ".join(word % {"n": number} for word, number in parts if number)
        note = _("%(n)s thành tích: %(parts)s") % {"n": total, "parts": words}
        if missing:
            tag = Tag(_("Đang làm, còn thiếu %(n)s") % {"n": missing}, "do")
        else:
            tag = Tag(_("Đang thẩm định"), "run") if self.count(*AWAITING) else _done()
        return Todo(text, note, tag, url)

    def _reports_part(self) -> Todo:
        text, url = _("Báo cáo định kỳ"), self._url("period_list")
        part = self.pulse.part("reports") if self.pulse else None
        if part is None or not part.steps:
            return Todo(text, _("Thư ký cụm chưa đặt kỳ báo cáo"), Tag(_("Chưa mở"), "off"), url)
        if not part.all:
            return Todo(text, _("Chưa kỳ nào đến hạn"), Tag(_("Chưa bắt đầu"), "off"), url)
        note = _("Đã gửi %(done)s trên %(all)s báo cáo của các kỳ đã qua")
        left = part.all - part.done
        tag = Tag(_("Còn thiếu %(n)s") % {"n": left}, "do") if left else _done()
        return Todo(text, note % {"done": part.done, "all": part.all}, tag, url)

    def _sheet_part(self) -> Todo:
        text, sheet = _("Tự chấm điểm"), self.sheet
        url = self._url("sheet_detail", self.unit.pk)
        if not self.season.scheme_id:
            note, tag = _("Kỳ này không có thang điểm"), Tag(_("Chưa mở"), "off")
            return Todo(text, note, tag, self._url("standings"))
        if sheet and sheet.submitted_at and sheet.state != Sheet.DRAFT:
            day = timezone.localdate(sheet.submitted_at)
            note = _("Gửi ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}
            return Todo(text, note, sheet_tag(sheet.state, "unit"), url)
        note = opening(self.season.phases.filter(self_score=True), self.at)
        if self.open_until("self_score") is None:
            return Todo(text, note, Tag(_("Chưa mở"), "off"), url)
        tag = sheet_tag(sheet.state if sheet else "", "unit")
        return Todo(text, f"{note}. {self.scored}", Tag(tag.word, "do"), url)

    def _nomination_part(self) -> Todo:
        text, url = _("Đề nghị khen thưởng"), self._url("nomination_list")
        if not self.nominations:
            note = _("Thư ký cụm lập đề nghị sau khi có xếp hạng")
            return Todo(text, note, Tag(_("Chưa bắt đầu"), "off"), url)
        tag = Tag(pgettext("state", "Đề nghị khen thưởng"), "run")
        return Todo(text, ", ".join(self.nominations), tag, url)


def _done() -> Tag:
    return Tag(_("Hoàn thành"), "ok", "check2")

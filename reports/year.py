"""A season on one page: results, progress, targets, documents. Reads only.

Nothing is shown that the year does not have: a chart without numbers is None.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from awards.models import Conference, Nomination, NominationState
from clusters.models import Unit, User
from clusters.permissions import is_administrator
from clusters.vietnamese import format_number
from emulation import goals, permissions, ranking, standings
from emulation.models import Category, Season
from emulation.scoring import Grade, Kind
from emulation.standings import UnitTotals
from reports import desks
from reports.content import Bar, Chart, Stack, StackedChart
from reports.models import ACTIVE, Document, DocumentState
from reports.permissions import can_request
from reports.progress import Progress, by_unit

NAMED = 3
DOCUMENTS = 5


@dataclass(frozen=True)
class YearPage:
    """All that the page shows to one reader at one moment; every part is read once."""

    season: Season
    user: User
    at: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @cached_property
    def shows_scores(self) -> bool:
        """Whether the reader may see the order of the units."""
        return is_administrator(self.user) or permissions.can_see_standings(
            self.user, self.season, self.at
        )

    @cached_property
    def shows_progress(self) -> bool:
        """Whether the reader may see how each unit is getting on: cluster roles only."""
        return (
            is_administrator(self.user)
            or permissions.is_secretary(self.user, self.season)
            or permissions.is_leader(self.user, self.season)
        )

    @cached_property
    def units(self) -> list[Unit]:
        return list(self.season.units())

    @cached_property
    def ranked(self) -> list[UnitTotals]:
        """The units whose scores are appraised to the end, by rank."""
        if not self.shows_scores or self.season.scheme is None:
            return []
        return [line for line in standings.for_season(self.season) if line.rank is not None]

    @cached_property
    def totals(self) -> Chart | None:
        bars = tuple(Bar(line.unit.short_name, line.verified.total) for line in self.ranked)
        return Chart(_("Tổng điểm"), bars, unit=_("điểm")) if bars else None

    @cached_property
    def groups(self) -> StackedChart | None:
        """What makes up the totals, in the groups of the scheme, without bonus and penalty."""
        if not self.ranked or self.season.scheme is None:
            return None
        scheme = self.season.scheme
        codes = [
            row.code
            for row in scheme.criteria.all()
            if row.parent_id is None
            and row.kind == Kind.GROUP.value
            and row.code not in {scheme.bonus_group, scheme.penalty_group}
        ]
        sums = [line.verified.groups for line in self.ranked]
        if not 1 < len(codes) <= NAMED or any(row[code] < 0 for row in sums for code in codes):
            return None
        stacks = tuple(
            Stack(line.unit.short_name, tuple(line.verified.groups[code] for code in codes))
            for line in self.ranked
        )
        parts = tuple(_("Nhóm %(code)s") % {"code": code} for code in codes)
        return StackedChart(_("Cơ cấu điểm theo nhóm"), parts, stacks, unit=_("điểm"), places=2)

    @cached_property
    def kinds(self) -> Chart | None:
        """How many achievements count, by category, in the order of the report."""
        rows = self.season.achievements.counted().values_list("category")
        found = dict(rows.annotate(n=Count("pk")).order_by())
        bars = tuple(
            Bar(str(Category(name).label), found[name]) for name in Category.values if name in found
        )
        title = _("Thành tích đã thẩm định theo loại")
        return Chart(title, bars, unit=pgettext("plural", "thành tích"), places=0) if bars else None

    @cached_property
    def months(self) -> list[desks.Month]:
        """The same by month; empty where the source gives no days."""
        found = desks.months(self.season, None, self.today)
        return found if any(month.value for month in found) else []

    @cached_property
    def progress(self) -> Progress | None:
        """The progress by unit, None where no unit has sent anything."""
        if not self.shows_progress:
            return None
        is_theirs = permissions.is_secretary(self.user, self.season)
        return by_unit(self.season, queue_of=self.user if is_theirs else None)

    @cached_property
    def goals(self) -> list[goals.Goal]:
        rows = standings.targets(self.season)
        return [goals.goal(row, self.season, self.today) for row in rows]

    @cached_property
    def conference(self) -> Conference | None:
        return Conference.objects.filter(season=self.season).first()

    @cached_property
    def sentences(self) -> list[str]:
        """The year in a few sentences; what is not known yet is left out."""
        return [text for text in (self._grades(), self._flags(), self._attention()) if text]

    def _grades(self) -> str:
        if not self.ranked:
            return ""
        found = Counter(line.grade for line in self.ranked if line.grade)
        words = [f"{found[grade]} {ranking.GRADES[grade]}" for grade in Grade if grade in found]
        text = _("Xếp loại: %(grades)s.") % {"grades": ", ".join(words)}
        if len(self.ranked) < len(self.units):
            text += " " + _("Đã thẩm định điểm %(done)s trên %(all)s đơn vị.") % {
                "done": len(self.ranked),
                "all": len(self.units),
            }
        return text

    def _flags(self) -> str:
        rows = Nomination.objects.visible_to(self.user).filter(
            season=self.season, state=NominationState.PROPOSED
        )
        found = rows.values_list("award__name", "unit").order_by("award__order", "pk")
        named = Counter(name for name, unit in found if unit)
        # A source that names no unit says nothing of their number either.
        words = [f"{named[name]} {name}" if named[name] else name for name in dict(found)]
        return _("Đề nghị: %(awards)s.") % {"awards": ", ".join(words)} if words else ""

    def _attention(self) -> str:
        slow = [goal for goal in self.goals if goal.kind == "slow"]
        words = [
            _("%(target)s đạt %(percent)s%% chỉ tiêu")
            % {
                "target": goal.target.text,
                "percent": format_number(goal.progress.percent, 0) or "…",
            }
            for goal in slow[:NAMED]
        ]
        if len(slow) > NAMED:
            rest = len(slow) - NAMED
            text = ngettext("%(n)s chỉ tiêu khác", "%(n)s chỉ tiêu khác", rest)
            words.append(text % {"n": rest})
        return _("Cần chú ý: %(targets)s.") % {"targets": "; ".join(words)} if words else ""

    @cached_property
    def documents(self) -> list[Document]:
        """The latest documents that are ready."""
        return list(self._visible().filter(state=DocumentState.READY)[:DOCUMENTS])

    @property
    def latest(self) -> Document | None:
        return self.documents[0] if self.documents else None

    @cached_property
    def running(self) -> Document | None:
        """The latest document that is still being made."""
        return self._visible().filter(state__in=ACTIVE).first()

    def _visible(self) -> QuerySet[Document]:
        rows = Document.objects.visible_to(self.user).filter(season=self.season)
        return rows.select_related("season")

    @property
    def may_request(self) -> bool:
        return can_request(self.user, self.season)

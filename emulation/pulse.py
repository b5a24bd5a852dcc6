"""The pulse of a year: how ready each unit is for the conference, and what is missing.

Reads with a fixed number of queries, for one unit and for all units of a season alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.translation import gettext_lazy

from clusters.models import Unit, User
from emulation import readiness, steps
from emulation.models import Season
from emulation.readiness import Outcome
from emulation.steps import Facts, Step
from emulation.tags import Tag

GROUPS = {
    "pledge": gettext_lazy("Giao ước, phát động"),
    "targets": gettext_lazy("Chỉ tiêu giao ước"),
    "results": gettext_lazy("Thành tích, minh chứng"),
    "reports": gettext_lazy("Báo cáo định kỳ"),
    "drives": gettext_lazy("Đợt thi đua"),
    "scores": gettext_lazy("Tự chấm điểm"),
}


@dataclass(frozen=True)
class Part:
    """The steps of one group, with how many of those that count are done."""

    code: str
    steps: Sequence[Step]

    @property
    def name(self) -> str:
        return str(GROUPS[self.code])

    @property
    def done(self) -> int:
        return sum(step.outcome == Outcome.DONE for step in self.steps)

    @property
    def all(self) -> int:
        return sum(step.outcome != Outcome.AHEAD for step in self.steps)


@dataclass(frozen=True)
class Pulse:
    """How the year of one unit stands on a day; `empty` names categories without achievements."""

    unit: Unit
    on: date
    steps: Sequence[Step]
    empty: Sequence[str] = ()

    @cached_property
    def percent(self) -> int | None:
        """How ready the unit is for the conference, None where nothing counts yet."""
        return readiness.percent(step.outcome for step in self.steps)

    @cached_property
    def parts(self) -> list[Part]:
        """Every group, also one without steps: the columns of the table of all units."""
        return [Part(code, [one for one in self.steps if one.group == code]) for code in GROUPS]

    def part(self, code: str) -> Part:
        """Return the steps of one group."""
        return next(part for part in self.parts if part.code == code)

    def _of(self, outcome: Outcome) -> list[tuple[Step, Tag]]:
        return [(step, step.tag(self.on)) for step in self.steps if step.outcome == outcome]

    @cached_property
    def missing(self) -> list[tuple[Step, Tag]]:
        """What counts and is not done: first what has a deadline, the nearest on top."""
        found = self._of(Outcome.MISSING)
        return sorted(found, key=lambda pair: pair[0].due or date.max)

    @cached_property
    def done(self) -> list[tuple[Step, Tag]]:
        return self._of(Outcome.DONE)

    @cached_property
    def ahead(self) -> list[tuple[Step, Tag]]:
        return self._of(Outcome.AHEAD)

    @property
    def counted(self) -> int:
        """How many steps count today."""
        return len(self.missing) + len(self.done)


def of_unit(season: Season, unit: Unit, reader: User, at: datetime) -> Pulse | None:
    """Return the pulse of one unit, None where the year is told of the whole cluster."""
    return next(iter(_of(Facts(season, [unit], at), reader)), None)


def of_season(season: Season, reader: User, at: datetime) -> list[Pulse]:
    """Return the pulse of every member unit in the official order; none of them as above."""
    return list(_of(Facts(season, list(season.units()), at), reader))


def _of(facts: Facts, reader: User) -> list[Pulse]:
    if facts.is_whole:
        return []
    return [
        Pulse(
            unit,
            facts.on,
            steps.of_unit(facts, unit, reader),
            steps.empty_categories(facts, unit),
        )
        for unit in facts.units
    ]

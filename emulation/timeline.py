"""The phases of a season as a reader sees them: what is open now, for whom, and what overlaps.

Reads the phases once, with `permissions.allows`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emulation import permissions
from emulation.models import Phase, Season
from emulation.models.season import SWITCHES
from emulation.tags import Tag
from emulation.windows import moment

# Who does what a switch allows.
UNITS, SECRETARIES, EVERYBODY = (
    gettext_lazy("Đơn vị"),
    gettext_lazy("Thư ký cụm"),
    gettext_lazy("Đơn vị thành viên"),
)
WHO: dict[str, str | Promise] = {
    "enter": UNITS,
    "submit": UNITS,
    "verify": SECRETARIES,
    "self_score": UNITS,
    "appraise": SECRETARIES,
    "see_standings": EVERYBODY,
    "nominate": SECRETARIES,
    "confer": SECRETARIES,
    "objection": UNITS,
    "vote": UNITS,
}
# Switches that no page asks yet: they may be set, and change nothing so far.
WITHOUT_EFFECT = ("vote",)
# The drawing of a year, in its own units.
WIDTH, LEFT, ROW, MARK = 720, 8, 30, 48


@dataclass(frozen=True)
class Span:
    """One phase as a line of the table and a bar of the drawing."""

    phase: Phase
    begins: str
    ends: str
    allows: str
    tag: Tag
    x: int
    y: int
    width: int


@dataclass(frozen=True)
class Right:
    """One switch: what it allows, who uses it, how it stands now."""

    name: str
    who: str
    tag: Tag
    until: str
    has_effect: bool


@dataclass(frozen=True)
class Month:
    """A mark of the drawing's scale."""

    name: str
    x: int


@dataclass(frozen=True)
class Timeline:
    """The drawing of all phases; `now` is where today stands, None outside."""

    spans: list[Span]
    months: list[Month]
    now: int | None
    height: int
    overlaps: list[str]


def word(switch: str) -> str:
    """Return what a switch allows, as the reader knows it."""
    field: Any = Phase._meta.get_field(switch)
    return capfirst(str(field.verbose_name))


def in_sentence(text: str) -> str:
    """Return a word of a switch as it stands within a sentence."""
    return text[:1].lower() + text[1:]


def words(phase: Phase) -> list[str]:
    """Return what a phase allows."""
    return [word(switch) for switch in SWITCHES if getattr(phase, switch)]


def sentence(phase: Phase) -> str:
    """Return what a phase allows in one line: "Nhập thành tích, gửi thành tích"."""
    return capfirst(", ".join(in_sentence(text) for text in words(phase)))


def tag(phase: Phase, at: datetime) -> Tag:
    """Return how a phase stands at `at`: open, in its hours of grace, over, or to come."""
    if phase.covers(at):
        return Tag(_("Đang mở"), "run")
    if phase.covers_late(at):
        return Tag(_("Đang gia hạn"), "do")
    return Tag(_("Sắp mở"), "off") if at < phase.start else Tag(_("Đã hết hạn"), "off")


def read(season: Season, at: datetime) -> Timeline:
    """Return the phases of a season with the place of each in the drawing."""
    phases = list(season.phases.all())
    if not phases:
        return Timeline([], [], None, 0, [])
    first = min(phase.start for phase in phases)
    whole = max(phase.end for phase in phases) - first

    def place(moment_: datetime) -> int:
        return LEFT + round((WIDTH - 2 * LEFT) * ((moment_ - first) / whole))

    spans = [
        Span(
            phase=phase,
            begins=moment(phase.start),
            ends=moment(phase.end),
            allows=sentence(phase),
            tag=tag(phase, at),
            x=place(phase.start),
            y=line * ROW + 24,
            width=max(3, place(phase.end) - place(phase.start)),
        )
        for line, phase in enumerate(phases)
    ]
    return Timeline(
        spans=spans,
        months=_months(first, first + whole, place),
        now=place(at) if first <= at <= first + whole else None,
        height=len(phases) * ROW + 32,
        overlaps=overlaps(phases),
    )


def _months(first: datetime, last: datetime, place: Callable[[datetime], int]) -> list[Month]:
    """Mark the beginnings of months, so many that their names have room."""
    starts = [timezone.localtime(first).replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    while starts[-1] < last:
        starts.append((starts[-1] + timedelta(days=32)).replace(day=1))
    inside = [start for start in starts if first <= start <= last]
    every = max(1, -(-len(inside) // 12))
    marks = [Month(f"{start:%m/%y}", place(start)) for start in inside[::every]]
    return [mark for mark in marks if mark.x < WIDTH - MARK]


def overlaps(phases: Sequence[Phase]) -> list[str]:
    """Name each pair of phases that allow the same thing at the same time."""
    found = []
    for one, two in combinations(phases, 2):
        same = [s for s in SWITCHES if getattr(one, s) and getattr(two, s)]
        if same and one.start < two.end and two.start < one.end:
            names = ", ".join(in_sentence(word(switch)) for switch in same)
            found.append(
                _("“%(one)s” và “%(two)s” cùng mở: %(what)s.")
                % {"one": one.name, "two": two.name, "what": names}
            )
    return found


def rights(season: Season, at: datetime) -> list[Right]:
    """Return for every switch who uses it and until when, or from when, it is open."""
    return [
        Right(
            name=word(switch),
            who=str(WHO[switch]),
            tag=_open_tag(season, switch, at),
            until=_until(season, switch, at),
            has_effect=switch not in WITHOUT_EFFECT,
        )
        for switch in SWITCHES
    ]


def _open_tag(season: Season, switch: str, at: datetime) -> Tag:
    found = permissions.opening(season, switch, at)
    if found is None:
        return Tag(_("Đang đóng"), "off")
    return Tag(_("Đang gia hạn"), "do") if found.lateness else Tag(_("Đang mở"), "run")


def _until(season: Season, switch: str, at: datetime) -> str:
    if found := permissions.opening(season, switch, at):
        return _("đến %(when)s") % {"when": moment(found.until)}
    if season.is_closed:
        return _("kỳ đã chốt")
    phases = [phase for phase in season.phases.all() if getattr(phase, switch)]
    if coming := [phase.start for phase in phases if phase.start > at]:
        return _("mở từ %(when)s") % {"when": moment(min(coming))}
    if over := [phase.end for phase in phases]:
        return _("đã đóng từ %(when)s") % {"when": moment(max(over))}
    return _("không có pha nào mở")


def has_late_codes(season: Season, at: datetime) -> int:
    """Return how many redeemed late codes are in force at `at`."""
    return season.late_codes.filter(redeemed_at__isnull=False, until__gt=at).count()

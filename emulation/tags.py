"""How a state looks to a reader: one function maps (state, reader) to a word and a family.

Amber is for whoever must act, blue for those who wait, green for done (design.md, states).
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emulation.models import CrossState, ImportState, ReportState, SheetState, State


@dataclass(frozen=True)
class Tag:
    """A word with its family: do, late, run, ok, end or off; `icon` names a sprite symbol."""

    word: str
    family: str
    icon: str = ""


# (family for the unit, family for everybody else, icon)
_ACHIEVEMENT: dict[State, tuple[str, str, str]] = {
    State.DRAFT: ("off", "off", ""),
    State.SUBMITTED: ("run", "do", ""),
    State.UNDER_REVIEW: ("run", "do", ""),
    State.RETURNED: ("do", "run", ""),
    State.VERIFIED: ("ok", "ok", "check2"),
    State.REJECTED: ("off", "off", "x-lg"),
    State.LOCKED: ("end", "end", "lock"),
    State.WITHDRAWN: ("off", "off", ""),
}
_SHEET: dict[str, tuple[str, str, str]] = {
    "": ("off", "off", ""),
    SheetState.DRAFT: ("do", "run", ""),
    SheetState.SUBMITTED: ("run", "do", ""),
    SheetState.FIRST: ("do", "run", ""),
    SheetState.EXPLAINED: ("run", "do", ""),
    SheetState.APPRAISED: ("ok", "ok", "check2"),
}


def achievement_tag(state: str, role: str) -> Tag:
    """Return the tag of an achievement for a reader at the desk `role` ("unit", …)."""
    own, others, icon = _ACHIEVEMENT[State(state)]
    family = own if role == "unit" else others
    if role == "leader" and family == "do":
        family = "run"
    return Tag(str(State(state).label), family, icon)


def late_tag(lateness: str) -> Tag | None:
    """Return the tag of what was sent after its deadline, None for what came in time."""
    return Tag(_("Gửi muộn"), "off", "clock") if lateness else None


def sheet_tag(state: str, role: str) -> Tag:
    """Return the tag of a score sheet; "" is one that nobody began."""
    own, others, icon = _SHEET[state]
    family = own if role == "unit" else others
    if role == "leader" and family == "do":
        family = "run"
    return Tag(str(SheetState(state).label) if state else _("Chưa bắt đầu"), family, icon)


_CROSS: dict[str, tuple[str, str, str]] = {
    CrossState.ASSIGNED: ("do", "run", ""),
    CrossState.SUBMITTED: ("ok", "ok", "check2"),
    CrossState.ABSTAINED: ("off", "off", ""),
}


def cross_tag(state: str, role: str) -> Tag:
    """Return the tag of a cross sheet; the scoring unit must act."""
    own, others, icon = _CROSS[state]
    return Tag(str(CrossState(state).label), own if role == "unit" else others, icon)


_REPORT: dict[str, tuple[str, str, str]] = {
    ReportState.DRAFT: ("off", "off", ""),
    ReportState.SUBMITTED: ("run", "do", ""),
    ReportState.RETURNED: ("do", "run", ""),
    ReportState.ACCEPTED: ("ok", "ok", "check2"),
    ReportState.EXCUSED: ("off", "off", ""),
}


def report_tag(state: str, role: str) -> Tag:
    """Return the tag of a periodic report that somebody has begun or excused."""
    own, others, icon = _REPORT[state]
    family = own if role == "unit" else others
    if role in ("leader", "administrator") and family == "do":
        family = "run"
    return Tag(str(ReportState(state).label), family, icon)


def short_date(day: date, today: date) -> str:
    """Return dd/mm, with the year where it is another one than today's."""
    return f"{day:%d/%m}" if day.year == today.year else f"{day:%d/%m/%Y}"


def due_tag(word: str, day: date, today: date) -> Tag:
    """Return a state with its deadline: the nearer, the heavier."""
    left = (day - today).days
    if left < 0:
        text = ngettext("Quá hạn %(days)s ngày", "Quá hạn %(days)s ngày", -left)
        return Tag(text % {"days": -left}, "late")
    if left == 0:
        return Tag(_("Hạn hôm nay"), "late")
    if left == 1:
        return Tag(_("Hạn ngày mai, %(day)s") % {"day": short_date(day, today)}, "late")
    due = _("hạn %(day)s") % {"day": short_date(day, today)}
    return Tag(f"{word} · {due}", "do")


_IMPORT: dict[str, tuple[str, str]] = {
    ImportState.CHECKING: ("run", ""),
    ImportState.REFUSED: ("do", "exclamation-triangle"),
    ImportState.CHECKED: ("do", ""),
    ImportState.WRITING: ("run", ""),
    ImportState.DONE: ("ok", "check2"),
    ImportState.DISMISSED: ("off", "x-lg"),
}


def import_tag(state: str) -> Tag:
    """Return the tag of an import, which only its own unit sees."""
    family, icon = _IMPORT[state]
    return Tag(str(ImportState(state).label), family, icon)

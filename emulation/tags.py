"""How a state looks to a reader: one function maps (state, reader) to a word and a family.

Amber is for whoever must act, blue for those who wait, green for done (design.md, states).
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from emulation.models import SheetState, State


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
}
_SHEET: dict[str, tuple[str, str, str]] = {
    "": ("off", "off", ""),
    SheetState.DRAFT: ("do", "run", ""),
    SheetState.SUBMITTED: ("run", "do", ""),
    SheetState.APPRAISED: ("ok", "ok", "check2"),
}


def achievement_tag(state: str, role: str) -> Tag:
    """Return the tag of an achievement for a reader at the desk `role` ("unit", …)."""
    own, others, icon = _ACHIEVEMENT[State(state)]
    family = own if role == "unit" else others
    if role == "leader" and family == "do":
        family = "run"
    return Tag(str(State(state).label), family, icon)


def sheet_tag(state: str, role: str) -> Tag:
    """Return the tag of a score sheet; "" is one that nobody began."""
    own, others, icon = _SHEET[state]
    family = own if role == "unit" else others
    if role == "leader" and family == "do":
        family = "run"
    return Tag(str(SheetState(state).label) if state else _("Chưa bắt đầu"), family, icon)

"""Which disqualifying conditions follow from facts (domain.md 4.5). Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from emulation.scoring import Grade

UNSIGNED, UNREPORTED, OVERRATED = "unsigned", "unreported", "overrated"
_NONE = Decimal(0)


@dataclass(frozen=True)
class Facts:
    """What is recorded of a unit. Totals are None until it is appraised to the end."""

    is_signed: bool = True
    is_registered: bool = True
    missing_reports: int = 0
    own: Decimal | None = None
    verified: Decimal | None = None

    @property
    def excess(self) -> Decimal | None:
        """By how many per cent the unit's own total exceeds the verified one."""
        if self.own is None or self.verified is None:
            return None
        if self.verified <= 0:
            return Decimal(100) if self.own > 0 else _NONE
        return (self.own - self.verified) * 100 / self.verified


def is_found(finder: str, limit: Decimal | None, facts: Facts) -> bool:
    """Tell whether a condition holds; more than its limit, and no limit is a limit of none."""
    least = limit or _NONE
    if finder == UNSIGNED:
        return not (facts.is_signed and facts.is_registered)
    if finder == UNREPORTED:
        return facts.missing_reports > least
    if finder == OVERRATED:
        return facts.excess is not None and facts.excess > least
    return False


def is_valid(valid_from: date | None, valid_to: date | None, first: date, last: date) -> bool:
    """Tell whether a rule is in force on any day from `first` to `last`."""
    return (valid_from is None or valid_from <= last) and (valid_to is None or valid_to >= first)


def lowered(grade: Grade) -> Grade:
    """Return the grade one step below; nothing is below the last."""
    order = list(Grade)
    return order[min(order.index(grade) + 1, len(order) - 1)]

"""What an achievement of the made-up year consists of."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

YEAR = 2026

# "completed": returned (twice with `again`), completed and verified; "sent_again": returned, sent
# again, waiting; "withdrawn": sent, and taken back for `reason` before anybody judged it.
Outcome = Literal[
    "verified",
    "completed",
    "submitted",
    "under_review",
    "returned",
    "sent_again",
    "rejected",
    "withdrawn",
    "draft",
]


@dataclass(frozen=True)
class Return:
    """A return: its reason, what is asked for in which part, and what the unit then changed."""

    reason: str
    notes: dict[str, str]
    change: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed:
    """One achievement: `when` is "27/07" or "05/01–31/03", `goal` (number of target, quantity).

    `more` holds the particulars of the category and, for mass organisations, `organization`;
    `files` are names whose ending says what is made, `reason` is the secretary's. Without `notes`
    a return asks for evidence. `talk` are messages after the first answer: ("unit", "…").
    """

    when: str
    category: str
    title: str
    text: str
    files: tuple[str, ...] = ()
    goal: tuple[int, int] | None = None
    outcome: Outcome = "verified"
    reason: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)
    again: Return | None = None
    talk: tuple[tuple[Literal["unit", "secretary"], str], ...] = ()
    is_late: bool = False

    @property
    def returns(self) -> list[Return]:
        """Return how often it came back, and why."""
        first = Return(self.reason, self.notes or {"files": self.reason}, self.change)
        return [first, *filter(None, [self.again])]

    @property
    def days(self) -> tuple[date, date | None]:
        """Return the first day and, of a span, the last."""
        first, _, last = self.when.partition("–")
        return day(first), day(last) if last else None


def day(text: str) -> date:
    """Return a "27/07" as the day of the made-up year."""
    number, month = text.split("/")
    return date(YEAR, int(month), int(number))

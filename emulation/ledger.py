"""The ledger of one achievement: each file with where else it is used and what may be done."""

from dataclasses import dataclass, field
from datetime import datetime

from clusters.models import User
from emulation import permissions, returns
from emulation.duplicates import Repeat, repeats
from emulation.models import Achievement, Evidence


@dataclass(frozen=True)
class Line:
    """One file of the ledger."""

    evidence: Evidence
    can_change: bool
    can_stamp: bool
    repeats: list[Repeat] = field(default_factory=list)

    @property
    def is_document(self) -> bool:
        """Whether somebody said which document it is."""
        row = self.evidence
        return bool(row.issuer or row.document_number or row.issued_on)

    @property
    def is_described(self) -> bool:
        """Whether somebody said which document it is, or where in it."""
        return self.is_document or bool(self.evidence.page)


def files_open(user: User, achievement: Achievement, at: datetime) -> bool:
    """Tell whether the user may add, describe and remove files now."""
    if not permissions.can_edit(user, achievement, at):
        return False
    opened = returns.open_fields(achievement)
    return opened is None or returns.FILES in opened


def lines(user: User, achievement: Achievement, at: datetime) -> list[Line]:
    """Return the ledger as the user may see it; the number of queries is constant."""
    rows = list(achievement.evidence.select_related("original_seen_by").order_by("pk"))
    found = repeats(user, achievement, rows)
    may_change = files_open(user, achievement, at) if rows else False
    may_stamp = permissions.can_stamp(user, achievement)
    return [
        Line(
            evidence=row,
            can_change=may_change,
            can_stamp=may_stamp and row.original_seen_at is None,
            repeats=found.get(row.pk, []),
        )
        for row in rows
    ]

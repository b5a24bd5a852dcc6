"""What the last return of an achievement asks for, and which parts it opens again.

A part is named by its column: a name of `facts.FIELDS`, a column of the particulars, or FILES.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from emulation.models import Achievement, Review, State

FILES = "files"
# Parts that are checked against each other: a note on one opens the others with it. A note on
# the figure opens the evidence too, because a figure is sent with evidence alone.
TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"started_on", "ended_on"}),
    frozenset({"target", "quantity"}),
    frozenset({"number", "issuer", "issued_on", "status"}),
    frozenset({"petitions", "voter_petition"}),
    frozenset({"families", "gifts", "value"}),
)
PROVEN = frozenset({"target", "quantity"})


def with_their_kind(names: Iterable[str]) -> frozenset[str]:
    """Return `names` with the parts that cannot be completed without each other."""
    opened = set(names)
    for group in TOGETHER:
        if opened & group:
            opened |= group
    return frozenset(opened | {FILES} if opened & PROVEN else opened)


def last_return(achievement: Achievement) -> Review | None:
    """Return the review by which the achievement lies with its unit, None where it does not."""
    if achievement.state != State.RETURNED:
        return None
    found = achievement.reviews.filter(revision=achievement.revision)
    return found.select_related("by").prefetch_related("notes").first()


def notes_of(achievement: Achievement) -> dict[str, str]:
    """Return {part: what to complete} of the last return; empty where nothing was returned."""
    review = last_return(achievement)
    return {note.field: note.text for note in review.notes.all()} if review else {}


def open_fields(achievement: Achievement) -> frozenset[str] | None:
    """Return the parts that its unit may change now; None: all of them.

    Everything is open in a draft, and in what was returned before notes were kept; nothing in
    what was sent. It says nothing of who may change it and when: `permissions.can_edit` does.
    """
    if achievement.state == State.DRAFT:
        return None
    if achievement.state != State.RETURNED:
        return frozenset()
    return with_their_kind(notes_of(achievement)) or None


def check_open(achievement: Achievement, names: Iterable[str]) -> None:
    """Raise ValidationError(code="part_locked") where one of the parts is not open."""
    opened = open_fields(achievement)
    if opened is not None and set(names) - opened:
        raise ValidationError(
            _("Phần này đang khóa vì thư ký cụm không yêu cầu sửa. Cần sửa thêm: nhắn thư ký cụm."),
            code="part_locked",
        )


def times_returned(achievement: Achievement) -> int:
    """Return how often the achievement was sent back to its unit."""
    return achievement.reviews.filter(decision=Review.Decision.RETURNED).count()

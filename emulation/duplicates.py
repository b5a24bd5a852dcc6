"""Where the evidence of an achievement serves a second time: the same file, the same document.

A reviewer sees every other use: another unit, another claim, another year, another cluster. A unit
sees its own alone, whatever others have sent.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from clusters.models import User
from clusters.permissions import is_administrator, standing
from emulation import permissions
from emulation.models import PRIVATE, Achievement, Evidence

# Beyond these nobody reads on, and one form number may stand on a thousand files.
MOST = 200


@dataclass(frozen=True)
class Repeat:
    """Another row with the same file, else the same document number."""

    other: Evidence
    is_same_file: bool
    is_visible: bool
    is_own_unit: bool
    is_same_achievement: bool

    @property
    def is_other_claim(self) -> bool:
        """Whether it proves something else within the same achievement."""
        return self.is_same_achievement


def judges_repeats(user: User, achievement: Achievement) -> bool:
    """Tell whether the user may know of uses by others: cluster roles and the administrator."""
    return (
        permissions.is_secretary(user, achievement.season)
        or permissions.is_leader(user, achievement.season)
        or is_administrator(user)
    )


def repeats(
    user: User, achievement: Achievement, evidence: list[Evidence]
) -> dict[int, list[Repeat]]:
    """Return {key of a row: where else it is used}, in two queries whatever the number of rows."""
    if not evidence:
        return {}
    others = list(_others(user, achievement, evidence)[:MOST])
    seen = _seen(user, others)
    found: dict[int, list[Repeat]] = {}
    for row in evidence:
        for other in others:
            if _repeats(row, other):
                found.setdefault(row.pk, []).append(_repeat(achievement, row, other, seen))
    return found


def _others(user: User, achievement: Achievement, evidence: list[Evidence]) -> QuerySet[Evidence]:
    """Return the rows that might repeat one of `evidence`, as far as the user may know of them."""
    numbers = {row.document_key for row in evidence} - {""}
    same = Q(sha256__in={row.sha256 for row in evidence}) | Q(document_key__in=numbers)
    rows = Evidence.objects.filter(same)
    if judges_repeats(user, achievement):
        rows = rows.exclude(
            Q(achievement__state__in=PRIVATE) & ~Q(achievement__unit__in=standing(user).units)
        )
    else:
        rows = rows.filter(achievement__unit__in=standing(user).units)
    return rows.select_related("achievement__season", "achievement__unit").order_by("pk")


def _repeats(row: Evidence, other: Evidence) -> bool:
    """Tell whether `other` is a second use of what `row` shows.

    Two files with one number and one claim in one achievement are the pages of a document.
    """
    if other.pk == row.pk:
        return False
    if other.sha256 == row.sha256:
        return True
    is_same_document = row.document_key != "" and other.document_key == row.document_key
    is_page = other.achievement_id == row.achievement_id and other.claim == row.claim
    return is_same_document and not is_page


def _seen(user: User, others: list[Evidence]) -> set[int]:
    """Return the keys of the achievements that the user may open."""
    keys = {row.achievement_id for row in others}
    if not keys:
        return set()
    visible = Achievement.objects.visible_to(user).filter(pk__in=keys)
    return set(visible.values_list("pk", flat=True))


def _repeat(achievement: Achievement, row: Evidence, other: Evidence, seen: set[int]) -> Repeat:
    return Repeat(
        other=other,
        is_same_file=other.sha256 == row.sha256,
        is_visible=other.achievement_id in seen,
        is_own_unit=other.achievement.unit_id == achievement.unit_id,
        is_same_achievement=other.achievement_id == achievement.pk,
    )

"""The unit's own store: every file that it has uploaded for any achievement, in any year."""

from django.db.models import Max, Q, QuerySet

from clusters.lineage import ancestors
from clusters.models import User
from clusters.permissions import standing
from clusters.vietnamese import search_key
from emulation.models import Achievement, Evidence


def of_unit(user: User, achievement: Achievement) -> QuerySet[Evidence]:
    """Return the evidence of the achievement's unit and of those whose record passed to it.

    Nothing for those who do not work there; a predecessor that still exists answers for itself.
    """
    if achievement.unit is None:
        return Evidence.objects.none()
    mine = ancestors(achievement.unit) & standing(user).units
    return Evidence.objects.filter(achievement__unit__in=mine)


def to_pick_from(user: User, achievement: Achievement, words: str = "") -> QuerySet[Evidence]:
    """Return each stored file once, the newest first, without those the achievement has.

    `words`, with or without accents, are looked for in the file's name, its issuer and number,
    and in the achievement that it proves.
    """
    own = of_unit(user, achievement)
    fresh = own.exclude(sha256__in=achievement.evidence.values("sha256"))
    for word in search_key(words).split():
        fresh = fresh.filter(
            Q(search_key__contains=word) | Q(achievement__search_key__contains=word)
        )
    newest = fresh.order_by().values("sha256").annotate(newest=Max("pk")).values("newest")
    rows = Evidence.objects.filter(pk__in=newest)
    return rows.select_related("achievement__season").order_by("-uploaded_at", "-pk")

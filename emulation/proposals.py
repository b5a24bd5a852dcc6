"""Which target of the pledge an achievement most likely serves: proposed, never decided."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, F, Q, QuerySet

from clusters.models import Unit
from clusters.vietnamese import search_key
from emulation.models import Achievement, Category, Season, Target, TargetGroup

# The group of the pledge in which the targets of a category stand (domain.md 3.3 and 5.5).
GROUPS: Mapping[str, TargetGroup] = {
    Category.ADVISORY: TargetGroup.POLITICAL,
    Category.COORDINATION: TargetGroup.POLITICAL,
    Category.POLICY_DOCUMENT: TargetGroup.POLITICAL,
    Category.PARLIAMENT: TargetGroup.POLITICAL,
    Category.REFORM: TargetGroup.POLITICAL,
    Category.INITIATIVE: TargetGroup.POLITICAL,
    Category.FORCE_BUILDING: TargetGroup.FORCE,
    Category.CULTURED_LIFESTYLE: TargetGroup.DISCIPLINE,
    Category.MASS_ORGANIZATION: TargetGroup.FORCE,
    Category.COMMUNITY: TargetGroup.COMMUNITY,
    Category.ADVANCED_MODEL: TargetGroup.EMULATION,
    Category.EMULATION_WORK: TargetGroup.EMULATION,
}


def offered(season: Season, unit: Unit) -> QuerySet[Target]:
    """Return the targets a unit's achievement may count towards: its own, then the common ones."""
    rows = Target.objects.filter(Q(unit=unit) | Q(unit=None), pledge__season=season)
    return rows.order_by(F("unit").asc(nulls_last=True), "order")


def used(season: Season, unit: Unit) -> dict[str, dict[int, int]]:
    """Return {category: {target: how often}} of what the unit has entered in the season."""
    rows = Achievement.objects.filter(season=season, unit=unit).exclude(target=None)
    found: dict[str, dict[int, int]] = {}
    for row in rows.order_by().values("category", "target").annotate(times=Count("pk")):
        found.setdefault(row["category"], {})[row["target"]] = row["times"]
    return found


def best(
    targets: Sequence[Target], times: Mapping[int, int], category: str, words: str = ""
) -> Target | None:
    """Return the target that the unit chose most often for the category.

    Where it chose none yet: that of the category's group which shares the most words with the
    category and with `words`; among equals the first, so that an own one comes before a common.
    """
    known = [target for target in targets if times.get(target.pk)]
    if known:
        return max(known, key=lambda target: times[target.pk])
    fitting = [target for target in targets if target.group == GROUPS[category]]
    said = _words(f"{Category(category).label} {words}")
    return max(fitting, key=lambda target: len(said & _words(target.text)), default=None)


def _words(text: str) -> set[str]:
    return set(search_key(text).split())


def by_category(season: Season, unit: Unit) -> dict[str, Target]:
    """Return the target proposed for each category that has one; two queries."""
    targets, times = list(offered(season, unit)), used(season, unit)
    found = {
        category: best(targets, times.get(category, {}), category) for category in Category.values
    }
    return {category: target for category, target in found.items() if target}


def for_achievement(achievement: Achievement) -> Target | None:
    """Return the target proposed for a stored achievement that has none."""
    unit, category = achievement.unit, achievement.category
    if unit is None or achievement.target_id:
        return None
    times = used(achievement.season, unit).get(category, {})
    targets = list(offered(achievement.season, unit))
    return best(targets, times, category, achievement.title)

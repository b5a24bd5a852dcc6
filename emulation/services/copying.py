"""A draft made from another entry: last year's once more, or the same work a period later."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.lineage import ancestors
from clusters.models import Unit, User
from emulation import permissions
from emulation.chains import can_be_continued, chain_keys
from emulation.models import Achievement, Season, State, Target
from emulation.models.particulars import COMMUNITY_FIGURES, PARTICULARS
from emulation.services.achievement import index, particulars
from emulation.services.unclassified import check_unclassified
from journal.services import record

# What stays: the words. Days and figures are those of the period that is over.
_KEPT = ("category", "title", "description", "organization", "is_internal")
_FIGURES = {*COMMUNITY_FIGURES, "petitions"}
NOT_COPIED = (State.WITHDRAWN, State.REJECTED)


def copyable(season: Season, unit: Unit) -> models.QuerySet[Achievement]:
    """Return the entries of the unit, and of those it came from, of the years before."""
    rows = Achievement.objects.filter(unit__in=ancestors(unit), season__year__lt=season.year)
    return rows.exclude(state__in=NOT_COPIED)


@transaction.atomic
def copy_achievement(
    *, source: Achievement, season: Season, unit: Unit, by: User, at: datetime | None = None
) -> Achievement:
    """Make a draft from an entry of a year before; a second click finds the first copy.

    Days, figures and evidence are not taken along; the target is the one that followed the old
    one, or has the same text. Raises PermissionDenied where `by` may not enter for `unit`, or the
    entry is not of the unit's own record; ValidationError(code="secret") for a secrecy mark.
    """
    at = at or timezone.now()
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    if not permissions.can_enter(by, season, unit, at):
        raise PermissionDenied
    if not copyable(season, unit).filter(pk=source.pk).exists():
        raise PermissionDenied
    mine = Achievement.objects.filter(season=season, unit=unit, copied_from=source)
    if known := mine.exclude(state=State.WITHDRAWN).first():
        return known
    made = _draft(source, season, unit, by, copied_from=source)
    changes = {"copied_from": [None, source.code]}
    record(verb="achievement.copy", subject=made, by=by, at=at, changes=changes)
    return made


@transaction.atomic
def continue_achievement(
    *, source: Achievement, season: Season, unit: Unit, by: User, at: datetime | None = None
) -> Achievement:
    """Make a draft that continues an entry of this season or the one before.

    What is continued is the end of the chain; where that is a draft, it is the answer, so two
    clicks make one. Raises PermissionDenied where `by` may not enter for `unit` or the entry is
    not of its record, ValidationError(code="continue") where it cannot be continued.
    """
    at = at or timezone.now()
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    if not permissions.can_enter(by, season, unit, at) or source.unit_id not in ancestors(unit):
        raise PermissionDenied
    last = Achievement.objects.select_related("season", "unit", "target").get(
        pk=_end_of_chain(source)
    )
    if last.pk != source.pk and last.state == State.DRAFT:
        return last
    if not can_be_continued(last, season):
        raise ValidationError(
            _("Chỉ tiếp nối thành tích đã gửi, của năm nay hoặc năm trước."), code="continue"
        )
    made = _draft(last, season, unit, by, continues=last, drive=_same_drive(last, season))
    changes = {"continues": [None, last.code]}
    record(verb="achievement.enter", subject=made, by=by, at=at, changes=changes)
    return made


def _end_of_chain(source: Achievement) -> int:
    keys = chain_keys(source)
    after = keys[keys.index(source.pk) :]
    left = Achievement.objects.filter(pk__in=after, state=State.WITHDRAWN).values_list("pk")
    gone = {pk for (pk,) in left}
    return [pk for pk in after if pk not in gone or pk == source.pk][-1]


def _same_drive(source: Achievement, season: Season) -> Any:
    return source.drive if source.season_id == season.pk else None


def _draft(source: Achievement, season: Season, unit: Unit, by: User, **links: Any) -> Achievement:
    """Return a stored draft with the words of the source; its number is taken from the season."""
    values = {name: getattr(source, name) for name in _KEPT}
    row = particulars(source)
    details = _words_of(row) if row is not None else {}
    check_unclassified({**values, **details})
    made = Achievement(
        season=season, unit=unit, number=season.next_number, created_by=by,
        target=target_for(source.target, season, unit), **values, **links,
    )  # fmt: skip
    index(made)
    made.save()
    Season.objects.filter(pk=season.pk).update(next_number=season.next_number + 1)
    if details:
        PARTICULARS[made.category]._default_manager.create(achievement=made, **details)
    return made


def _words_of(row: models.Model) -> dict[str, Any]:
    """Return the particulars but for days and counted figures, which are those of the past."""
    fields = [f for f in row._meta.concrete_fields if not (f.primary_key or f.is_relation)]
    return {
        field.name: getattr(row, field.name)
        for field in fields
        if field.name not in _FIGURES and not isinstance(field, models.DateField)
    }


def target_for(old: Target | None, season: Season, unit: Unit) -> Target | None:
    """Return the target of a season that answers to an old one: its follower, or its namesake."""
    if old is None:
        return None
    offered = Target.objects.filter(pledge__season=season)
    mine = list(offered.filter(models.Q(unit=unit) | models.Q(unit=None)).order_by("order", "pk"))
    # The unit's own before those that the cluster shares.
    mine.sort(key=lambda target: target.unit_id is None)
    if any(target.pk == old.pk for target in mine):
        return old
    followers = [target for target in mine if target.previous_id == old.pk]
    words = _plain(old.text)
    namesakes = [t for t in mine if _plain(t.text) == words and t.measure == old.measure]
    return next(iter([*followers, *namesakes]), None)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())

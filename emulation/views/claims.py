"""What the secretary judges: the facts that a unit claims, and what it changed after a return."""

from typing import Any

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from emulation import facts
from emulation.models import Achievement
from emulation.services.achievement import particulars
from journal.queries import history


def claimed(achievement: Achievement) -> list[facts.Fact]:
    """Return category, facts and particulars, without the title and without what is empty."""
    category = facts.Fact("category", _("Loại"), achievement.get_category_display())
    own = [fact for fact in facts.of_achievement(achievement) if fact.name != "title"]
    *figures, description = own
    rows = [category, *figures, *facts.of_particulars(particulars(achievement)), description]
    return [fact for fact in rows if fact.text]


def changes_since_return(achievement: Achievement) -> list[tuple[str, str, str]]:
    """Return (label, old, new) of what the unit changed after the last return, from the journal."""
    events = list(history(achievement))
    verbs = [event.verb for event in events]
    if "achievement.returned" not in verbs:
        return []
    later = events[: verbs.index("achievement.returned")][::-1]
    found: dict[str, list[Any]] = {}
    files: list[tuple[str, str, str]] = []
    for event in later:
        if event.verb == "achievement.change":
            for name, (before, after) in event.changes.items():
                found[name] = [found.get(name, [before])[0], after]
        elif event.verb in {"evidence.attach", "evidence.remove"}:
            before, after = event.changes["evidence"]
            files.append((_("Minh chứng"), before or "", after or ""))
    fields = _fields(achievement)
    return [
        (capfirst(str(field.verbose_name)), _stored(field, before), _stored(field, after))
        for name, (before, after) in found.items()
        if (field := fields.get(name)) and before != after
    ] + files


def _fields(achievement: Achievement) -> dict[str, models.Field]:
    """Return the columns of an achievement and of its particulars that have a text to show."""
    rows = [row for row in (achievement, particulars(achievement)) if row]
    columns = [field for row in rows for field in row._meta.concrete_fields]
    return {field.name: field for field in columns if not field.is_relation}


def _stored(field: models.Field, value: Any) -> str:
    """Print a value as the journal keeps it: days are ISO text there."""
    if isinstance(field, models.DateField) and isinstance(value, str):
        value = parse_date(value)
    if isinstance(field, models.DecimalField) and isinstance(value, str):
        value = field.to_python(value)
    return facts.shown(field, value)

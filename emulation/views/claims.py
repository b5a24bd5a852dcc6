"""What a unit claims with an achievement, as label and text: the same for every category."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from clusters.vietnamese import format_number
from emulation.models import Achievement
from emulation.services.achievement import particulars
from journal.queries import history

HIDDEN = {"id", "achievement"}


def facts(achievement: Achievement) -> list[tuple[str, str]]:
    """Return what is claimed, empty parts left out: category, days, figures, particulars, text."""
    rows = [(_("Loại"), achievement.get_category_display())]
    if achievement.organization:
        rows.append((_("Tổ chức quần chúng"), achievement.get_organization_display()))
    rows.append((_("Thời gian"), _days(achievement)))
    if achievement.target:
        rows.append((_("Chỉ tiêu giao ước"), achievement.target.text))
    if achievement.quantity is not None:
        measure = achievement.target.measure if achievement.target else ""
        quantity = f"{format_number(achievement.quantity)} {measure}".strip()
        rows.append((_("Kết quả tính vào chỉ tiêu"), quantity))
    rows += _particulars(achievement)
    rows.append((_("Diễn giải"), achievement.description))
    return [(label, text) for label, text in rows if text]


def _days(achievement: Achievement) -> str:
    first, last = achievement.started_on, achievement.ended_on
    if first and last and first != last:
        return _("%(first)s đến %(last)s") % {"first": _shown(first), "last": _shown(last)}
    return _shown(first)


def _particulars(achievement: Achievement) -> list[tuple[str, str]]:
    row = particulars(achievement)
    if row is None:
        return []
    return [
        (_label(field), _value(row, field))
        for field in row._meta.concrete_fields
        if field.name not in HIDDEN
    ]


def _label(field: models.Field) -> str:
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


def _value(row: models.Model, field: models.Field) -> str:
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return _shown(getattr(row, field.attname))


def _shown(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return _("Có")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return format_number(value) if isinstance(value, int | Decimal) else str(value)


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
            files.append((_("Minh chứng"), _stored(before), _stored(after)))
    labels = _labels(achievement)
    return [
        (labels[name], _stored(before), _stored(after))
        for name, (before, after) in found.items()
        if name in labels and before != after
    ] + files


def _labels(achievement: Achievement) -> dict[str, str]:
    rows = [row for row in (achievement, particulars(achievement)) if row]
    fields = [field for row in rows for field in row._meta.concrete_fields]
    skipped = HIDDEN | {"target"}
    return {field.name: _label(field) for field in fields if field.name not in skipped}


def _stored(value: Any) -> str:
    """Print a value as the journal keeps it: a day is ISO text there."""
    day = parse_date(value) if isinstance(value, str) and len(value) == 10 else None
    return _shown(day or value)

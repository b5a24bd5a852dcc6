"""An achievement as lines of label and value: the page, the check before sending, a comparison."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusters.vietnamese import format_number
from emulation.models import Achievement, Category

# In the order of the form, which is also that of the page.
FIELDS = (
    "title", "started_on", "ended_on", "organization", "target", "quantity", "drive", "continues",
    "description", "is_internal",
)  # fmt: skip
# The categories in which a mass organisation may have led the work.
WITH_ORGANIZATION = (
    *(Category.MASS_ORGANIZATION, Category.COMMUNITY, Category.FORCE_BUILDING),
    *(Category.CULTURED_LIFESTYLE, Category.ADVANCED_MODEL, Category.INITIATIVE),
    *(Category.REFORM, Category.EMULATION_WORK),
)


@dataclass(frozen=True)
class Fact:
    """One line; `name` is the form's field, "" where the form has none. Empty text: not given."""

    name: str
    label: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that somebody else stored with another value than the one just typed."""

    label: str
    stored: str
    typed: str


def shown(field: models.Field, value: Any) -> str:
    """Return the value of a model's field as a reader sees it, "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return format_number(value) if isinstance(value, Decimal | int) else str(value)


def _label(field: models.Field) -> str:
    return capfirst(str(field.verbose_name))


def named(model: type[models.Model], name: str) -> str:
    """Return the name of a model's field as it stands inside a sentence."""
    return str(_column(model, name).verbose_name)


def _column(model: type[models.Model], name: str) -> models.Field:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def of_achievement(achievement: Achievement) -> list[Fact]:
    """Return what the unit entered, in the order of the form; the quantity with its measure."""
    found = []
    for name in FIELDS:
        # Asked for in some categories, in a season that has drives, or seldom said.
        asked = name not in ("drive", "continues", "is_internal")
        if name == "organization":
            asked = achievement.category in WITH_ORGANIZATION
        if not asked and not getattr(achievement, name):
            continue
        field = _column(Achievement, name)
        text = shown(field, getattr(achievement, name))
        if name == "quantity" and text and achievement.target:
            text = f"{text} {achievement.target.measure}"
        found.append(Fact(name, _label(field), text))
    return found


def of_particulars(row: models.Model | None) -> list[Fact]:
    """Return the particulars of a category; what was not counted or ticked is left out."""
    if row is None:
        return []
    fields = [f for f in row._meta.concrete_fields if not (f.primary_key or f.is_relation)]
    return [
        Fact(field.name, _label(field), shown(field, value))
        for field in fields
        if (value := getattr(row, field.name)) not in (None, "", False)
    ]


def differences(
    row: models.Model | None, typed: Mapping[str, Any], names: Iterable[str]
) -> list[Difference]:
    """Return the fields of `names` in which the stored `row` is not what was typed."""
    if row is None:
        return []
    return [
        Difference(_label(field), shown(field, stored), shown(field, typed[name]))
        for name in names
        if name in typed
        and (stored := getattr(row, name)) != typed[name]
        and (field := _column(type(row), name))
    ]

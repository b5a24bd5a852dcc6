"""What an achievement said each time it was sent: its content as texts, and two of them compared.

A content is {"facts": {name: text}, "particulars": {name: text}, "files": [[name, sha256]]}.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from emulation import facts, returns
from emulation.differences import Piece, compared, compared_lines
from emulation.models import Achievement, Review
from emulation.models.particulars import PARTICULARS
from emulation.returns import FILES

Content = Mapping[str, Any]
# (part, label, text) of what is to be completed in one part.
Note = tuple[str, str, str]


@dataclass(frozen=True)
class Line:
    """One part of two revisions: its label, and the text of each in pieces."""

    name: str
    label: str
    before: list[Piece]
    after: list[Piece]
    is_changed: bool


def content(achievement: Achievement, particulars: models.Model | None) -> dict[str, Any]:
    """Return what an achievement says now, in Vietnamese whoever sends it."""
    with translation.override("vi"):
        own = facts.of_achievement(achievement)
        more = facts.of_particulars(particulars)
        category = achievement.get_category_display()
    files = achievement.evidence.order_by("id").values_list("name", "sha256")
    return {
        "facts": {"category": category, **{fact.name: fact.text for fact in own if fact.text}},
        "particulars": {fact.name: fact.text for fact in more},
        "files": [list(file) for file in files],
    }


def part_names(category: str) -> list[str]:
    """Return the parts of an achievement of that category to which a note may be pinned."""
    own = [
        name
        for name in facts.FIELDS
        if name != "organization" or category in facts.WITH_ORGANIZATION
    ]
    return [*own, *(field.name for field in columns(category)), FILES]


def columns(category: str) -> list[models.Field]:
    """Return the columns of the particulars of a category that say something."""
    model = PARTICULARS.get(category)
    if model is None:
        return []
    return [f for f in model._meta.concrete_fields if not (f.primary_key or f.is_relation)]


def label(name: str, category: str) -> str:
    """Return the label of a part as the page of an achievement of that category shows it."""
    if name == FILES:
        return _("Minh chứng")
    if name == "category":
        return _("Loại")
    known = {field.name: field for field in columns(category)}
    field = known.get(name) or _field(Achievement, name)
    return capfirst(str(field.verbose_name)) if field else name


def _field(model: type[models.Model], name: str) -> models.Field | None:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def lines(before: Content, after: Content, category: str) -> list[Line]:
    """Return two contents part by part, in the order of the page; what both lack is left out."""
    found = []
    for name, old, new in _texts(before, after, category):
        was, now = compared(old, new)
        found.append(Line(name, label(name, category), was, now, old != new))
    if before.get(FILES) or after.get(FILES):
        was, now = compared_lines(*_files(before, after))
        is_changed = before.get(FILES) != after.get(FILES)
        found.append(Line(FILES, label(FILES, category), was, now, is_changed))
    return found


def _texts(before: Content, after: Content, category: str) -> Iterator[tuple[str, str, str]]:
    for group, order in (
        ("facts", ["category", *facts.FIELDS]),
        ("particulars", [field.name for field in columns(category)]),
    ):
        old, new = before.get(group, {}), after.get(group, {})
        # Parts of another category, or of an older form, come last.
        rest = sorted({*old, *new} - set(order))
        for name in [*order, *rest]:
            if old.get(name) or new.get(name):
                yield name, old.get(name, ""), new.get(name, "")


def _files(before: Content, after: Content) -> tuple[list[str], list[str]]:
    """Return the names of the files of both; the same name over another content is told apart."""
    old, new = before.get(FILES, []), after.get(FILES, [])
    hashes: dict[str, str] = dict(old)
    mark = _("(nội dung mới)")
    names = [f"{name} {mark}" if hashes.get(name, sha) != sha else name for name, sha in new]
    return [name for name, _sha in old], names


def noted(review: Review, category: str) -> list[Note]:
    """Return the notes of a review with the labels of their parts, in the order they came."""
    return [(note.field, label(note.field, category), note.text) for note in review.notes.all()]


def returned(achievement: Achievement) -> dict[str, Any]:
    """Return what is shown of the last return of an achievement; `returned` is None without."""
    review = returns.last_return(achievement)
    if review is None:
        return {"returned": None}
    return {
        "returned": review,
        "noted": noted(review, achievement.category),
        "returned_times": returns.times_returned(achievement),
    }

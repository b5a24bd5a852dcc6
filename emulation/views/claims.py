"""What the secretary judges: the parts that a unit claims, and what changed since it was sent."""

from dataclasses import dataclass
from functools import partial

from django.db import models
from django.forms import BoundField

from emulation import facts, revisions
from emulation.forms.review import ReviewForm
from emulation.models import Achievement, Review
from emulation.services.achievement import particulars


@dataclass(frozen=True)
class Part:
    """A part of an achievement with the field of its note; `asked` is the note of the last time."""

    name: str
    label: str
    text: str
    note: BoundField | None
    asked: str = ""
    is_changed: bool = False


def labels(achievement: Achievement) -> dict[str, str]:
    """Return {part: label} of everything a note may be pinned to, in the order of the page."""
    names = revisions.part_names(achievement.category)
    return {name: revisions.label(name, achievement.category) for name in names}


def parts(achievement: Achievement, form: ReviewForm, changed: set[str]) -> list[Part]:
    """Return category, facts and particulars, what is empty too: a note may ask for it."""
    texts = {fact.name: fact.text for fact in facts.of_achievement(achievement)}
    texts |= _texts(achievement)
    asked = asked_before(achievement)
    make = partial(_part, form=form, asked=asked, changed=changed)
    known = labels(achievement)
    category = Part(
        "category",
        revisions.label("category", achievement.category),
        achievement.get_category_display(),
        None,
    )
    return [category, *(make(name, label, texts.get(name, "")) for name, label in known.items())]


def _part(
    name: str, label: str, text: str, *, form: ReviewForm, asked: dict[str, str], changed: set[str]
) -> Part:
    return Part(name, label, text, form.note(name), asked.get(name, ""), name in changed)


def _texts(achievement: Achievement) -> dict[str, str]:
    row: models.Model | None = particulars(achievement)
    if row is None:
        return {}
    columns = revisions.columns(achievement.category)
    return {field.name: facts.shown(field, getattr(row, field.name)) for field in columns}


def asked_before(achievement: Achievement) -> dict[str, str]:
    """Return the notes to which this revision is the answer; empty where there was no return."""
    earlier = Review.objects.filter(achievement=achievement, revision__lt=achievement.revision)
    review = earlier.order_by("-revision").prefetch_related("notes").first()
    return {note.field: note.text for note in review.notes.all()} if review else {}


def changes_since_sent(achievement: Achievement) -> list[revisions.Line]:
    """Return what differs between the last two revisions; of a returned one, since it was sent."""
    kept = list(achievement.revisions.order_by("-number")[:2])
    if achievement.is_editable and kept:
        now = revisions.content(achievement, particulars(achievement))
        before, after = kept[0].content, now
    elif len(kept) == 2:
        before, after = kept[1].content, kept[0].content
    else:
        return []
    found = revisions.lines(before, after, achievement.category)
    return [line for line in found if line.is_changed]

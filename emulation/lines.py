"""The rows of a long list as they are printed, near what the bare rows cost.

A row is read as plain values, not as a model instance; what repeats from row to row (the word of
a category, the tag of a state) is made once a page, and the template of a row is rendered once
with marks, which are then filled in for every row.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from emulation.models import Category, Season, State
from emulation.tags import Tag, achievement_tag, late_tag

FIELDS = (
    "number", "title", "category", "started_on", "state", "lateness", "is_internal",
    "unit__short_name",
)  # fmt: skip


class Line(NamedTuple):
    """One achievement of a list; `tags` is markup."""

    url: str
    title: str
    code: str
    unit: str
    category: str
    day: str
    tags: str


@lru_cache(maxsize=256)
def _printed(tag: Tag, language: str) -> str:
    return render_to_string("parts/_tag.html", {"tag": tag}).strip()


def filled(template: str, rows: Iterable[NamedTuple], **context: Any) -> str:
    """Return the template of a row once for each of the rows, its only variable being `line`.

    The fields of a row are escaped here, save for what is markup already.
    """
    found, pattern = [], ""
    for row in rows:
        pattern = pattern or _pattern(template, row, context)
        found.append(
            pattern.format_map({k: conditional_escape(v) for k, v in row._asdict().items()})
        )
    return SafeString("".join(found))


def _pattern(template: str, row: NamedTuple, context: dict[str, Any]) -> str:
    marks = {name: f"{{{name}}}" for name in row._fields}
    return render_to_string(template, {"line": marks} | context)


def printed(tag: Tag | None) -> str:
    """Return the markup of a tag; the same one is made once."""
    return SafeString(_printed(tag, get_language() or "")) if tag else ""


class Printer:
    """Turns the values of achievements of one season into lines for one reader."""

    def __init__(self, season: Season, role: str) -> None:
        self.season, self.role = season, role
        self.place = reverse("achievement_list", args=[season.slug])

    @cached_property
    def categories(self) -> dict[str, str]:
        """Return the word of every category."""
        return {category.value: str(category.label) for category in Category}

    @cached_property
    def states(self) -> dict[str, str]:
        """Return the tag of every state as this reader sees it."""
        return {state: printed(achievement_tag(state, self.role)) for state in State.values}

    def url(self, number: int) -> str:
        """Return the address of an achievement, as the list of addresses has it."""
        return f"{self.place}{number}/"

    def code(self, number: int) -> str:
        """Return the code of an achievement, as the model has it."""
        return f"TT-{self.season.year}-{number:04d}"

    def lines(self, rows: QuerySet) -> list[Line]:
        """Return a page of achievements as it is printed, in one query."""
        return [self._line(*values) for values in rows.values_list(*FIELDS)]

    def _line(self, number: int, title: str, category: str, day: date | None, *rest: Any) -> Line:
        state, lateness, is_internal, unit = rest
        tags = self.states[state]
        if lateness:
            tags += " " + printed(late_tag(lateness))
        if is_internal:
            tags += " " + printed(Tag(_("Lưu hành nội bộ"), "off", "lock"))
        return Line(
            url=self.url(number),
            title=title or _("(chưa đặt tên)"),
            code=self.code(number),
            unit=unit or _("Cả cụm"),
            category=self.categories[category],
            day=f"{day:%d/%m/%Y}" if day else "–",
            tags=SafeString(tags),
        )

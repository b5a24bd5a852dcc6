"""The reference list view of our rows and columns, as plainly as Django is usually written.

Behind the same middleware and login as ours: 50 rows with their unit, a link, a date, the word of
a category and a tag for the state in a row, `{% url %}` and filters in the loop, no frame around.
"""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone

from emulation.models import Achievement, Season

ROWS = 50
_TABLE = """{% load i18n %}<!doctype html><title>x</title><table>
{% for row in rows %}<tr><th><a href="{% url 'achievement_detail' season.slug row.number %}">
{{ row.title }}</a> <span class="code">{{ row.code }}</span></th>
{% if with_units %}<td>{{ row.unit }}</td>{% endif %}<td>{{ row.get_category_display }}</td>
<td>{{ DAY }}</td>{{ WAITED }}
<td>{% include "parts/_tag.html" with tag=row.tag %}</td></tr>{% endfor %}</table>"""
LIST = _TABLE.replace("{{ DAY }}", '{{ row.started_on|date:"d/m/Y"|default:"–" }}').replace(
    "{{ WAITED }}", ""
)
QUEUE = _TABLE.replace("{{ DAY }}", '{{ row.submitted_at|date:"d/m/Y" }}').replace(
    "{{ WAITED }}", "<td>{{ row.waited }} ngày</td>"
)


class _Tag:
    family, icon = "run", ""

    def __init__(self, word: str) -> None:
        self.word = word


def _answer(request: HttpRequest, slug: str, template: str, rows: Any, **more: Any) -> HttpResponse:
    season = Season.objects.get(slug=slug)
    found = list(rows.filter(season=season).select_related("season", "unit")[:ROWS])
    for row in found:
        row.tag = _Tag(row.get_state_display())
        row.waited = (timezone.now() - row.submitted_at).days
    compiled = _compiled(template)
    return HttpResponse(compiled.render({"rows": found, "season": season} | more, request))


_known: dict[str, Any] = {}


def _compiled(template: str) -> Any:
    if template not in _known:
        _known[template] = engines["django"].from_string(template)
    return _known[template]


def reference_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The achievements of a unit, or of all."""
    unit = request.GET.get("unit")
    rows = Achievement.objects.order_by(F("submitted_at").desc(nulls_first=True), "-id")
    rows = rows.filter(unit=unit) if unit else rows
    return _answer(request, slug, LIST, rows, with_units=not unit)


def reference_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, the oldest first."""
    rows = Achievement.objects.awaiting_review().order_by("submitted_at", "pk")
    return _answer(request, slug, QUEUE, rows, with_units=True)


urlpatterns = [
    path("doi-chieu/<slug:slug>/", reference_list, name="reference_list"),
    path("doi-chieu/<slug:slug>/cho/", reference_queue, name="reference_queue"),
    path("", include("config.urls")),
]

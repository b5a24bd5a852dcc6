"""What was sent each time: the list of revisions, and any two of them side by side."""

from itertools import pairwise

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from emulation import revisions
from emulation.models import Achievement, Revision
from emulation.views.achievement import get_achievement, own_tag
from emulation.views.request import UserRequest


def _chosen(request: UserRequest, achievement: Achievement) -> tuple[int, int] | None:
    """Return the two revisions that the form of the list asks for, the older first."""
    given = [request.GET.get(name, "") for name in ("tu", "den")]
    kept = {str(number): number for number in _numbers(achievement)}
    if not set(given) <= kept.keys() or given[0] == given[1]:
        return None
    first, second = sorted(kept[text] for text in given)
    return first, second


def _numbers(achievement: Achievement) -> list[int]:
    return list(achievement.revisions.order_by("number").values_list("number", flat=True))


def achievement_revisions(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """List what was sent, newest first, with what the secretariat said of each."""
    achievement = get_achievement(request, slug, number)
    if chosen := _chosen(request, achievement):
        return redirect("achievement_compare", slug, number, *chosen)
    kept = list(achievement.revisions.select_related("by"))
    rows = achievement.reviews.select_related("by").prefetch_related("notes")
    reviews = {review.revision: review for review in rows}
    older = {row.number: before.number for row, before in pairwise(kept)}
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "rows": [(row, reviews.get(row.number), older.get(row.number)) for row in kept],
        "newest": kept[0].number if kept else 0,
        "same": bool(request.GET.get("tu")),
    }
    return render(request, "emulation/achievement_revisions.html", context)


def achievement_compare(
    request: UserRequest, slug: str, number: int, first: int, second: int
) -> HttpResponse:
    """Show two revisions side by side, the words that differ marked."""
    achievement = get_achievement(request, slug, number)
    if first > second:
        return redirect("achievement_compare", slug, number, second, first)
    kept: dict[int, Revision] = {
        row.number: row
        for row in achievement.revisions.filter(number__in={first, second}).select_related("by")
    }
    if len(kept) < 2:
        raise Http404
    lines = revisions.lines(kept[first].content, kept[second].content, achievement.category)
    between = achievement.reviews.filter(revision__gte=first, revision__lt=second)
    reviews = between.order_by("revision").prefetch_related("notes")
    asked = {note.field: note.text for review in reviews for note in review.notes.all()}
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "first": kept[first],
        "second": kept[second],
        "changed": [(line, asked.get(line.name, "")) for line in lines if line.is_changed],
        "same": [line for line in lines if not line.is_changed],
    }
    return render(request, "emulation/achievement_compare.html", context)

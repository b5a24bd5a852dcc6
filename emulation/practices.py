"""Good practice: the cards of verified models, searched without accents. Reads only."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import User
from clusters.vietnamese import search_key
from emulation.models import AdvancedModel
from emulation.tags import Tag

SEARCHED = (
    "pk", "name", "problem", "steps", "result", "achievement__title",
    "achievement__unit__search_key",
)  # fmt: skip


def cards(user: User, *, q: str = "", kind: str = "", year: int | None = None) -> list[int]:
    """Return the keys of the cards that match, the newest year first.

    There are tens a year, so the words are compared here: a database does not know that "dien"
    finds "điện".
    """
    rows = AdvancedModel.objects.cards_for(user)
    if kind:
        rows = rows.filter(kind=kind)
    if year:
        rows = rows.filter(achievement__season__year=year)
    rows = rows.order_by("-achievement__season__year", "-achievement__submitted_at", "-pk")
    words = search_key(q).split()
    if not words:
        return list(rows.values_list("pk", flat=True))
    return [
        pk
        for pk, *texts in rows.values_list(*SEARCHED)
        if all(word in search_key(" ".join(filter(None, texts))) for word in words)
    ]


def read(keys: Sequence[int]) -> list[AdvancedModel]:
    """Return the cards of `keys` in their order, with what a card shows, in two queries."""
    rows = AdvancedModel.objects.select_related("achievement__season__cluster", "achievement__unit")
    found = rows.prefetch_related("adoptions__unit").in_bulk(keys)
    return [found[pk] for pk in keys]


def years(user: User) -> list[int]:
    """Return the years that have cards, the newest first."""
    rows = AdvancedModel.objects.cards_for(user)
    return sorted(set(rows.values_list("achievement__season__year", flat=True)), reverse=True)


def spread(model: AdvancedModel) -> Tag | None:
    """Say how far a practice has spread, None while it has not."""
    if number := len(model.adoptions.all()):
        text = ngettext("%(n)s đơn vị đang áp dụng", "%(n)s đơn vị đang áp dụng", number)
        return Tag(text % {"n": number}, "ok", "check2")
    return Tag(_("Đã nhân rộng"), "ok", "check2") if model.replicated else None

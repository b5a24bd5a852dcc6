"""Good practice: cards of verified models, and which units apply them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation import permissions, practices
from emulation.forms.practice import AdoptForm, CardFilterForm
from emulation.models import Achievement, Adoption, AdvancedModel, Season
from emulation.services import practice as services
from emulation.views.request import UserRequest
from emulation.views.season import get_season

PAGE = 20


def practice_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the cards of all seasons that the reader may see."""
    season = get_season(request, slug)
    form = CardFilterForm(request.GET, years=practices.years(request.user))
    given = form.given()
    page = Paginator(practices.cards(request.user, **given), PAGE).get_page(request.GET.get("page"))
    context = {
        "season": season,
        "filter": form,
        "given": given,
        "page_obj": page,
        "rows": [(row, practices.spread(row)) for row in practices.read(list(page))],
    }
    return render(request, "emulation/practice_list.html", context)


def _get(request: UserRequest, slug: str, pk: int) -> tuple[Season, AdvancedModel]:
    """Return the season of the address and a card that the user may read, or raise Http404."""
    season = get_season(request, slug)
    request.menu_place = "practice_list"
    rows = AdvancedModel.objects.cards_for(request.user).select_related(
        "achievement__season__cluster", "achievement__unit"
    )
    return season, get_object_or_404(rows.prefetch_related("adoptions__unit"), pk=pk)


def practice_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show one card, and who applies it since when."""
    season, card = _get(request, slug, pk)
    unit = permissions.own_unit(request.user, season)
    adoptions = list(card.adoptions.all())
    mine = next((row for row in adoptions if unit and row.unit_id == unit.pk), None)
    context = {
        "season": season,
        "card": card,
        "tag": practices.spread(card),
        "adoptions": adoptions,
        "mine": mine,
        "may_adopt": permissions.can_adopt(request.user, season, unit, card),
        "may_open": Achievement.objects.visible_to(request.user)
        .filter(pk=card.achievement_id)
        .exists(),
    }
    return render(request, "emulation/practice_detail.html", context)


def practice_adopt(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let a unit say since when and how it applies a practice, or change what it said."""
    season, card = _get(request, slug, pk)
    unit = permissions.own_unit(request.user, season)
    if unit is None or not permissions.can_adopt(request.user, season, unit, card):
        raise PermissionDenied
    mine = Adoption.objects.filter(model=card, unit=unit).first()
    initial = {"since": mine.since, "note": mine.note} if mine else {"since": timezone.localdate()}
    form = AdoptForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.adopt(
                model=card, season=season, unit=unit, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã ghi đơn vị đang áp dụng."))
            return redirect("practice_detail", slug=slug, pk=pk)
    context = {"season": season, "card": card, "form": form, "unit": unit, "mine": mine}
    return render(request, "emulation/practice_adopt.html", context)


@require_POST
def practice_leave(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Take back the mark of the own unit."""
    season, card = _get(request, slug, pk)
    unit = permissions.own_unit(request.user, season)
    if unit is None or not permissions.can_adopt(request.user, season, unit, card):
        raise PermissionDenied
    if mine := Adoption.objects.filter(model=card, unit=unit).select_related("season").first():
        try:
            services.leave(adoption=mine, by=request.user)
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        else:
            messages.success(request, _("Đã thôi đánh dấu đang áp dụng."))
    return redirect("practice_detail", slug=slug, pk=pk)

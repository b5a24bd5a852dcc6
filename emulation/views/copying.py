"""Entries made from others: last year's list with a button each, and the next period's."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clusters.forms import CleanTextMixin
from clusters.models import Unit
from clusters.vietnamese import search_key
from emulation import permissions, windows
from emulation.chains import where_to_continue
from emulation.models import Achievement, Season, State
from emulation.models.achievement import AchievementQuerySet
from emulation.services import copying as services
from emulation.views.achievement import get_achievement
from emulation.views.request import UserRequest
from emulation.views.season import get_season

PER_PAGE = 50


class SearchForm(CleanTextMixin, forms.Form):
    """Words to look for. What makes no sense finds everything."""

    q = forms.CharField(label=gettext_lazy("Tìm trong tên, mã"), max_length=100, required=False)

    def words(self) -> list[str]:
        """Return the words as the search compares them."""
        text = self.cleaned_data.get("q", "") if self.is_valid() else ""
        return search_key(text).split()


def _own_unit(request: UserRequest, season: Season) -> Unit:
    request.menu_place = "achievement_list"
    unit = permissions.own_unit(request.user, season)
    if unit is None:
        raise PermissionDenied
    return unit


def _earlier(season: Season, unit: Unit) -> AchievementQuerySet:
    rows = services.copyable(season, unit).select_related("season", "unit")
    assert isinstance(rows, AchievementQuerySet)
    return rows.defer("description", "unit__search_key").order_by("-season__year", "-id")


def copy_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the entries of the years before, and which of them are copied already."""
    season = get_season(request, slug)
    unit, at = _own_unit(request, season), timezone.now()
    may_enter = permissions.can_enter(request.user, season, unit, at)
    form = SearchForm(request.GET)
    found = _earlier(season, unit)
    for word in form.words():
        found = found.filter(search_key__contains=word)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    copies = _copies(season, unit, [row.pk for row in page])
    context = {
        "season": season,
        "form": form,
        "q": request.GET.get("q", "")[:100],
        "page_obj": page,
        "rows": [(row, copies.get(row.pk)) for row in page],
        "may_enter": may_enter,
        "closed": "" if may_enter else windows.why_closed(season, "enter", at) or _("Kỳ đã chốt."),
    }
    return render(request, "emulation/copy_list.html", context)


def _copies(season: Season, unit: Unit, keys: list[int]) -> dict[int | None, Achievement]:
    """Return the copy that this season has of each entry."""
    rows = Achievement.objects.filter(season=season, unit=unit, copied_from__in=keys)
    found = {row.copied_from_id: row for row in rows.exclude(state=State.WITHDRAWN)}
    for row in found.values():
        row.season = season
    return found


@require_POST
def achievement_copy(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Make a draft from an entry of a year before, and lead to it."""
    season = get_season(request, slug)
    unit = _own_unit(request, season)
    source = get_object_or_404(_earlier(season, unit), pk=pk)
    try:
        made = services.copy_achievement(
            source=source, season=season, unit=unit, by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("copy_list", slug)
    messages.success(
        request, _("Đã chép từ %(code)s. Điền ngày, kết quả của năm nay.") % {"code": source.code}
    )
    if not made.is_editable:
        return redirect("achievement_detail", slug, made.number)
    return redirect("achievement_edit", slug, made.number)


@require_POST
def achievement_continue(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Make a draft for the next period of the same work, and lead to it."""
    source = get_achievement(request, slug, number)
    if not permissions.is_of_unit(request.user, source.unit):
        raise PermissionDenied
    where = where_to_continue(source, request.user, timezone.now())
    if where is None:
        raise PermissionDenied
    season, unit = where
    try:
        made = services.continue_achievement(
            source=source, season=season, unit=unit, by=request.user, at=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("achievement_detail", slug, number)
    messages.success(
        request,
        _("Bản nháp tiếp nối %(code)s. Điền ngày, kết quả của đợt này.") % {"code": source.code},
    )
    return redirect("achievement_edit", season.slug, made.number)

"""The end of a season and what follows: closing, corrections, the season of the next year."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.models import Term
from emulation import permissions
from emulation.forms.phases import CloseForm, CopyForm, CorrectionForm
from emulation.models import PRIVATE, Achievement, Correction, Season, State
from emulation.services import closing
from emulation.services.season_copy import PARTS, Heirs, copy_season, heirs, next_season
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def season_close(request: UserRequest, slug: str) -> HttpResponse:
    """Show what stands and what is still open; close on a typed confirmation."""
    season = get_season(request, slug)
    if season.is_closed and request.method != "POST":
        return redirect("phase_list", slug=slug)
    if not permissions.can_close(request.user, season):
        if season.is_closed:
            messages.info(request, _("Kỳ này đã chốt."))
            return redirect("phase_list", slug=slug)
        raise PermissionDenied
    form = CloseForm(request.POST or None, season=season)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_season(season=season, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã chốt kỳ thi đua năm %(year)s.") % {"year": season.year})
            return redirect("phase_list", slug=slug)
    context = {
        "season": season, "form": form, "waiting": closing.waits_for_review(season),
        "lines": _what_happens(season), "list": reverse("achievement_list", args=[slug]),
    }  # fmt: skip
    return render(request, "emulation/season_close.html", context)


def _what_happens(season: Season) -> list[tuple[str, int, str, str]]:
    """Return (state, how many, what becomes of them, state of the list that shows them)."""
    stays = _("giữ nguyên, không gửi và không tính nữa")
    rows = [
        (State.VERIFIED, _("khóa, tính vào tổng và báo cáo")),
        (State.REJECTED, _("giữ nguyên, không tính")),
        (State.RETURNED, stays),
        (State.DRAFT, stays),
    ]
    counts = {state: season.achievements.filter(state=state).count() for state, _text in rows}
    # A draft is its unit's own: its number is told, the list is not opened.
    return [
        (str(state.label), counts[state], text, "" if state in PRIVATE else state.value)
        for state, text in rows
    ]


def correction_list(request: UserRequest, slug: str) -> HttpResponse:
    """List what was corrected after the closing; all who see the season read it."""
    season = get_season(request, slug)
    visible = Achievement.objects.visible_to(request.user).filter(season=season)
    rows = season.corrections.filter(Q(achievement=None) | Q(achievement__in=visible))
    context = {
        "season": season,
        "rows": _within(season, rows.select_related("by", "achievement__unit")),
        "may_correct": permissions.can_correct(request.user, season),
    }
    return render(request, "emulation/correction_list.html", context)


def _within(season: Season, rows: Iterable[Correction]) -> list[Correction]:
    """Let the achievements of the rows know their season, for their code."""
    found = list(rows)
    for row in found:
        if row.achievement:
            row.achievement.season = season
    return found


def correction_new(request: UserRequest, slug: str) -> HttpResponse:
    """Write a correction, of the achievement that the address names or of the season."""
    season = get_season(request, slug)
    achievement = _achievement(request, season)
    if not permissions.can_correct(request.user, season):
        raise PermissionDenied
    initial = {"about": achievement.title[:200]} if achievement else None
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            closing.correct(
                season=season, by=request.user, achievement=achievement, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã ghi đính chính. Bản ghi cũ giữ nguyên."))
            return redirect("correction_list", slug=slug)
    context = {"season": season, "form": form, "achievement": achievement}
    return render(request, "emulation/correction_new.html", context)


def _achievement(request: UserRequest, season: Season) -> Achievement | None:
    """Return the achievement whose number stands in the address, or raise Http404."""
    given = request.GET.get("thanh-tich", "")
    if not given:
        return None
    if not given.isdecimal() or len(given) > 9:
        raise Http404
    rows = Achievement.objects.visible_to(request.user).filter(season=season, number=int(given))
    found = rows.select_related("unit").first()
    if found is None:
        raise Http404
    found.season = season
    return found


def season_new(request: UserRequest, slug: str) -> HttpResponse:
    """Show what comes along into the next year, and open its season."""
    season = get_season(request, slug)
    if not permissions.can_copy(request.user, season):
        raise PermissionDenied
    if known := next_season(season):
        return _already(request, known)
    chosen = list(PARTS)
    # Everything may be left behind: then nothing is posted.
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["parts"]
        try:
            made = copy_season(season=season, by=request.user, parts=chosen)
        except ValidationError as error:
            if error.code == "exists" and (known := next_season(season)):
                return _already(request, known)
            form.add_error(None, error)
        else:
            text = _("Đã mở kỳ năm %(year)s. Xem lại các pha và soạn giao ước.")
            messages.success(request, text % {"year": made.year})
            return redirect("phase_list", slug=made.slug)
    members = heirs(season)
    context = {
        "season": season, "form": form, "members": members, "chosen": chosen,
        "parts": _parts(season, members), "changes": _changes(season, members),
        "term": Term.objects.filter(cluster=season.cluster_id, year=season.year + 1)
        .select_related("head", "deputy").first(),
        "year": season.year + 1,
    }  # fmt: skip
    return render(request, "emulation/season_new.html", context)


def _already(request: UserRequest, known: Season) -> HttpResponse:
    messages.info(request, _("Kỳ năm %(year)s đã mở.") % {"year": known.year})
    return redirect("phase_list", slug=known.slug)


def _parts(season: Season, members: Heirs) -> list[tuple[str, str, str]]:
    """Return (part, its name, what of it comes along)."""
    pledge = getattr(season, "pledge", None)
    targets = pledge.targets.count() if pledge else 0
    return [
        (
            "members", _("Đơn vị thành viên"),
            _("%(n)s đơn vị, theo thứ tự") % {"n": len(members.order)},
        ),
        ("phases", _("Các pha"), _("%(n)s pha, dời sang năm sau") % {"n": season.phases.count()}),
        (
            "pledge", _("Lời văn giao ước"),
            _("Bản nháp để sửa; chưa chốt, chưa ký") if pledge else _("Kỳ này chưa có giao ước"),
        ),
        ("targets", _("Chỉ tiêu"), _("%(n)s chỉ tiêu, bản nháp, giữ trọng số") % {"n": targets}),
        (
            "periods", _("Kỳ báo cáo"),
            _("%(n)s kỳ, dời sang năm sau")
            % {"n": season.periods.filter(drive=None).count()},
        ),
    ]  # fmt: skip


def _changes(season: Season, members: Heirs) -> list[str]:
    """Name each unit that gives way to others, or does not go on."""
    found = []
    for unit in season.units():
        after = members.of[unit.pk]
        if after and after != [unit]:
            names = ", ".join(row.short_name for row in after)
            found.append(_("%(unit)s → %(after)s") % {"unit": unit, "after": names})
        elif not after:
            found.append(_("%(unit)s: không còn trong cụm năm sau") % {"unit": unit})
    return found

"""One cell saved as it is typed: one small request, answered with what it changes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from clusters.models import User
from clusters.vietnamese import format_number
from emulation import lanes
from emulation.forms.scoring import CellForm
from emulation.models import Criterion, CrossScore, Score, ScoreSheet
from emulation.services.cells import Entry, entry_of, write_cell
from emulation.sheets import Line
from emulation.standings import Lane
from emulation.views.autosave import clock
from emulation.views.scoring import find_sheet


def told(value: Decimal | None) -> str:
    """Return points as the page prints them."""
    return "–" if value is None else format_number(value, 2)


@never_cache
@login_not_required
@require_POST
def cell_save(request: HttpRequest, slug: str, unit: int) -> JsonResponse:
    """Save one line of a lane; 409 with what is stored where somebody else was faster."""
    if not isinstance(request.user, User):
        return JsonResponse({"error": "login"}, status=401)
    _season, _unit, sheet = find_sheet(request, slug, unit)  # type: ignore[arg-type]
    lane = next((one for one in Lane if one == request.POST.get("lane")), None)
    line = _line(sheet, request.POST.get("criterion", "")) if sheet else None
    if sheet is None or lane is None or line is None:
        return JsonResponse({"error": "broken"}, status=400)
    form = CellForm(request.POST, line=Line(line, None), kept=entry_of(line, lane), lane=lane)
    if not form.is_valid():
        return invalid(form)
    return _write(sheet, line, lane, form, request.user)


def invalid(form: CellForm) -> JsonResponse:
    """Say at which field what is wrong."""
    found = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    return JsonResponse({"error": "invalid", "fields": found}, status=422)


def _write(sheet: ScoreSheet, line: Score, lane: Lane, form: CellForm, by: User) -> JsonResponse:
    try:
        row, line = write_cell(
            sheet=sheet, criterion=line.criterion_id, lane=lane, entry=form.entry(),
            was=form.cleaned_data["was"], by=by,
        )  # fmt: skip
    except PermissionDenied:
        return JsonResponse({"error": "closed", "text": closed()}, status=403)
    except ValidationError as error:
        return _refused(error, line, lane)
    assert sheet.season.scheme, "a sheet was made from a scheme"
    return JsonResponse(_answer(row, line, lane, list(sheet.season.scheme.criteria.all())))


def closed() -> str:
    """Return what to tell who may not write here any more."""
    return _("Không còn sửa được ở đây. Tải lại trang để xem trạng thái.")


def _line(sheet: ScoreSheet, key: str) -> Score | None:
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    return sheet.scores.select_related("criterion").filter(criterion=int(key)).first()


def _refused(error: ValidationError, line: Score, lane: Lane) -> JsonResponse:
    if error.code != "stale":
        return JsonResponse({"error": error.code, "text": error.messages[0]}, status=422)
    line.refresh_from_db()
    return stale(line, entry_of(line, lane))


def stale(line: Score | CrossScore, stored: Entry) -> JsonResponse:
    """Tell what somebody else saved, and under which name to write over it."""
    value = stored.score if stored.actual is None else stored.actual
    text = _("Người khác vừa lưu dòng này: %(stored)s. Nhập lại để thay.") % {
        "stored": " · ".join(filter(None, [told(value), stored.note]))
    }
    return JsonResponse({"error": "stale", "was": stored.token, "text": text}, status=409)


def _answer(
    sheet: ScoreSheet, line: Score, lane: Lane, criteria: Sequence[Criterion]
) -> dict[str, Any]:
    """Return what the page shows anew: the line, the sums, how much is filled, the place."""
    counts = lanes.count(sheet, criteria)
    count, code = counts[lane], line.criterion.code
    own, points = counts[Lane.OWN].points.get(code), count.points.get(code)
    answer: dict[str, Any] = {
        "time": clock(timezone.now()),
        "version": sheet.version,
        "was": entry_of(line, lane).token,
        "points": told(points),
        "groups": {key: told(value) for key, value in count.total.groups.items()},
        "total": told(count.total.total),
        "filled": count.percent,
    }
    if lane is Lane.VERIFIED:
        scheme = sheet.season.scheme
        assert scheme, "a sheet was made from a scheme"
        gap = abs(points - (own or 0)) if points is not None else Decimal(0)
        answer["gap"] = gap > scheme.gap_limit and not line.verified_note
        rank, of = lanes.preview(sheet, criteria)
        answer["rank"] = f"{rank}/{of}"
    return answer

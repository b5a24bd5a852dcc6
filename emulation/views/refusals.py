"""What the database refuses is told kindly: what is closed, locked or published, and a clash."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from emulation import closing, windows
from emulation.models import Season

# What PostgreSQL says of two who wait for each other, and SQLite of one who waits too long.
DEADLOCK, BUSY = "40P01", "database is locked"


class RefusalMiddleware:
    """Answers in place of an error page where a view could not know what the database would say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return an answer for a refusal of the database; None leaves the error to Django."""
        season: Season | None = getattr(request, "season", None)
        if isinstance(error, PermissionDenied) and season and season.is_closed:
            return _page(request, windows.season_closed(season), 403)
        text = _why(error, season)
        if not text:
            return None
        if request.path.startswith(reverse("admin:index")):
            messages.error(request, text)
            return redirect(request.get_full_path())
        return _page(request, text, 403 if isinstance(error, IntegrityError) else 409)


def _why(error: Exception, season: Season | None) -> str:
    """Return what to tell the reader, "" for what is no refusal but a fault."""
    if isinstance(error, IntegrityError) and closing.MESSAGE in str(error):
        if season:
            season.refresh_from_db(fields=["closed_at"])
        told = windows.season_closed(season) if season else ""
        return told or _("Kỳ thi đua đã chốt, không sửa được; cần sửa: ghi đính chính.")
    if isinstance(error, IntegrityError) and closing.LOCKED_MESSAGE in str(error):
        return _("Thang điểm đã khóa khi ký giao ước, không sửa được; cần sửa: lập phiên bản mới.")
    if isinstance(error, IntegrityError) and closing.KEPT_MESSAGE in str(error):
        return _("Xếp hạng đã công bố thì giữ nguyên; cần sửa: công bố lại kèm lý do.")
    code = getattr(error.__cause__, "pgcode", "")
    if isinstance(error, OperationalError) and (code == DEADLOCK or BUSY in str(error)):
        return _("Có người khác lưu cùng lúc, nên lần này chưa lưu. Quay lại trang trước, lưu lại.")
    return ""


def _page(request: HttpRequest, text: str, status: int) -> HttpResponse:
    context = {"text": text, "status": status}
    return render(request, "emulation/refused.html", context, status=status)

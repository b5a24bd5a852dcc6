"""What is shown when something goes wrong. No page here asks the database anything."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def _page(template: str, status: int, **context: str) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent could not be read: too large, too many files, broken."""
    return _page("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The reader's role does not reach this far."""
    return _page("403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page, or none for this reader."""
    return _page("404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of the product; the code joins what the reader reports with the log."""
    code = secrets.token_hex(4)
    logger.error("Error page %s for %s %s", code, request.method, request.path)
    return _page("500.html", 500, code=code)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session, or came from elsewhere."""
    logger.warning("CSRF: %s for %s", reason, request.path)
    return _page("403_csrf.html", 403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Somebody asks faster than people do."""
    return _page("429.html", 429)

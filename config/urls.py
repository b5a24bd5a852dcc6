"""Every address of the site begins here."""

import importlib.util
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import include, path
from django.views.i18n import set_language

handler400 = "reports.views.errors.bad_request"
handler403 = "reports.views.errors.forbidden"
handler404 = "reports.views.errors.not_found"
handler429 = "reports.views.errors.too_many_requests"
handler500 = "reports.views.errors.server_error"


# For the days in which not every app has its addresses yet.
def _soon(request: Any, **_kwargs: Any) -> Any:
    raise Http404


def _app(route: str, module: str, *names: str) -> list[Any]:
    if importlib.util.find_spec(module):
        return [path(route, include(module))]
    return [path(route + name.replace("_", "-") + "/", _soon, name=name) for name in names]


_SEASON = "ky/<slug:slug>/"
urlpatterns = [
    path("", include("clusters.urls")),
    *_app("", "reports.urls", "home", "season_choice"),
    *([] if importlib.util.find_spec("reports.urls") else _app(
        _SEASON, "reports.urls", "season_home", "season_overview", "document_list")),
    path(_SEASON, include("emulation.urls")),
    *_app(_SEASON, "awards.urls", "conference", "nomination_list"),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
]

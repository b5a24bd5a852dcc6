"""Every address of the site begins here."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from emulation.urls import unit_urlpatterns

handler400 = "reports.views.errors.bad_request"
handler403 = "reports.views.errors.forbidden"
handler404 = "reports.views.errors.not_found"
handler429 = "reports.views.errors.too_many_requests"
handler500 = "reports.views.errors.server_error"

urlpatterns = [
    path("", include("clusters.urls")),
    path("", include("reports.urls")),
    path("don-vi/", include(unit_urlpatterns)),
    path("ky/<slug:slug>/", include("emulation.urls")),
    path("ky/<slug:slug>/", include("awards.urls")),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
]

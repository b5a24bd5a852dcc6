"""Home, the desk and the year of a season, and its documents."""

from django.urls import path

from reports.views import document, handover, home, laboratory, year, years

SEASON = "ky/<slug:slug>"
ONE = f"{SEASON}/van-ban/<int:number>"

urlpatterns = [
    path("", home.home, name="home"),
    path("doi-ky/", home.season_choice, name="season_choice"),
    path(f"{SEASON}/", home.season_home, name="season_home"),
    path(f"{SEASON}/tien-do/", home.unit_progress, name="unit_progress"),
    path(f"{SEASON}/tong-quan/", year.season_overview, name="season_overview"),
    path(f"{SEASON}/nhieu-nam/", years.season_years, name="season_years"),
    path(f"{SEASON}/kiem-dinh/", laboratory.season_fairness, name="season_fairness"),
    path(f"{SEASON}/ban-giao/", handover.handover, name="handover"),
    path(f"{SEASON}/van-ban/", document.document_list, name="document_list"),
    path(f"{SEASON}/van-ban/lap/", document.document_request, name="document_request"),
    path(f"{ONE}/", document.document_detail, name="document_detail"),
    path(f"{ONE}/tien-do/", document.document_progress, name="document_progress"),
    path(f"{ONE}/tai-ve/", document.document_download, name="document_download"),
    path(f"{ONE}/lap-lai/", document.document_retry, name="document_retry"),
]

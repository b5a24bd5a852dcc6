"""Addresses within a season: the pledge, achievements, scores and the narrative."""

from django.urls import path

from emulation.views import (
    achievement,
    assessment,
    entry,
    evidence,
    pledge,
    review,
    scoring,
    submission,
)

_ONE = "thanh-tich/<int:number>/"
_FILE = _ONE + "minh-chung/<int:pk>/"
_SHEET = "cham-diem/<int:unit>/"

urlpatterns = [
    path("giao-uoc/", pledge.pledge, name="pledge"),
    path("phat-dong/", pledge.launch_list, name="launch_list"),
    path("phat-dong/ghi/", pledge.launch_edit, name="launch_edit"),
    path("thanh-tich/", achievement.achievement_list, name="achievement_list"),
    path("thanh-tich/moi/", entry.achievement_category, name="achievement_category"),
    path("thanh-tich/moi/<slug:category>/", entry.achievement_new, name="achievement_new"),
    path(_ONE, achievement.achievement_detail, name="achievement_detail"),
    path(_ONE + "sua/", entry.achievement_edit, name="achievement_edit"),
    path(_ONE + "gui/", submission.achievement_submit, name="achievement_submit"),
    path(_ONE + "da-gui/", submission.achievement_sent, name="achievement_sent"),
    path(_FILE, evidence.evidence_download, name="evidence_download"),
    path(_FILE + "xoa/", evidence.evidence_remove, name="evidence_remove"),
    path(_ONE + "nhan/", review.achievement_start_review, name="achievement_start_review"),
    path(_ONE + "ket-luan/", review.achievement_review, name="achievement_review"),
    path("cham-diem/", scoring.standings, name="standings"),
    path(_SHEET, scoring.sheet_detail, name="sheet_detail"),
    path(_SHEET + "tu-cham/", scoring.sheet_self_score, name="sheet_self_score"),
    path(_SHEET + "tham-dinh/", scoring.sheet_appraise, name="sheet_appraise"),
    path(_SHEET + "tra-lai/", scoring.sheet_return, name="sheet_return"),
    path("danh-gia/", assessment.assessment_edit, name="assessment_edit"),
]

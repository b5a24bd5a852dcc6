"""Addresses within a season: the pledge, achievements, scores and the narrative."""

import importlib
from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.urls import path


def _view(module: str, name: str) -> Callable[..., Any]:
    def missing(request: Any, **_kwargs: Any) -> Any:
        raise Http404

    try:
        return getattr(importlib.import_module(f"emulation.views.{module}"), name, missing)
    except ModuleNotFoundError:
        return missing


_A = "thanh-tich/<int:number>/"
_S = "cham-diem/<int:unit>/"
urlpatterns = [
    path(route, _view(module, name), name=name)
    for route, module, name in [
        ("giao-uoc/", "pledge", "pledge"),
        ("phat-dong/", "pledge", "launch_list"),
        ("phat-dong/ghi/", "pledge", "launch_edit"),
        ("thanh-tich/", "achievement", "achievement_list"),
        ("thanh-tich/moi/", "entry", "achievement_category"),
        ("thanh-tich/moi/<slug:category>/", "entry", "achievement_new"),
        (_A, "achievement", "achievement_detail"),
        (_A + "sua/", "entry", "achievement_edit"),
        (_A + "gui/", "submission", "achievement_submit"),
        (_A + "da-gui/", "submission", "achievement_sent"),
        (_A + "minh-chung/<int:pk>/", "evidence", "evidence_download"),
        (_A + "minh-chung/<int:pk>/xoa/", "evidence", "evidence_remove"),
        (_A + "nhan/", "review", "achievement_start_review"),
        (_A + "ket-luan/", "review", "achievement_review"),
        ("cham-diem/", "scoring", "standings"),
        (_S, "scoring", "sheet_detail"),
        (_S + "tu-cham/", "scoring", "sheet_self_score"),
        (_S + "tham-dinh/", "scoring", "sheet_appraise"),
        (_S + "tra-lai/", "scoring", "sheet_return"),
        ("danh-gia/", "assessment", "assessment_edit"),
    ]
]

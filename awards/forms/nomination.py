"""Nominating a unit, and withdrawing a nomination."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import Award
from clusters.forms import LONG_TEXT, CleanTextMixin
from clusters.models import Unit
from clusters.vietnamese import format_number
from emulation.models import Season
from emulation.standings import UnitTotals


class NominationForm(CleanTextMixin, forms.Form):
    """An award of the year's catalogue, a member unit with its place, and its merit in short."""

    award = forms.ModelChoiceField(
        Award.objects.none(),
        label=gettext_lazy("Hình thức đề nghị"),
        empty_label=gettext_lazy("Chọn danh hiệu, hình thức"),
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Đơn vị"))
    merit = forms.CharField(
        label=gettext_lazy("Tóm tắt thành tích"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("In vào báo cáo và tờ trình; tối đa 5000 ký tự."),
    )

    def __init__(self, *args: Any, season: Season, lines: list[UnitTotals], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["award"].queryset = awards_of(season)  # type: ignore[attr-defined]
        unit = self.fields["unit"]
        unit.queryset = season.units()  # type: ignore[attr-defined]
        unit.choices = [  # type: ignore[attr-defined]
            ("", _("Chọn đơn vị")),
            *((line.unit.pk, _label(line)) for line in lines),
        ]


def awards_of(season: Season) -> Any:
    """Return the awards in force at the end of the season's year that a conference discusses."""
    return Award.objects.on(date(season.year, 12, 31)).filter(at_conference=True)


def _label(line: UnitTotals) -> str:
    if line.rank is None:
        return _("%(unit)s (chưa xếp hạng)") % {"unit": line.unit}
    return _("Hạng %(rank)s: %(unit)s, %(total)s điểm") % {
        "rank": line.rank,
        "unit": line.unit,
        "total": format_number(line.verified.total, 2),
    }


class WithdrawalForm(CleanTextMixin, forms.Form):
    """Why a nomination is withdrawn; the reason stays with it."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do rút"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Nêu lý do rút đề nghị")},
    )

"""Who does not score a unit and why, and what is named or refused as evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin
from clusters.models import Unit
from emulation.models import PRIVATE, Achievement, Relation, ScoreSheet, Season


class RecusalForm(CleanTextMixin, forms.Form):
    """A unit, the relation to it, and what exactly."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Đơn vị"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )
    relation = forms.ChoiceField(label=gettext_lazy("Quan hệ"), choices=Relation.choices)
    note = forms.CharField(
        label=gettext_lazy("Nói rõ"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Bắt buộc khi chọn “Lý do khác”."),
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = season.units()


class AbstainForm(CleanTextMixin, forms.Form):
    """Why a unit does not cross-score another."""

    relation = forms.ChoiceField(label=gettext_lazy("Quan hệ"), choices=Relation.choices)
    reason = forms.CharField(label=gettext_lazy("Lý do không chấm"), max_length=300)


class ProofForm(CleanTextMixin, forms.Form):
    """An achievement of the unit as evidence."""

    achievement = forms.ModelChoiceField(
        Achievement.objects.none(),
        label=gettext_lazy("Thành tích"),
        empty_label=gettext_lazy("Chọn thành tích đã gửi"),
    )

    def __init__(self, *args: Any, sheet: ScoreSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Achievement.objects.filter(season=sheet.season_id, unit=sheet.unit_id)
        field = self.fields["achievement"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows.exclude(state__in=PRIVATE).order_by("-number")


class RefuseProofForm(CleanTextMixin, forms.Form):
    """Why an achievement is no evidence of a line."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do không chấp nhận"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

"""What the secretary records of a unit besides its points: a number and where it comes from."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from clusters.forms import CleanTextMixin, NumberField
from clusters.models import Unit
from emulation.models import FactKind, Season

CHOICES: list[tuple[str, str | Promise]] = [
    ("", gettext_lazy("Chọn loại số liệu")),
    *FactKind.choices,
]


class FactForm(CleanTextMixin, forms.Form):
    """A fact of a unit; recording one again replaces it."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Đơn vị"),
        empty_label=gettext_lazy("Chọn đơn vị"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Loại số liệu"), choices=CHOICES)
    value = NumberField(label=gettext_lazy("Giá trị"), places=2, max_value=99_999_999)
    source = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        max_length=300,
        help_text=gettext_lazy("Biên bản, nghị quyết hoặc báo cáo, số và ngày."),
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = season.units()  # type: ignore[attr-defined]
